"""The acts that take two persons: whose they are, what each takes, and how it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from models import Proposal
from services import screening, voting
from services.access import Permission
from services.context import Context

Content = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of act.

    Both persons need its permission at the campaign's organization or above. `prepare` refuses what
    cannot be done now, locks the campaign and returns the content to keep, in words of JSON.
    `carry_out` runs in the transaction of whoever agrees and checks everything again. `takes` names
    what the content is made of.
    """

    permission: Permission
    prepare: Callable[[Context, int, Content], dict[str, object]]
    carry_out: Callable[[Context, Proposal], None]
    takes: tuple[str, ...] = ()


def _prepare_extension(ctx: Context, campaign_id: int, content: Content) -> dict[str, object]:
    closes_at = content["closes_at"]
    campaign = voting.check_extension(ctx, campaign_id=campaign_id, closes_at=closes_at)
    return {"closes_at": closes_at.isoformat(), "closes_at_before": campaign.closes_at.isoformat()}


def _extend(ctx: Context, proposal: Proposal) -> None:
    voting.carry_out_extension(
        ctx,
        campaign_id=proposal.campaign_id,
        closes_at=datetime.fromisoformat(proposal.content["closes_at"]),
        reason=proposal.reason,
    )


def _prepare_closing(ctx: Context, campaign_id: int, content: Content) -> dict[str, object]:
    voting.check_closing(ctx, campaign_id=campaign_id)
    return {}


def _close(ctx: Context, proposal: Proposal) -> None:
    voting.carry_out_closing(ctx, campaign_id=proposal.campaign_id, reason=proposal.reason)


def _prepare_withdrawal(ctx: Context, campaign_id: int, content: Content) -> dict[str, object]:
    entry_id = content["entry_id"]
    _, entry = voting.check_withdrawal(ctx, campaign_id=campaign_id, entry_id=entry_id)
    return {"entry_id": entry.id, "number": entry.number, "name": entry.name}


def _withdraw_entry(ctx: Context, proposal: Proposal) -> None:
    voting.carry_out_withdrawal(
        ctx,
        campaign_id=proposal.campaign_id,
        entry_id=proposal.content["entry_id"],
        reason=proposal.reason,
    )


def _prepare_publication(ctx: Context, campaign_id: int, content: Content) -> dict[str, object]:
    voting.check_publication(ctx, campaign_id=campaign_id)
    return {"notice": content["notice"]}


def _publish_result(ctx: Context, proposal: Proposal) -> None:
    voting.carry_out_publication(
        ctx, campaign_id=proposal.campaign_id, notice=proposal.content["notice"]
    )


def _prepare_annulment(ctx: Context, campaign_id: int, content: Content) -> dict[str, object]:
    return dict(content)


def _annul(ctx: Context, proposal: Proposal) -> None:
    screening.carry_out_annulment(
        ctx,
        campaign_id=proposal.campaign_id,
        ballot_ids=proposal.content["ballot_ids"],
        state=proposal.content["state"],
        reason=proposal.reason,
        persons=2,
    )


def _prepare_change(ctx: Context, campaign_id: int, content: Content) -> dict[str, object]:
    screening.check_change(ctx, campaign_id=campaign_id, changes=content["changes"])
    return dict(content)


def _change(ctx: Context, proposal: Proposal) -> None:
    screening.carry_out_change(
        ctx,
        campaign_id=proposal.campaign_id,
        changes=proposal.content["changes"],
        reason=proposal.reason,
        persons=2,
    )


_P = Permission
# Those that are proposed as such; those of screening are proposed when one person may not.
VOTING_ACTS: dict[str, Act] = {
    "extend": Act(_P.MANAGE_CAMPAIGNS, _prepare_extension, _extend, ("closes_at",)),
    "close": Act(_P.MANAGE_CAMPAIGNS, _prepare_closing, _close),
    "withdraw_entry": Act(_P.MANAGE_CAMPAIGNS, _prepare_withdrawal, _withdraw_entry, ("entry_id",)),
    "publish_result": Act(_P.PUBLISH_RESULTS, _prepare_publication, _publish_result, ("notice",)),
}
SCREENING_ACTS: dict[str, Act] = {
    "annul_ballots": Act(_P.REVIEW_BALLOTS, _prepare_annulment, _annul),
    "change_screening": Act(_P.REVIEW_BALLOTS, _prepare_change, _change),
}
ACTS: dict[str, Act] = VOTING_ACTS | SCREENING_ACTS
