"""The citizens' inbox, announcements to many, and messages through WeChat."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message_pauses",
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("errcode", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("template", name=op.f("pk_message_pauses")),
    )
    op.create_table(
        "message_allowances",
        sa.Column("citizen_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("is_ahead", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "remaining >= 0", name=op.f("ck_message_allowances_remaining_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_message_allowances_citizen_id")
        ),
        sa.PrimaryKeyConstraint("citizen_id", "template_id", name=op.f("pk_message_allowances")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_mn", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_mn", sa.Text(), nullable=True),
        sa.Column("target_type", sa.Text(), nullable=True),
        sa.Column("target_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('campaign_result')", name=op.f("ck_notices_kind_known")),
        sa.CheckConstraint(
            "(target_type IS NULL) = (target_id IS NULL)",
            name=op.f("ck_notices_target_type_and_id_together"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_notices_citizen_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "citizen_id", "kind", "cause", name=op.f("uq_notices_citizen_id_kind_cause")
        ),
    )
    op.create_index(op.f("ix_notices_citizen_id_id"), "notices", ["citizen_id", "id"], unique=False)
    op.create_index(
        op.f("ix_notices_created_at"),
        "notices",
        ["created_at"],
        unique=False,
        postgresql_using="brin",
    )
    op.create_index(
        "ix_notices_unread",
        "notices",
        ["citizen_id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "outgoing_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_errcode", sa.Integer(), nullable=True),
        sa.Column("msgid", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(reason IS NOT NULL) = (state IN ('skipped', 'dead'))",
            name=op.f("ck_outgoing_messages_reason_of_failures"),
        ),
        sa.CheckConstraint(
            "reason IN ('no_allowance', 'account_gone', 'template_unset', 'expired', 'refused', 'gave_up', 'not_delivered')",
            name=op.f("ck_outgoing_messages_reason_known"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'unconfirmed', 'skipped', 'dead')",
            name=op.f("ck_outgoing_messages_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_outgoing_messages_citizen_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notices.id"],
            name=op.f("fk_outgoing_messages_notice_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_outgoing_messages_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_messages")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_outgoing_messages_notice_id")),
    )
    op.create_index(
        op.f("ix_outgoing_messages_citizen_id"), "outgoing_messages", ["citizen_id"], unique=False
    )
    op.create_index(
        "ix_outgoing_messages_due",
        "outgoing_messages",
        ["next_attempt_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )
    op.create_index(
        op.f("ix_outgoing_messages_organization_id_id"),
        "outgoing_messages",
        ["organization_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_outgoing_messages_state_id"), "outgoing_messages", ["state", "id"], unique=False
    )
    op.create_index(
        "uq_outgoing_messages_sending",
        "outgoing_messages",
        ["citizen_id"],
        unique=True,
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_table(
        "announcements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_mn", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_mn", sa.Text(), nullable=True),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('campaign_result')", name=op.f("ck_announcements_kind_known")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_announcements_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_announcements_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.UniqueConstraint("campaign_id", "kind", name=op.f("uq_announcements_campaign_id_kind")),
    )
    op.create_index(
        "ix_announcements_unfinished",
        "announcements",
        ["id"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_announcements_unfinished",
        table_name="announcements",
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.drop_table("announcements")
    op.drop_index(
        "uq_outgoing_messages_sending",
        table_name="outgoing_messages",
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.drop_index(op.f("ix_outgoing_messages_state_id"), table_name="outgoing_messages")
    op.drop_index(op.f("ix_outgoing_messages_organization_id_id"), table_name="outgoing_messages")
    op.drop_index(
        "ix_outgoing_messages_due",
        table_name="outgoing_messages",
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )
    op.drop_index(op.f("ix_outgoing_messages_citizen_id"), table_name="outgoing_messages")
    op.drop_table("outgoing_messages")
    op.drop_index(
        "ix_notices_unread", table_name="notices", postgresql_where=sa.text("read_at IS NULL")
    )
    op.drop_index(op.f("ix_notices_created_at"), table_name="notices", postgresql_using="brin")
    op.drop_index(op.f("ix_notices_citizen_id_id"), table_name="notices")
    op.drop_table("notices")
    op.drop_table("message_allowances")
    op.drop_table("message_pauses")
