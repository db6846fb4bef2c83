"""Staff, roles, audit, files, nominations, and what running a vote needs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


ORGANIZATION_CHECKS = {
    "standard_known": "standard IN ('none', 'met', 'raised')",
    "longitude_range": "longitude BETWEEN -180 AND 180",
    "latitude_range": "latitude BETWEEN -90 AND 90",
    "population_positive": "population > 0",
}
FILL_ANCESTORS = """
    WITH RECURSIVE tree AS (
        SELECT id, ARRAY[id] AS path FROM organizations WHERE parent_id IS NULL
        UNION ALL
        SELECT child.id, tree.path || child.id
        FROM organizations AS child JOIN tree ON child.parent_id = tree.id
    )
    UPDATE organizations SET ancestor_ids = tree.path FROM tree WHERE tree.id = organizations.id
"""
# The path of a row follows from its parent's, and the paths of all below it follow a move.
KEEP_ANCESTORS = (
    """
    CREATE FUNCTION keep_ancestors() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        above bigint[] := (SELECT ancestor_ids FROM organizations WHERE id = NEW.parent_id);
    BEGIN
        IF NEW.id = ANY (above) THEN
            RAISE EXCEPTION 'an organization cannot be below itself' USING ERRCODE = 'check_violation';
        END IF;
        NEW.ancestor_ids := coalesce(above, '{}') || NEW.id;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER keep_ancestors BEFORE INSERT OR UPDATE OF parent_id ON organizations
    FOR EACH ROW EXECUTE FUNCTION keep_ancestors()
    """,
    """
    CREATE FUNCTION move_descendants() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE organizations
        SET ancestor_ids = NEW.ancestor_ids || ancestor_ids[cardinality(OLD.ancestor_ids) + 1:]
        WHERE ancestor_ids @> ARRAY[NEW.id] AND id <> NEW.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER move_descendants AFTER UPDATE OF parent_id ON organizations
    FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id)
    EXECUTE FUNCTION move_descendants()
    """,
)


def upgrade() -> None:
    op.create_table(
        "staff_accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("totp_secret_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "duty IN ('business', 'system_administrator', 'security_administrator', 'auditor')",
            name=op.f("ck_staff_accounts_duty_known"),
        ),
        sa.CheckConstraint(
            "(username IS NULL) = (password_hash IS NULL)",
            name=op.f("ck_staff_accounts_username_and_password_together"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_staff_accounts_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_accounts")),
        sa.UniqueConstraint("id", "duty", name=op.f("uq_staff_accounts_id_duty")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_accounts_username")),
    )
    op.create_index(
        op.f("ix_staff_accounts_organization_id"),
        "staff_accounts",
        ["organization_id"],
        unique=False,
    )
    op.create_table(
        "audit_records",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("object_label", sa.Text(), nullable=False),
        sa.Column(
            "before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column(
            "after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_records")),
    )
    op.create_index(op.f("ix_audit_records_action"), "audit_records", ["action"], unique=False)
    op.create_index(op.f("ix_audit_records_at"), "audit_records", ["at"], unique=False)
    op.create_index(
        op.f("ix_audit_records_object_type_object_id"),
        "audit_records",
        ["object_type", "object_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_audit_records_organization_id"), "audit_records", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_audit_records_staff_id"), "audit_records", ["staff_id"], unique=False)
    op.create_table(
        "campaign_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column(
            "after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_events_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_accounts.id"], name=op.f("fk_campaign_events_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_events")),
    )
    op.create_index(
        op.f("ix_campaign_events_campaign_id"), "campaign_events", ["campaign_id"], unique=False
    )
    op.create_table(
        "staff_grants",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN duty = 'business' THEN role IN ('institution_staff', 'institution_manager', 'district_officer', 'district_manager', 'city_officer', 'region_officer', 'department_reporter') ELSE role = duty END",
            name=op.f("ck_staff_grants_role_fits_duty"),
        ),
        sa.CheckConstraint(
            "role IN ('institution_staff', 'institution_manager', 'district_officer', 'district_manager', 'city_officer', 'region_officer', 'department_reporter', 'system_administrator', 'security_administrator', 'auditor')",
            name=op.f("ck_staff_grants_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["staff_accounts.id"], name=op.f("fk_staff_grants_granted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_staff_grants_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id", "duty"],
            ["staff_accounts.id", "staff_accounts.duty"],
            name=op.f("fk_staff_grants_staff_id_duty"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_grants")),
    )
    op.create_index(
        op.f("ix_staff_grants_organization_id"), "staff_grants", ["organization_id"], unique=False
    )
    op.create_index(
        "uq_staff_grants_current",
        "staff_grants",
        ["staff_id", "role", "organization_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "staff_invitations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_accounts.id"], name=op.f("fk_staff_invitations_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_invitations_token_hash")),
    )
    op.create_index(
        op.f("ix_staff_invitations_staff_id"), "staff_invitations", ["staff_id"], unique=False
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_accounts.id"], name=op.f("fk_staff_sessions_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_sessions_token_hash")),
    )
    op.create_index(
        op.f("ix_staff_sessions_expires_at"), "staff_sessions", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_staff_sessions_staff_id"), "staff_sessions", ["staff_id"], unique=False
    )
    op.create_table(
        "staff_sign_ins",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_accounts.id"], name=op.f("fk_staff_sign_ins_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sign_ins")),
    )
    op.create_index(
        op.f("ix_staff_sign_ins_staff_id_id"), "staff_sign_ins", ["staff_id", "id"], unique=False
    )
    op.create_table(
        "stored_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_staff_id", sa.BigInteger(), nullable=True),
        sa.Column("uploaded_by_citizen_id", sa.BigInteger(), nullable=True),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(uploaded_by_staff_id, uploaded_by_citizen_id) = 1",
            name=op.f("ck_stored_files_one_uploader"),
        ),
        sa.CheckConstraint(
            "bytes > 0 AND width > 0 AND height > 0", name=op.f("ck_stored_files_sizes_positive")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_citizen_id"],
            ["citizens.id"],
            name=op.f("fk_stored_files_uploaded_by_citizen_id"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_staff_id"],
            ["staff_accounts.id"],
            name=op.f("fk_stored_files_uploaded_by_staff_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("name", name=op.f("uq_stored_files_name")),
    )
    op.create_index(
        "ix_stored_files_uploaded_by_staff_id", "stored_files", ["uploaded_by_staff_id"]
    )
    op.create_index(
        "ix_stored_files_uploaded_by_citizen_id", "stored_files", ["uploaded_by_citizen_id"]
    )
    op.create_index(
        "ix_stored_files_unattached",
        "stored_files",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("attached_at IS NULL"),
    )
    op.create_table(
        "ballot_hours",
        sa.Column("campaign_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hour_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_ballot_hours_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_ballot_hours_entry_id")
        ),
        sa.PrimaryKeyConstraint(
            "campaign_id", "hour_at", "entry_id", "source", name=op.f("pk_ballot_hours")
        ),
    )
    op.create_index(op.f("ix_ballot_hours_hour_at"), "ballot_hours", ["hour_at"], unique=False)
    op.create_table(
        "ballot_days",
        sa.Column("campaign_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_ballot_days_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "day_on", name=op.f("pk_ballot_days")),
    )
    op.create_table(
        "nominations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_mn", sa.Text(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("statement_mn", sa.Text(), nullable=True),
        sa.Column("portrait_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'approved') = (entry_id IS NOT NULL)",
            name=op.f("ck_nominations_approved_has_an_entry"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR return_reason IS NOT NULL",
            name=op.f("ck_nominations_returned_says_why"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved')",
            name=op.f("ck_nominations_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_nominations_campaign_id")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_nominations_entry_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_nominations_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["portrait_id"], ["stored_files.id"], name=op.f("fk_nominations_portrait_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominations")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_nominations_entry_id")),
    )
    op.create_index(
        op.f("ix_nominations_campaign_id"), "nominations", ["campaign_id"], unique=False
    )
    op.create_index(
        op.f("ix_nominations_organization_id"), "nominations", ["organization_id"], unique=False
    )
    op.create_index(
        op.f("ix_nominations_portrait_id"), "nominations", ["portrait_id"], unique=False
    )
    op.create_table(
        "scenes",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_scenes_campaign_id")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_scenes_entry_id")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_scenes")),
        sa.UniqueConstraint(
            "campaign_id",
            "entry_id",
            name=op.f("uq_scenes_campaign_id_entry_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.add_column("ballots", sa.Column("source", sa.Text(), nullable=True))
    op.add_column(
        "campaigns", sa.Column("nominations_close_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("campaigns", sa.Column("suspension_reason", sa.Text(), nullable=True))
    op.add_column("campaigns", sa.Column("result_notice", sa.Text(), nullable=True))
    op.add_column(
        "campaigns", sa.Column("result_published_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "campaigns", sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column("entries", sa.Column("portrait_id", sa.BigInteger(), nullable=True))
    op.add_column("entries", sa.Column("withdrawal_reason", sa.Text(), nullable=True))
    op.add_column(
        "entries", sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
    )
    op.create_index(op.f("ix_entries_portrait_id"), "entries", ["portrait_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_entries_portrait_id"), "entries", "stored_files", ["portrait_id"], ["id"]
    )
    op.drop_column("entries", "portrait_url")
    op.add_column("organizations", sa.Column("ancestor_ids", postgresql.ARRAY(sa.BigInteger())))
    op.execute(FILL_ANCESTORS)
    op.alter_column("organizations", "ancestor_ids", nullable=False)
    for statement in KEEP_ANCESTORS:
        op.execute(statement)
    op.add_column(
        "organizations", sa.Column("standard", sa.Text(), server_default="none", nullable=False)
    )
    op.add_column("organizations", sa.Column("contact_name", sa.Text(), nullable=True))
    op.add_column(
        "organizations", sa.Column("contact_phone_encrypted", sa.LargeBinary(), nullable=True)
    )
    op.add_column("organizations", sa.Column("address", sa.Text(), nullable=True))
    op.add_column("organizations", sa.Column("longitude", sa.Double(), nullable=True))
    op.add_column("organizations", sa.Column("latitude", sa.Double(), nullable=True))
    op.add_column("organizations", sa.Column("population", sa.Integer(), nullable=True))
    op.add_column(
        "organizations", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("organizations", sa.Column("closing_reason", sa.Text(), nullable=True))
    op.add_column(
        "organizations", sa.Column("search_text", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "organizations", sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
    )
    op.execute("UPDATE organizations SET search_text = lower(name)")
    for name, condition in ORGANIZATION_CHECKS.items():
        op.create_check_constraint(op.f(f"ck_organizations_{name}"), "organizations", condition)
    # Checked in a second step, so that ballots can be cast while the many old ones are looked at.
    op.execute(
        "ALTER TABLE ballots ADD CONSTRAINT ck_ballots_source_known CHECK "
        "(source IN ('list', 'search', 'share', 'scan', 'notice')) NOT VALID"
    )
    op.execute("ALTER TABLE ballots VALIDATE CONSTRAINT ck_ballots_source_known")
    op.execute("ALTER INDEX ix_ballots_cast_at SET (autosummarize = on)")
    op.create_index(
        op.f("ix_organizations_ancestor_ids"),
        "organizations",
        ["ancestor_ids"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        "uq_organizations_name_in_parent",
        "organizations",
        ["parent_id", "name"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_organizations_name_in_parent",
        table_name="organizations",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        op.f("ix_organizations_ancestor_ids"), table_name="organizations", postgresql_using="gin"
    )
    op.drop_column("organizations", "revision")
    op.drop_column("organizations", "search_text")
    op.drop_column("organizations", "closing_reason")
    op.drop_column("organizations", "closed_at")
    op.drop_column("organizations", "population")
    op.drop_column("organizations", "latitude")
    op.drop_column("organizations", "longitude")
    op.drop_column("organizations", "address")
    op.drop_column("organizations", "contact_phone_encrypted")
    op.drop_column("organizations", "contact_name")
    op.drop_column("organizations", "standard")
    op.execute("DROP FUNCTION keep_ancestors, move_descendants CASCADE")
    op.drop_column("organizations", "ancestor_ids")
    op.add_column(
        "entries", sa.Column("portrait_url", sa.TEXT(), autoincrement=False, nullable=True)
    )
    op.drop_constraint(op.f("fk_entries_portrait_id"), "entries", type_="foreignkey")
    op.drop_index(op.f("ix_entries_portrait_id"), table_name="entries")
    op.drop_column("entries", "revision")
    op.drop_column("entries", "withdrawal_reason")
    op.drop_column("entries", "portrait_id")
    op.drop_column("campaigns", "revision")
    op.drop_column("campaigns", "result_published_at")
    op.drop_column("campaigns", "result_notice")
    op.drop_column("campaigns", "suspension_reason")
    op.drop_column("campaigns", "nominations_close_at")
    op.execute("ALTER INDEX ix_ballots_cast_at RESET (autosummarize)")
    op.drop_column("ballots", "source")
    op.drop_table("scenes")
    op.drop_index(op.f("ix_nominations_portrait_id"), table_name="nominations")
    op.drop_index(op.f("ix_nominations_organization_id"), table_name="nominations")
    op.drop_index(op.f("ix_nominations_campaign_id"), table_name="nominations")
    op.drop_table("nominations")
    op.drop_table("ballot_days")
    op.drop_index(op.f("ix_ballot_hours_hour_at"), table_name="ballot_hours")
    op.drop_table("ballot_hours")
    op.drop_index(
        "ix_stored_files_unattached",
        table_name="stored_files",
        postgresql_where=sa.text("attached_at IS NULL"),
    )
    op.drop_table("stored_files")
    op.drop_index(op.f("ix_staff_sign_ins_staff_id_id"), table_name="staff_sign_ins")
    op.drop_table("staff_sign_ins")
    op.drop_index(op.f("ix_staff_sessions_staff_id"), table_name="staff_sessions")
    op.drop_index(op.f("ix_staff_sessions_expires_at"), table_name="staff_sessions")
    op.drop_table("staff_sessions")
    op.drop_index(op.f("ix_staff_invitations_staff_id"), table_name="staff_invitations")
    op.drop_table("staff_invitations")
    op.drop_index(
        "uq_staff_grants_current",
        table_name="staff_grants",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_staff_grants_organization_id"), table_name="staff_grants")
    op.drop_table("staff_grants")
    op.drop_index(op.f("ix_campaign_events_campaign_id"), table_name="campaign_events")
    op.drop_table("campaign_events")
    op.drop_index(op.f("ix_audit_records_staff_id"), table_name="audit_records")
    op.drop_index(op.f("ix_audit_records_organization_id"), table_name="audit_records")
    op.drop_index(op.f("ix_audit_records_object_type_object_id"), table_name="audit_records")
    op.drop_index(op.f("ix_audit_records_at"), table_name="audit_records")
    op.drop_index(op.f("ix_audit_records_action"), table_name="audit_records")
    op.drop_table("audit_records")
    op.drop_index(op.f("ix_staff_accounts_organization_id"), table_name="staff_accounts")
    op.drop_table("staff_accounts")
