"""What institutions nominate for a campaign, and its review by those who run the campaign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from models import Campaign, Nomination, Organization
from services import audit, files
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Conflict, Missing
from services.organizations.reach import fetch_open_organization
from services.paging import Page, SortKey, fetch_sorted_page
from services.voting.entries import insert_entry, note_changed
from services.voting.reach import fetch_campaign
from services.voting.rules import require_status_for

EDITABLE = ("draft", "returned")
SORTS = {
    "created_at": SortKey(Nomination.created_at, datetime),
    "submitted_at": SortKey(
        func.coalesce(Nomination.submitted_at, Nomination.created_at), datetime
    ),
    "name": SortKey(Nomination.name),
}


@dataclass(frozen=True, slots=True)
class NominationView:
    """A nomination, and what the actor may do with it now."""

    nomination: Nomination
    allowed_actions: list[str]


def list_calls(ctx: Context) -> Sequence[Campaign]:
    """The campaigns that call for nominations now and reach an institution of the actor's."""
    own = is_within_reach(ctx.actor, Permission.NOMINATE)
    above_own = select(func.unnest(Organization.ancestor_ids)).where(own)
    return ctx.session.scalars(
        select(Campaign)
        .where(_is_calling(ctx), Campaign.organization_id.in_(above_own))
        .options(joinedload(Campaign.contest), joinedload(Campaign.organization))
        .order_by(Campaign.nominations_close_at, Campaign.id)
    ).all()


def _is_calling(ctx: Context) -> ColumnElement[bool]:
    return (Campaign.nominations_close_at > ctx.now) & (Campaign.opens_at > ctx.now)


def list_nominations(
    ctx: Context,
    *,
    limit: int,
    cursor: str | None = None,
    sort: str = "-submitted_at",
    state: str | None = None,
    campaign_id: int | None = None,
    organization_id: int | None = None,
) -> Page:
    """One's own institution's nominations, and those handed in within one's reach."""
    query = _select_visible(ctx)
    wanted = {Nomination.state: state, Nomination.campaign_id: campaign_id}
    query = query.where(*(column == value for column, value in wanted.items() if value is not None))
    if organization_id is not None:
        query = query.where(Organization.ancestor_ids.contains([organization_id]))
    page = fetch_sorted_page(
        ctx.session,
        query,
        id_column=Nomination.id,
        keys=SORTS,
        sort=sort,
        limit=limit,
        cursor=cursor,
    )
    return Page([_view(ctx, nomination) for nomination in page.items], page.next_cursor)


def get_nomination(ctx: Context, *, nomination_id: int) -> NominationView:
    """One nomination within reach; raises Missing."""
    return _view(ctx, _fetch(ctx, nomination_id))


def create_nomination(
    ctx: Context, *, campaign_id: int, organization_id: int, **values: object
) -> NominationView:
    """A draft of one's own institution's nomination; raises Missing, Conflict."""
    organization = fetch_open_organization(ctx, organization_id, Permission.NOMINATE)
    campaign = ctx.session.scalar(
        select(Campaign).where(
            Campaign.id == campaign_id,
            Campaign.nominations_close_at.is_not(None),
            Campaign.organization_id.in_(organization.ancestor_ids),
        )
    )
    if campaign is None:
        raise Missing("campaign_not_found")
    _require_calling(ctx, campaign)
    nomination = Nomination(
        campaign_id=campaign.id,
        organization_id=organization.id,
        state="draft",
        created_at=ctx.now,
        **values,
    )
    if nomination.portrait_id is not None:
        files.attach(ctx, file_id=nomination.portrait_id)
    ctx.session.add(nomination)
    ctx.session.flush()
    _record(ctx, "nomination.created", nomination)
    return get_nomination(ctx, nomination_id=nomination.id)


def edit_nomination(
    ctx: Context, *, nomination_id: int, revision: int, **values: object
) -> NominationView:
    """Change one's own while it is a draft or returned; raises Missing, Conflict."""
    nomination = _fetch_own(ctx, nomination_id, revision)
    _require_state(nomination, EDITABLE)
    before, after = audit.changes({name: getattr(nomination, name) for name in values}, values)
    if after.get("portrait_id") is not None:
        files.attach(ctx, file_id=after["portrait_id"])
    for name, value in after.items():
        setattr(nomination, name, value)
    return _note(ctx, nomination, "nomination.edited", before=before, after=after)


def delete_nomination(ctx: Context, *, nomination_id: int, revision: int) -> None:
    """Throw one's own draft or returned nomination away; raises Missing, Conflict."""
    nomination = _fetch_own(ctx, nomination_id, revision)
    _require_state(nomination, EDITABLE)
    _record(ctx, "nomination.deleted", nomination)
    ctx.session.delete(nomination)


def submit_nomination(ctx: Context, *, nomination_id: int, revision: int) -> NominationView:
    """Hand it in for review, while nominations are taken; raises Missing, Conflict."""
    nomination = _fetch_own(ctx, nomination_id, revision)
    _require_state(nomination, EDITABLE)
    _require_calling(ctx, nomination.campaign)
    nomination.state = "submitted"
    nomination.submitted_at = ctx.now
    return _note(ctx, nomination, "nomination.submitted")


