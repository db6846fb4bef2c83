"""Acts of screening: done at once where one person may, proposed to a second one otherwise."""

from collections.abc import Sequence

from models import Proposal
from services import screening
from services.context import Context
from services.errors import Conflict, Invalid
from services.proposals.proposing import propose
from services.screening import Changed, Decided, GroupDecided

SECOND_PERSON = "second_person_needed_for_this"


def annul_group(ctx: Context, *, group_id: int, revision: int, reason: str) -> GroupDecided:
    """Annul what of a group is quarantined, or propose it; raises Missing, Conflict."""
    try:
        return screening.annul_group(ctx, group_id=group_id, revision=revision, reason=reason)
    except Conflict as refusal:
        _require_second_person(refusal)
    group = screening.get_group(ctx, group_id=group_id)
    # The ballots there are now: to those that join the group meanwhile nobody has agreed.
    ballot_ids = screening.list_quarantined(ctx, group_id=group_id)
    proposal = _propose_annulment(ctx, group.campaign_id, ballot_ids, reason, state="quarantined")
    return GroupDecided(group, proposal.id)


def annul_ballots(
    ctx: Context,
    *,
    campaign_id: int,
    ballot_ids: Sequence[int],
    reason: str,
    state: str = "quarantined",
) -> Decided:
    """Annul ballots that are all in this state, or propose it; raises Missing, Conflict."""
    try:
        return screening.annul_ballots(
            ctx, campaign_id=campaign_id, ballot_ids=ballot_ids, reason=reason, state=state
        )
    except Conflict as refusal:
        _require_second_person(refusal)
    proposal = _propose_annulment(ctx, campaign_id, ballot_ids, reason, state=state)
    return Decided(0, proposal.id)


def change_screening(
    ctx: Context,
    *,
    campaign_id: int,
    revision: int,
    reason: str | None = None,
    **changes: object,
) -> Changed:
    """Change how ballots are screened, or propose it; raises Missing, Conflict, Invalid."""
    try:
        return screening.change_screening(
            ctx, campaign_id=campaign_id, revision=revision, reason=reason, **changes
        )
    except Conflict as refusal:
        _require_second_person(refusal)
    if not reason:
        raise Invalid("reason_needed")
    proposal = propose(
        ctx,
        campaign_id=campaign_id,
        kind="change_screening",
        content={"changes": changes},
        reason=reason,
    )
    now = screening.get_screening(ctx, campaign_id=campaign_id)
    return Changed(now.settings, now.annulments_alone, now.revision, proposal.id)


def _require_second_person(refusal: Conflict) -> None:
    if refusal.code != SECOND_PERSON:
        raise refusal


def _propose_annulment(
    ctx: Context, campaign_id: int, ballot_ids: Sequence[int], reason: str, *, state: str
) -> Proposal:
    content = {"ballot_ids": sorted(ballot_ids), "ballots": len(ballot_ids), "state": state}
    return propose(
        ctx, campaign_id=campaign_id, kind="annul_ballots", content=content, reason=reason
    )
