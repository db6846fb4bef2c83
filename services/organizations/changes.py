"""Changing the tree: create, edit, move and close organizations."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from models import Campaign, Organization, StaffAccount, StaffGrant, StaffSession
from models.organizations import COMMISSIONS, INSTITUTIONS, PARENT_KINDS
from services import audit
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Forbidden, Invalid
from services.organizations.reach import fetch_open_organization, fetch_organization
from services.organizations.views import (
    PHONE_PURPOSE,
    OrganizationView,
    read_phone,
    view_organization,
)
from services.text import search_key

# An arbitrary number, the same for all deployments of Sain.
TREE_LOCK = 7_240_150_604
# What the people of an institution may change of it themselves.
OWN_FIELDS = {"name_mn", "contact_name", "contact_phone", "address", "longitude", "latitude"}


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing an organization takes along; it cannot while `campaigns` are not over."""

    organizations: int
    accounts: int
    campaigns: int


@dataclass(frozen=True, slots=True)
class Change:
    """Of what was changed, how it was and how it is; telephone numbers are hidden."""

    before: dict[str, object]
    after: dict[str, object]


def create_organization(
    ctx: Context, *, parent_id: int, kind: str, name: str, **values: object
) -> OrganizationView:
    """A new organization below `parent_id`, in the same division.

    Raises Missing, Invalid for an unsuitable place or kind, Conflict for a name in use.
    """
    lock_tree(ctx)
    parent = fetch_open_organization(ctx, parent_id, Permission.MANAGE_ORGANIZATIONS)
    organization = add(ctx, parent, kind=kind, name=name, **values)
    write(ctx)
    ctx.session.refresh(organization)
    record_created(ctx, organization)
    return view_organization(ctx, organization)


def add(
    ctx: Context, parent: Organization, *, kind: str, name: str, **values: object
) -> Organization:
    """Put a new one into the session, to be written and recorded; raises Invalid.

    The parent may itself be waiting to be written.
    """
    require_suitable_parent(kind, parent)
    organization = Organization(
        parent=parent, division_code=parent.division_code, kind=kind, name=name
    )
    _assign(ctx, organization, values)
    ctx.session.add(organization)
    return organization


def record_created(ctx: Context, organization: Organization) -> None:
    """Note it, once it is written."""
    after = {"kind": organization.kind, "name": organization.name}
    _record(ctx, "organization.created", organization, after=after)


def require_suitable_parent(kind: str, parent: Organization) -> None:
    """Raise Invalid when an organization of this kind cannot hang below `parent`."""
    if kind in COMMISSIONS:
        raise Invalid("commission_fixed")
    if parent.kind not in PARENT_KINDS[kind]:
        raise Invalid("organization_parent_unsuitable")


def edit_organization(
    ctx: Context, *, organization_id: int, revision: int, **values: object
) -> OrganizationView:
    """Change what is given; raises Missing, Conflict, Forbidden, Invalid.

    Its own people may change how it is reached; what it is called, and which standard it reaches,
    those above decide.
    """
    if "name" in values:
        # An import judges names by what it has read, while nobody else gives any.
        lock_tree(ctx)
    organization = fetch_organization(
        ctx, organization_id, Permission.EDIT_ORGANIZATION, revision=revision
    )
    changed = change(ctx, organization, values)
    if changed is not None:
        write(ctx)
        record_edited(ctx, organization, changed)
    return view_organization(ctx, organization)


def change(ctx: Context, organization: Organization, values: dict[str, object]) -> Change | None:
    """Assign what differs, after edit_organization's checks, to be written and recorded.

    None when nothing does.
    """
    if organization.closed_at is not None:
        raise Conflict("organization_closed")
    before, after = audit.changes(_present(ctx, organization, values), values)
    if not after:
        return None
    manages = ctx.actor.organizations_for(Permission.MANAGE_ORGANIZATIONS)
    if not after.keys() <= OWN_FIELDS and set(manages).isdisjoint(organization.ancestor_ids):
        raise Forbidden("organization_field_fixed")
    _assign(ctx, organization, after)
    organization.revision += 1
    hidden = {"contact_phone": "(changed)"} if "contact_phone" in after else {}
    return Change(before | hidden, after | hidden)


def record_edited(ctx: Context, organization: Organization, changed: Change) -> None:
    """Note what was changed."""
    _record(ctx, "organization.edited", organization, before=changed.before, after=changed.after)


def move_organization(
    ctx: Context, *, organization_id: int, revision: int, parent_id: int
) -> OrganizationView:
    """Hang it, with all below it, elsewhere; raises Missing, Conflict, Invalid.

    The actor must manage both the place it leaves and the one it comes to.
    """
    lock_tree(ctx)
    organization = _fetch_below(ctx, organization_id, revision)
    parent = fetch_open_organization(ctx, parent_id, Permission.MANAGE_ORGANIZATIONS)
    if organization.id in parent.ancestor_ids:
        raise Invalid("organization_parent_unsuitable")
    require_suitable_parent(organization.kind, parent)
    before = {"parent": organization.parent.name}
    if parent.division_code != organization.division_code:
        _change_division(ctx, organization, parent.division_code)
    organization.parent_id = parent.id
    organization.revision += 1
    write(ctx)
    ctx.session.refresh(organization)
    _record(ctx, "organization.moved", organization, before=before, after={"parent": parent.name})
    return view_organization(ctx, organization)


