"""Who may do what: actors, roles and the reach of a role over the organization tree."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import Organization


class Permission(StrEnum):
    """What a role can allow."""

    SEE_HIDDEN_STANDINGS = "see_hidden_standings"


ROLES: dict[str, frozenset[Permission]] = {
    "auditor": frozenset({Permission.SEE_HIDDEN_STANDINGS}),
    "district_manager": frozenset({Permission.SEE_HIDDEN_STANDINGS}),
    "district_officer": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held at an organization; it reaches the whole subtree."""

    role: str
    organization_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: nobody known, a citizen in a session, or staff with their grants."""

    citizen_id: int | None = None
    session_id: int | None = None
    grants: tuple[Grant, ...] = ()
    staff_id: int | None = None

    @property
    def is_citizen(self) -> bool:
        return self.citizen_id is not None


ANONYMOUS = Actor()


def permits(
    session: Session, actor: Actor, permission: Permission, *, organization_id: int
) -> bool:
    """Whether a grant of the actor's allows this at the organization or anywhere above it."""
    granted_at = {
        grant.organization_id for grant in actor.grants if permission in ROLES[grant.role]
    }
    if not granted_at:
        return False
    return not granted_at.isdisjoint(organization_and_those_above(session, organization_id))


def organization_and_those_above(session: Session, organization_id: int) -> list[int]:
    """The ids from this organization up to the root of its tree."""
    chain = (
        select(Organization.id, Organization.parent_id)
        .where(Organization.id == organization_id)
        .cte("chain", recursive=True)
    )
    above = aliased(Organization)
    chain = chain.union_all(
        select(above.id, above.parent_id).join(chain, above.id == chain.c.parent_id)
    )
    return list(session.scalars(select(chain.c.id)))
