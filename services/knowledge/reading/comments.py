"""What citizens say below items. Nothing is seen by others before staff have let it through."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, delete, null, select
from sqlalchemy.orm import aliased

from models import (
    KnowledgeComment,
    KnowledgeItem,
    KnowledgePublication,
    Organization,
    StaffAccount,
)
from services import accounts, audit, notifications
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Conflict, Invalid, Missing
from services.idempotency import request_key
from services.knowledge.reading.cards import BriefOrganization
from services.knowledge.reading.published import PublicName, names_of_published, require_published
from services.knowledge.reading.queues import StaffItemName, cut_queue, in_queue
from services.knowledge.reading.text_checks import SCENE_COMMENT, check_text
from services.paging import Page, cut_page, decode_cursor, encode_cursor

# Four hexadecimal digits tell those apart who talk below one item.
LABEL_BYTES = 2


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment as others see it."""

    id: int
    text: str
    created_at: datetime
    author_label: str


@dataclass(frozen=True, slots=True)
class OwnComment:
    """A comment as its author sees it; `item` while that is public."""

    id: int
    item_id: int
    item: PublicName | None
    text: str
    created_at: datetime
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class StaffComment:
    """A comment as staff see it, who never learn whose it is."""

    comment: KnowledgeComment
    item: StaffItemName
    organization: BriefOrganization
    author_label: str
    decided_by_name: str | None


def list_comments(ctx: Context, *, item_id: int, limit: int, cursor: str | None = None) -> Page:
    """Those that staff have let through, the latest first; none while comments are closed.

    Raises Missing.
    """
    require_published(ctx, item_id)
    query = (
        select(KnowledgeComment)
        .join(KnowledgePublication, KnowledgePublication.item_id == KnowledgeComment.item_id)
        .where(
            KnowledgeComment.item_id == item_id,
            KnowledgeComment.state == "shown",
            KnowledgePublication.are_comments_open,
        )
    )
    page = _fetch_latest(ctx, query, limit, cursor)
    items = [
        ShownComment(each.id, each.text, each.created_at, _label(ctx, each)) for each in page.items
    ]
    return Page(items, page.next_cursor)


def write_comment(ctx: Context, *, item_id: int, text: str, idempotency_key: str) -> OwnComment:
    """Leave a comment, which waits for staff; the same key again leaves nothing.

    Raises Missing, Conflict, SignInRequired, and Invalid for what WeChat calls risky, of which
    nothing is kept.
    """
    key = request_key(idempotency_key)
    comment = _find_repeated(ctx, key, item_id, text)
    if comment is None:
        _require_open(ctx, item_id)
        safety = check_text(ctx, text, scene=SCENE_COMMENT)
        accounts.lock_account(ctx)
        _require_open(ctx, item_id)
        comment = _find_repeated(ctx, key, item_id, text) or _add(ctx, item_id, text, key, safety)
    return _own(comment, names_of_published(ctx, [item_id]))


def list_own_comments(ctx: Context, *, limit: int, cursor: str | None = None) -> Page:
    """The actor's in whatever state, the latest first."""
    query = select(KnowledgeComment).where(KnowledgeComment.citizen_id == ctx.actor.citizen_id)
    page = _fetch_latest(ctx, query, limit, cursor)
    names = names_of_published(ctx, [comment.item_id for comment in page.items])
    return Page([_own(comment, names) for comment in page.items], page.next_cursor)


def delete_own_comment(ctx: Context, *, comment_id: int) -> None:
    """Take the actor's comment away for good, for others at once; raises Missing."""
    gone = ctx.session.execute(
        delete(KnowledgeComment).where(
            KnowledgeComment.id == comment_id, KnowledgeComment.citizen_id == ctx.actor.citizen_id
        )
    )
    if not gone.rowcount:
        raise Missing("comment_not_found")


def list_staff_comments(
    ctx: Context,
    *,
    limit: int,
    cursor: str | None = None,
    state: str | None = None,
    item_id: int | None = None,
) -> Page:
    """Those within reach: the waiting ones oldest first, all others latest first."""
    query = _select_within_reach(ctx)
    if item_id is not None:
        query = query.where(KnowledgeComment.item_id == item_id)
    query = in_queue(query, KnowledgeComment, state, waiting="pending", cursor=cursor)
    rows = ctx.session.execute(query.limit(limit + 1)).all()
    return cut_queue(rows, limit, lambda row: _staff(ctx, row))


def show_comment(ctx: Context, *, comment_id: int) -> StaffComment:
    """Let others see it, also after it was rejected; raises Missing, Conflict."""
    seen = _fetch_for_decision(ctx, comment_id, ("pending", "rejected"))
    return _decide(ctx, seen, "knowledge.comment_shown", "shown")


def reject_comment(ctx: Context, *, comment_id: int, reason: str) -> StaffComment:
    """Keep it from others, also after it was shown, and tell its author why.

    Raises Missing, Conflict.
    """
    seen = _fetch_for_decision(ctx, comment_id, ("pending", "shown"))
    decided = _decide(ctx, seen, "knowledge.comment_rejected", "rejected", reason)
    _tell_rejected(ctx, seen.comment)
    return decided


