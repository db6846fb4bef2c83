"""Wire formats of the privacy policy and of consents."""

from marshmallow import Schema, fields

from server.schemas.common import Choice, Text, Wire

LONGEST_VERSION = 32


def policy_version(**kwargs) -> Text:
    """The version of the policy that somebody says they have read and consent to."""
    return Text(longest=LONGEST_VERSION, metadata={"example": "1.0"}, **kwargs)


class PolicySectionView(Schema):
    """A part of a policy; Mongolian is null until it is translated."""

    heading = fields.String(required=True)
    heading_mn = fields.String(required=True, allow_none=True)
    paragraphs = fields.List(fields.String(), required=True)
    paragraphs_mn = fields.List(fields.String(), required=True, allow_none=True)


class PolicyView(Schema):
    """A version of a policy."""

    version = fields.String(required=True, metadata={"example": "1.0"})
    effective_on = fields.Date(required=True)
    title = fields.String(required=True)
    title_mn = fields.String(required=True, allow_none=True)
    sections = fields.List(fields.Nested(PolicySectionView), required=True)


class ConsentBody(Wire):
    """A consent."""

    policy_version = policy_version(required=True)


class ConsentView(Schema):
    """A consent, or the withdrawal of one."""

    version = fields.String(required=True)
    is_given = fields.Boolean(required=True)
    at = fields.AwareDateTime(required=True)


class ConsentList(Schema):
    """All of them, the latest first."""

    items = fields.List(fields.Nested(ConsentView), required=True)


class ExportQuery(Wire):
    """In which form."""

    format = Choice("xlsx", "json", load_default="xlsx")


class CurrentConsentView(Schema):
    """The consent that holds."""

    version = fields.String(required=True)
    given_at = fields.AwareDateTime(required=True)
    is_current = fields.Boolean(
        required=True, metadata={"description": "False once a newer version is in force."}
    )
