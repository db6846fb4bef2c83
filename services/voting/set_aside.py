"""What does not count of a campaign's ballots: awaiting review, or annulled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import FromClause, func, select

from models import SetAsideBallot, SetAsideTally
from services.context import Context

NOT_COUNTED = ("quarantined", "annulled")


@dataclass(frozen=True, slots=True)
class SetAside:
    """Ballots that await review, and those that never will count."""

    quarantined: int = 0
    annulled: int = 0

    @property
    def all(self) -> int:
        return self.quarantined + self.annulled


NOTHING = SetAside()


def count_set_aside(ctx: Context, campaign_id: int) -> SetAside:
    """Over all entries of the campaign, withdrawn ones too."""
    row = ctx.session.execute(
        select(
            func.coalesce(func.sum(SetAsideTally.quarantined), 0),
            func.coalesce(func.sum(SetAsideTally.annulled), 0),
        ).where(SetAsideTally.campaign_id == campaign_id)
    ).one()
    return SetAside(*map(int, row))


def read_set_aside(ctx: Context, campaign_id: int) -> Mapping[int, SetAside]:
    """By entry; entries of which nothing is set aside are left out."""
    rows = ctx.session.execute(
        select(SetAsideTally.entry_id, SetAsideTally.quarantined, SetAsideTally.annulled).where(
            SetAsideTally.campaign_id == campaign_id
        )
    )
    return {entry_id: SetAside(*counts) for entry_id, *counts in rows if any(counts)}


def select_not_counted(campaign_id: int, before: datetime | None) -> FromClause:
    """How many votes each entry does not get, of those cast before a moment, if given."""
    if before is None:
        votes = SetAsideTally.quarantined + SetAsideTally.annulled
        query = select(SetAsideTally.entry_id, votes.label("votes")).where(
            SetAsideTally.campaign_id == campaign_id
        )
        return query.subquery()
    return (
        select(SetAsideBallot.entry_id, func.count().label("votes"))
        .where(
            SetAsideBallot.campaign_id == campaign_id,
            SetAsideBallot.state.in_(NOT_COUNTED),
            SetAsideBallot.cast_at < before,
        )
        .group_by(SetAsideBallot.entry_id)
        .subquery()
    )


def count_mismatched_set_aside(ctx: Context) -> int:
    """How many entries have a tally of set-aside ballots that differs from a recount."""
    quarantined, annulled = (
        func.count().filter(SetAsideBallot.state == state) for state in NOT_COUNTED
    )
    recount = (
        select(
            SetAsideBallot.entry_id,
            quarantined.label("quarantined"),
            annulled.label("annulled"),
        )
        .group_by(SetAsideBallot.entry_id)
        .subquery()
    )
    tally = SetAsideTally.__table__
    pairs = [
        func.coalesce(recount.c[state], 0) != func.coalesce(tally.c[state], 0)
        for state in NOT_COUNTED
    ]
    both = recount.join(tally, tally.c.entry_id == recount.c.entry_id, full=True)
    return ctx.session.scalar(select(func.count()).select_from(both).where(pairs[0] | pairs[1]))
