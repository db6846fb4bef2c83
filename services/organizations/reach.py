"""Fetching organizations, each through a check of who asks."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import Organization
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Conflict, Missing


def fetch_organization(
    ctx: Context,
    organization_id: int,
    permission: Permission,
    *,
    revision: int | None = None,
    is_locked: bool = False,
) -> Organization:
    """The organization, with the one above it, if the permission reaches it; raises Missing.

    With a `revision` that is not the present one it raises Conflict.
    """
    query = (
        select(Organization)
        .where(Organization.id == organization_id, is_within_reach(ctx.actor, permission))
        .options(joinedload(Organization.parent))
        .execution_options(populate_existing=True)
    )
    if is_locked or revision is not None:
        query = query.with_for_update(of=Organization)
    organization = ctx.session.scalar(query)
    if organization is None:
        raise Missing("organization_not_found")
    if revision is not None and organization.revision != revision:
        raise Conflict("edited_meanwhile")
    return organization


def fetch_open_organization(
    ctx: Context, organization_id: int, permission: Permission
) -> Organization:
    """The organization within reach, unless it has closed; raises Missing, Conflict."""
    organization = fetch_organization(ctx, organization_id, permission)
    if organization.closed_at is not None:
        raise Conflict("organization_closed")
    return organization
