"""Health knowledge, what it is found by and what its readers leave; publicity in the media."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = ("campaign_result", "ballots_set_aside", "ballots_decided", "objection_answered")
NEW_KINDS = ("knowledge_report_answered", "comment_decided", "contribution_decided")
# What has been handed in, reviewed or replaced is never written again.
CLOSED_REVISIONS = """
    CREATE FUNCTION keep_closed_revision() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'revision % of item % is closed', old.number, old.item_id
            USING ERRCODE = 'restrict_violation';
    END $$;
    CREATE TRIGGER keep_closed_revision BEFORE UPDATE ON knowledge_revisions
        FOR EACH ROW WHEN (NOT old.is_open) EXECUTE FUNCTION keep_closed_revision()
"""

BUSINESS_ROLES = (
    "institution_staff",
    "institution_manager",
    "district_officer",
    "district_manager",
    "city_officer",
    "region_officer",
    "department_reporter",
)
ADMINISTRATORS = ("system_administrator", "security_administrator", "auditor")


def replace_role_checks(business_roles: tuple[str, ...]) -> None:
    """Let grants name these roles, of which those of business fit no administrator."""
    checks = {
        "role_known": f"role IN {business_roles + ADMINISTRATORS}",
        "role_fits_duty": f"CASE WHEN duty = 'business' THEN role IN {business_roles} ELSE role = duty END",
    }
    for name, condition in checks.items():
        op.drop_constraint(op.f(f"ck_staff_grants_{name}"), "staff_grants")
        op.create_check_constraint(op.f(f"ck_staff_grants_{name}"), "staff_grants", condition)


def one_of(kinds: tuple[str, ...]) -> str:
    return f"kind IN {kinds}"


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "knowledge_topics",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_mn", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_topics")),
        sa.UniqueConstraint("name", name=op.f("uq_knowledge_topics_name")),
    )
    op.create_table(
        "knowledge_views",
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitor_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_counted", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("item_id", "day", "visitor_key", name=op.f("pk_knowledge_views")),
    )
    op.create_index(op.f("ix_knowledge_views_day"), "knowledge_views", ["day"], unique=False)
    op.create_table(
        "searched_names",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("visitor_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("day", "name", "visitor_key", name=op.f("pk_searched_names")),
    )
    op.create_index(op.f("ix_searched_names_day"), "searched_names", ["day"], unique=False)
    op.create_table(
        "synonym_groups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym_groups")),
    )
    op.create_table(
        "synonym_words",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["synonym_groups.id"],
            name=op.f("fk_synonym_words_group_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_synonym_words")),
        sa.UniqueConstraint(
            "group_id", "position", name=op.f("uq_synonym_words_group_id_position")
        ),
    )
    op.create_table(
        "knowledge_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("original_language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("head_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_again_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("are_comments_open", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'scheduled') = (publish_at IS NOT NULL)",
            name=op.f("ck_knowledge_items_scheduled_when"),
        ),
        sa.CheckConstraint(
            "kind IN ('article', 'herb', 'formula', 'technique', 'exercise', 'wellness_product', 'culture', 'collected')",
            name=op.f("ck_knowledge_items_kind_known"),
        ),
        sa.CheckConstraint(
            "original_language IN ('zh', 'mn')",
            name=op.f("ck_knowledge_items_original_language_known"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR reason IS NOT NULL",
            name=op.f("ck_knowledge_items_returned_says_why"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR reason IS NOT NULL",
            name=op.f("ck_knowledge_items_withdrawn_says_why"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'scheduled', 'published', 'withdrawn')",
            name=op.f("ck_knowledge_items_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["staff_accounts.id"], name=op.f("fk_knowledge_items_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_knowledge_items_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_items")),
        sa.UniqueConstraint(
            "organization_id", "code", name=op.f("uq_knowledge_items_organization_id_code")
        ),
    )
    op.create_index(
        op.f("ix_knowledge_items_author_id"), "knowledge_items", ["author_id"], unique=False
    )
    op.create_index(
        op.f("ix_knowledge_items_organization_id"),
        "knowledge_items",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        "ix_knowledge_items_publish_at",
        "knowledge_items",
        ["publish_at"],
        unique=False,
        postgresql_where=sa.text("publish_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_knowledge_items_review_again_on"),
        "knowledge_items",
        ["review_again_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_knowledge_items_state_changed_at"),
        "knowledge_items",
        ["state", "changed_at"],
        unique=False,
    )
    op.create_table(
        "publicity_records",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("appeared_on", sa.Date(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("picture_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("video_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "level IN ('national', 'region', 'city', 'district', 'institution')",
            name=op.f("ck_publicity_records_level_known"),
        ),
        sa.CheckConstraint(
            "medium IN ('radio', 'television', 'press', 'official_account', 'website', 'short_video', 'other')",
            name=op.f("ck_publicity_records_medium_known"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR reason IS NOT NULL",
            name=op.f("ck_publicity_records_returned_says_why"),
        ),
        sa.CheckConstraint(
            "state IN ('recorded', 'confirmed', 'returned')",
            name=op.f("ck_publicity_records_state_known"),
        ),
        sa.CheckConstraint(
            "url IS NOT NULL OR cardinality(picture_ids) > 0 OR video_id IS NOT NULL",
            name=op.f("ck_publicity_records_shows_where_it_appeared"),
        ),
        sa.CheckConstraint(
            "(state = 'recorded') = (decided_at IS NULL)",
            name=op.f("ck_publicity_records_decided_when"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["staff_accounts.id"],
            name=op.f("fk_publicity_records_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_publicity_records_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["staff_accounts.id"],
            name=op.f("fk_publicity_records_recorded_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["video_id"], ["stored_files.id"], name=op.f("fk_publicity_records_video_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicity_records")),
        sa.UniqueConstraint(
            "organization_id",
            "appeared_on",
            "outlet",
            "title",
            name="uq_publicity_records_appearance",
        ),
    )
    op.create_index(
        "uq_publicity_records_url",
        "publicity_records",
        ["organization_id", sa.literal_column("md5(url)")],
        unique=True,
        postgresql_where=sa.text("url IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_publicity_records_state_appeared_on"),
        "publicity_records",
        ["state", "appeared_on"],
        unique=False,
    )
    op.create_table(
        "knowledge_comments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("safety", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "safety IN ('passed', 'suspicious', 'unchecked')",
            name=op.f("ck_knowledge_comments_safety_known"),
        ),
        sa.CheckConstraint(
            "state <> 'rejected' OR reason IS NOT NULL",
            name=op.f("ck_knowledge_comments_rejected_says_why"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'shown', 'rejected')",
            name=op.f("ck_knowledge_comments_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_knowledge_comments_citizen_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["staff_accounts.id"],
            name=op.f("fk_knowledge_comments_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["knowledge_items.id"],
            name=op.f("fk_knowledge_comments_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_comments")),
        sa.UniqueConstraint(
            "citizen_id", "request_key", name=op.f("uq_knowledge_comments_citizen_id_request_key")
        ),
    )
    op.create_index(
        op.f("ix_knowledge_comments_citizen_id"), "knowledge_comments", ["citizen_id"], unique=False
    )
    op.create_index(
        "ix_knowledge_comments_pending",
        "knowledge_comments",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_knowledge_comments_shown",
        "knowledge_comments",
        ["item_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'shown'"),
    )
    op.create_table(
        "knowledge_contributions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=True),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("provenance", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("picture_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("safety", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'accepted') = (item_id IS NOT NULL)",
            name=op.f("ck_knowledge_contributions_accepted_as"),
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR answer IS NOT NULL",
            name=op.f("ck_knowledge_contributions_declined_says_why"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'accepted', 'declined')",
            name=op.f("ck_knowledge_contributions_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_knowledge_contributions_citizen_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["staff_accounts.id"],
            name=op.f("fk_knowledge_contributions_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["knowledge_items.id"], name=op.f("fk_knowledge_contributions_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_knowledge_contributions_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_contributions")),
        sa.UniqueConstraint(
            "citizen_id",
            "request_key",
            name=op.f("uq_knowledge_contributions_citizen_id_request_key"),
        ),
    )
    op.create_index(
        op.f("ix_knowledge_contributions_citizen_id"),
        "knowledge_contributions",
        ["citizen_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_knowledge_contributions_item_id"),
        "knowledge_contributions",
        ["item_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_knowledge_contributions_organization_id"),
        "knowledge_contributions",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_knowledge_contributions_state_created_at"),
        "knowledge_contributions",
        ["state", "created_at"],
        unique=False,
    )
    op.create_table(
        "knowledge_counts",
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("views", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("favourites", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("helpful", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unhelpful", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["knowledge_items.id"],
            name=op.f("fk_knowledge_counts_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_knowledge_counts")),
    )
    op.create_index(
        op.f("ix_knowledge_counts_views_item_id"),
        "knowledge_counts",
        ["views", "item_id"],
        unique=False,
    )
    op.create_table(
        "knowledge_favourites",
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_knowledge_favourites_citizen_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["knowledge_items.id"],
            name=op.f("fk_knowledge_favourites_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("citizen_id", "item_id", name=op.f("pk_knowledge_favourites")),
    )
    op.create_index(
        op.f("ix_knowledge_favourites_item_id"), "knowledge_favourites", ["item_id"], unique=False
    )
    op.create_table(
        "knowledge_opinions",
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("is_helpful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason IN ('hard_to_read', 'incomplete', 'not_what_i_sought', 'outdated', 'other')",
            name=op.f("ck_knowledge_opinions_reason_known"),
        ),
        sa.CheckConstraint(
            "NOT is_helpful OR reason IS NULL",
            name=op.f("ck_knowledge_opinions_reasons_of_unhelpful"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_knowledge_opinions_citizen_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["knowledge_items.id"],
            name=op.f("fk_knowledge_opinions_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("citizen_id", "item_id", name=op.f("pk_knowledge_opinions")),
    )
    op.create_index(
        op.f("ix_knowledge_opinions_item_id"), "knowledge_opinions", ["item_id"], unique=False
    )
    op.create_table(
        "knowledge_reports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (answer IS NULL)",
            name=op.f("ck_knowledge_reports_closed_has_an_answer"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'corrected', 'declined')",
            name=op.f("ck_knowledge_reports_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["staff_accounts.id"],
            name=op.f("fk_knowledge_reports_answered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_knowledge_reports_citizen_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["knowledge_items.id"],
            name=op.f("fk_knowledge_reports_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_reports")),
        sa.UniqueConstraint(
            "citizen_id", "request_key", name=op.f("uq_knowledge_reports_citizen_id_request_key")
        ),
    )
    op.create_index(
        op.f("ix_knowledge_reports_citizen_id"), "knowledge_reports", ["citizen_id"], unique=False
    )
    op.create_index(
        op.f("ix_knowledge_reports_item_id"), "knowledge_reports", ["item_id"], unique=False
    )
    op.create_index(
        op.f("ix_knowledge_reports_state_created_at"),
        "knowledge_reports",
        ["state", "created_at"],
        unique=False,
    )
    op.create_table(
        "knowledge_revisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.Column("original_changed_in", sa.Integer(), nullable=False),
        sa.Column("translated_from", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["staff_accounts.id"], name=op.f("fk_knowledge_revisions_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["knowledge_items.id"],
            name=op.f("fk_knowledge_revisions_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_revisions")),
        sa.UniqueConstraint(
            "item_id",
            "number",
            "author_id",
            name=op.f("uq_knowledge_revisions_item_id_number_author_id"),
        ),
        sa.UniqueConstraint(
            "item_id", "number", name=op.f("uq_knowledge_revisions_item_id_number")
        ),
    )
    op.create_index(
        op.f("ix_knowledge_revisions_author_id"), "knowledge_revisions", ["author_id"], unique=False
    )
    op.create_table(
        "knowledge_reviews",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("comments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_again_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "verdict = 'approved' OR reason IS NOT NULL",
            name=op.f("ck_knowledge_reviews_returned_says_why"),
        ),
        sa.CheckConstraint(
            "verdict IN ('approved', 'returned')", name=op.f("ck_knowledge_reviews_verdict_known")
        ),
        sa.CheckConstraint(
            "reviewer_id <> author_id", name=op.f("ck_knowledge_reviews_not_by_the_author")
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "revision_number", "author_id"],
            [
                "knowledge_revisions.item_id",
                "knowledge_revisions.number",
                "knowledge_revisions.author_id",
            ],
            name="fk_knowledge_reviews_revision",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["staff_accounts.id"], name=op.f("fk_knowledge_reviews_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_reviews")),
        sa.UniqueConstraint(
            "item_id",
            "revision_number",
            "verdict",
            name=op.f("uq_knowledge_reviews_item_id_revision_number_verdict"),
        ),
    )
    op.create_index(
        op.f("ix_knowledge_reviews_reviewer_id"), "knowledge_reviews", ["reviewer_id"], unique=False
    )
    op.create_table(
        "knowledge_publications",
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), server_default="approved", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_mn", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("summary_mn", sa.Text(), nullable=True),
        sa.Column("picture_name", sa.Text(), nullable=True),
        sa.Column("topic_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("original_language", sa.Text(), nullable=False),
        sa.Column("is_translation_stale", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_again_on", sa.Date(), nullable=True),
        sa.Column("are_comments_open", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "verdict = 'approved'", name=op.f("ck_knowledge_publications_is_approved")
        ),
        sa.CheckConstraint(
            "NOT is_sample OR is_demonstration",
            name=op.f("ck_knowledge_publications_samples_for_demonstration"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "revision_number", "verdict"],
            [
                "knowledge_reviews.item_id",
                "knowledge_reviews.revision_number",
                "knowledge_reviews.verdict",
            ],
            name="fk_knowledge_publications_review",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["knowledge_items.id"], name=op.f("fk_knowledge_publications_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_knowledge_publications_organization_id"),
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_knowledge_publications")),
    )
    op.create_index(
        op.f("ix_knowledge_publications_kind_published_at_item_id"),
        "knowledge_publications",
        ["kind", "published_at", "item_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_knowledge_publications_organization_id"),
        "knowledge_publications",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_knowledge_publications_published_at_item_id"),
        "knowledge_publications",
        ["published_at", "item_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_knowledge_publications_topic_ids"),
        "knowledge_publications",
        ["topic_ids"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "knowledge_links",
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=True),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(target IN ('doctor', 'activity', 'plant')) = (name IS NOT NULL AND organization_id IS NOT NULL)",
            name=op.f("ck_knowledge_links_known_by_name"),
        ),
        sa.CheckConstraint(
            "(target IN ('item', 'organization', 'entry')) = (target_id IS NOT NULL)",
            name=op.f("ck_knowledge_links_known_by_id"),
        ),
        sa.CheckConstraint(
            "target IN ('item', 'organization', 'entry', 'doctor', 'activity', 'plant')",
            name=op.f("ck_knowledge_links_target_known"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["knowledge_publications.item_id"],
            name=op.f("fk_knowledge_links_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_knowledge_links_organization_id"),
        ),
        sa.PrimaryKeyConstraint("item_id", "position", name=op.f("pk_knowledge_links")),
    )
    op.create_index(
        op.f("ix_knowledge_links_organization_id_target_name"),
        "knowledge_links",
        ["organization_id", "target", "name"],
        unique=False,
    )
    op.create_index(
        op.f("ix_knowledge_links_target_target_id"),
        "knowledge_links",
        ["target", "target_id"],
        unique=False,
    )
    op.create_table(
        "knowledge_names",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sound", sa.Text(), nullable=False),
        sa.Column("initials", sa.Text(), nullable=False),
        sa.Column("near", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "sort IN ('name', 'alias', 'latin')", name=op.f("ck_knowledge_names_sort_known")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["knowledge_publications.item_id"],
            name=op.f("fk_knowledge_names_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_names")),
    )
    op.create_index(
        op.f("ix_knowledge_names_item_id"), "knowledge_names", ["item_id"], unique=False
    )
    for column in ("key", "sound", "initials"):
        op.create_index(
            op.f(f"ix_knowledge_names_{column}"),
            "knowledge_names",
            [column],
            unique=False,
            postgresql_ops={column: "text_pattern_ops"},
        )
    op.create_index(
        op.f("ix_knowledge_names_near"),
        "knowledge_names",
        ["near"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_index(
        "ix_knowledge_names_sound_trigrams",
        "knowledge_names",
        ["sound"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        postgresql_ops={"sound": "gin_trgm_ops"},
    )
    op.create_table(
        "knowledge_search_rows",
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topic_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("name_length", sa.SmallInteger(), nullable=False),
        sa.Column("name_terms", postgresql.TSVECTOR(), nullable=False),
        sa.Column("main_terms", postgresql.TSVECTOR(), nullable=False),
        sa.Column("text_terms", postgresql.TSVECTOR(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["knowledge_publications.item_id"],
            name=op.f("fk_knowledge_search_rows_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_knowledge_search_rows")),
    )
    for column in ("name_terms", "main_terms", "text_terms"):
        op.create_index(
            op.f(f"ix_knowledge_search_rows_{column}"),
            "knowledge_search_rows",
            [column],
            unique=False,
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )
    op.execute(CLOSED_REVISIONS)
    replace_role_checks(("medical_reviewer", *BUSINESS_ROLES))
    for table in ("notices", "announcements"):
        op.drop_constraint(op.f(f"ck_{table}_kind_known"), table)
        op.create_check_constraint(op.f(f"ck_{table}_kind_known"), table, one_of(KINDS + NEW_KINDS))


def downgrade() -> None:
    op.drop_table("knowledge_search_rows")
    op.drop_table("knowledge_names")
    op.drop_index(op.f("ix_knowledge_links_target_target_id"), table_name="knowledge_links")
    op.drop_index(
        op.f("ix_knowledge_links_organization_id_target_name"), table_name="knowledge_links"
    )
    op.drop_table("knowledge_links")
    op.drop_index(
        op.f("ix_knowledge_publications_topic_ids"),
        table_name="knowledge_publications",
        postgresql_using="gin",
    )
    op.drop_index(
        op.f("ix_knowledge_publications_published_at_item_id"), table_name="knowledge_publications"
    )
    op.drop_index(
        op.f("ix_knowledge_publications_organization_id"), table_name="knowledge_publications"
    )
    op.drop_index(
        op.f("ix_knowledge_publications_kind_published_at_item_id"),
        table_name="knowledge_publications",
    )
    op.drop_table("knowledge_publications")
    op.drop_index(op.f("ix_knowledge_reviews_reviewer_id"), table_name="knowledge_reviews")
    op.drop_table("knowledge_reviews")
    op.drop_index(op.f("ix_knowledge_revisions_author_id"), table_name="knowledge_revisions")
    op.drop_table("knowledge_revisions")
    op.drop_index(op.f("ix_knowledge_reports_state_created_at"), table_name="knowledge_reports")
    op.drop_index(op.f("ix_knowledge_reports_item_id"), table_name="knowledge_reports")
    op.drop_index(op.f("ix_knowledge_reports_citizen_id"), table_name="knowledge_reports")
    op.drop_table("knowledge_reports")
    op.drop_index(op.f("ix_knowledge_opinions_item_id"), table_name="knowledge_opinions")
    op.drop_table("knowledge_opinions")
    op.drop_index(op.f("ix_knowledge_favourites_item_id"), table_name="knowledge_favourites")
    op.drop_table("knowledge_favourites")
    op.drop_index(op.f("ix_knowledge_counts_views_item_id"), table_name="knowledge_counts")
    op.drop_table("knowledge_counts")
    op.drop_index(
        op.f("ix_knowledge_contributions_state_created_at"), table_name="knowledge_contributions"
    )
    op.drop_index(
        op.f("ix_knowledge_contributions_organization_id"), table_name="knowledge_contributions"
    )
    op.drop_index(op.f("ix_knowledge_contributions_item_id"), table_name="knowledge_contributions")
    op.drop_index(
        op.f("ix_knowledge_contributions_citizen_id"), table_name="knowledge_contributions"
    )
    op.drop_table("knowledge_contributions")
    op.drop_index(
        "ix_knowledge_comments_shown",
        table_name="knowledge_comments",
        postgresql_where=sa.text("state = 'shown'"),
    )
    op.drop_index(
        "ix_knowledge_comments_pending",
        table_name="knowledge_comments",
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.drop_index(op.f("ix_knowledge_comments_citizen_id"), table_name="knowledge_comments")
    op.drop_table("knowledge_comments")
    op.drop_index(op.f("ix_publicity_records_state_appeared_on"), table_name="publicity_records")
    op.drop_index(
        "uq_publicity_records_url",
        table_name="publicity_records",
        postgresql_where=sa.text("url IS NOT NULL"),
    )
    op.drop_table("publicity_records")
    op.drop_index(op.f("ix_knowledge_items_state_changed_at"), table_name="knowledge_items")
    op.drop_index(op.f("ix_knowledge_items_review_again_on"), table_name="knowledge_items")
    op.drop_index(
        "ix_knowledge_items_publish_at",
        table_name="knowledge_items",
        postgresql_where=sa.text("publish_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_knowledge_items_organization_id"), table_name="knowledge_items")
    op.drop_index(op.f("ix_knowledge_items_author_id"), table_name="knowledge_items")
    op.drop_table("knowledge_items")
    op.drop_table("synonym_words")
    op.drop_table("synonym_groups")
    op.drop_index(op.f("ix_searched_names_day"), table_name="searched_names")
    op.drop_table("searched_names")
    op.drop_index(op.f("ix_knowledge_views_day"), table_name="knowledge_views")
    op.drop_table("knowledge_views")
    op.drop_table("knowledge_topics")
    op.execute("DROP FUNCTION keep_closed_revision()")
    op.execute("DELETE FROM staff_grants WHERE role = 'medical_reviewer'")
    replace_role_checks(BUSINESS_ROLES)
    for table in ("notices", "announcements"):
        op.execute(sa.text(f"DELETE FROM {table} WHERE {one_of(NEW_KINDS)}"))
        op.drop_constraint(op.f(f"ck_{table}_kind_known"), table)
        op.create_check_constraint(op.f(f"ck_{table}_kind_known"), table, one_of(KINDS))
