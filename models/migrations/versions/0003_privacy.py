"""Consents, and what erasing an account leaves."""

import sqlalchemy as sa
from alembic import op

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


def downgrade() -> None:
    op.drop_table("traces")
    op.drop_table("consents")
    op.drop_index("uq_wechat_identities_unionid", table_name="wechat_identities")
    op.drop_column("login_sessions", "appid")
    op.drop_column("citizens", "deleted_at")
