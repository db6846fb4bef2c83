"""How much publicity there was: by quarter, institution, level and medium, and by person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, case, extract, func, select

from models import Organization, PublicityRecord
from services.access import Permission, is_within_reach
from services.clock import Quarter, local_day, quarter_named, quarter_of
from services.context import Context
from services.organizations.reach import fetch_organization
from services.publicity.views import in_quarter, select_records

QUARTERS = 8
MOST_INSTITUTIONS = 500
MOST_PEOPLE = 100
LATEST = 5


@dataclass(frozen=True, slots=True)
class QuarterCount:
    """A quarter's records by what became of them."""

    quarter: str
    confirmed: int
    recorded: int
    returned: int


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many confirmed appearances of a level in a medium."""

    level: str
    medium: str
    count: int


@dataclass(slots=True)
class InstitutionCount:
    """An institution's confirmed appearances."""

    organization: Organization
    count: int = 0
    kinds: list[KindCount] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PersonCount:
    """A person's confirmed appearances for an institution."""

    person_name: str
    organization: Organization
    count: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A quarter's confirmed publicity within reach, most first, and the quarters up to it.

    `is_cut` says that there are more institutions than are listed; the export has them all.
    """

    quarter: str
    quarters: Sequence[QuarterCount]
    institutions: Sequence[InstitutionCount]
    people: Sequence[PersonCount]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many confirmed appearances of a level."""

    level: str
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What one organization, with all below it, had confirmed in a quarter.

    `of_person` counts those of them that name the person asked for.
    """

    quarter: str
    confirmed: int
    waiting: int
    of_person: int
    levels: Sequence[LevelCount]
    latest: Sequence[PublicityRecord]


def get_figures(
    ctx: Context, *, quarter: str | None = None, organization_id: int | None = None
) -> Figures:
    """The figures of a quarter, without one of the present one."""
    code = quarter or quarter_of(local_day(ctx.now)).code
    institutions = _count_institutions(ctx, code, organization_id)
    return Figures(
        code,
        _count_quarters(ctx, code, organization_id),
        institutions[:MOST_INSTITUTIONS],
        _count_people(ctx, code, organization_id),
        len(institutions) > MOST_INSTITUTIONS,
    )


def sum_up(
    ctx: Context, *, quarter: str, organization_id: int, person_name: str | None = None
) -> Summary:
    """What stands behind somebody who competes for `outreach`; raises Missing."""
    fetch_organization(ctx, organization_id, Permission.VIEW_PUBLICITY)
    within = select_records(ctx, quarter=quarter, organization_id=organization_id).subquery()
    is_confirmed = within.c.state == "confirmed"
    is_named = _squeezed(within.c.person_name) == _squeezed(person_name or "")
    confirmed, waiting, of_person = ctx.session.execute(
        select(
            func.count().filter(is_confirmed),
            func.count().filter(within.c.state == "recorded"),
            func.count().filter(is_confirmed & is_named),
        ).select_from(within)
    ).one()
    levels = ctx.session.execute(
        select(within.c.level, func.count()).where(is_confirmed).group_by(within.c.level)
    )
    latest = ctx.session.scalars(
        select_records(ctx, quarter=quarter, organization_id=organization_id, state="confirmed")
        .order_by(
            case(
                (_squeezed(PublicityRecord.person_name) == _squeezed(person_name or ""), 0), else_=1
            ),
            PublicityRecord.appeared_on.desc(),
            PublicityRecord.id.desc(),
        )
        .limit(LATEST)
    ).all()
    return Summary(
        quarter, confirmed, waiting, of_person, [LevelCount(*row) for row in levels], latest
    )


def select_kinds(ctx: Context, *, quarter: str, organization_id: int | None) -> Select:
    """Rows of an organization, a level, a medium and how many confirmed appearances."""
    count = func.count().label("count")
    return (
        _confirmed(ctx, in_quarter(quarter), organization_id)
        .with_only_columns(Organization, PublicityRecord.level, PublicityRecord.medium, count)
        .group_by(Organization.id, PublicityRecord.level, PublicityRecord.medium)
        .order_by(Organization.id, PublicityRecord.level, PublicityRecord.medium)
    )


def _count_institutions(
    ctx: Context, quarter: str, organization_id: int | None
) -> list[InstitutionCount]:
    counted: dict[int, InstitutionCount] = {}
    rows = ctx.session.execute(select_kinds(ctx, quarter=quarter, organization_id=organization_id))
    for organization, level, medium, count in rows:
        one = counted.setdefault(organization.id, InstitutionCount(organization))
        one.count += count
        one.kinds.append(KindCount(level, medium, count))
    return sorted(counted.values(), key=lambda one: (-one.count, one.organization.name))


def _count_people(ctx: Context, quarter: str, organization_id: int | None) -> list[PersonCount]:
    name, count = PublicityRecord.person_name, func.count()
    rows = ctx.session.execute(
        _confirmed(ctx, in_quarter(quarter), organization_id)
        .with_only_columns(func.min(name), Organization, count)
        .where(name.is_not(None))
        .group_by(_squeezed(name), Organization.id)
        .order_by(count.desc(), func.min(name), Organization.id)
        .limit(MOST_PEOPLE)
    )
    return [PersonCount(*row) for row in rows]


def _count_quarters(ctx: Context, last: str, organization_id: int | None) -> list[QuarterCount]:
    """The quarter and those before it, the oldest first."""
    quarters = _quarters_up_to(last)
    day = PublicityRecord.appeared_on
    code = func.concat(extract("year", day), "Q", extract("quarter", day)).label("code")
    span = day.between(quarters[0].starts_on, quarters[-1].ends_on)
    states = ("confirmed", "recorded", "returned")
    rows = ctx.session.execute(
        _within(ctx, span, organization_id)
        .with_only_columns(
            code, *(func.count().filter(PublicityRecord.state == state) for state in states)
        )
        .group_by(code)
    )
    counted = {row[0]: row[1:] for row in rows}
    return [QuarterCount(each.code, *counted.get(each.code, (0, 0, 0))) for each in quarters]


def _quarters_up_to(last: str) -> list[Quarter]:
    quarters = [quarter_named(last)]
    while len(quarters) < QUARTERS and quarters[0].starts_on > date.min:
        quarters.insert(0, quarter_of(quarters[0].starts_on - timedelta(days=1)))
    return quarters


def _confirmed(ctx: Context, when: ColumnElement[bool], organization_id: int | None) -> Select:
    return _within(ctx, when, organization_id).where(PublicityRecord.state == "confirmed")


def _within(ctx: Context, when: ColumnElement[bool], organization_id: int | None) -> Select:
    query = (
        select(PublicityRecord.id)
        .join(Organization, Organization.id == PublicityRecord.organization_id)
        .where(is_within_reach(ctx.actor, Permission.VIEW_PUBLICITY), when)
    )
    if organization_id is None:
        return query
    return query.where(Organization.ancestor_ids.contains([organization_id]))


def _squeezed(name) -> ColumnElement[str]:
    """A name without the spaces that some write into it."""
    return func.regexp_replace(name, "\\s", "", "g")
