"""Whether an item helped a citizen: one opinion each, which can be changed."""

from dataclasses import dataclass

from models import KnowledgeOpinion
from services import accounts
from services.context import Context
from services.errors import Invalid
from services.knowledge.reading.counting import change_counts
from services.knowledge.reading.favourites import is_favourite
from services.knowledge.reading.published import require_published


@dataclass(frozen=True, slots=True)
class OwnState:
    """What the actor left at an item."""

    is_favourite: bool
    opinion: KnowledgeOpinion | None


def get_own_state(ctx: Context, *, item_id: int) -> OwnState:
    """The actor's favourite and opinion; raises Missing."""
    require_published(ctx, item_id)
    return OwnState(is_favourite(ctx, item_id), _find(ctx, item_id))


def give_opinion(ctx: Context, *, item_id: int, is_helpful: bool, reason: str | None) -> None:
    """Say, or say anew, whether it helped; a reason goes with "no" only.

    Raises Missing, Invalid, SignInRequired.
    """
    if is_helpful and reason is not None:
        raise Invalid("opinion_reason_unfit")
    require_published(ctx, item_id)
    # One request of a person at a time, so that each knows what it replaces.
    accounts.lock_account(ctx)
    before = _find(ctx, item_id)
    change = _weigh(is_helpful, 1)
    if before is None:
        ctx.session.add(
            KnowledgeOpinion(
                citizen_id=ctx.actor.citizen_id,
                item_id=item_id,
                is_helpful=is_helpful,
                reason=reason,
                created_at=ctx.now,
            )
        )
    else:
        change = {
            name: change[name] + value for name, value in _weigh(before.is_helpful, -1).items()
        }
        before.is_helpful, before.reason, before.created_at = is_helpful, reason, ctx.now
    ctx.session.flush()
    if any(change.values()):
        change_counts(ctx, item_id, **change)


def _find(ctx: Context, item_id: int) -> KnowledgeOpinion | None:
    return ctx.session.get(
        KnowledgeOpinion, (ctx.actor.citizen_id, item_id), populate_existing=True
    )


def _weigh(is_helpful: bool, number: int) -> dict[str, int]:
    return {"helpful": number * is_helpful, "unhelpful": number * (not is_helpful)}
