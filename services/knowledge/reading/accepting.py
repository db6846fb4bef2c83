"""What citizens sent in, as the commissions decide on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, null, select, update
from sqlalchemy.orm import aliased

from models import KnowledgeContribution, Organization, StaffAccount, StoredFile
from services import audit, notifications
from services.access import Permission, is_within_reach
from services.clock import local_day
from services.context import Context
from services.errors import Conflict, Missing
from services.knowledge.reading.cards import BriefOrganization
from services.knowledge.reading.contributions import SentPicture, find_pictures
from services.knowledge.reading.queues import cut_queue, in_queue
from services.knowledge.writing import drafting
from services.knowledge.writing.content import normalize
from services.organizations.reach import fetch_open_organization
from services.paging import Page

# Traditional Mongolian with its variants; whoever writes more of it than of Chinese wrote in it.
MONGOLIAN = range(0x1800, 0x18B0)
CHINESE = range(0x4E00, 0xA000)


@dataclass(frozen=True, slots=True)
class StaffContribution:
    """A contribution as staff see it, who never learn whose it is."""

    contribution: KnowledgeContribution
    organization: BriefOrganization
    pictures: Sequence[SentPicture]
    decided_by_name: str | None


def list_contributions(
    ctx: Context, *, limit: int, cursor: str | None = None, state: str | None = None
) -> Page:
    """Those within reach: the undecided ones oldest first, all others latest first."""
    query = in_queue(
        _select_within_reach(ctx), KnowledgeContribution, state, waiting="received", cursor=cursor
    )
    rows = ctx.session.execute(query.limit(limit + 1)).all()
    pictures = find_pictures(ctx, [row[0] for row in rows])
    return cut_queue(rows, limit, lambda row: _staff(row, pictures))


def get_contribution(ctx: Context, *, contribution_id: int) -> StaffContribution:
    """One within reach; raises Missing."""
    row = ctx.session.execute(
        _select_within_reach(ctx)
        .where(KnowledgeContribution.id == contribution_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise Missing("contribution_not_found")
    return _staff(row, find_pictures(ctx, [row[0]]))


def accept_contribution(
    ctx: Context, *, contribution_id: int, organization_id: int
) -> StaffContribution:
    """Make a draft of it at an organization within reach, with what is known of where it is from.

    The pictures become the actor's, but for those that WeChat refused. Raises Missing, Conflict.
    """
    seen = _fetch_undecided(ctx, contribution_id)
    organization = fetch_open_organization(ctx, organization_id, Permission.WRITE_KNOWLEDGE)
    contribution = seen.contribution
    content = normalize("collected", _write_content(contribution, _take_over(ctx, seen)))
    item = drafting.insert_draft(
        ctx,
        kind="collected",
        organization_id=organization.id,
        original_language=_language_of(contribution),
        content=content,
    )
    _decide(ctx, contribution, "knowledge.contribution_accepted", "accepted", item_id=item.id)
    _tell(ctx, contribution, "已经采用，会由工作人员整理，审核通过后公开。感谢您的分享。")
    return get_contribution(ctx, contribution_id=contribution.id)


def decline_contribution(ctx: Context, *, contribution_id: int, answer: str) -> StaffContribution:
    """Answer why it is not taken up; raises Missing, Conflict."""
    contribution = _fetch_undecided(ctx, contribution_id).contribution
    _decide(ctx, contribution, "knowledge.contribution_declined", "declined", answer=answer)
    _tell(ctx, contribution, f"没有采用，答复：{answer}")
    return get_contribution(ctx, contribution_id=contribution.id)


def select_undecided_contributions() -> Select:
    """Those that wait for staff; within whose reach is the caller's to add."""
    return (
        select(null().label("campaign_id"))
        .select_from(KnowledgeContribution)
        .join(Organization, Organization.id == KnowledgeContribution.organization_id)
        .where(KnowledgeContribution.state == "received")
    )


def _select_within_reach(ctx: Context) -> Select:
    decider = aliased(StaffAccount)
    return (
        select(KnowledgeContribution, Organization, decider.name.label("decided_by_name"))
        .join(Organization, Organization.id == KnowledgeContribution.organization_id)
        .outerjoin(decider, decider.id == KnowledgeContribution.decided_by_id)
        .where(is_within_reach(ctx.actor, Permission.ANSWER_READERS))
    )


def _staff(row: Row, pictures: dict[int, list[SentPicture]]) -> StaffContribution:
    contribution, organization, decided_by_name = row
    place = BriefOrganization(organization.id, organization.name, organization.name_mn)
    return StaffContribution(contribution, place, pictures[contribution.id], decided_by_name)


def _fetch_undecided(ctx: Context, contribution_id: int) -> StaffContribution:
    seen = get_contribution(ctx, contribution_id=contribution_id)
    ctx.session.refresh(seen.contribution, with_for_update=True)
    if seen.contribution.state != "received":
        raise Conflict("contribution_decided")
    return seen


def _take_over(ctx: Context, seen: StaffContribution) -> list[int]:
    """The files of the pictures that may be used, which are staff's from now on."""
    ids = [each.file.id for each in seen.pictures if each.check != "rejected"]
    ctx.session.execute(
        update(StoredFile)
        .where(StoredFile.id.in_(ids))
        .values(uploaded_by_citizen_id=None, uploaded_by_staff_id=ctx.actor.staff_id)
    )
    return ids


def _write_content(contribution: KnowledgeContribution, file_ids: Sequence[int]) -> dict:
    half = {"name": contribution.title, "source_text": contribution.text}
    language = _language_of(contribution)
    return {
        "zh": half if language == "zh" else None,
        "mn": half if language == "mn" else None,
        "facts": {
            "collected_form": "other",
            "collected_on": local_day(contribution.created_at).isoformat(),
            "evidence_level": "folk",
            "pictures": [{"file_id": file_id} for file_id in file_ids],
            **contribution.provenance,
        },
        "links": [],
    }


def _language_of(contribution: KnowledgeContribution) -> str:
    codes = [ord(character) for character in contribution.title + contribution.text]
    mongolian, chinese = (sum(code in script for code in codes) for script in (MONGOLIAN, CHINESE))
    return "mn" if mongolian > chinese else "zh"


def _decide(
    ctx: Context, contribution: KnowledgeContribution, action: str, state: str, **values: object
) -> None:
    for name, value in ({"state": state} | values).items():
        setattr(contribution, name, value)
    contribution.decided_at, contribution.decided_by_id = ctx.now, ctx.actor.staff_id
    ctx.session.flush()
    audit.record(
        ctx,
        action,
        about=("contribution", contribution.id, contribution.title),
        organization_id=contribution.organization_id,
        after=values,
    )


def _tell(ctx: Context, contribution: KnowledgeContribution, words: str) -> None:
    if contribution.citizen_id is None:
        return
    notifications.tell_citizens(
        ctx,
        kind="contribution_decided",
        cause=f"contribution:{contribution.id}",
        title="您提供的传统知识有了结果",
        bodies={contribution.citizen_id: f"您提供的“{contribution.title}”{words}"},
        target=notifications.Target("contribution", contribution.id),
    )