def select_pending_comments() -> Select:
    """Those that wait for staff; within whose reach is the caller's to add."""
    return (
        select(null().label("campaign_id"))
        .select_from(KnowledgeComment)
        .join(KnowledgeItem, KnowledgeItem.id == KnowledgeComment.item_id)
        .join(Organization, Organization.id == KnowledgeItem.organization_id)
        .where(KnowledgeComment.state == "pending")
    )


def _fetch_latest(ctx: Context, query: Select, limit: int, cursor: str | None) -> Page:
    query = query.order_by(KnowledgeComment.id.desc()).limit(limit + 1)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(KnowledgeComment.id < last_id)
    return cut_page(ctx.session.scalars(query).all(), limit, lambda row: encode_cursor(row.id))


def _find_repeated(ctx: Context, key: UUID, item_id: int, text: str) -> KnowledgeComment | None:
    comment = ctx.session.scalar(
        select(KnowledgeComment).where(
            KnowledgeComment.citizen_id == ctx.actor.citizen_id,
            KnowledgeComment.request_key == key,
        )
    )
    if comment is not None and (comment.item_id, comment.text) != (item_id, text):
        raise Invalid("idempotency_key_reused")
    return comment


def _require_open(ctx: Context, item_id: int) -> None:
    is_open = ctx.session.scalar(
        select(KnowledgePublication.are_comments_open).where(
            KnowledgePublication.item_id == item_id
        )
    )
    if is_open is None:
        raise Missing("knowledge_not_public")
    if not is_open:
        raise Conflict("comments_closed")


def _add(ctx: Context, item_id: int, text: str, key: UUID, safety: str) -> KnowledgeComment:
    comment = KnowledgeComment(
        item_id=item_id,
        citizen_id=ctx.actor.citizen_id,
        request_key=key,
        text=text,
        created_at=ctx.now,
        state="pending",
        safety=safety,
    )
    ctx.session.add(comment)
    ctx.session.flush()
    return comment


def _label(ctx: Context, comment: KnowledgeComment) -> str:
    """The same for one person below one item, and another below another."""
    person = f"{comment.item_id}:{comment.citizen_id}"
    digest = ctx.services.crypto.blind_index(person, purpose="comment.author")
    return f"市民 {digest[:LABEL_BYTES].hex().upper()}"


def _own(comment: KnowledgeComment, names: dict[int, PublicName]) -> OwnComment:
    return OwnComment(
        comment.id,
        comment.item_id,
        names.get(comment.item_id),
        comment.text,
        comment.created_at,
        comment.state,
        comment.reason,
    )


def _select_within_reach(ctx: Context) -> Select:
    decider = aliased(StaffAccount)
    return (
        select(KnowledgeComment, KnowledgeItem.title, KnowledgeItem.kind, Organization)
        .add_columns(decider.name.label("decided_by_name"))
        .join(KnowledgeItem, KnowledgeItem.id == KnowledgeComment.item_id)
        .join(Organization, Organization.id == KnowledgeItem.organization_id)
        .outerjoin(decider, decider.id == KnowledgeComment.decided_by_id)
        .where(is_within_reach(ctx.actor, Permission.ANSWER_READERS))
    )


def _staff(ctx: Context, row: Row) -> StaffComment:
    comment, title, kind, organization, decided_by_name = row
    item = StaffItemName(comment.item_id, title, kind)
    place = BriefOrganization(organization.id, organization.name, organization.name_mn)
    return StaffComment(comment, item, place, _label(ctx, comment), decided_by_name)


def _fetch(ctx: Context, comment_id: int) -> StaffComment:
    row = ctx.session.execute(
        _select_within_reach(ctx).where(KnowledgeComment.id == comment_id)
    ).one_or_none()
    if row is None:
        raise Missing("comment_not_found")
    return _staff(ctx, row)


def _fetch_for_decision(ctx: Context, comment_id: int, states: tuple[str, ...]) -> StaffComment:
    locked = ctx.session.scalar(
        select(KnowledgeComment)
        .where(KnowledgeComment.id == _fetch(ctx, comment_id).comment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if locked is None:
        # Its author took it away at this moment.
        raise Missing("comment_not_found")
    if locked.state not in states:
        raise Conflict("comment_decided")
    return _fetch(ctx, comment_id)


def _decide(
    ctx: Context, seen: StaffComment, action: str, state: str, reason: str | None = None
) -> StaffComment:
    comment = seen.comment
    before = comment.state
    comment.state, comment.reason = state, reason
    comment.decided_at, comment.decided_by_id = ctx.now, ctx.actor.staff_id
    ctx.session.flush()
    audit.record(
        ctx,
        action,
        about=("knowledge", comment.item_id, seen.item.title),
        organization_id=seen.organization.id,
        before={"comment_id": comment.id, "state": before},
        after={"comment_id": comment.id, "state": state}
        | ({} if reason is None else {"reason": reason}),
    )
    return _fetch(ctx, comment.id)


def _tell_rejected(ctx: Context, comment: KnowledgeComment) -> None:
    name = names_of_published(ctx, [comment.item_id]).get(comment.item_id)
    about = f"在“{name.either}”下的" if name else ""
    notifications.tell_citizens(
        ctx,
        kind="comment_decided",
        cause=f"comment:{comment.id}",
        title="您的评论没有公开",
        bodies={comment.citizen_id: f"您{about}评论没有公开，原因：{comment.reason}"},
        target=notifications.Target("knowledge_item", comment.item_id),
    )
