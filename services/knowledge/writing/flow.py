"""The states of an item on its way to readers, and who may take which step in which of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from models import KnowledgeItem, KnowledgePublication, KnowledgeRevision
from models.knowledge import KNOWLEDGE_STATES
from services import audit
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Forbidden
from services.knowledge.kinds import KINDS
from services.knowledge.writing.reach import fetch_item, find_publication, reaches

_WRITE = Permission.WRITE_KNOWLEDGE
_REVIEW = Permission.REVIEW_KNOWLEDGE
_PUBLISH = Permission.PUBLISH_KNOWLEDGE


@dataclass(frozen=True, slots=True)
class Step:
    """Who may take a step (any of the permissions is enough) and in which states.

    Some steps are about what citizens see, and need that they see it; some judge, and are not for
    those who wrote what is judged.
    """

    permissions: tuple[Permission, ...]
    states: tuple[str, ...] = KNOWLEDGE_STATES
    needs_publication: bool = False
    is_judgement: bool = False


STEPS = {
    "edit": Step((_WRITE,), ("draft", "returned", "published", "withdrawn")),
    "restore": Step((_WRITE,), ("draft", "returned", "published", "withdrawn")),
    "change_settings": Step((_WRITE,)),
    "delete": Step((_WRITE,), ("draft",)),
    "submit": Step((_WRITE,), ("draft", "returned", "withdrawn")),
    "recall": Step((_WRITE,), ("submitted", "approved")),
    "approve": Step((_REVIEW,), ("submitted",), is_judgement=True),
    "return": Step((_REVIEW, _PUBLISH), ("submitted", "approved"), is_judgement=True),
    "publish": Step((_PUBLISH,), ("approved", "scheduled")),
    "unschedule": Step((_PUBLISH,), ("scheduled",)),
    "withdraw": Step((_PUBLISH,), needs_publication=True),
    "confirm_review": Step((_REVIEW,), needs_publication=True, is_judgement=True),
    "open_comments": Step((_PUBLISH,)),
}


def allowed_actions(
    ctx: Context, item: KnowledgeItem, publication: KnowledgePublication | None
) -> list[str]:
    """The steps the actor may take with the item now."""
    return [
        name
        for name, step in STEPS.items()
        if any(reaches(ctx, each, item.organization) for each in step.permissions)
        and item.state in step.states
        and (publication is not None or not step.needs_publication)
        and (name != "delete" or item.submitted_at is None)
        and not (step.is_judgement and _is_own_work(ctx, item, name, publication))
    ]


def begin(ctx: Context, step_name: str, item_id: int, revision: int) -> KnowledgeItem:
    """The item, locked, of which the actor may take the step now; raises Missing, Conflict,
    Forbidden."""
    step = STEPS[step_name]
    item = fetch_item(ctx, item_id, *step.permissions, revision=revision)
    if item.state not in step.states:
        raise Conflict(f"knowledge_is_{item.state}")
    publication = find_publication(ctx, item)
    if step.needs_publication and publication is None:
        raise Conflict("knowledge_not_published")
    if step.is_judgement and _is_own_work(ctx, item, step_name, publication):
        raise Forbidden("knowledge_own_work")
    return item


def note(ctx: Context, item: KnowledgeItem, action: str, **values: Mapping) -> None:
    """Count the change and record who made it."""
    item.revision += 1
    ctx.session.flush()
    record(ctx, item, action, **values)


def record(ctx: Context, item: KnowledgeItem, action: str, **values: Mapping) -> None:
    audit.record(
        ctx,
        action,
        about=("knowledge", item.id, item.title or KINDS[item.kind].title),
        organization_id=item.organization_id,
        **values,
    )


def _is_own_work(
    ctx: Context,
    item: KnowledgeItem,
    step_name: str,
    publication: KnowledgePublication | None,
) -> bool:
    """Whether the actor wrote any of what the step judges.

    That is what was published for who looks at it again, and else all that was written since.
    """
    query = select(KnowledgeRevision.id).where(
        KnowledgeRevision.item_id == item.id, KnowledgeRevision.author_id == ctx.actor.staff_id
    )
    published = publication.revision_number if publication else 0
    number = KnowledgeRevision.number
    is_judged = number == published if step_name == "confirm_review" else number > published
    return ctx.session.scalar(query.where(is_judged).limit(1)) is not None
