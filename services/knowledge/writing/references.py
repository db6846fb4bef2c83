"""What a content refers to: files, topics, other items, institutions, contest entries.

Only what is new is checked: what was all right when it was written stays, even if an institution
has closed since.
"""

from collections.abc import Iterable

from sqlalchemy import or_, select

from models import (
    Campaign,
    Entry,
    KnowledgeItem,
    KnowledgePublication,
    KnowledgeRevision,
    KnowledgeTopic,
    Organization,
)
from services import files
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Invalid
from services.knowledge.writing import content as contents


def take_up(
    ctx: Context, *, kind: str, content: dict, known: dict, item_id: int | None = None
) -> None:
    """Attach the files that `content` shows and `known` does not, and check what else is new.

    A file is the actor's own upload, or was shown by the item before. Raises Invalid.
    """
    _take_up_files(ctx, kind, content, known, item_id)
    _require_topics(ctx, set(contents.topic_ids(content)) - set(contents.topic_ids(known)))
    new_items = contents.item_ids(content) - contents.item_ids(known) - {item_id}
    _require_items(ctx, new_items, refused=contents.item_ids(content) & {item_id})
    new_links = [link for link in content["links"] if link not in known["links"]]
    _require_organizations(ctx, _organizations(new_links))
    _require_entries(ctx, {link["id"] for link in new_links if link["target"] == "entry"})


def _take_up_files(
    ctx: Context, kind: str, content: dict, known: dict, item_id: int | None
) -> None:
    pictures = contents.picture_ids(content) - contents.picture_ids(known)
    videos = contents.video_ids(content) - contents.video_ids(known)
    names = contents.rich_file_names(kind, content) - contents.rich_file_names(kind, known)
    if not (pictures or videos or names):
        return
    found = files.attach_several(
        ctx, ids=pictures | videos, names=names, known_ids=_ids_ever_shown(ctx, item_id)
    )
    by_id = {file.id: file.media_type.partition("/")[0] for file in found}
    if any(by_id[each] != "image" for each in pictures) or any(
        by_id[each] != "video" for each in videos
    ):
        raise Invalid("file_not_found")


def _ids_ever_shown(ctx: Context, item_id: int | None) -> set[int]:
    """Files of the item's earlier revisions, to which an editor may go back."""
    if item_id is None:
        return set()
    shown = ctx.session.scalars(
        select(KnowledgeRevision.content).where(KnowledgeRevision.item_id == item_id)
    )
    return set().union(*(contents.picture_ids(each) | contents.video_ids(each) for each in shown))


def _require_topics(ctx: Context, ids: set[int]) -> None:
    found = select(KnowledgeTopic.id).where(KnowledgeTopic.id.in_(ids))
    _require_all(ids, ctx.session.scalars(found) if ids else (), "knowledge_topic_unknown")


def _require_items(ctx: Context, ids: set[int], *, refused: set[int]) -> None:
    """Items that are published, or within one's reach; an item does not link to itself."""
    if refused:
        raise Invalid("knowledge_link_unknown")
    found = (
        select(KnowledgeItem.id)
        .join(Organization, Organization.id == KnowledgeItem.organization_id)
        .outerjoin(KnowledgePublication, KnowledgePublication.item_id == KnowledgeItem.id)
        .where(
            KnowledgeItem.id.in_(ids),
            or_(
                KnowledgePublication.item_id.is_not(None),
                is_within_reach(ctx.actor, Permission.VIEW_KNOWLEDGE),
            ),
        )
    )
    _require_all(ids, ctx.session.scalars(found) if ids else (), "knowledge_link_unknown")


def _organizations(links: Iterable[dict]) -> set[int]:
    return {
        link["id"] if link["target"] == "organization" else link["organization_id"]
        for link in links
        if link["target"] not in ("item", "entry")
    }


def _require_organizations(ctx: Context, ids: set[int]) -> None:
    found = select(Organization.id).where(
        Organization.id.in_(ids), Organization.closed_at.is_(None)
    )
    _require_all(ids, ctx.session.scalars(found) if ids else (), "knowledge_link_unknown")


def _require_entries(ctx: Context, ids: set[int]) -> None:
    """Entries of campaigns that citizens see."""
    found = (
        select(Entry.id)
        .join(Campaign, Campaign.id == Entry.campaign_id)
        .where(Entry.id.in_(ids), Campaign.state != "draft")
    )
    _require_all(ids, ctx.session.scalars(found) if ids else (), "knowledge_link_unknown")


def _require_all(ids: set[int], found: Iterable[int], code: str) -> None:
    if not set(found).issuperset(ids):
        raise Invalid(code)
