"""Wire formats of divisions."""

from marshmallow import Schema, fields

from server.schemas.common import Text, Wire
from services.organizations import ORGANIZATION_KINDS


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
