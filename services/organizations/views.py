"""Organizations as staff see them: lists, the tree, one by one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased, joinedload

from models import Organization
from services import audit
from services.access import Permission, is_within_reach
from services.context import Context
from services.organizations.reach import fetch_organization
from services.paging import Page, SortKey, fetch_sorted_page
from services.text import escape_like, search_key

PHONE_PURPOSE = "organization.contact_phone"
SORTS = {
    "name": SortKey(Organization.name),
    "kind": SortKey(Organization.kind),
    "standard": SortKey(Organization.standard),
    "population": SortKey(func.coalesce(Organization.population, 0), int),
}


@dataclass(frozen=True, slots=True)
class OrganizationView:
    """An organization; `contact_phone` is masked for those who do not look after it."""

    organization: Organization
    children_count: int
    contact_phone: str | None
    path: Sequence[Organization] = ()
    allowed_actions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A place in the tree, for unfolding it level by level."""

    organization: Organization
    children_count: int


def list_organizations(
    ctx: Context, *, limit: int, cursor: str | None = None, sort: str = "name", **filters: object
) -> Page:
    """The organizations within reach that the filters let through, phones masked."""
    page = fetch_sorted_page(
        ctx.session,
        select_organizations(ctx, **filters),
        id_column=Organization.id,
        keys=SORTS,
        sort=sort,
        limit=limit,
        cursor=cursor,
    )
    return Page([_masked(ctx, *row) for row in page.items], page.next_cursor)


def select_organizations(
    ctx: Context,
    *,
    q: str | None = None,
    organization_id: int | None = None,
    parent_id: int | None = None,
    kind: str | None = None,
    standard: str | None = None,
    is_closed: bool = False,
) -> Select:
    """Rows of an organization and how many it has directly below it.

    `organization_id` takes in the whole subtree, `parent_id` only what is directly below.
    """
    query = (
        select(Organization, _children_count())
        .where(is_within_reach(ctx.actor, Permission.VIEW_ORGANIZATIONS))
        .options(joinedload(Organization.parent))
    )
    wanted = {
        Organization.parent_id: parent_id,
        Organization.kind: kind,
        Organization.standard: standard,
    }
    query = query.where(*(column == value for column, value in wanted.items() if value is not None))
    if organization_id is not None:
        query = query.where(Organization.ancestor_ids.contains([organization_id]))
    if q is not None:
        pattern = f"%{escape_like(search_key(q))}%"
        query = query.where(Organization.search_text.like(pattern, escape="\\"))
    has_closed = Organization.closed_at.is_not(None)
    return query.where(has_closed if is_closed else ~has_closed)


def list_tree(ctx: Context, *, parent_id: int | None = None) -> list[TreeNode]:
    """What is directly below `parent_id`, or where the actor's reach begins."""
    query = select(Organization, _children_count()).where(
        Organization.closed_at.is_(None),
        is_within_reach(ctx.actor, Permission.VIEW_ORGANIZATIONS),
    )
    if parent_id is None:
        query = query.where(_is_top_of_reach(ctx))
    else:
        query = query.where(Organization.parent_id == parent_id)
    rows = ctx.session.execute(query.order_by(Organization.division_code, Organization.id))
    return [TreeNode(*row) for row in rows]


def get_organization(ctx: Context, *, organization_id: int) -> OrganizationView:
    """One organization with the path to it; raises Missing.

    Who looks after it sees the contact's telephone number, which is noted.
    """
    organization = fetch_organization(ctx, organization_id, Permission.VIEW_ORGANIZATIONS)
    return view_organization(ctx, organization)


def view_organization(ctx: Context, organization: Organization) -> OrganizationView:
    """The view of a fetched organization, with everything the actor may see of it."""
    path = ctx.session.scalars(
        select(Organization)
        .where(Organization.id.in_(organization.ancestor_ids))
        .order_by(func.cardinality(Organization.ancestor_ids))
    ).all()
    children_count = ctx.session.scalar(
        select(_children_count()).where(Organization.id == organization.id)
    )
    actions = _allowed_actions(ctx, organization)
    phone = shown_phone(ctx, organization)
    if phone is not None and "edit" in actions:
        audit.record(
            ctx,
            "organization.contact_seen",
            about=("organization", organization.id, organization.name),
            organization_id=organization.id,
        )
    return OrganizationView(organization, children_count, phone, path, actions)


def shown_phone(ctx: Context, organization: Organization) -> str | None:
    """The contact's telephone number: in full, to be noted, for who looks after it, else masked."""
    phone = read_phone(ctx, organization)
    if phone is None or "edit" in _allowed_actions(ctx, organization):
        return phone
    return mask(phone)


def read_phone(ctx: Context, organization: Organization) -> str | None:
    """The contact's telephone number in full; whoever shows it has to note that."""
    encrypted = organization.contact_phone_encrypted
    if encrypted is None:
        return None
    return ctx.services.crypto.decrypt(encrypted, purpose=PHONE_PURPOSE)


def mask(phone: str) -> str:
    """0477-8361234 → 0477***1234."""
    return f"{phone[:4]}***{phone[-4:]}" if len(phone) > 8 else "***"


def _masked(ctx: Context, organization: Organization, children_count: int) -> OrganizationView:
    phone = read_phone(ctx, organization)
    return OrganizationView(organization, children_count, phone and mask(phone))


def _allowed_actions(ctx: Context, organization: Organization) -> list[str]:
    """What the actor may do with it; services check again."""
    if organization.closed_at is not None:
        return []
    reaches = {
        permission: not set(ctx.actor.organizations_for(permission)).isdisjoint(
            organization.ancestor_ids
        )
        for permission in (Permission.EDIT_ORGANIZATION, Permission.MANAGE_ORGANIZATIONS)
    }
    manages_above = not set(
        ctx.actor.organizations_for(Permission.MANAGE_ORGANIZATIONS)
    ).isdisjoint(organization.ancestor_ids[:-1])
    is_commission = organization.kind.endswith("_commission")
    may = {
        "edit": reaches[Permission.EDIT_ORGANIZATION],
        "rename": reaches[Permission.MANAGE_ORGANIZATIONS],
        "add_below": reaches[Permission.MANAGE_ORGANIZATIONS],
        "move": manages_above and not is_commission,
        "close": manages_above and not is_commission,
    }
    return [action for action, is_allowed in may.items() if is_allowed]


def _children_count() -> ColumnElement[int]:
    child = aliased(Organization)
    return (
        select(func.count())
        .where(child.parent_id == Organization.id, child.closed_at.is_(None))
        .correlate(Organization)
        .scalar_subquery()
    )


def _is_top_of_reach(ctx: Context) -> ColumnElement[bool]:
    held_at = ctx.actor.organizations_for(Permission.VIEW_ORGANIZATIONS)
    above = aliased(Organization)
    is_reached_from_above = (
        select(above.id)
        .where(above.id == Organization.parent_id, above.ancestor_ids.overlap(held_at))
        .exists()
    )
    return Organization.id.in_(held_at) & ~is_reached_from_above
