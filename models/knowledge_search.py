"""What published health knowledge is found by. All of it is made anew from the publications."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, RowId
from models.organizations import one_of

NAME_SORTS = ("name", "alias", "latin")


class KnowledgeSearchRow(Base):
    """The terms of a publication: those of its names, and those of its texts."""

    __tablename__ = "knowledge_search_rows"
    __table_args__ = (
        Index(None, "name_terms", postgresql_using="gin"),
        Index(None, "text_terms", postgresql_using="gin"),
    )

    item_id: Mapped[BigInt] = mapped_column(
        ForeignKey("knowledge_publications.item_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    kind: Mapped[str] = mapped_column(Text)
    topic_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    organization_id: Mapped[BigInt]
    name_terms: Mapped[str] = mapped_column(TSVECTOR)
    text_terms: Mapped[str] = mapped_column(TSVECTOR)


class KnowledgeName(Base):
    """One of the names something has: `key` as services/text.py folds it, `sound` its pinyin."""

    __tablename__ = "knowledge_names"
    __table_args__ = (
        CheckConstraint(one_of("sort", NAME_SORTS), name="sort_known"),
        Index(None, "key", postgresql_ops={"key": "text_pattern_ops"}),
        Index(
            "ix_knowledge_names_sound_trigrams",
            "sound",
            postgresql_using="gin",
            postgresql_ops={"sound": "gin_trgm_ops"},
        ),
    )

    id: Mapped[RowId]
    item_id: Mapped[BigInt] = mapped_column(
        ForeignKey("knowledge_publications.item_id", ondelete="CASCADE"), index=True
    )
    sort: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    # Full pinyin without tones for Chinese, the key itself for all else.
    sound: Mapped[str] = mapped_column(Text)


class SynonymGroup(Base):
    """Words that mean the same thing in a search, as 双花 and 金银花; kept by staff."""

    __tablename__ = "synonym_groups"
    __table_args__ = (
        CheckConstraint("cardinality(words) BETWEEN 2 AND 20", name="several_words"),
        Index(None, "keys", postgresql_using="gin"),
    )

    id: Mapped[RowId]
    words: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # The words as services/text.py folds them.
    keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    revision: Mapped[int] = mapped_column(default=1)


class SearchedName(Base):
    """That somebody searched for a name on a day. Only known names are ever kept, never a query."""

    __tablename__ = "searched_names"
    __table_args__ = (Index(None, "day"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    # A keyed hash that means nothing on another day.
    visitor_key: Mapped[BigInt] = mapped_column(primary_key=True, autoincrement=False)
