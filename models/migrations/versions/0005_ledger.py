"""The public ledger, ballots set aside, and acts that take two persons."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW_KINDS = ("ballots_set_aside", "ballots_decided", "objection_answered")
KINDS = f"kind IN {('campaign_result', *NEW_KINDS)}"


def upgrade() -> None:
    op.create_table(
        "ballot_cuts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ballot_cuts")),
    )
    op.create_table(
        "ballot_origins",
        sa.Column("ballot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("address_key", sa.BigInteger(), nullable=True),
        sa.Column("network_key", sa.BigInteger(), nullable=True),
        sa.Column("device_key", sa.BigInteger(), nullable=True),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_ballot_origins")),
    )
    op.create_table(
        "ledger_checkpoints",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_ledger_checkpoints")),
    )
    op.create_table(
        "ledger_queue",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ballot_ids", postgresql.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ballot', 'openings', 'rules', 'entries', 'withdrawal', 'event', 'quarantine', 'release', 'annulment', 'closing', 'result')",
            name=op.f("ck_ledger_queue_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_queue")),
    )
    op.create_table(
        "ledger_records",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("ballot_id", sa.BigInteger(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'ballot') = (ballot_id IS NOT NULL)",
            name=op.f("ck_ledger_records_ballot_has_its_id"),
        ),
        sa.CheckConstraint(
            "kind IN ('ballot', 'openings', 'rules', 'entries', 'withdrawal', 'event', 'quarantine', 'release', 'annulment', 'closing', 'result')",
            name=op.f("ck_ledger_records_kind_known"),
        ),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_ledger_records")),
    )
    op.create_index(
        "ix_ledger_records_campaign_id",
        "ledger_records",
        ["campaign_id", "index"],
        unique=False,
        postgresql_where=sa.text("kind <> 'ballot'"),
    )
    op.create_index(
        "uq_ledger_records_ballot_id",
        "ledger_records",
        ["ballot_id"],
        unique=True,
        postgresql_where=sa.text("ballot_id IS NOT NULL"),
    )
    op.create_index(
        "uq_ledger_records_closing",
        "ledger_records",
        ["campaign_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'closing'"),
    )
    op.create_table(
        "ledger_tiles",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_ledger_tiles")),
    )
    op.create_table(
        "risk_ranks",
        sa.Column("citizen_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("risk_rank", sa.SmallInteger(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "refusal IN ('no_visit', 'unauthorized', 'no_identity', 'failed')",
            name=op.f("ck_risk_ranks_refusal_known"),
        ),
        sa.CheckConstraint(
            "(risk_rank IS NULL) = (refusal IS NOT NULL)",
            name=op.f("ck_risk_ranks_rank_or_refusal"),
        ),
        sa.CheckConstraint("risk_rank BETWEEN 0 AND 4", name=op.f("ck_risk_ranks_risk_rank_range")),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_risk_ranks_citizen_id")
        ),
        sa.PrimaryKeyConstraint("citizen_id", name=op.f("pk_risk_ranks")),
    )
    op.create_index(
        "ix_risk_ranks_trouble",
        "risk_ranks",
        ["refusal", "asked_at"],
        unique=False,
        postgresql_where=sa.text("refusal IN ('unauthorized', 'failed')"),
    )
    op.create_index(
        op.f("ix_citizens_created_at"),
        "citizens",
        ["created_at"],
        unique=False,
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    )
    op.create_table(
        "ballot_objections",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (answer IS NULL)",
            name=op.f("ck_ballot_objections_closed_has_an_answer"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'rejected')", name=op.f("ck_ballot_objections_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["staff_accounts.id"],
            name=op.f("fk_ballot_objections_answered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_ballot_objections_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_ballot_objections_citizen_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_objections")),
        sa.UniqueConstraint(
            "campaign_id", "citizen_id", name=op.f("uq_ballot_objections_campaign_id_citizen_id")
        ),
    )
    op.create_index(
        op.f("ix_ballot_objections_citizen_id"), "ballot_objections", ["citizen_id"], unique=False
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)",
            name=op.f("ck_proposals_decided_has_its_moment"),
        ),
        sa.CheckConstraint(
            "kind IN ('annul_ballots', 'extend', 'close', 'withdraw_entry', 'change_screening', 'publish_result')",
            name=op.f("ck_proposals_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'declined', 'withdrawn', 'lapsed')",
            name=op.f("ck_proposals_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'declined') OR decided_by_id <> proposed_by_id",
            name=op.f("ck_proposals_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_proposals_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff_accounts.id"], name=op.f("fk_proposals_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["staff_accounts.id"], name=op.f("fk_proposals_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_campaign_id"), "proposals", ["campaign_id"], unique=False)
    op.create_index(
        "uq_proposals_open",
        "proposals",
        ["campaign_id", "kind"],
        unique=True,
        postgresql_where=sa.text(
            "state = 'open' AND kind NOT IN ('annul_ballots', 'withdraw_entry')"
        ),
    )
    op.create_table(
        "ballot_groups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("signals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('screening', 'search', 'staff')", name=op.f("ck_ballot_groups_origin_known")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'open', 'dismissed', 'decided')",
            name=op.f("ck_ballot_groups_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_ballot_groups_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_ballot_groups_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_groups")),
        sa.UniqueConstraint(
            "campaign_id", "pattern", "key", name=op.f("uq_ballot_groups_campaign_id_pattern_key")
        ),
    )
    op.create_table(
        "set_aside_tallies",
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("quarantined", sa.BigInteger(), nullable=False),
        sa.Column("annulled", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "annulled >= 0", name=op.f("ck_set_aside_tallies_annulled_not_negative")
        ),
        sa.CheckConstraint(
            "quarantined >= 0", name=op.f("ck_set_aside_tallies_quarantined_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_set_aside_tallies_entry_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_set_aside_tallies")),
    )
    op.create_index(
        op.f("ix_set_aside_tallies_campaign_id"), "set_aside_tallies", ["campaign_id"], unique=False
    )
    op.create_table(
        "set_aside_ballots",
        sa.Column("ballot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("voter_id", sa.BigInteger(), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("signals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("quarantined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state = 'quarantined' OR reason IS NOT NULL",
            name=op.f("ck_set_aside_ballots_decided_says_why"),
        ),
        sa.CheckConstraint(
            "state IN ('quarantined', 'released', 'annulled')",
            name=op.f("ck_set_aside_ballots_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballots.id"], name=op.f("fk_set_aside_ballots_ballot_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["staff_accounts.id"],
            name=op.f("fk_set_aside_ballots_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["ballot_groups.id"], name=op.f("fk_set_aside_ballots_group_id")
        ),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_set_aside_ballots")),
    )
    op.create_index(
        op.f("ix_set_aside_ballots_campaign_id_state"),
        "set_aside_ballots",
        ["campaign_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_set_aside_ballots_group_id"), "set_aside_ballots", ["group_id"], unique=False
    )
    # The default is stable, so the rows there are get this transaction's number without a rewrite.
    op.add_column(
        "ballots",
        sa.Column(
            "xact",
            sa.BigInteger(),
            server_default=sa.text("CAST(CAST(pg_current_xact_id() AS text) AS bigint)"),
            nullable=False,
        ),
    )
    op.create_index(
        op.f("ix_ballots_xact"),
        "ballots",
        ["xact"],
        unique=False,
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    )
    op.add_column(
        "campaigns",
        sa.Column("standings_freeze_minutes", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column(
        "campaigns",
        sa.Column(
            "screening",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
    )
    op.add_column(
        "campaigns",
        sa.Column("annulments_alone", sa.Integer(), server_default="20", nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_campaigns_standings_freeze_minutes_range"),
        "campaigns",
        "standings_freeze_minutes BETWEEN 0 AND 10080",
    )
    op.create_check_constraint(
        op.f("ck_campaigns_annulments_alone_range"),
        "campaigns",
        "annulments_alone BETWEEN 0 AND 1000",
    )
    for table in ("notices", "announcements"):
        op.drop_constraint(op.f(f"ck_{table}_kind_known"), table)
        op.create_check_constraint(op.f(f"ck_{table}_kind_known"), table, KINDS)


def downgrade() -> None:
    for table in ("notices", "announcements"):
        op.execute(sa.text(f"DELETE FROM {table} WHERE kind IN {NEW_KINDS}"))
        op.drop_constraint(op.f(f"ck_{table}_kind_known"), table)
        op.create_check_constraint(
            op.f(f"ck_{table}_kind_known"), table, "kind IN ('campaign_result')"
        )
    op.drop_column("campaigns", "annulments_alone")
    op.drop_column("campaigns", "screening")
    op.drop_column("campaigns", "standings_freeze_minutes")
    op.drop_index(
        op.f("ix_ballots_xact"),
        table_name="ballots",
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    )
    op.drop_column("ballots", "xact")
    op.drop_index(op.f("ix_set_aside_ballots_group_id"), table_name="set_aside_ballots")
    op.drop_index(op.f("ix_set_aside_ballots_campaign_id_state"), table_name="set_aside_ballots")
    op.drop_table("set_aside_ballots")
    op.drop_index(op.f("ix_set_aside_tallies_campaign_id"), table_name="set_aside_tallies")
    op.drop_table("set_aside_tallies")
    op.drop_table("ballot_groups")
    op.drop_index(
        "uq_proposals_open",
        table_name="proposals",
        postgresql_where=sa.text(
            "state = 'open' AND kind NOT IN ('annul_ballots', 'withdraw_entry')"
        ),
    )
    op.drop_index(op.f("ix_proposals_campaign_id"), table_name="proposals")
    op.drop_table("proposals")
    op.drop_index(op.f("ix_ballot_objections_citizen_id"), table_name="ballot_objections")
    op.drop_table("ballot_objections")
    op.drop_index(op.f("ix_citizens_created_at"), table_name="citizens")
    op.drop_index("ix_risk_ranks_trouble", table_name="risk_ranks")
    op.drop_table("risk_ranks")
    op.drop_table("ledger_tiles")
    op.drop_index(
        "uq_ledger_records_closing",
        table_name="ledger_records",
        postgresql_where=sa.text("kind = 'closing'"),
    )
    op.drop_index(
        "uq_ledger_records_ballot_id",
        table_name="ledger_records",
        postgresql_where=sa.text("ballot_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_ledger_records_campaign_id",
        table_name="ledger_records",
        postgresql_where=sa.text("kind <> 'ballot'"),
    )
    op.drop_table("ledger_records")
    op.drop_table("ledger_queue")
    op.drop_table("ledger_checkpoints")
    op.drop_table("ballot_origins")
    op.drop_table("ballot_cuts")
