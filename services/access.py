"""Who may do what: actors, roles, and the reach of a role over the organization tree.

ROLES is the one table of permissions; the console shows it as it stands here.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from models import Organization
from models.organizations import COMMISSIONS, INSTITUTIONS, ORGANIZATION_KINDS


class Permission(StrEnum):
    """What a role can allow, at the organization it is held at and everywhere below."""

    VIEW_DASHBOARD = "view_dashboard"
    VIEW_ORGANIZATIONS = "view_organizations"
    EDIT_ORGANIZATION = "edit_organization"
    MANAGE_ORGANIZATIONS = "manage_organizations"
    VIEW_STAFF = "view_staff"
    MANAGE_STAFF = "manage_staff"
    SECURE_STAFF = "secure_staff"
    GRANT_ROLES = "grant_roles"
    VIEW_CAMPAIGNS = "view_campaigns"
    MANAGE_CAMPAIGNS = "manage_campaigns"
    PUBLISH_RESULTS = "publish_results"
    REVIEW_BALLOTS = "review_ballots"
    SEE_HIDDEN_STANDINGS = "see_hidden_standings"
    VIEW_NOMINATIONS = "view_nominations"
    NOMINATE = "nominate"
    REVIEW_NOMINATIONS = "review_nominations"
    UPLOAD_FILES = "upload_files"
    MANAGE_MESSAGES = "manage_messages"
    VIEW_KNOWLEDGE = "view_knowledge"
    WRITE_KNOWLEDGE = "write_knowledge"
    REVIEW_KNOWLEDGE = "review_knowledge"
    PUBLISH_KNOWLEDGE = "publish_knowledge"
    MANAGE_KNOWLEDGE = "manage_knowledge"
    ANSWER_READERS = "answer_readers"
    VIEW_PUBLICITY = "view_publicity"
    RECORD_PUBLICITY = "record_publicity"
    CONFIRM_PUBLICITY = "confirm_publicity"
    READ_AUDIT = "read_audit"


@dataclass(frozen=True, slots=True)
class Role:
    """What a role allows, at which kinds of organization it is held, which roles it may grant."""

    held_at: tuple[str, ...]
    permissions: frozenset[Permission]
    grants: tuple[str, ...] = ()


_P = Permission
_ANYWHERE = frozenset({_P.VIEW_DASHBOARD, _P.VIEW_ORGANIZATIONS})
_WRITING = frozenset({_P.VIEW_KNOWLEDGE, _P.WRITE_KNOWLEDGE, _P.VIEW_PUBLICITY})
_IN_AN_INSTITUTION = (
    _ANYWHERE | _WRITING | {_P.NOMINATE, _P.VIEW_NOMINATIONS, _P.UPLOAD_FILES, _P.RECORD_PUBLICITY}
)
_IN_A_COMMISSION = (
    _ANYWHERE
    | _WRITING
    | {
        _P.VIEW_STAFF,
        _P.VIEW_CAMPAIGNS,
        _P.MANAGE_CAMPAIGNS,
        _P.REVIEW_BALLOTS,
        _P.VIEW_NOMINATIONS,
        _P.REVIEW_NOMINATIONS,
        _P.UPLOAD_FILES,
        _P.PUBLISH_KNOWLEDGE,
        _P.ANSWER_READERS,
        _P.CONFIRM_PUBLICITY,
    }
)
_LEADING_PEOPLE = frozenset({_P.VIEW_STAFF, _P.MANAGE_STAFF, _P.GRANT_ROLES, _P.EDIT_ORGANIZATION})
_LEADING_A_COMMISSION = (
    _IN_A_COMMISSION
    | _LEADING_PEOPLE
    | {
        _P.MANAGE_ORGANIZATIONS,
        _P.PUBLISH_RESULTS,
        _P.SEE_HIDDEN_STANDINGS,
        _P.MANAGE_MESSAGES,
        _P.MANAGE_KNOWLEDGE,
    }
)
_IN_INSTITUTIONS = (*INSTITUTIONS, "school")
_OF_INSTITUTIONS = ("institution_staff", "institution_manager")
_BELOW_DISTRICT_MANAGERS = (
    *_OF_INSTITUTIONS,
    "department_reporter",
    "medical_reviewer",
    "district_officer",
)
_OF_DISTRICTS = (*_BELOW_DISTRICT_MANAGERS, "district_manager")
_BUSINESS = (*_OF_DISTRICTS, "city_officer", "region_officer")

ROLES: dict[str, Role] = {
    "institution_staff": Role(_IN_INSTITUTIONS, _IN_AN_INSTITUTION),
    "institution_manager": Role(
        _IN_INSTITUTIONS, _IN_AN_INSTITUTION | _LEADING_PEOPLE, grants=_OF_INSTITUTIONS
    ),
    "department_reporter": Role(("department",), _ANYWHERE),
    # Looks at health knowledge as a doctor does; a duty of its own, so that who runs the work of a
    # commission does not vouch for its medicine.
    "medical_reviewer": Role(
        COMMISSIONS, _ANYWHERE | {_P.VIEW_KNOWLEDGE, _P.REVIEW_KNOWLEDGE, _P.UPLOAD_FILES}
    ),
    "district_officer": Role(("district_commission",), _IN_A_COMMISSION),
    "district_manager": Role(
        ("district_commission",),
        _LEADING_A_COMMISSION,
        grants=_BELOW_DISTRICT_MANAGERS,
    ),
    "city_officer": Role(("city_commission",), _LEADING_A_COMMISSION, grants=_OF_DISTRICTS),
    "region_officer": Role(
        ("region_commission",), _LEADING_A_COMMISSION, grants=(*_OF_DISTRICTS, "city_officer")
    ),
    "auditor": Role(
        COMMISSIONS,
        _ANYWHERE
        | {
            _P.VIEW_STAFF,
            _P.VIEW_CAMPAIGNS,
            _P.SEE_HIDDEN_STANDINGS,
            _P.VIEW_NOMINATIONS,
            _P.VIEW_KNOWLEDGE,
            _P.VIEW_PUBLICITY,
            _P.READ_AUDIT,
        },
    ),
    "security_administrator": Role(
        COMMISSIONS,
        _ANYWHERE | {_P.VIEW_STAFF, _P.SECURE_STAFF, _P.GRANT_ROLES},
        grants=(*_BUSINESS, "auditor", "security_administrator", "system_administrator"),
    ),
    "system_administrator": Role(
        COMMISSIONS,
        _ANYWHERE
        | {
            _P.EDIT_ORGANIZATION,
            _P.MANAGE_ORGANIZATIONS,
            _P.VIEW_STAFF,
            _P.MANAGE_STAFF,
            _P.MANAGE_MESSAGES,
        },
    ),
}
assert {kind for role in ROLES.values() for kind in role.held_at} == set(ORGANIZATION_KINDS)


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
    staff_id: int | None = None
    staff_session_id: int | None = None
    staff_name: str = ""
    grants: tuple[Grant, ...] = ()

    @property
    def is_citizen(self) -> bool:
        return self.citizen_id is not None

    @property
    def is_staff(self) -> bool:
        return self.staff_id is not None

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the actor may do somewhere."""
        return frozenset().union(*(ROLES[grant.role].permissions for grant in self.grants))

    def organizations_for(self, permission: Permission) -> list[int]:
        """Where the actor holds a role with this permission; it reaches the subtrees of these."""
        return sorted(
            {
                grant.organization_id
                for grant in self.grants
                if permission in ROLES[grant.role].permissions
            }
        )


