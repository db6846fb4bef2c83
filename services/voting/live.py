"""A campaign's figures while it runs, for staff, and the same as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import Campaign, Division, Entry
from models.voting import BALLOT_SOURCES
from services.access import Permission
from services.clock import hour_start, local_day
from services.context import Context
from services.voting.counting import HOUR, Counted, HourCounts, add_up, count_hours
from services.voting.reach import fetch_campaign
from services.voting.set_aside import NOTHING, read_set_aside
from services.voting.standings import Standings, show_standings

HOURS_SHOWN = 14 * 24
# Of fewer ballots than this the number is not shown.
LEAST_SHOWN = 5
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class HourFigures:
    """What an hour of Asia/Shanghai brought; voters are those whose first ballot it was."""

    at: datetime
    ballots: int
    voters: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What a day of Asia/Shanghai brought; voters are those whose first ballot it was."""

    on: date
    ballots: int
    voters: int


@dataclass(frozen=True, slots=True)
class DivisionFigures:
    """The ballots for entries of a division's organizations; no code where there is none."""

    code: str | None
    name: str | None
    name_mn: str | None
    ballots: int | None


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """The ballots cast from one place of the mini-program; None where it did not say."""

    source: str | None
    ballots: int | None


@dataclass(frozen=True, slots=True)
class StandingsRow:
    """An entry's place, as far as the actor may see it; withdrawn entries have none."""

    entry_id: int
    number: int
    name: str
    name_mn: str | None
    organization_name: str | None
    rank: int | None
    votes: int | None
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """All of a campaign's ballots, withdrawn entries' too, counted in several ways.

    Only the standings leave out what is set aside. Of divisions and sources, ballots from 1 to 4
    are None: so few could be told apart.

    `turnout` is the share of the population that voted; it passes 1 where others vote too. `shown`
    is how much of the standings the actor sees; unless that is "live", `by_division` is empty: a
    division often has a single entry, and of several, sums that grow tell who gets the votes.
    """

    votes: int
    voters: int
    population: int | None
    turnout: float | None
    by_hour: Sequence[HourFigures]
    by_day: Sequence[DayFigures]
    by_division: Sequence[DivisionFigures]
    by_source: Sequence[SourceFigures]
    standings: Sequence[StandingsRow]
    shown: str
    is_final: bool
    is_frozen: bool
    standings_as_of: datetime
    as_of: datetime


def get_live_figures(ctx: Context, *, campaign_id: int) -> LiveFigures:
    """The figures of a campaign within reach, drafts too, the last 14 days of it by hour.

    Raises Missing.
    """
    campaign = fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    figures = gather_figures(ctx, campaign)
    return replace(figures, by_hour=figures.by_hour[-HOURS_SHOWN:])


def gather_figures(ctx: Context, campaign: Campaign) -> LiveFigures:
    """The figures of a fetched campaign, all of it by hour."""
    # Read first, so that whatever is set aside is among the ballots counted after it.
    set_aside = read_set_aside(ctx, campaign.id)
    counts = count_hours(ctx, campaign.id)
    entries = _read_entries(ctx, campaign)
    votes = {
        entry.id: counts.by_entry[entry.id] - set_aside.get(entry.id, NOTHING).all
        for entry in entries
    }
    standings = show_standings(ctx, campaign, votes=_standing_votes(entries, votes))
    by_hour = _by_hour(ctx, campaign, counts.by_hour)
    population = campaign.organization.population
    is_open = standings.shown == "live" and not standings.is_frozen
    return LiveFigures(
        votes=counts.all.ballots,
        voters=counts.all.voters,
        population=population,
        turnout=counts.all.voters / population if population else None,
        by_hour=by_hour,
        by_day=_by_day(by_hour),
        by_division=_by_division(ctx, entries, counts) if is_open else [],
        by_source=_by_source(counts),
        standings=_rows(entries, votes, standings),
        shown=standings.shown,
        is_final=standings.is_final,
        is_frozen=standings.is_frozen,
        standings_as_of=standings.as_of,
        as_of=ctx.now,
    )


def _read_entries(ctx: Context, campaign: Campaign) -> Sequence[Entry]:
    return ctx.session.scalars(
        select(Entry)
        .where(Entry.campaign_id == campaign.id)
        .options(joinedload(Entry.organization))
        .order_by(Entry.number)
    ).all()


def _standing_votes(entries: Sequence[Entry], votes: Mapping[int, int]) -> dict[int, int]:
    return {entry.id: votes[entry.id] for entry in entries if entry.withdrawn_at is None}


def _by_hour(
    ctx: Context, campaign: Campaign, counted: Mapping[datetime, Counted]
) -> list[HourFigures]:
    """Every hour from opening to closing, or to now; further ones only where there are ballots."""
    hours = set(counted)
    end = min(ctx.now, campaign.closes_at - INSTANT)
    if campaign.opens_at <= end:
        hours |= {hour_start(campaign.opens_at), hour_start(end)}
    if not hours:
        return []
    first, last = min(hours), max(hours)
    moments = (first + number * HOUR for number in range((last - first) // HOUR + 1))
    found = ((moment, counted.get(moment, Counted())) for moment in moments)
    return [HourFigures(moment, each.ballots, each.voters) for moment, each in found]


def _by_day(by_hour: Sequence[HourFigures]) -> list[DayFigures]:
    days: dict[date, list[HourFigures]] = {}
    for hour in by_hour:
        days.setdefault(local_day(hour.at), []).append(hour)
    sums = ((day, add_up(hours)) for day, hours in days.items())
    return [DayFigures(day, each.ballots, each.voters) for day, each in sums]


def _by_division(
    ctx: Context, entries: Sequence[Entry], counts: HourCounts
) -> list[DivisionFigures]:
    ballots: dict[str | None, int] = {}
    for entry in entries:
        code = entry.organization and entry.organization.division_code
        ballots[code] = ballots.get(code, 0) + counts.by_entry[entry.id]
    divisions = ctx.session.scalars(
        select(Division).where(Division.code.in_(ballots)).order_by(Division.code)
    )
    figures = [
        DivisionFigures(each.code, each.name, each.name_mn, hide_few(ballots[each.code]))
        for each in divisions
    ]
    if None in ballots:
        figures.append(DivisionFigures(None, None, None, hide_few(ballots[None])))
    return figures


def _by_source(counts: HourCounts) -> list[SourceFigures]:
    sources = (*BALLOT_SOURCES, "")
    return [SourceFigures(source or None, hide_few(counts.by_source[source])) for source in sources]


def hide_few(ballots: int) -> int | None:
    """The figure, unless it is of so few people that one might know them."""
    return None if 0 < ballots < LEAST_SHOWN else ballots


def _rows(
    entries: Sequence[Entry], votes: Mapping[int, int], standings: Standings
) -> list[StandingsRow]:
    """The entries in order of the standings, then the withdrawn ones; none while hidden."""
    by_id = {entry.id: entry for entry in entries}
    rows = [_row(by_id[item.entry_id], item.rank, item.votes) for item in standings.items]
    if standings.shown == "live" and not standings.is_frozen:
        withdrawn = (entry for entry in entries if entry.withdrawn_at is not None)
        rows += [_row(entry, None, votes[entry.id]) for entry in withdrawn]
    return rows


def _row(entry: Entry, rank: int | None, votes: int | None) -> StandingsRow:
    organization = entry.organization
    return StandingsRow(
        entry.id,
        entry.number,
        entry.name,
        entry.name_mn,
        organization and organization.name,
        rank,
        votes,
        entry.withdrawn_at is not None,
    )
