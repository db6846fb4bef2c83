"""Groups of ballots, and the ballots in them, as staff see them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from models import Ballot, BallotGroup, Campaign, Entry, Organization, SetAsideBallot
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Missing
from services.paging import Page, cut_page, decode_cursor, encode_cursor
from services.screening.rules import SIGNALS
from services.voting.reach import fetch_campaign

BUCKETS = 60
_COUNT_SIGNALS = text("""
    SELECT ballot.group_id, shown.name, count(*)
    FROM set_aside_ballots AS ballot, jsonb_object_keys(ballot.signals) AS shown (name)
    WHERE ballot.group_id = ANY(CAST(:group_ids AS bigint[]))
    GROUP BY ballot.group_id, shown.name ORDER BY count(*) DESC, shown.name
""")


@dataclass(frozen=True, slots=True)
class EntryName:
    """An entry, as far as a list names it."""

    id: int
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """A group's ballots by what became of them; those of a proposed one still count."""

    quarantined: int = 0
    released: int = 0
    annulled: int = 0
    proposed: int = 0


@dataclass(frozen=True)
class GroupView:
    """A group with its figures. `signals` has by name how many of its ballots show it."""

    id: int
    campaign_id: int
    origin: str
    state: str
    pattern: str
    entry: EntryName | None
    ballots: GroupCounts
    signals: dict[str, dict[str, int]]
    first_cast_at: datetime | None
    last_cast_at: datetime | None
    created_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many ballots of a group a stretch of time holds."""

    at: datetime
    ballots: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a signal means, for who reviews."""

    name: str
    ballots: int
    text: str


@dataclass(frozen=True)
class GroupDetail(GroupView):
    """A group with when its ballots were cast, and what its signals mean."""

    timeline: Sequence[Bucket]
    explanations: Sequence[Explanation]


def list_groups(
    ctx: Context,
    *,
    campaign_id: int,
    limit: int,
    state: str | None = None,
    cursor: str | None = None,
) -> Page:
    """A campaign's groups, the latest first; raises Missing."""
    fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    query = (
        select(BallotGroup)
        .where(BallotGroup.campaign_id == campaign_id)
        .order_by(BallotGroup.id.desc())
        .limit(limit + 1)
    )
    if state is not None:
        query = query.where(BallotGroup.state == state)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(BallotGroup.id < last_id)
    rows = ctx.session.scalars(query).all()
    page = cut_page(rows, limit, lambda row: encode_cursor(row.id))
    return Page(view_groups(ctx, page.items), page.next_cursor)


def get_group(ctx: Context, *, group_id: int) -> GroupDetail:
    """One group; raises Missing."""
    group = fetch_group(ctx, group_id, Permission.VIEW_CAMPAIGNS)
    view = view_group(ctx, group)
    moments = ctx.session.scalars(_moments_of(group)).all()
    explanations = [
        Explanation(name, figures["ballots"], SIGNALS[name].explanation)
        for name, figures in view.signals.items()
        if name in SIGNALS
    ]
    figures = {each.name: getattr(view, each.name) for each in fields(view)}
    return GroupDetail(**figures, timeline=cut_into_buckets(moments), explanations=explanations)


def list_quarantined(ctx: Context, *, group_id: int) -> list[int]:
    """The ids of a group's ballots that await review; raises Missing."""
    group = fetch_group(ctx, group_id, Permission.REVIEW_BALLOTS)
    return list(
        ctx.session.scalars(
            select(SetAsideBallot.ballot_id)
            .where(SetAsideBallot.group_id == group.id, SetAsideBallot.state == "quarantined")
            .order_by(SetAsideBallot.ballot_id)
        )
    )


def fetch_group(ctx: Context, group_id: int, permission: Permission) -> BallotGroup:
    """The group, if the permission reaches its campaign; raises Missing."""
    group = ctx.session.scalar(
        select(BallotGroup)
        .join(Campaign, Campaign.id == BallotGroup.campaign_id)
        .join(Organization, Organization.id == Campaign.organization_id)
        .where(BallotGroup.id == group_id, is_within_reach(ctx.actor, permission))
        .execution_options(populate_existing=True)
    )
    if group is None:
        raise Missing("ballot_group_not_found")
    return group


