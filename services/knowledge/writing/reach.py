"""Fetching items of health knowledge for staff, each through a check of who asks."""

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from models import KnowledgeItem, KnowledgePublication, KnowledgeRevision, Organization
from services.access import Permission, is_within_reach
from services.context import Context
from services.errors import Conflict, Missing


def select_items(ctx: Context, *permissions: Permission) -> Select:
    """Items that one of the permissions reaches, with their organization and author."""
    within = [is_within_reach(ctx.actor, permission) for permission in permissions]
    return (
        select(KnowledgeItem)
        .join(Organization, Organization.id == KnowledgeItem.organization_id)
        .where(or_(*within))
        .options(contains_eager(KnowledgeItem.organization), joinedload(KnowledgeItem.author))
    )


def fetch_item(
    ctx: Context, item_id: int, *permissions: Permission, revision: int | None = None
) -> KnowledgeItem:
    """The item if one of the permissions reaches it, locked if a revision is given.

    Raises Missing, and Conflict if the revision is not the present one.
    """
    query = select_items(ctx, *permissions).where(KnowledgeItem.id == item_id)
    if revision is not None:
        query = query.with_for_update(of=KnowledgeItem)
    item = ctx.session.scalar(query.execution_options(populate_existing=True))
    if item is None:
        raise Missing("knowledge_item_not_found")
    if revision is not None and item.revision != revision:
        raise Conflict("edited_meanwhile")
    return item


def reaches(ctx: Context, permission: Permission, organization: Organization) -> bool:
    """Whether the actor has the permission at the organization."""
    return not set(organization.ancestor_ids).isdisjoint(ctx.actor.organizations_for(permission))


def fetch_revision(ctx: Context, item: KnowledgeItem, number: int) -> KnowledgeRevision:
    """A revision of the item, with its author; raises Missing."""
    revision = ctx.session.scalar(
        select(KnowledgeRevision)
        .where(KnowledgeRevision.item_id == item.id, KnowledgeRevision.number == number)
        .options(joinedload(KnowledgeRevision.author))
        .execution_options(populate_existing=True)
    )
    if revision is None:
        raise Missing("knowledge_revision_not_found")
    return revision


def fetch_head(ctx: Context, item: KnowledgeItem) -> KnowledgeRevision:
    """What the item says as it is written now."""
    return fetch_revision(ctx, item, item.head_number)


def find_publication(ctx: Context, item: KnowledgeItem) -> KnowledgePublication | None:
    """What citizens see of the item, if they see it."""
    return ctx.session.get(KnowledgePublication, item.id)
