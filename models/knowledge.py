"""Health knowledge: items, their revisions and reviews, and what citizens see of them.

Citizens' routes read publications only. A publication refers to the approving review of the very
revision it shows, so that the database itself refuses what nobody has reviewed.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigInt, RowId
from models.organizations import Organization, one_of
from models.staff import StaffAccount

KNOWLEDGE_KINDS = (
    "article",
    "herb",
    "formula",
    "technique",
    "exercise",
    "wellness_product",
    "culture",
    "collected",
)
# Of what is being written. Whether citizens see something is for the publication to say: of an item
# that is edited after publishing they still see the published revision.
KNOWLEDGE_STATES = (
    "draft",
    "submitted",
    "returned",
    "approved",
    "scheduled",
    "published",
    "withdrawn",
)
LANGUAGES = ("zh", "mn")
VERDICTS = ("approved", "returned")
# Doctors, activities and plants are known by an organization and a name.
LINK_TARGETS = ("item", "organization", "entry", "doctor", "activity", "plant")


class KnowledgeTopic(Base):
    """What items are about, across kinds; kept by the commissions."""

    __tablename__ = "knowledge_topics"

    id: Mapped[RowId]
    name: Mapped[str] = mapped_column(Text, unique=True)
    name_mn: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)


class KnowledgeItem(Base):
    """One herb, article and so on, as it is written and reviewed by staff."""

    __tablename__ = "knowledge_items"
    __table_args__ = (
        CheckConstraint(one_of("kind", KNOWLEDGE_KINDS), name="kind_known"),
        CheckConstraint(one_of("state", KNOWLEDGE_STATES), name="state_known"),
        CheckConstraint(one_of("original_language", LANGUAGES), name="original_language_known"),
        CheckConstraint("(state = 'scheduled') = (publish_at IS NOT NULL)", name="scheduled_when"),
        CheckConstraint("state <> 'returned' OR reason IS NOT NULL", name="returned_says_why"),
        CheckConstraint("state <> 'withdrawn' OR reason IS NOT NULL", name="withdrawn_says_why"),
        UniqueConstraint("organization_id", "code"),
        Index(None, "state", "changed_at"),
        Index(
            "ix_knowledge_items_publish_at",
            "publish_at",
            postgresql_where=text("publish_at IS NOT NULL"),
        ),
    )

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(Text)
    # Whose it is: an institution's, or a commission's own.
    organization_id: Mapped[BigInt] = mapped_column(ForeignKey("organizations.id"), index=True)
    author_id: Mapped[BigInt] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    # A name of its organization's own for it, by which imports find it again.
    code: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="draft")
    original_language: Mapped[str] = mapped_column(Text, default="zh")
    # The name in the original's language, or what stands in for it; for lists.
    title: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    head_number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None]
    # Until when the medical review holds; then somebody has to look again.
    review_again_on: Mapped[date | None] = mapped_column(index=True)
    # Why it was returned or withdrawn.
    reason: Mapped[str | None] = mapped_column(Text)
    are_comments_open: Mapped[bool] = mapped_column(default=False)
    # Shipped with the software and shown as 示例·未审核 wherever it appears.
    is_sample: Mapped[bool] = mapped_column(default=False)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
    author: Mapped[StaffAccount] = relationship(lazy="raise_on_sql")


class KnowledgeRevision(Base):
    """One state of an item's content. While `is_open`, its author's next saves go into it.

    A closed one never changes, which a trigger sees to. `content` is described in
    services/knowledge/kinds.py.
    """

    __tablename__ = "knowledge_revisions"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        UniqueConstraint("item_id", "number", "author_id"),
    )

    id: Mapped[RowId]
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("knowledge_items.id", ondelete="CASCADE"))
    # From 1, without gaps.
    number: Mapped[int]
    author_id: Mapped[BigInt] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    content: Mapped[dict] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    is_open: Mapped[bool] = mapped_column(default=True)
    restored_from: Mapped[int | None]
    # The number of the revision in which the original last changed, and of the one whose original
    # the translation renders; None without a translation.
    original_changed_in: Mapped[int] = mapped_column(default=1)
    translated_from: Mapped[int | None]

    author: Mapped[StaffAccount] = relationship(lazy="raise_on_sql")

    @property
    def is_translation_stale(self) -> bool:
        """Whether the original has changed since the translation was made."""
        return self.translated_from is not None and self.translated_from < self.original_changed_in


class KnowledgeReview(Base):
    """What a medical reviewer, who is not its author, said of a revision."""

    __tablename__ = "knowledge_reviews"
    __table_args__ = (
        ForeignKeyConstraint(
            ["item_id", "revision_number", "author_id"],
            [
                "knowledge_revisions.item_id",
                "knowledge_revisions.number",
                "knowledge_revisions.author_id",
            ],
            name="fk_knowledge_reviews_revision",
        ),
        UniqueConstraint("item_id", "revision_number", "verdict"),
        CheckConstraint(one_of("verdict", VERDICTS), name="verdict_known"),
        CheckConstraint("reviewer_id <> author_id", name="not_by_the_author"),
        CheckConstraint("verdict = 'approved' OR reason IS NOT NULL", name="returned_says_why"),
    )

    id: Mapped[RowId]
    item_id: Mapped[BigInt]
    revision_number: Mapped[int]
    author_id: Mapped[BigInt]
    reviewer_id: Mapped[BigInt] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    verdict: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    # Remarks at places of the content: [{"place": "zh.cautions", "text": "…"}].
    comments: Mapped[list] = mapped_column(JSONB, default=list)
    reviewed_at: Mapped[datetime]
    review_again_on: Mapped[date | None]

    reviewer: Mapped[StaffAccount] = relationship(lazy="raise_on_sql")


class KnowledgePublication(Base):
    """What citizens see of an item: nothing they read comes from anywhere else."""

    __tablename__ = "knowledge_publications"
    __table_args__ = (
        ForeignKeyConstraint(
            ["item_id", "revision_number", "verdict"],
            [
                "knowledge_reviews.item_id",
                "knowledge_reviews.revision_number",
                "knowledge_reviews.verdict",
            ],
            name="fk_knowledge_publications_review",
        ),
        CheckConstraint("verdict = 'approved'", name="is_approved"),
        # A sample says that nobody has reviewed it, so it is shown in demonstrations only.
        CheckConstraint("NOT is_sample OR is_demonstration", name="samples_for_demonstration"),
        Index(None, "published_at", "item_id"),
        Index(None, "kind", "published_at", "item_id"),
        Index(None, "topic_ids", postgresql_using="gin"),
    )

    item_id: Mapped[BigInt] = mapped_column(
        ForeignKey("knowledge_items.id"), primary_key=True, autoincrement=False
    )
    revision_number: Mapped[int]
    verdict: Mapped[str] = mapped_column(Text, default="approved", server_default="approved")
    kind: Mapped[str] = mapped_column(Text)
    organization_id: Mapped[BigInt] = mapped_column(ForeignKey("organizations.id"), index=True)
    name: Mapped[str | None] = mapped_column(Text)
    name_mn: Mapped[str | None] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    summary_mn: Mapped[str | None] = mapped_column(Text)
    # The name of the stored file that stands for it in lists.
    picture_name: Mapped[str | None] = mapped_column(Text)
    topic_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    # The revision's content, cleaned again.
    content: Mapped[dict] = mapped_column(JSONB)
    original_language: Mapped[str] = mapped_column(Text)
    is_translation_stale: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime]
    first_published_at: Mapped[datetime]
    reviewed_at: Mapped[datetime]
    review_again_on: Mapped[date | None]
    are_comments_open: Mapped[bool] = mapped_column(default=False)
    is_sample: Mapped[bool] = mapped_column(default=False)
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")


class KnowledgeLink(Base):
    """A published item's link to something; read from both ends."""

    __tablename__ = "knowledge_links"
    __table_args__ = (
        CheckConstraint(one_of("target", LINK_TARGETS), name="target_known"),
        CheckConstraint(
            "(target IN ('item', 'organization', 'entry')) = (target_id IS NOT NULL)",
            name="known_by_id",
        ),
        CheckConstraint(
            "(target IN ('doctor', 'activity', 'plant'))"
            " = (name IS NOT NULL AND organization_id IS NOT NULL)",
            name="known_by_name",
        ),
        Index(None, "target", "target_id"),
        Index(None, "organization_id", "target", "name"),
    )

    item_id: Mapped[BigInt] = mapped_column(
        ForeignKey("knowledge_publications.item_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    target: Mapped[str] = mapped_column(Text)
    target_id: Mapped[BigInt | None]
    organization_id: Mapped[BigInt | None] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str | None] = mapped_column(Text)