def _change_division(ctx: Context, organization: Organization, division_code: str) -> None:
    ctx.session.execute(
        update(Organization)
        .where(Organization.ancestor_ids.contains([organization.id]))
        .values(division_code=division_code)
    )


def preview_closing(ctx: Context, *, organization_id: int) -> Closing:
    """What closing it would take along; raises Missing, Conflict."""
    return _preview(ctx, _fetch_below(ctx, organization_id, None))


def close_organization(
    ctx: Context, *, organization_id: int, revision: int, reason: str
) -> OrganizationView:
    """Close it and all below it: their people's accounts are disabled, roles held there end.

    Raises Missing, and Conflict while a campaign of theirs is not over.
    """
    lock_tree(ctx)
    organization = _fetch_below(ctx, organization_id, revision)
    taken_along = _preview(ctx, organization)
    if taken_along.campaigns:
        raise Conflict("organization_has_campaigns", campaigns=taken_along.campaigns)
    ids = _subtree(ctx, organization)
    _disable_people(ctx, ids, reason)
    ctx.session.execute(
        update(Organization)
        .where(Organization.id.in_(ids), Organization.closed_at.is_(None))
        .values(closed_at=ctx.now, closing_reason=reason, revision=Organization.revision + 1)
    )
    _record(
        ctx,
        "organization.closed",
        organization,
        after={
            "reason": reason,
            "organizations": taken_along.organizations,
            "accounts": taken_along.accounts,
        },
    )
    ctx.session.refresh(organization)
    return view_organization(ctx, organization)


def _disable_people(ctx: Context, organization_ids: Sequence[int], reason: str) -> None:
    people = select(StaffAccount.id).where(StaffAccount.organization_id.in_(organization_ids))
    ctx.session.execute(
        update(StaffGrant)
        .where(StaffGrant.organization_id.in_(organization_ids), StaffGrant.ended_at.is_(None))
        .values(ended_at=ctx.now)
    )
    ctx.session.execute(
        update(StaffSession)
        .where(StaffSession.staff_id.in_(people), StaffSession.ended_at.is_(None))
        .values(ended_at=ctx.now, end_reason="disabled")
    )
    ctx.session.execute(
        update(StaffAccount)
        .where(
            StaffAccount.organization_id.in_(organization_ids), StaffAccount.disabled_at.is_(None)
        )
        .values(disabled_at=ctx.now, disabled_reason=reason)
    )


def _preview(ctx: Context, organization: Organization) -> Closing:
    ids = _subtree(ctx, organization)
    accounts = (
        select(func.count())
        .select_from(StaffAccount)
        .where(StaffAccount.organization_id.in_(ids), StaffAccount.disabled_at.is_(None))
    )
    campaigns = (
        select(func.count())
        .select_from(Campaign)
        .where(Campaign.organization_id.in_(ids), Campaign.closes_at > ctx.now)
    )
    return Closing(len(ids), ctx.session.scalar(accounts), ctx.session.scalar(campaigns))


def _subtree(ctx: Context, organization: Organization) -> Sequence[int]:
    return ctx.session.scalars(
        select(Organization.id).where(
            Organization.ancestor_ids.contains([organization.id]), Organization.closed_at.is_(None)
        )
    ).all()


def _fetch_below(ctx: Context, organization_id: int, revision: int | None) -> Organization:
    """An open organization within reach that is no commission; raises Missing, Conflict."""
    organization = fetch_organization(
        ctx, organization_id, Permission.MANAGE_ORGANIZATIONS, revision=revision
    )
    if organization.closed_at is not None:
        raise Conflict("organization_closed")
    if organization.kind in COMMISSIONS:
        raise Conflict("commission_fixed")
    return organization


def lock_tree(ctx: Context) -> None:
    """One change of the tree's shape at a time, until the transaction ends."""
    ctx.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": TREE_LOCK})


def _present(
    ctx: Context, organization: Organization, values: dict[str, object]
) -> dict[str, object]:
    present = {name: getattr(organization, name) for name in values if name != "contact_phone"}
    if "contact_phone" in values:
        present["contact_phone"] = read_phone(ctx, organization)
    return present


def _assign(ctx: Context, organization: Organization, values: dict[str, object]) -> None:
    standard = values.get("standard", organization.standard)
    if standard not in (None, "none") and organization.kind not in INSTITUTIONS:
        raise Invalid("standard_only_for_institutions")
    for name, value in values.items():
        if name == "contact_phone":
            crypto = ctx.services.crypto
            organization.contact_phone_encrypted = (
                None if value is None else crypto.encrypt(value, purpose=PHONE_PURPOSE)
            )
        else:
            setattr(organization, name, value)
    organization.search_text = search_key(f"{organization.name} {organization.name_mn or ''}")


def write(ctx: Context) -> None:
    """Write what was added and changed; raises Conflict when a neighbour has the same name."""
    try:
        ctx.session.flush()
    except IntegrityError as error:
        if error.orig.diag.constraint_name != "uq_organizations_name_in_parent":
            raise
        raise Conflict("organization_name_taken") from None


def _record(ctx: Context, action: str, organization: Organization, **values: dict) -> None:
    audit.record(
        ctx,
        action,
        about=("organization", organization.id, organization.name),
        organization_id=organization.id,
        **values,
    )
