"""Proposals as those who may see their campaigns read them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from models import Campaign, Organization, Proposal
from services import voting
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Missing
from services.paging import Page, cut_page, decode_cursor, encode_cursor
from services.proposals.acts import ACTS
from services.proposals.wording import content_shown, summarize

# Those one may decide, those one made, or all that concern what one may do.
SCOPES = ("to_decide", "own", "all")


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal, what will happen in plain words, and what the actor has to do with it."""

    proposal: Proposal
    content: dict[str, object]
    summary: str
    is_own: bool
    may_decide: bool

    @property
    def proposed_by_name(self) -> str:
        return self.proposal.proposed_by.name

    @property
    def decided_by_name(self) -> str | None:
        return self.proposal.decided_by and self.proposal.decided_by.name


def list_proposals(
    ctx: Context,
    *,
    limit: int,
    cursor: str | None = None,
    state: str | None = None,
    scope: str = "to_decide",
) -> Page:
    """Proposals of acts the actor may do, the latest first."""
    own = Proposal.proposed_by_id == ctx.actor.staff_id
    condition = {"to_decide": and_(may_act(ctx), ~own), "own": own, "all": or_(own, may_act(ctx))}
    query = select_visible(ctx).where(condition[scope]).order_by(Proposal.id.desc())
    if state is not None:
        query = query.where(Proposal.state == state)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(Proposal.id < last_id)
    rows = ctx.session.scalars(query.limit(limit + 1)).all()
    page = cut_page(rows, limit, lambda row: encode_cursor(row.id))
    return Page([_view(ctx, each) for each in page.items], page.next_cursor)


def list_campaign_proposals(ctx: Context, *, campaign_id: int) -> list[ProposalView]:
    """All of a campaign, open ones first, then the latest; raises Missing."""
    voting.fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    query = select_visible(ctx).where(Proposal.campaign_id == campaign_id)
    rows = ctx.session.scalars(query.order_by(Proposal.state != "open", Proposal.id.desc()))
    return [_view(ctx, each) for each in rows]


def get_proposal(ctx: Context, *, proposal_id: int) -> ProposalView:
    """One proposal of a campaign within reach; raises Missing."""
    ctx.session.flush()
    query = select_visible(ctx).where(Proposal.id == proposal_id)
    proposal = ctx.session.scalar(query.execution_options(populate_existing=True))
    if proposal is None:
        raise Missing("proposal_not_found")
    return _view(ctx, proposal)


def select_to_decide(ctx: Context) -> Select:
    """The campaigns of open proposals that wait for the actor among others."""
    return (
        select(Proposal.campaign_id)
        .join(Campaign, Campaign.id == Proposal.campaign_id)
        .join(Organization, Organization.id == Campaign.organization_id)
        .where(
            Proposal.state == "open", may_act(ctx), Proposal.proposed_by_id != ctx.actor.staff_id
        )
    )


def select_visible(ctx: Context) -> Select:
    """Proposals whose campaigns the actor may see, with those and with who made and decided."""
    return (
        select(Proposal)
        .join(Campaign, Campaign.id == Proposal.campaign_id)
        .join(Organization, Organization.id == Campaign.organization_id)
        .where(is_within_reach(ctx.actor, Permission.VIEW_CAMPAIGNS))
        .options(
            contains_eager(Proposal.campaign).contains_eager(Campaign.organization),
            joinedload(Proposal.proposed_by),
            joinedload(Proposal.decided_by),
        )
    )


def may_act(ctx: Context) -> ColumnElement[bool]:
    """The condition that the actor may do the proposed act, which a query knows Organization of."""
    return or_(
        *(
            and_(Proposal.kind == kind, is_within_reach(ctx.actor, act.permission))
            for kind, act in ACTS.items()
        )
    )


def _view(ctx: Context, proposal: Proposal) -> ProposalView:
    above = set(proposal.campaign.organization.ancestor_ids)
    held_at = ctx.actor.organizations_for(ACTS[proposal.kind].permission)
    is_own = proposal.proposed_by_id == ctx.actor.staff_id
    is_open = proposal.state == "open"
    may_decide = is_open and not is_own and not above.isdisjoint(held_at)
    return ProposalView(proposal, content_shown(proposal), summarize(proposal), is_own, may_decide)
