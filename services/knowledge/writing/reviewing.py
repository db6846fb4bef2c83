"""Handing in, and the medical review of what was handed in.

A revision is judged once. What is handed in again as it is becomes a revision of its own, so that
each judgement stays with what it was about.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from models import KnowledgeItem, KnowledgeReview, KnowledgeRevision
from services.clock import local_day
from services.context import Context
from services.errors import Conflict, Invalid
from services.knowledge.writing import content as contents
from services.knowledge.writing.drafting import begin_revision
from services.knowledge.writing.flow import begin, note
from services.knowledge.writing.reach import fetch_head, find_publication
from services.knowledge.writing.staff_views import StaffItem, get_item

REVIEW_HOLDS_YEARS = 2
LONGEST_REVIEW_YEARS = 5
# More titles than that say no more than that there is a lot to do.
MOST_NAMED_GAPS = 8


def submit_item(ctx: Context, *, item_id: int, revision: int) -> StaffItem:
    """Hand it in for review; raises Missing, and Conflict while something is lacking."""
    item = begin(ctx, "submit", item_id, revision)
    head = fetch_head(ctx, item)
    gaps = contents.gaps(item.kind, head.content)
    if gaps:
        titles = "、".join(gap.title for gap in gaps[:MOST_NAMED_GAPS])
        raise Conflict("knowledge_incomplete", titles=titles)
    if _is_judged(ctx, item):
        head = begin_revision(
            ctx,
            item,
            head,
            content=head.content,
            saved_at=ctx.now,
            original_changed_in=head.original_changed_in,
            translated_from=head.translated_from,
        )
    head.is_open = False
    item.state, item.reason, item.submitted_at = "submitted", None, ctx.now
    note(ctx, item, "knowledge.submitted", after={"number": head.number})
    return get_item(ctx, item_id=item.id)


def recall_item(ctx: Context, *, item_id: int, revision: int) -> StaffItem:
    """Take back what was handed in and is not yet to be published; raises Missing, Conflict."""
    item = begin(ctx, "recall", item_id, revision)
    item.state = "draft"
    note(ctx, item, "knowledge.recalled")
    return get_item(ctx, item_id=item.id)


def approve_item(
    ctx: Context, *, item_id: int, revision: int, review_again_on: date | None = None
) -> StaffItem:
    """Vouch for its medicine until a day, two years from now unless told otherwise.

    Not for who wrote any of what was not published yet. Raises Missing, Conflict, Forbidden, and
    Invalid for a day that is not within five years.
    """
    item = begin(ctx, "approve", item_id, revision)
    holds_until = _review_day(ctx, review_again_on)
    _judge(ctx, fetch_head(ctx, item), "approved", review_again_on=holds_until)
    item.state = "approved"
    if not item.is_demonstration:
        # It has been reviewed now, by somebody who answers for it.
        item.is_sample = False
    note(ctx, item, "knowledge.approved", after={"review_again_on": holds_until.isoformat()})
    return get_item(ctx, item_id=item.id)


def return_item(
    ctx: Context, *, item_id: int, revision: int, reason: str, comments: Sequence[dict] = ()
) -> StaffItem:
    """Give it back with a reason and remarks at its places; raises Missing, Conflict, Forbidden."""
    item = begin(ctx, "return", item_id, revision)
    _judge(ctx, fetch_head(ctx, item), "returned", reason=reason, comments=list(comments))
    item.state, item.reason = "returned", reason
    note(ctx, item, "knowledge.returned", after={"reason": reason, "remarks": len(comments)})
    return get_item(ctx, item_id=item.id)


def confirm_review(
    ctx: Context, *, item_id: int, revision: int, review_again_on: date | None = None
) -> StaffItem:
    """Say of what is published that it still holds; raises as approve_item does."""
    item = begin(ctx, "confirm_review", item_id, revision)
    publication = find_publication(ctx, item)
    before = publication.review_again_on
    publication.review_again_on = item.review_again_on = _review_day(ctx, review_again_on)
    publication.reviewed_at = ctx.now
    note(
        ctx,
        item,
        "knowledge.review_confirmed",
        before={"review_again_on": before and before.isoformat()},
        after={"review_again_on": item.review_again_on.isoformat()},
    )
    return get_item(ctx, item_id=item.id)


def find_approval(ctx: Context, item: KnowledgeItem, number: int) -> KnowledgeReview | None:
    """The review that vouches for a revision."""
    return ctx.session.scalar(
        select(KnowledgeReview).where(
            KnowledgeReview.item_id == item.id,
            KnowledgeReview.revision_number == number,
            KnowledgeReview.verdict == "approved",
        )
    )


def _is_judged(ctx: Context, item: KnowledgeItem) -> bool:
    judged = select(KnowledgeReview.id).where(
        KnowledgeReview.item_id == item.id, KnowledgeReview.revision_number == item.head_number
    )
    return ctx.session.scalar(judged.limit(1)) is not None


def _judge(ctx: Context, revision: KnowledgeRevision, verdict: str, **values: object) -> None:
    ctx.session.add(
        KnowledgeReview(
            item_id=revision.item_id,
            revision_number=revision.number,
            author_id=revision.author_id,
            reviewer_id=ctx.actor.staff_id,
            verdict=verdict,
            reviewed_at=ctx.now,
            **values,
        )
    )


def _review_day(ctx: Context, day: date | None) -> date:
    today = local_day(ctx.now)
    if day is None:
        return _years_after(today, REVIEW_HOLDS_YEARS)
    if not today < day <= _years_after(today, LONGEST_REVIEW_YEARS):
        raise Invalid("knowledge_review_day_unsuitable")
    return day


def _years_after(day: date, years: int) -> date:
    """The same day of a later year; the 1st of March where there is no 29th of February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28) + timedelta(days=1)
