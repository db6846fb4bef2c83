"""The database against what the log said when it was replayed."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta

from sqlalchemy import Executable, Row, func, select, text

from models import (
    Campaign,
    Entry,
    LedgerQueueItem,
    SetAsideBallot,
    SetAsideTally,
    Tally,
)
from services.context import Context
from services.ledger.faults import Faults
from services.ledger.noting import rules_content
from services.ledger.records import name_digest
from services.ledger.replay import Replay

LONGEST_WAIT = timedelta(hours=1)
# Those that wait were written since the sealer's cut; every other ballot has its place.
READ_UNSEALED = text("""
    SELECT ballot.id, ballot.campaign_id, ballot.entry_id,
           ballot.xact >= coalesce((SELECT xact FROM ballot_cuts WHERE name = 'sealing'), 0)
               AS is_waiting
    FROM ballots AS ballot
    WHERE NOT EXISTS (SELECT FROM ledger_records AS record WHERE record.ballot_id = ballot.id)
    ORDER BY ballot.id
""")


def compare_with_database(ctx: Context, faults: Faults, replay: Replay) -> None:
    """Name every count and state of the database that the log does not bear out."""
    _add_unsealed(ctx, faults, replay)
    _add_waiting(ctx, faults, replay)
    _compare_states(ctx, faults, replay)
    _compare_tallies(ctx, faults, replay)
    _compare_campaigns(ctx, faults, replay)
    _compare_entries(ctx, faults, replay)


def _add_unsealed(ctx: Context, faults: Faults, replay: Replay) -> None:
    """Count the ballots that are still to be sealed, and name those that never will be."""
    for ballot in _stream(ctx, READ_UNSEALED):
        campaign = replay.campaigns.get(ballot.campaign_id)
        if not ballot.is_waiting or (campaign is not None and campaign.is_closed):
            faults.add("ballot_unsealed", ballot=ballot.id, campaign=ballot.campaign_id)
        else:
            replay.votes[ballot.entry_id] += 1


def _add_waiting(ctx: Context, faults: Faults, replay: Replay) -> None:
    for item in ctx.session.scalars(select(LedgerQueueItem).order_by(LedgerQueueItem.id)):
        replay.take_waiting(item)
        if item.queued_at < ctx.now - LONGEST_WAIT:
            faults.add("item_waits", kind=item.kind, campaign=item.campaign_id)


def _compare_states(ctx: Context, faults: Faults, replay: Replay) -> None:
    table = SetAsideBallot.__table__
    unmet = set(replay.states)
    for ballot_id, state in _stream(ctx, select(table.c.ballot_id, table.c.state)):
        unmet.discard(ballot_id)
        if replay.states.get(ballot_id) != state:
            faults.add("state_differs", ballot=ballot_id, state=state)
    for ballot_id in sorted(unmet):
        faults.add("state_missing", ballot=ballot_id, state=replay.states[ballot_id])


def _compare_tallies(ctx: Context, faults: Faults, replay: Replay) -> None:
    query = select(Tally.entry_id, func.sum(Tally.votes)).group_by(Tally.entry_id)
    tallied = {entry_id: int(votes) for entry_id, votes in ctx.session.execute(query)}
    _compare_counts(faults, "tally_differs", tallied, replay.votes)
    rows = ctx.session.execute(
        select(SetAsideTally.entry_id, SetAsideTally.quarantined, SetAsideTally.annulled)
    ).all()
    for code, place, counted in (
        ("quarantined_differs", 1, replay.quarantined),
        ("annulled_differs", 2, replay.annulled),
    ):
        _compare_counts(faults, code, {row[0]: row[place] for row in rows}, counted)


def _compare_counts(
    faults: Faults, code: str, stored: Mapping[int, int], counted: Counter[int]
) -> None:
    for entry_id in sorted(stored.keys() | counted.keys()):
        if stored.get(entry_id, 0) != counted[entry_id]:
            faults.add(
                code, entry=entry_id, stored=stored.get(entry_id, 0), counted=counted[entry_id]
            )


def _compare_campaigns(ctx: Context, faults: Faults, replay: Replay) -> None:
    """The rules of every campaign that is announced, as the log has them last."""
    for campaign in _read_all(ctx, Campaign, replay.campaigns):
        rules = replay.campaigns[campaign.id].rules
        if campaign.state == "draft" or rules is None:
            continue
        present = rules_content(campaign, event="found")["rules"]
        names = sorted(name for name in present if rules.get(name) != present[name])
        if names:
            faults.add("rules_differ", campaign=campaign.id, names="、".join(names))


def _compare_entries(ctx: Context, faults: Faults, replay: Replay) -> None:
    """Their numbers and names, and whether they stand."""
    for entry in _read_all(ctx, Entry, replay.entries):
        told = replay.entries[entry.id]
        is_withdrawn = entry.withdrawn_at is not None
        if told != [entry.id, entry.number, name_digest(entry.name)] or (
            is_withdrawn != (entry.id in replay.withdrawn)
        ):
            faults.add("entry_differs", entry=entry.id, campaign=entry.campaign_id)


def _read_all(ctx: Context, table: type, ids: Mapping[int, object]) -> list:
    return list(ctx.session.scalars(select(table).where(table.id.in_(ids)).order_by(table.id)))


def _stream(ctx: Context, query: Executable) -> Iterator[Row]:
    with ctx.session.execute(query, execution_options={"yield_per": 5000}) as rows:
        yield from rows
