"""Words that mean the same in a search, kept by the commissions for all."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from models import SynonymGroup, SynonymWord
from services import audit
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Invalid, Missing
from services.knowledge.searching.terms import key_of
from services.paging import LARGEST_ID, Page, cut_page, decode_cursor, encode_cursor

FEWEST_WORDS, MOST_WORDS = 2, 20
LONGEST_WORD = 50


@dataclass(frozen=True, slots=True)
class SynonymsView:
    """A group with its words in the order in which staff wrote them."""

    id: int
    words: list[str]
    revision: int


def list_synonyms(
    ctx: Context, *, limit: int, cursor: str | None = None, search: str | None = None
) -> Page:
    """The latest first; with `search` the groups that have a word that begins with it."""
    (before,) = (LARGEST_ID,) if cursor is None else decode_cursor(cursor, int)
    query = (
        select(SynonymGroup)
        .where(SynonymGroup.id < before)
        .options(selectinload(SynonymGroup.words))
        .order_by(SynonymGroup.id.desc())
        .limit(limit + 1)
    )
    if search:
        # What has no key is in no group.
        key = key_of(search) or search
        matching = SynonymWord.key.startswith(key, autoescape=True)
        query = query.where(exists().where(SynonymWord.group_id == SynonymGroup.id, matching))
    groups = ctx.session.scalars(query).all()
    page = cut_page(groups, limit, lambda group: encode_cursor(group.id))
    return Page([_view(group) for group in page.items], page.next_cursor)


def create_synonyms(ctx: Context, *, words: Sequence[str]) -> SynonymsView:
    """Raises Invalid for words that are no group, Conflict for a word of another group."""
    group = SynonymGroup()
    ctx.session.add(group)
    ctx.session.flush()
    _write_words(ctx, group.id, words)
    _record(ctx, "knowledge.synonyms_created", group.id, after=words)
    return _get(ctx, group.id)


def change_synonyms(
    ctx: Context, *, group_id: int, revision: int, words: Sequence[str]
) -> SynonymsView:
    """Replace the words; raises Missing, Conflict, Invalid."""
    group = _fetch(ctx, group_id, revision)
    before = _get(ctx, group_id).words
    ctx.session.execute(delete(SynonymWord).where(SynonymWord.group_id == group_id))
    _write_words(ctx, group_id, words)
    if before != list(words):
        group.revision += 1
        _record(ctx, "knowledge.synonyms_changed", group_id, before=before, after=words)
    ctx.session.flush()
    return _get(ctx, group_id)


def delete_synonyms(ctx: Context, *, group_id: int, revision: int) -> None:
    """The words are then found each for itself; raises Missing, Conflict."""
    group = _fetch(ctx, group_id, revision)
    before = _get(ctx, group_id).words
    ctx.session.delete(group)
    _record(ctx, "knowledge.synonyms_deleted", group_id, before=before)


def _write_words(ctx: Context, group_id: int, words: Sequence[str]) -> None:
    keys = [key_of(word) for word in words]
    if not all(keys) or not FEWEST_WORDS <= len(keys) <= MOST_WORDS:
        raise Invalid("synonyms_too_few")
    if len(set(keys)) < len(keys):
        raise Invalid("synonyms_repeated")
    ctx.session.add_all(
        SynonymWord(key=key, group_id=group_id, position=place, word=word)
        for place, (key, word) in enumerate(zip(keys, words, strict=True))
    )
    try:
        ctx.session.flush()
    except IntegrityError as error:
        if error.orig.diag.constraint_name != "pk_synonym_words":
            raise
        raise Conflict("synonym_taken") from None


def _fetch(ctx: Context, group_id: int, revision: int) -> SynonymGroup:
    """The group, locked; its words are read afterwards, when nobody changes them."""
    group = ctx.session.scalar(
        select(SynonymGroup)
        .where(SynonymGroup.id == group_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if group is None:
        raise Missing("synonyms_not_found")
    if group.revision != revision:
        raise Conflict("edited_meanwhile")
    return group


def _get(ctx: Context, group_id: int) -> SynonymsView:
    query = select(SynonymGroup).where(SynonymGroup.id == group_id)
    return _view(
        ctx.session.scalars(
            query.options(selectinload(SynonymGroup.words)).execution_options(
                populate_existing=True
            )
        ).one()
    )


def _view(group: SynonymGroup) -> SynonymsView:
    return SynonymsView(group.id, [each.word for each in group.words], group.revision)


def _record(ctx: Context, action: str, group_id: int, **values: Sequence[str]) -> None:
    words = values.get("after") or values["before"]
    held_at = ctx.actor.organizations_for(Permission.MANAGE_KNOWLEDGE)
    audit.record(
        ctx,
        action,
        about=("synonyms", group_id, "、".join(words)[:100]),
        organization_id=held_at[0] if held_at else None,
        **{name: {"words": list(each)} for name, each in values.items()},
    )
