"""Demonstration staff, all of them invited and none with a password; `devtools.demo` loads them.

At each start whoever has not joined yet gets a fresh one-time link; older ones stop working.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from models import Organization, StaffAccount
from services import staff
from services.access import Actor, Grant
from services.audit_wording import role_name
from services.context import Context


@dataclass(frozen=True)
class DemoPerson:
    """An invented person, the role they hold, and where."""

    name: str
    role: str
    organization: str


@dataclass(frozen=True)
class Link:
    """A one-time link, as a path on our site, and whom it is for."""

    person: DemoPerson
    path: str


REGION = "内蒙古自治区卫生健康委员会"
CITY = "鄂尔多斯市卫生健康委员会"
DISTRICT = "东胜区卫生健康委员会"
HOSPITAL = "东胜示例蒙医中医医院"
OTHER_HOSPITAL = "天骄示例中医医院"
# The first is who begins: an administrator of the whole system.
PEOPLE = (
    DemoPerson("乌兰（示例）", "system_administrator", REGION),
    DemoPerson("苏和（示例）", "security_administrator", REGION),
    DemoPerson("李文静（示例）", "auditor", REGION),
    DemoPerson("阿拉坦（示例）", "city_officer", CITY),
    DemoPerson("巴雅尔（示例）", "district_manager", DISTRICT),
    DemoPerson("娜仁花（示例）", "district_officer", DISTRICT),
    DemoPerson("王建国（示例）", "institution_manager", HOSPITAL),
    DemoPerson("其其格（示例）", "institution_staff", HOSPITAL),
    DemoPerson("图雅（示例）", "medical_reviewer", DISTRICT),
    DemoPerson("刘洋（示例）", "institution_staff", OTHER_HOSPITAL),
)


def invite_people(ctx: Context) -> list[Link]:
    """Make who is missing, and a fresh link for each who has not joined and is not disabled."""
    ctx = replace(ctx, actor=_operator(ctx))
    return list(_links(ctx))


def actor_of(person: DemoPerson, account: StaffAccount) -> Actor:
    """The person at work, without a session of theirs."""
    return Actor(
        staff_id=account.id,
        staff_name=account.name,
        grants=(Grant(person.role, account.organization_id),),
    )


def find_account(ctx: Context, person: DemoPerson) -> StaffAccount | None:
    """The person's account once it has been made."""
    return ctx.session.scalar(
        select(StaffAccount)
        .join(Organization, Organization.id == StaffAccount.organization_id)
        .where(
            StaffAccount.name == person.name,
            Organization.name == person.organization,
            Organization.closed_at.is_(None),
        )
    )


def _operator(ctx: Context) -> Actor:
    """Nobody in particular, with what it takes to invite everybody."""
    region = ctx.session.scalars(select(Organization.id).where(Organization.parent_id.is_(None)))
    place = region.one()
    roles = ("system_administrator", "security_administrator")
    return Actor(grants=tuple(Grant(role, place) for role in roles))


def _links(ctx: Context) -> Iterator[Link]:
    for person in PEOPLE:
        place = ctx.session.scalar(
            select(Organization).where(
                Organization.name == person.organization, Organization.closed_at.is_(None)
            )
        )
        if place is None:
            continue
        account = find_account(ctx, person)
        if account is None:
            yield Link(person, _create(ctx, person, place).link)
        elif account.username is None and account.disabled_at is None:
            yield Link(person, staff.renew_invitation(ctx, account_id=account.id).link)


def _create(ctx: Context, person: DemoPerson, place: Organization) -> staff.Invitation:
    return staff.create_account(
        ctx,
        name=person.name,
        organization_id=place.id,
        duty=person.role if person.role in staff.ADMINISTRATORS else "business",
        role=person.role,
    )


def describe_links(links: Sequence[Link], site: str) -> str:
    """The links for people to read and click, the first administrator's before all others."""
    lines = []
    others = list(links)
    if others and others[0].person == PEOPLE[0]:
        first = others.pop(0)
        lines += ["第一次使用：打开这个链接，创建系统管理员", f"  {site}{first.path}", ""]
    if others:
        lines += ["其他示例人员，每个链接只能用一次："]
    for link in others:
        lines += [
            f"  {role_name(link.person.role)}（{link.person.organization}）",
            f"    {site}{link.path}",
        ]
    return "".join(f"{line}\n" for line in lines)
