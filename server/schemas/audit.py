"""Wire formats of the trail of who did what."""

from marshmallow import Schema, fields

from server.schemas.common import LARGEST_ID, Moment, PageQuery, Text, Whole, Wire, page_of
from server.schemas.organizations import OrganizationBrief

VALUES = {"additionalProperties": True}


class AuditFilters(Wire):
    """Which records."""

    q = Text(
        longest=64,
        metadata={"description": "Part of the object's or person's name, or a whole request id."},
    )
    staff_id = Whole(least=1, most=LARGEST_ID)
    action = Text(longest=64, metadata={"example": "organization.edited"})
    object_type = Text(longest=64, metadata={"example": "organization"})
    object_id = Text(longest=64)
    organization_id = Whole(least=1, most=LARGEST_ID, metadata={"description": "A subtree."})
    since = Moment(metadata={"description": "Not before this moment."})
    until = Moment(metadata={"description": "Before this moment."})


class AuditQuery(AuditFilters, PageQuery):
    """Which records, and how many of them."""


class AuditPersonView(Schema):
    """Somebody of the staff, by the name they had then."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class AuditRecordView(Schema):
    """One act."""

    number = fields.Integer(required=True, attribute="record.number")
    at = fields.AwareDateTime(required=True, attribute="record.at")
    staff = fields.Nested(
        AuditPersonView,
        required=True,
        allow_none=True,
        metadata={"description": "null for the system and its operator."},
    )
    roles = fields.List(fields.String(), required=True, attribute="record.roles")
    organization = fields.Nested(OrganizationBrief, required=True, allow_none=True)
    action = fields.String(required=True, attribute="record.action")
    object_type = fields.String(required=True, attribute="record.object_type")
    object_id = fields.String(required=True, attribute="record.object_id")
    object_label = fields.String(required=True, attribute="record.object_label")
    before = fields.Dict(
        required=True,
        allow_none=True,
        attribute="record.before",
        metadata=VALUES | {"description": "What changed, as it was."},
    )
    after = fields.Dict(
        required=True,
        allow_none=True,
        attribute="record.after",
        metadata=VALUES | {"description": "What changed, as it is since."},
    )
    address = fields.String(required=True, attribute="record.address")
    request_id = fields.String(required=True, attribute="record.request_id")


class KnownActionsView(Schema):
    """What filters can be chosen from."""

    actions = fields.List(fields.String(), required=True)
    object_types = fields.List(fields.String(), required=True)


AuditPage = page_of(AuditRecordView, "AuditPage")
