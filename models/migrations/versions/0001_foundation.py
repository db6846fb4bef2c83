"""Accounts, organizations and voting."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citizens",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone_bound_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizens")),
    )
    op.create_index(
        "uq_citizens_phone_index",
        "citizens",
        ["phone_index"],
        unique=True,
        postgresql_where=sa.text("phone_index IS NOT NULL"),
    )
    op.create_table(
        "contests",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_mn", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_mn", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_contests")),
        sa.UniqueConstraint("position", name=op.f("uq_contests_position")),
    )
    op.create_table(
        "divisions",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("parent_code", sa.String(length=6), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_mn", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(level = 'region') = (parent_code IS NULL)",
            name=op.f("ck_divisions_only_region_is_root"),
        ),
        sa.CheckConstraint("code ~ '^[0-9]{6}$'", name=op.f("ck_divisions_code_is_six_digits")),
        sa.CheckConstraint(
            "level IN ('region', 'city', 'district')", name=op.f("ck_divisions_level_known")
        ),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["divisions.code"], name=op.f("fk_divisions_parent_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_divisions")),
    )
    op.create_index(op.f("ix_divisions_parent_code"), "divisions", ["parent_code"], unique=False)
    op.create_table(
        "job_runs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_runs")),
    )
    op.create_table(
        "login_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_login_sessions_citizen_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
    )
    op.create_index(
        op.f("ix_login_sessions_citizen_id"), "login_sessions", ["citizen_id"], unique=False
    )
    op.create_index(
        op.f("ix_login_sessions_expires_at"), "login_sessions", ["expires_at"], unique=False
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("division_code", sa.String(length=6), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_mn", sa.Text(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('region_commission', 'city_commission', 'district_commission', 'hospital', 'tcm_clinic', 'community_station', 'village_clinic', 'school', 'department')",
            name=op.f("ck_organizations_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_organizations_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organizations.id"], name=op.f("fk_organizations_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    op.create_index(
        op.f("ix_organizations_division_code"), "organizations", ["division_code"], unique=False
    )
    op.create_index(
        op.f("ix_organizations_parent_id"), "organizations", ["parent_id"], unique=False
    )
    op.create_index(
        "uq_organizations_commission",
        "organizations",
        ["division_code"],
        unique=True,
        postgresql_where=sa.text("kind LIKE '%%\\_commission'"),
    )
    op.create_table(
        "wechat_identities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("appid", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("unionid", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_wechat_identities_citizen_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_identities")),
        sa.UniqueConstraint("appid", "openid", name=op.f("uq_wechat_identities_appid_openid")),
    )
    op.create_index(
        op.f("ix_wechat_identities_citizen_id"), "wechat_identities", ["citizen_id"], unique=False
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("contest_code", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_mn", sa.Text(), nullable=True),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("introduction_mn", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ballots_per_day", sa.Integer(), nullable=False),
        sa.Column("ballots_per_entry_per_day", sa.Integer(), nullable=False),
        sa.Column("ballots_in_all", sa.Integer(), nullable=True),
        sa.Column("phone_required", sa.Boolean(), nullable=False),
        sa.Column("standings_mode", sa.Text(), nullable=False),
        sa.Column("standings_delay_minutes", sa.Integer(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quarter ~ '^[0-9]{4}Q[1-4]$'", name=op.f("ck_campaigns_quarter_form")),
        sa.CheckConstraint(
            "standings_mode IN ('live', 'delayed', 'ranks_only', 'hidden')",
            name=op.f("ck_campaigns_standings_mode_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'announced', 'suspended')", name=op.f("ck_campaigns_state_known")
        ),
        sa.CheckConstraint(
            "ballots_in_all BETWEEN 1 AND 100000", name=op.f("ck_campaigns_ballots_in_all_range")
        ),
        sa.CheckConstraint(
            "ballots_per_day BETWEEN 1 AND 1000", name=op.f("ck_campaigns_ballots_per_day_range")
        ),
        sa.CheckConstraint(
            "ballots_per_entry_per_day BETWEEN 1 AND ballots_per_day",
            name=op.f("ck_campaigns_ballots_per_entry_per_day_range"),
        ),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_campaigns_opens_before_closing")),
        sa.CheckConstraint(
            "standings_delay_minutes BETWEEN 1 AND 10080",
            name=op.f("ck_campaigns_standings_delay_minutes_range"),
        ),
        sa.ForeignKeyConstraint(
            ["contest_code"], ["contests.code"], name=op.f("fk_campaigns_contest_code")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_campaigns_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_index(op.f("ix_campaigns_contest_code"), "campaigns", ["contest_code"], unique=False)
    op.create_index(op.f("ix_campaigns_opens_at"), "campaigns", ["opens_at"], unique=False)
    op.create_index(
        op.f("ix_campaigns_organization_id"), "campaigns", ["organization_id"], unique=False
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["login_sessions.id"],
            name=op.f("fk_refresh_tokens_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
    )
    op.create_index(
        op.f("ix_refresh_tokens_session_id"), "refresh_tokens", ["session_id"], unique=False
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_mn", sa.Text(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("statement_mn", sa.Text(), nullable=True),
        sa.Column("portrait_url", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_entries_number_positive")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_entries_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_entries_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("campaign_id", "id", name=op.f("uq_entries_campaign_id_id")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_entries_campaign_id_number")),
    )
    op.create_index(
        op.f("ix_entries_organization_id"), "entries", ["organization_id"], unique=False
    )
    op.create_table(
        "standings_snapshots",
        sa.Column("campaign_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("batch_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("votes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_standings_snapshots_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_standings_snapshots")),
    )
    op.create_table(
        "ballots",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("voter_id", sa.BigInteger(), nullable=False),
        sa.Column("receipt_secret", sa.BigInteger(), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_key", sa.Uuid(), nullable=False),
        sa.Column("cast_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("number_today", sa.Integer(), nullable=False),
        sa.Column("number_today_for_entry", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_ballots_number_positive")),
        sa.ForeignKeyConstraint(
            ["campaign_id", "entry_id"],
            ["entries.campaign_id", "entries.id"],
            name=op.f("fk_ballots_campaign_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(["voter_id"], ["citizens.id"], name=op.f("fk_ballots_voter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballots")),
        sa.UniqueConstraint(
            "voter_id", "campaign_id", "number", name=op.f("uq_ballots_voter_id_campaign_id_number")
        ),
    )
    op.create_index(
        op.f("ix_ballots_cast_at"), "ballots", ["cast_at"], unique=False, postgresql_using="brin"
    )
    op.create_table(
        "tallies",
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("votes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_tallies_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "shard", name=op.f("pk_tallies")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_index(op.f("ix_tallies_campaign_id"), "tallies", ["campaign_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_tallies_campaign_id"), table_name="tallies")
    op.drop_table("tallies")
    op.drop_index(op.f("ix_ballots_cast_at"), table_name="ballots", postgresql_using="brin")
    op.drop_table("ballots")
    op.drop_table("standings_snapshots")
    op.drop_index(op.f("ix_entries_organization_id"), table_name="entries")
    op.drop_table("entries")
    op.drop_index(op.f("ix_refresh_tokens_session_id"), table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_index(op.f("ix_campaigns_organization_id"), table_name="campaigns")
    op.drop_index(op.f("ix_campaigns_opens_at"), table_name="campaigns")
    op.drop_index(op.f("ix_campaigns_contest_code"), table_name="campaigns")
    op.drop_table("campaigns")
    op.drop_index(op.f("ix_wechat_identities_citizen_id"), table_name="wechat_identities")
    op.drop_table("wechat_identities")
    op.drop_index(
        "uq_organizations_commission",
        table_name="organizations",
        postgresql_where=sa.text("kind LIKE '%%\\_commission'"),
    )
    op.drop_index(op.f("ix_organizations_parent_id"), table_name="organizations")
    op.drop_index(op.f("ix_organizations_division_code"), table_name="organizations")
    op.drop_table("organizations")
    op.drop_index(op.f("ix_login_sessions_expires_at"), table_name="login_sessions")
    op.drop_index(op.f("ix_login_sessions_citizen_id"), table_name="login_sessions")
    op.drop_table("login_sessions")
    op.drop_table("job_runs")
    op.drop_index(op.f("ix_divisions_parent_code"), table_name="divisions")
    op.drop_table("divisions")
    op.drop_table("contests")
    op.drop_index("uq_citizens_phone_index", table_name="citizens")
    op.drop_table("citizens")
