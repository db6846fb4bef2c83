"""Consents, what erasing an account leaves, and what WeChat pushes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The release before kept a unionid with every identity; from now on one of them holds it.
KEEP_FIRST_UNIONID = """
    UPDATE wechat_identities AS later SET unionid = NULL
    WHERE EXISTS (
        SELECT FROM wechat_identities AS first
        WHERE first.unionid = later.unionid AND first.id < later.id
    )
"""


def upgrade() -> None:
    op.add_column("citizens", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("login_sessions", sa.Column("appid", sa.Text(), nullable=True))
    op.execute(KEEP_FIRST_UNIONID)
    op.create_index(
        "uq_wechat_identities_unionid",
        "wechat_identities",
        ["unionid"],
        unique=True,
        postgresql_where=sa.text("unionid IS NOT NULL"),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_consents_citizen_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(
        op.f("ix_consents_citizen_id_id"), "consents", ["citizen_id", "id"], unique=False
    )
    op.create_table(
        "traces",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('openid', 'unionid', 'phone')", name=op.f("ck_traces_kind_known")
        ),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_traces_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traces")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_traces_key_hash")),
    )
    op.create_index(op.f("ix_traces_citizen_id"), "traces", ["citizen_id"], unique=False)
    op.create_table(
        "wechat_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "content", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "handled_at IS NULL OR content IS NULL",
            name=op.f("ck_wechat_events_handled_names_nobody"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_events")),
        sa.UniqueConstraint("key", name=op.f("uq_wechat_events_key")),
    )
    op.create_index(
        "ix_wechat_events_due_at",
        "wechat_events",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.create_index(
        op.f("ix_wechat_events_handled_at"), "wechat_events", ["handled_at"], unique=False
    )
    op.create_table(
        "media_checks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("trace_id", sa.Text(), nullable=True),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("label", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'passed', 'rejected', 'review')",
            name=op.f("ck_media_checks_state_known"),
        ),
        sa.CheckConstraint(
            "state <> 'pending' OR trace_id IS NOT NULL",
            name=op.f("ck_media_checks_pending_was_asked"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_files.id"],
            name=op.f("fk_media_checks_file_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_checks")),
        sa.UniqueConstraint("trace_id", name=op.f("uq_media_checks_trace_id")),
    )
    op.create_index(op.f("ix_media_checks_file_id"), "media_checks", ["file_id"], unique=False)
    op.create_index(
        "ix_media_checks_pending",
        "media_checks",
        ["asked_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    op.drop_table("media_checks")
    op.drop_table("wechat_events")
    op.drop_table("traces")
    op.drop_table("consents")
    op.drop_index("uq_wechat_identities_unionid", table_name="wechat_identities")
    op.drop_column("login_sessions", "appid")
    op.drop_column("citizens", "deleted_at")