def recall_nomination(ctx: Context, *, nomination_id: int, revision: int) -> NominationView:
    """Take back what was handed in and not yet reviewed; raises Missing, Conflict."""
    nomination = _fetch_own(ctx, nomination_id, revision)
    _require_state(nomination, ("submitted",))
    nomination.state = "draft"
    nomination.submitted_at = None
    return _note(ctx, nomination, "nomination.recalled")


def return_nomination(
    ctx: Context, *, nomination_id: int, revision: int, reason: str
) -> NominationView:
    """Give it back to its institution with a reason; raises Missing, Conflict."""
    nomination = _fetch_for_review(ctx, nomination_id, revision)
    nomination.state = "returned"
    nomination.return_reason = reason
    nomination.reviewed_at = ctx.now
    return _note(ctx, nomination, "nomination.returned", after={"reason": reason})


def approve_nomination(ctx: Context, *, nomination_id: int, revision: int) -> NominationView:
    """Make an entry of it, with the next number; raises Missing, Conflict."""
    nomination = _fetch_for_review(ctx, nomination_id, revision)
    campaign = fetch_campaign(
        ctx, nomination.campaign_id, Permission.REVIEW_NOMINATIONS, is_locked=True
    )
    require_status_for(ctx, campaign, "edit_entries")
    entry = insert_entry(
        ctx,
        campaign,
        {
            "organization_id": nomination.organization_id,
            "name": nomination.name,
            "name_mn": nomination.name_mn,
            "statement": nomination.statement,
            "statement_mn": nomination.statement_mn,
        },
    )
    note_changed(ctx, campaign, [entry])
    # Attached by its institution already, which alone could.
    entry.portrait_id = nomination.portrait_id
    nomination.state = "approved"
    nomination.return_reason = None
    nomination.reviewed_at = ctx.now
    nomination.entry_id = entry.id
    return _note(ctx, nomination, "nomination.approved", after={"number": entry.number})


def _select_visible(ctx: Context):
    own = is_within_reach(ctx.actor, Permission.NOMINATE)
    handed_in = Nomination.state != "draft"
    return (
        select(Nomination)
        .join(Organization, Organization.id == Nomination.organization_id)
        .where(or_(own, handed_in & is_within_reach(ctx.actor, Permission.VIEW_NOMINATIONS)))
        .options(
            contains_eager(Nomination.organization),
            joinedload(Nomination.campaign).joinedload(Campaign.organization),
            joinedload(Nomination.portrait),
        )
    )


def _fetch(ctx: Context, nomination_id: int, revision: int | None = None) -> Nomination:
    """A visible nomination, locked if a revision is given; raises Missing, Conflict."""
    query = _select_visible(ctx).where(Nomination.id == nomination_id)
    if revision is not None:
        query = query.with_for_update(of=Nomination)
    nomination = ctx.session.scalar(query.execution_options(populate_existing=True))
    if nomination is None:
        raise Missing("nomination_not_found")
    if revision is not None and nomination.revision != revision:
        raise Conflict("edited_meanwhile")
    return nomination


def _fetch_own(ctx: Context, nomination_id: int, revision: int) -> Nomination:
    nomination = _fetch(ctx, nomination_id)
    if not _reaches(ctx, Permission.NOMINATE, nomination.organization):
        raise Missing("nomination_not_found")
    return _fetch(ctx, nomination_id, revision)


def _fetch_for_review(ctx: Context, nomination_id: int, revision: int) -> Nomination:
    nomination = _fetch(ctx, nomination_id)
    if not _reaches(ctx, Permission.REVIEW_NOMINATIONS, nomination.campaign.organization):
        raise Missing("nomination_not_found")
    nomination = _fetch(ctx, nomination_id, revision)
    _require_state(nomination, ("submitted",))
    return nomination


def _reaches(ctx: Context, permission: Permission, organization: Organization) -> bool:
    return not set(organization.ancestor_ids).isdisjoint(ctx.actor.organizations_for(permission))


def _require_state(nomination: Nomination, states: tuple[str, ...]) -> None:
    if nomination.state not in states:
        raise Conflict(f"nomination_is_{nomination.state}")


def _require_calling(ctx: Context, campaign: Campaign) -> None:
    ends_at = campaign.nominations_close_at
    if ends_at is None or ctx.now >= min(ends_at, campaign.opens_at):
        raise Conflict("nominations_closed")


def _view(ctx: Context, nomination: Nomination) -> NominationView:
    is_own = _reaches(ctx, Permission.NOMINATE, nomination.organization)
    reviews = _reaches(ctx, Permission.REVIEW_NOMINATIONS, nomination.campaign.organization)
    may = {
        "edit": is_own and nomination.state in EDITABLE,
        "submit": is_own and nomination.state in EDITABLE,
        "delete": is_own and nomination.state in EDITABLE,
        "recall": is_own and nomination.state == "submitted",
        "return": reviews and nomination.state == "submitted",
        "approve": reviews and nomination.state == "submitted",
    }
    return NominationView(nomination, [action for action, is_allowed in may.items() if is_allowed])


def _note(ctx: Context, nomination: Nomination, action: str, **values: Mapping) -> NominationView:
    nomination.revision += 1
    ctx.session.flush()
    _record(ctx, action, nomination, **values)
    return get_nomination(ctx, nomination_id=nomination.id)


def _record(ctx: Context, action: str, nomination: Nomination, **values: Mapping) -> None:
    audit.record(
        ctx,
        action,
        about=("nomination", nomination.id, nomination.name),
        organization_id=nomination.organization_id,
        **values,
    )
