"""What becomes a record of the ledger, noted in the transaction that makes it true.

Ballots are not noted: the sealer finds them by themselves.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from sqlalchemy import select

from models import Campaign, Entry, LedgerQueueItem
from services.context import Context
from services.ledger.records import moment, name_digest

# A record holds 65,535 bytes; a ballot's place in the log has 10 digits at most for long.
BALLOTS_IN_A_RECORD = 4000
ENTRIES_IN_A_RECORD = 500
PLACES_IN_A_RECORD = 2000
PUBLIC_RULES = (
    "contest_code",
    "quarter",
    "title",
    "ballots_per_day",
    "ballots_per_entry_per_day",
    "ballots_in_all",
    "phone_required",
    "standings_mode",
    "standings_delay_minutes",
    "standings_freeze_minutes",
    "annulments_alone",
    "screening",
)

Decision = Literal["quarantine", "release", "annulment"]


def note_rules(
    ctx: Context, campaign: Campaign, *, event: str, reason: str | None = None, persons: int = 1
) -> None:
    """The rules as they are from now on, and why; before opening and after every change."""
    content = rules_content(campaign, event=event, reason=reason, persons=persons)
    _queue(ctx, "rules", campaign.id, content)


def rules_content(
    campaign: Campaign, *, event: str, reason: str | None = None, persons: int = 1
) -> dict[str, object]:
    """The rules of a campaign as a record tells them, without its moment."""
    rules = {name: getattr(campaign, name) for name in PUBLIC_RULES}
    span = {"opens_at": moment(campaign.opens_at), "closes_at": moment(campaign.closes_at)}
    return {"event": event, "reason": reason, "persons": persons, "rules": rules | span}


def note_all_entries(ctx: Context, campaign: Campaign) -> None:
    """All entries that stand, when the campaign is announced."""
    entries = ctx.session.scalars(
        select(Entry)
        .where(Entry.campaign_id == campaign.id, Entry.withdrawn_at.is_(None))
        .order_by(Entry.number)
    ).all()
    note_entries(ctx, campaign, entries)


def note_entries(ctx: Context, campaign: Campaign, entries: Iterable[Entry]) -> None:
    """Entries that are new, or called or numbered otherwise than before."""
    for content in entries_contents(entries):
        _queue(ctx, "entries", campaign.id, content)


def entries_contents(entries: Iterable[Entry]) -> Iterator[dict[str, object]]:
    """The entries as as many records tell them as they need, without the moment."""
    rows = ([entry.id, entry.number, name_digest(entry.name)] for entry in entries)
    for part in _parts(rows, ENTRIES_IN_A_RECORD):
        yield {"entries": part}


def note_withdrawal(
    ctx: Context, campaign: Campaign, *, entry_id: int, reason: str, persons: int = 1
) -> None:
    """An entry that no longer stands; its ballots stay and are not counted for anybody."""
    content = {"entry": entry_id, "reason": reason, "persons": persons}
    _queue(ctx, "withdrawal", campaign.id, content)


def note_event(ctx: Context, campaign: Campaign, *, event: str, reason: str | None = None) -> None:
    """Something that changes neither rules nor counts: suspended, resumed, retracted."""
    _queue(ctx, "event", campaign.id, {"event": event, "reason": reason})


def note_decision(
    ctx: Context,
    decision: Decision,
    *,
    campaign_id: int,
    ballot_ids: Sequence[int],
    reason: str,
    persons: int = 1,
) -> None:
    """What became of ballots. The reason is public for good; `persons` is how many agreed."""
    for part in _parts(ballot_ids, BALLOTS_IN_A_RECORD):
        content = {"reason": reason, "persons": persons}
        _queue(ctx, decision, campaign_id, content, ballot_ids=part)


def note_closing(ctx: Context, *, campaign_id: int) -> None:
    """That every ballot of the campaign is on disk. The sealer adds how many, and what they are.

    Whoever calls it knows that there was none before.
    """
    _queue(ctx, "closing", campaign_id, {})


def note_result(
    ctx: Context,
    campaign: Campaign,
    *,
    standings: Sequence[tuple[int, int]],
    annulled: int,
    persons: int,
) -> None:
    """The published result: pairs of entry id and votes, of all entries that stand."""
    # Of a campaign in which no entry stands any more there is a result, too.
    parts = list(_parts(standings, PLACES_IN_A_RECORD)) or [[]]
    whole = {
        "counted": sum(votes for _, votes in standings),
        "annulled": annulled,
        "persons": persons,
        "parts": len(parts),
    }
    for number, part in enumerate(parts, start=1):
        content = whole | {"part": number, "standings": [list(pair) for pair in part]}
        _queue(ctx, "result", campaign.id, content)


def _queue(
    ctx: Context,
    kind: str,
    campaign_id: int,
    content: Mapping[str, object],
    *,
    ballot_ids: Sequence[int] | None = None,
) -> None:
    ctx.session.add(
        LedgerQueueItem(
            kind=kind,
            campaign_id=campaign_id,
            content={"at": moment(ctx.now), **content},
            ballot_ids=ballot_ids,
            queued_at=ctx.now,
        )
    )


def _parts(items: Iterable, size: int) -> Iterator[list]:
    items = list(items)
    for start in range(0, len(items), size):
        yield items[start : start + size]
