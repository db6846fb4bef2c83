"""Moving ballots between counted, quarantined and annulled, with all that follows from it.

Whoever calls holds a lock on the campaign's row: FOR UPDATE to decide, FOR SHARE to set aside. So
nothing moves while a result is being published, and of two who decide the second finds it done.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from models import Campaign, SetAsideBallot, SetAsideTally
from services import ledger, notifications
from services.context import Context

RECORD_OF = {"released": "release", "annulled": "annulment"}


def set_aside(
    ctx: Context,
    campaign: Campaign,
    rows: Sequence[Mapping[str, object]],
    *,
    reasons: Sequence[str],
) -> set[int]:
    """Quarantine ballots that have no row yet; returns the ids of those that really were.

    `rows` are the values of SetAsideBallot, all of this campaign; `reasons` are public, one for
    each. The same ballots at the same time twice are set aside once.
    """
    if not rows:
        return set()
    by_id = {row["ballot_id"]: reason for row, reason in zip(rows, reasons, strict=True)}
    common = {
        "campaign_id": campaign.id,
        "state": "quarantined",
        "quarantined_at": ctx.now,
    }
    table = SetAsideBallot.__table__
    taken = ctx.session.execute(
        insert(table)
        .on_conflict_do_nothing(index_elements=["ballot_id"])
        .returning(table.c.ballot_id, table.c.entry_id, table.c.voter_id),
        [
            row | common | {"reason": by_id[row["ballot_id"]]}
            for row in sorted(rows, key=lambda row: row["ballot_id"])
        ],
    ).all()
    ids = {row.ballot_id for row in taken}
    _raise_tallies(ctx, campaign.id, Counter(row.entry_id for row in taken))
    note_by_reason(ctx, campaign.id, {each: by_id[each] for each in sorted(ids)})
    _tell_set_aside(ctx, campaign, {row.voter_id for row in taken})
    return ids


def note_by_reason(ctx: Context, campaign_id: int, reasons: Mapping[int, str]) -> None:
    """One record of the ledger for each reason, over the ballots that have it."""
    ordered = sorted(reasons.items(), key=lambda pair: (pair[1], pair[0]))
    for reason, pairs in groupby(ordered, key=lambda pair: pair[1]):
        ids = [ballot_id for ballot_id, _ in pairs]
        ledger.note_decision(
            ctx, "quarantine", campaign_id=campaign_id, ballot_ids=ids, reason=reason
        )


def move(
    ctx: Context,
    campaign: Campaign,
    rows: Sequence[SetAsideBallot],
    *,
    to: str,
    reason: str,
    persons: int = 1,
) -> None:
    """Release or annul rows that are in one state which is not `to`; they were read under the lock.

    Written down are who decided and why, publicly; each voter is told once.
    """
    state = rows[0].state
    ids = sorted(row.ballot_id for row in rows)
    ctx.session.execute(
        update(SetAsideBallot)
        .where(SetAsideBallot.ballot_id.in_(ids))
        .values(state=to, reason=reason, decided_at=ctx.now, decided_by_id=ctx.actor.staff_id)
        .execution_options(synchronize_session=False)
    )
    _shift_tallies(ctx, Counter(row.entry_id for row in rows), state, to)
    ledger.note_decision(
        ctx,
        RECORD_OF[to],
        campaign_id=campaign.id,
        ballot_ids=ids,
        reason=reason,
        persons=persons,
    )
    _tell_decided(ctx, campaign, Counter(row.voter_id for row in rows), to, reason)


def _raise_tallies(ctx: Context, campaign_id: int, votes: Mapping[int, int]) -> None:
    """In order of the entries, so that two never wait for each other in a circle."""
    for entry_id in sorted(votes):
        more = insert(SetAsideTally).values(
            entry_id=entry_id, campaign_id=campaign_id, quarantined=votes[entry_id], annulled=0
        )
        ctx.session.execute(
            more.on_conflict_do_update(
                index_elements=["entry_id"],
                set_={"quarantined": SetAsideTally.quarantined + more.excluded.quarantined},
            )
        )


def _shift_tallies(ctx: Context, votes: Mapping[int, int], state: str, to: str) -> None:
    columns = {"quarantined": SetAsideTally.quarantined, "annulled": SetAsideTally.annulled}
    for entry_id in sorted(votes):
        values = {}
        if state in columns:
            values[state] = columns[state] - votes[entry_id]
        if to in columns:
            values[to] = columns[to] + votes[entry_id]
        ctx.session.execute(
            update(SetAsideTally)
            .where(SetAsideTally.entry_id == entry_id)
            .values(values)
            .execution_options(synchronize_session=False)
        )


def _tell_set_aside(ctx: Context, campaign: Campaign, voter_ids: Iterable[int]) -> None:
    """One notice per voter and campaign; more ballots later change its number."""
    waiting = ctx.session.execute(
        select(SetAsideBallot.voter_id, func.count())
        .where(
            SetAsideBallot.campaign_id == campaign.id,
            SetAsideBallot.state == "quarantined",
            SetAsideBallot.voter_id.in_(voter_ids),
        )
        .group_by(SetAsideBallot.voter_id)
    ).all()
    notifications.tell_citizens(
        ctx,
        kind="ballots_set_aside",
        cause=f"campaign:{campaign.id}",
        title="有选票待核",
        bodies={
            voter_id: f"您在“{campaign.title}”中有{ballots}票待核，正在人工复核，不影响您继续投票。"
            for voter_id, ballots in waiting
        },
        target=notifications.Target("campaign", campaign.id),
    )


def _tell_decided(
    ctx: Context, campaign: Campaign, ballots: Mapping[int, int], to: str, reason: str
) -> None:
    if to == "released":
        words = "经复核，您在“{title}”中的{ballots}票计入票数。感谢您的耐心。"
    else:
        words = (
            "经复核，您在“{title}”中的{ballots}票不计入票数，原因：{reason}。"
            "如有异议，结果公布前可以在活动页提出一次。"
        )
    notifications.tell_citizens(
        ctx,
        kind="ballots_decided",
        # Somebody may be told more than once in a campaign, though not twice of one decision.
        cause=f"campaign:{campaign.id}:{to}:{ctx.now.isoformat()}",
        title="选票复核有了结果",
        bodies={
            voter_id: words.format(title=campaign.title, ballots=count, reason=reason)
            for voter_id, count in ballots.items()
        },
        target=notifications.Target("campaign", campaign.id),
    )