def ids_of_proposed(group: BallotGroup) -> list[int]:
    """The ballots of a group that nobody has set aside yet; none of any other."""
    return group.signals.get("ballot_ids", [])


def view_group(ctx: Context, group: BallotGroup) -> GroupView:
    return view_groups(ctx, [group])[0]


def view_groups(ctx: Context, groups: Sequence[BallotGroup]) -> list[GroupView]:
    ctx.session.flush()
    ids = [group.id for group in groups]
    counts = _read_counts(ctx, ids)
    signals = _read_signals(ctx, ids)
    entries = _read_entries(ctx, {group.entry_id for group in groups})
    return [
        GroupView(
            group.id,
            group.campaign_id,
            group.origin,
            group.state,
            group.pattern,
            entries.get(group.entry_id),
            _counts_of(group, counts),
            signals.get(group.id) or _proposed_signals(group),
            *_span_of(ctx, group, counts),
            group.created_at,
            group.revision,
        )
        for group in groups
    ]


def _read_counts(ctx: Context, group_ids: Sequence[int]) -> dict[int, dict]:
    rows = ctx.session.execute(
        select(
            SetAsideBallot.group_id,
            *(
                func.count().filter(SetAsideBallot.state == state).label(state)
                for state in ("quarantined", "released", "annulled")
            ),
            func.min(SetAsideBallot.cast_at).label("first"),
            func.max(SetAsideBallot.cast_at).label("last"),
        )
        .where(SetAsideBallot.group_id.in_(group_ids))
        .group_by(SetAsideBallot.group_id)
    ).mappings()
    return {row["group_id"]: dict(row) for row in rows}


def _counts_of(group: BallotGroup, counts: dict[int, dict]) -> GroupCounts:
    row = counts.get(group.id, {})
    states = (row.get(state, 0) for state in ("quarantined", "released", "annulled"))
    return GroupCounts(*states, proposed=len(ids_of_proposed(group)))


def _span_of(ctx: Context, group: BallotGroup, counts: dict[int, dict]) -> tuple:
    if group.id in counts:
        return counts[group.id]["first"], counts[group.id]["last"]
    span = func.min(Ballot.cast_at), func.max(Ballot.cast_at)
    query = select(*span).where(Ballot.id.in_(ids_of_proposed(group)))
    return tuple(ctx.session.execute(query).one())


def _read_signals(ctx: Context, group_ids: Sequence[int]) -> dict[int, dict[str, dict[str, int]]]:
    rows = ctx.session.execute(_COUNT_SIGNALS, {"group_ids": list(group_ids)})
    found: dict[int, dict[str, dict[str, int]]] = {}
    for group_id, signal, ballots in rows:
        found.setdefault(group_id, {})[signal] = {"ballots": ballots}
    return found


def _proposed_signals(group: BallotGroup) -> dict[str, dict[str, int]]:
    return {name: each for name, each in group.signals.items() if name != "ballot_ids"}


def _read_entries(ctx: Context, entry_ids: set[int | None]) -> dict[int, EntryName]:
    rows = ctx.session.execute(
        select(Entry.id, Entry.number, Entry.name).where(Entry.id.in_(entry_ids - {None}))
    )
    return {row.id: EntryName(*row) for row in rows}


def _moments_of(group: BallotGroup):
    if ids := ids_of_proposed(group):
        return select(Ballot.cast_at).where(Ballot.id.in_(ids)).order_by(Ballot.cast_at)
    return (
        select(SetAsideBallot.cast_at)
        .where(SetAsideBallot.group_id == group.id)
        .order_by(SetAsideBallot.cast_at)
    )


def cut_into_buckets(moments: Sequence[datetime]) -> list[Bucket]:
    """At most 60 stretches of equal length, whole minutes, from the first moment to the last."""
    if not moments:
        return []
    first, span = moments[0], moments[-1] - moments[0]
    minutes = max(1, -(-int(span.total_seconds() + 1) // (60 * BUCKETS)))
    step = timedelta(minutes=minutes)
    counts = [0] * (span // step + 1)
    for moment in moments:
        counts[(moment - first) // step] += 1
    return [Bucket(first + place * step, ballots) for place, ballots in enumerate(counts)]