ANONYMOUS = Actor()


def is_within_reach(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """The condition on rows of Organization that the actor's permission reaches them."""
    held_at = actor.organizations_for(permission)
    return Organization.ancestor_ids.overlap(held_at) if held_at else false()


def permits(
    session: Session, actor: Actor, permission: Permission, *, organization_id: int
) -> bool:
    """Whether a grant of the actor's allows this at the organization or anywhere above it."""
    held_at = actor.organizations_for(permission)
    return bool(held_at) and not set(held_at).isdisjoint(
        organization_and_those_above(session, organization_id)
    )


def organization_and_those_above(session: Session, organization_id: int) -> list[int]:
    """The ids from the root of the tree to this organization; none for an unknown one."""
    path = session.scalar(
        select(Organization.ancestor_ids).where(Organization.id == organization_id)
    )
    return path or []


def top_of_reach(session: Session, actor: Actor, permission: Permission) -> int | None:
    """The lowest organization that has all within the permission's reach at or below it."""
    held_at = actor.organizations_for(permission)
    paths = session.scalars(
        select(Organization.ancestor_ids).where(Organization.id.in_(held_at))
    ).all()
    shared = [steps[0] for steps in zip(*paths, strict=False) if len(set(steps)) == 1]
    return shared[-1] if shared else None


def grantable_roles(session: Session, actor: Actor, *, organization_id: int) -> set[str]:
    """The roles the actor may grant, and end, at this organization."""
    above = organization_and_those_above(session, organization_id)
    kind = session.scalar(select(Organization.kind).where(Organization.id == organization_id))
    return {
        role
        for grant in actor.grants
        if grant.organization_id in above
        for role in ROLES[grant.role].grants
        if kind in ROLES[role].held_at
    }
