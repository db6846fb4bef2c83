"""Topics, across kinds: kept by the commissions, chosen by who writes."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from models import KnowledgePublication, KnowledgeTopic
from services import audit
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Missing


def list_topics(ctx: Context) -> Sequence[KnowledgeTopic]:
    """All topics in their order."""
    query = select(KnowledgeTopic).order_by(KnowledgeTopic.position, KnowledgeTopic.id)
    return ctx.session.scalars(query).all()


def add_topic(
    ctx: Context, *, name: str, name_mn: str | None = None, position: int | None = None
) -> KnowledgeTopic:
    """A new topic, the last unless it says where; raises Conflict for a name there is."""
    if position is None:
        position = ctx.session.scalar(select(func.coalesce(func.max(KnowledgeTopic.position), 0)))
        position += 1
    topic = KnowledgeTopic(name=name, name_mn=name_mn, position=position)
    ctx.session.add(topic)
    _flush(ctx)
    _record(ctx, "knowledge.topic_added", topic)
    return topic


def edit_topic(ctx: Context, *, topic_id: int, revision: int, **values: object) -> KnowledgeTopic:
    """Change its names or place; raises Missing, Conflict.

    What stands at its new place goes one place further, and all behind it.
    """
    topic = _fetch(ctx, topic_id, revision)
    before, after = audit.changes({name: getattr(topic, name) for name in values}, values)
    if "position" in after:
        _make_room(ctx, topic, after["position"])
    for name, value in after.items():
        setattr(topic, name, value)
    topic.revision += 1
    _flush(ctx)
    _record(ctx, "knowledge.topic_edited", topic, before=before, after=after)
    return topic


def delete_topic(ctx: Context, *, topic_id: int, revision: int) -> None:
    """Take it away if nothing published is about it; raises Missing, Conflict.

    Drafts about it lose it silently.
    """
    topic = _fetch(ctx, topic_id, revision)
    used = select(KnowledgePublication.item_id).where(
        KnowledgePublication.topic_ids.contains([topic.id])
    )
    if ctx.session.scalar(used.limit(1)) is not None:
        raise Conflict("knowledge_topic_used")
    _record(ctx, "knowledge.topic_deleted", topic)
    ctx.session.delete(topic)


def _fetch(ctx: Context, topic_id: int, revision: int) -> KnowledgeTopic:
    topic = ctx.session.scalar(
        select(KnowledgeTopic)
        .where(KnowledgeTopic.id == topic_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if topic is None:
        raise Missing("knowledge_topic_not_found")
    if topic.revision != revision:
        raise Conflict("edited_meanwhile")
    return topic


def _make_room(ctx: Context, topic: KnowledgeTopic, position: object) -> None:
    behind = (KnowledgeTopic.position >= position, KnowledgeTopic.id != topic.id)
    ctx.session.execute(
        update(KnowledgeTopic).where(*behind).values(position=KnowledgeTopic.position + 1)
    )


def _flush(ctx: Context) -> None:
    try:
        ctx.session.flush()
    except IntegrityError as error:
        if error.orig.diag.constraint_name != "uq_knowledge_topics_name":
            raise
        raise Conflict("knowledge_topic_taken") from None


def _record(ctx: Context, action: str, topic: KnowledgeTopic, **values: dict) -> None:
    """Topics belong to nobody; they are recorded where the actor may keep them."""
    held_at = ctx.actor.organizations_for(Permission.MANAGE_KNOWLEDGE)
    audit.record(
        ctx,
        action,
        about=("topic", topic.id, topic.name),
        organization_id=held_at[0] if held_at else None,
        **values,
    )
