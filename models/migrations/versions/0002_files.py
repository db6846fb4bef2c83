"""Uploaded files."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
            "bytes > 0 AND width > 0 AND height > 0",
            name=op.f("ck_stored_files_sizes_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_citizen_id"],
            ["citizens.id"],
            name=op.f("fk_stored_files_uploaded_by_citizen_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("name", name=op.f("uq_stored_files_name")),
    )
    op.create_index(
        op.f("ix_stored_files_uploaded_by_staff_id"), "stored_files", ["uploaded_by_staff_id"]
    )
    op.create_index(
        op.f("ix_stored_files_uploaded_by_citizen_id"), "stored_files", ["uploaded_by_citizen_id"]
    )
    op.create_index(
        "ix_stored_files_unattached",
        "stored_files",
        ["created_at"],
        postgresql_where=sa.text("attached_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("stored_files")
