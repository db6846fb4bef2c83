"""Wire formats of divisions."""

from marshmallow import Schema, fields

from server.schemas.common import (
    LARGEST_ID,
    Choice,
    Degrees,
    Flag,
    Line,
    PageQuery,
    RowId,
    Text,
    Whole,
    Wire,
    page_of,
    sort_choices,
)
from server.schemas.imports import ImportQuery
from services.organizations import (
    ORGANIZATION_KINDS,
    ORGANIZATION_SORTS,
    PLACEABLE_KINDS,
    STANDARDS,
)


class DivisionQuery(Wire):
    """Which part of the tree of divisions."""

    parent = Text(
        longest=6,
        metadata={"description": "GB/T 2260 code; absent for the region itself."},
    )


class DivisionView(Schema):
    """An administrative division."""

    code = fields.String(required=True, metadata={"example": "150602"})
    level = fields.String(required=True, metadata={"enum": ["region", "city", "district"]})
    name = fields.String(required=True, metadata={"example": "东胜区"})
    name_mn = fields.String(required=True, allow_none=True)


class DivisionList(Schema):
    """The divisions directly below one."""

    items = fields.List(fields.Nested(DivisionView), required=True)


class OrganizationBrief(Schema):
    """An organization by id and name."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": list(ORGANIZATION_KINDS)})
    name = fields.String(required=True)
    name_mn = fields.String(required=True, allow_none=True)


class OrganizationItem(Schema):
    """An organization in a list; telephone numbers are masked."""

    id = fields.Integer(required=True, attribute="organization.id")
    parent = fields.Nested(
        OrganizationBrief, required=True, allow_none=True, attribute="organization.parent"
    )
    kind = fields.String(
        required=True, attribute="organization.kind", metadata={"enum": list(ORGANIZATION_KINDS)}
    )
    division_code = fields.String(required=True, attribute="organization.division_code")
    name = fields.String(required=True, attribute="organization.name")
    name_mn = fields.String(required=True, allow_none=True, attribute="organization.name_mn")
    standard = fields.String(
        required=True, attribute="organization.standard", metadata={"enum": list(STANDARDS)}
    )
    contact_name = fields.String(
        required=True, allow_none=True, attribute="organization.contact_name"
    )
    contact_phone = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True, attribute="organization.address")
    longitude = fields.Float(required=True, allow_none=True, attribute="organization.longitude")
    latitude = fields.Float(required=True, allow_none=True, attribute="organization.latitude")
    population = fields.Integer(required=True, allow_none=True, attribute="organization.population")
    closed_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="organization.closed_at"
    )
    children_count = fields.Integer(required=True)
    revision = fields.Integer(required=True, attribute="organization.revision")


class OrganizationDetail(OrganizationItem):
    """One organization, the path to it from the region, and what may be done with it."""

    path = fields.List(fields.Nested(OrganizationBrief), required=True)
    allowed_actions = fields.List(fields.String(), required=True)


class OrganizationFilters(Wire):
    """Which organizations, in which order."""

    q = Text(longest=64, metadata={"description": "Part of a name."})
    organization_id = Whole(least=1, most=LARGEST_ID, metadata={"description": "A subtree."})
    parent_id = Whole(least=1, most=LARGEST_ID, metadata={"description": "One level only."})
    kind = Choice(*ORGANIZATION_KINDS)
    standard = Choice(*STANDARDS)
    is_closed = Flag(load_default=False)
    sort = Choice(*sort_choices(ORGANIZATION_SORTS), load_default="name")


class OrganizationQuery(PageQuery, OrganizationFilters):
    """Which organizations, in which order, and how many."""


class OrganizationImportQuery(ImportQuery):
    """Where organizations go that name no parent."""

    parent_id = Whole(least=1, most=LARGEST_ID)


class TreeQuery(Wire):
    """Which level of the tree."""

    parent_id = Whole(least=1, most=LARGEST_ID)


class TreeNodeView(Schema):
    """A place in the tree."""

    id = fields.Integer(required=True, attribute="organization.id")
    kind = fields.String(required=True, attribute="organization.kind")
    name = fields.String(required=True, attribute="organization.name")
    name_mn = fields.String(required=True, allow_none=True, attribute="organization.name_mn")
    children_count = fields.Integer(required=True)


class TreeLevel(Schema):
    """What is directly below one place."""

    items = fields.List(fields.Nested(TreeNodeView), required=True)


class OrganizationEditBody(Wire):
    """What may be changed of an organization."""

    name = Line(longest=128)
    name_mn = Line(longest=256, allow_none=True)
    standard = Choice(*STANDARDS)
    contact_name = Line(longest=64, allow_none=True)
    contact_phone = Line(longest=32, allow_none=True)
    address = Line(longest=256, allow_none=True)
    longitude = Degrees(most=180, allow_none=True)
    latitude = Degrees(most=90, allow_none=True)
    population = Whole(least=1, most=2**31 - 1, allow_none=True)


class OrganizationBody(OrganizationEditBody):
    """A new organization."""

    parent_id = RowId(required=True)
    kind = Choice(*PLACEABLE_KINDS, required=True)
    name = Line(longest=128, required=True)


class MoveBody(Wire):
    """Below what it shall hang."""

    parent_id = RowId(required=True)


class ClosingView(Schema):
    """What closing takes along."""

    organizations = fields.Integer(required=True)
    accounts = fields.Integer(required=True)
    campaigns = fields.Integer(required=True)


OrganizationPage = page_of(OrganizationItem, "OrganizationPage")
