"""What published health knowledge is found by. All of it is made anew from the publications."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigInt, RowId
from models.organizations import one_of

NAME_SORTS = ("name", "alias", "latin")


# Publications are rare and searches are many: what is new goes into an index at once.
_GIN = {"postgresql_using": "gin", "postgresql_with": {"fastupdate": "off"}}


class KnowledgeSearchRow(Base):
    """The terms of a publication as services/knowledge/searching/terms.py makes them.

    Each of the three has those of the one before: names, what it is and does, all there is to read.
    """

    __tablename__ = "knowledge_search_rows"
    __table_args__ = (
        Index(None, "name_terms", **_GIN),
        Index(None, "main_terms", **_GIN),
        Index(None, "text_terms", **_GIN),
    )

    item_id: Mapped[BigInt] = mapped_column(
        ForeignKey("knowledge_publications.item_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    kind: Mapped[str] = mapped_column(Text)
    topic_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    # How many characters its own name has: of two that contain a word, the shorter says less else.
    name_length: Mapped[int] = mapped_column(SmallInteger)
    name_terms: Mapped[str] = mapped_column(TSVECTOR)
    main_terms: Mapped[str] = mapped_column(TSVECTOR)
    text_terms: Mapped[str] = mapped_column(TSVECTOR)
    # What there is to read, a line for each paragraph; passages are cut from it.
    text: Mapped[str] = mapped_column(Text)


class KnowledgeName(Base):
    """One of the names something has, and what it is found by when it is half or wrongly typed."""

    __tablename__ = "knowledge_names"
    __table_args__ = (
        CheckConstraint(one_of("sort", NAME_SORTS), name="sort_known"),
        Index(None, "key", postgresql_ops={"key": "text_pattern_ops"}),
        Index(None, "sound", postgresql_ops={"sound": "text_pattern_ops"}),
        Index(None, "initials", postgresql_ops={"initials": "text_pattern_ops"}),
        Index(None, "near", **_GIN),
        Index(
            "ix_knowledge_names_sound_trigrams",
            "sound",
            **_GIN,
            postgresql_ops={"sound": "gin_trgm_ops"},
        ),
    )

    id: Mapped[RowId]
    item_id: Mapped[BigInt] = mapped_column(
        ForeignKey("knowledge_publications.item_id", ondelete="CASCADE"), index=True
    )
    sort: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    # As services/knowledge/searching/terms.py makes it.
    key: Mapped[str] = mapped_column(Text)
    # Full pinyin without tones for Chinese, the key itself for all else.
    sound: Mapped[str] = mapped_column(Text)
    # The first letters of that; "" for all else.
    initials: Mapped[str] = mapped_column(Text)
    # The key with any one character left out, and the beginnings of Mongolian words.
    near: Mapped[list[str]] = mapped_column(ARRAY(Text))


class SynonymGroup(Base):
    """Words that mean the same thing in a search, as 双花 and 金银花; kept by staff."""

    __tablename__ = "synonym_groups"

    id: Mapped[RowId]
    revision: Mapped[int] = mapped_column(default=1)

    words: Mapped[list["SynonymWord"]] = relationship(
        order_by="SynonymWord.position", lazy="raise_on_sql", cascade="all, delete-orphan"
    )


class SynonymWord(Base):
    """A word of a group. By the key no word is in two of them."""

    __tablename__ = "synonym_words"
    __table_args__ = (UniqueConstraint("group_id", "position"),)

    # The word as services/knowledge/searching/terms.py folds it.
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    group_id: Mapped[BigInt] = mapped_column(ForeignKey("synonym_groups.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    word: Mapped[str] = mapped_column(Text)


class SearchedName(Base):
    """That somebody searched for a name on a day. Only known names are ever kept, never a query."""

    __tablename__ = "searched_names"
    __table_args__ = (Index(None, "day"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    # A keyed hash that means nothing on another day.
    visitor_key: Mapped[BigInt] = mapped_column(primary_key=True, autoincrement=False)
