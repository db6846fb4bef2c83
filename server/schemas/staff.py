"""Wire formats of the console's sessions, accounts and roles."""

import re

from marshmallow import Schema, fields

from server.schemas.common import (
    Choice,
    Line,
    PageQuery,
    RowId,
    Text,
    Whole,
    Wire,
    page_of,
    sort_choices,
)
from server.schemas.organizations import OrganizationBrief
from services.access import ROLES, Permission
from services.staff import ACCOUNT_SORTS, ACCOUNT_STATUSES, DUTIES, LONGEST_PASSWORD

STEPS = ("totp_setup", "totp", "password_change", "ready")
USERNAME = {"pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$", "example": "wulan"}
SIGN_IN_RESULTS = ("signed_in", "wrong_password", "wrong_code", "locked", "disabled")


class Username(Text):
    """Three to 32 letters, digits, points, hyphens and underscores."""

    default_error_messages = Text.default_error_messages | {"form": "field_username"}

    def __init__(self, **kwargs) -> None:
        super().__init__(longest=32, shortest=3, metadata=USERNAME, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if not re.fullmatch(USERNAME["pattern"], text):
            raise self.make_error("form")
        return text


class SignInBody(Wire):
    """The first step of signing in."""

    username = Text(longest=64, required=True, metadata={"example": "wulan"})
    password = Text(longest=LONGEST_PASSWORD, required=True)


class TotpBody(Wire):
    """The second step."""

    code = Text(longest=6, shortest=6, required=True, metadata={"example": "123456"})


class TotpSetupView(Schema):
    """What an authenticator app needs."""

    secret = fields.String(required=True)
    otpauth_url = fields.String(required=True)


class PasswordBody(Wire):
    """Another password."""

    current_password = Text(longest=LONGEST_PASSWORD, required=True)
    new_password = Text(longest=LONGEST_PASSWORD, required=True)


class PasswordPolicyView(Schema):
    """What a password must be like."""

    min_length = fields.Integer(required=True, attribute="password_min_length")
    classes = fields.Integer(
        required=True,
        attribute="password_classes",
        metadata={"description": "How many of lower case, upper case, digits, others it needs."},
    )
    lock_after = fields.Integer(required=True)


class PersonView(Schema):
    """Who is signed in."""

    id = fields.Integer(required=True)
    username = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    organization = fields.Nested(OrganizationBrief, required=True)


class GrantView(Schema):
    """A role held at an organization and in everything below it."""

    id = fields.Integer(required=True)
    role = fields.String(required=True, metadata={"enum": list(ROLES)})
    organization = fields.Nested(OrganizationBrief, required=True)
    granted_at = fields.AwareDateTime(required=True)


class SessionView(Schema):
    """The console's session: who, with which rights, and the step that is still missing."""

    step = fields.String(required=True, metadata={"enum": list(STEPS)})
    csrf_token = fields.String(required=True)
    staff = fields.Nested(PersonView, required=True)
    grants = fields.List(fields.Nested(GrantView), required=True)
    permissions = fields.List(fields.String(), required=True)
    idle_minutes = fields.Integer(required=True)
    expires_at = fields.AwareDateTime(required=True)
    site_url = fields.String(
        required=True, metadata={"description": "Where citizens find the site, for printed codes."}
    )


class InvitationTokenBody(Wire):
    """The part of an invitation's address after the #."""

    token = Text(longest=64, required=True)


class InvitationView(Schema):
    """Whom an invitation is for."""

    purpose = fields.String(required=True, metadata={"enum": ["join", "reset"]})
    name = fields.String(required=True)
    username = fields.String(required=True, allow_none=True)
    organization = fields.Nested(OrganizationBrief, required=True)
    expires_at = fields.AwareDateTime(required=True)


class AcceptBody(InvitationTokenBody):
    """A password of one's own; the username is chosen on joining and stays."""

    username = Username()
    password = Text(longest=LONGEST_PASSWORD, required=True)


class OwnSessionView(Schema):
    """Where one is signed in."""

    id = fields.Integer(required=True, attribute="session.id")
    created_at = fields.AwareDateTime(required=True, attribute="session.created_at")
    last_seen_at = fields.AwareDateTime(required=True, attribute="session.last_seen_at")
    address = fields.String(required=True, attribute="session.address")
    user_agent = fields.String(required=True, attribute="session.user_agent")
    is_current = fields.Boolean(required=True)


class OwnSessionList(Schema):
    """All of them, the latest first."""

    items = fields.List(fields.Nested(OwnSessionView), required=True)


class SignInView(Schema):
    """A try to sign in to one's account."""

    id = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    result = fields.String(required=True, metadata={"enum": list(SIGN_IN_RESULTS)})
    address = fields.String(required=True)
    user_agent = fields.String(required=True)


class AccountView(Schema):
    """A staff account."""

    id = fields.Integer(required=True, attribute="account.id")
    name = fields.String(required=True, attribute="account.name")
    username = fields.String(required=True, allow_none=True, attribute="account.username")
    duty = fields.String(required=True, attribute="account.duty", metadata={"enum": list(DUTIES)})
    status = fields.String(required=True, metadata={"enum": list(ACCOUNT_STATUSES)})
    organization = fields.Nested(OrganizationBrief, required=True, attribute="account.organization")
    grants = fields.List(fields.Nested(GrantView), required=True, attribute="account.grants")
    has_totp = fields.Boolean(required=True)
    disabled_reason = fields.String(
        required=True, allow_none=True, attribute="account.disabled_reason"
    )
    created_at = fields.AwareDateTime(required=True, attribute="account.created_at")
    last_signed_in_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="account.last_signed_in_at"
    )
    revision = fields.Integer(required=True, attribute="account.revision")


class AccountFilters(Wire):
    """Which accounts, in which order."""

    q = Text(longest=64, metadata={"description": "Part of a name or username."})
    organization_id = Whole(least=1, most=2**63 - 1)
    role = Choice(*ROLES)
    status = Choice(*ACCOUNT_STATUSES)
    sort = Choice(*sort_choices(ACCOUNT_SORTS), load_default="name")


class AccountQuery(PageQuery, AccountFilters):
    """Which accounts, in which order, and how many."""


class AccountBody(Wire):
    """A new account, with a first role where the caller may grant it."""

    name = Line(longest=64, required=True)
    organization_id = RowId(required=True)
    duty = Choice(*DUTIES, load_default="business")
    role = Choice(*ROLES)


class AccountEditBody(Wire):
    """What may be changed of an account."""

    name = Line(longest=64)
    organization_id = RowId()


class GrantBody(Wire):
    """A role, and where it is held."""

    role = Choice(*ROLES, required=True)
    organization_id = RowId(required=True)


class NewInvitationView(Schema):
    """A one-time link, shown this once."""

    account = fields.Nested(AccountView, required=True)
    link = fields.String(
        required=True, metadata={"example": "/console/invitation#k3Jv…", "description": "A path."}
    )
    expires_at = fields.AwareDateTime(required=True)


class RoleView(Schema):
    """A row of the table of permissions."""

    code = fields.String(required=True)
    duty = fields.String(required=True)
    held_at = fields.List(fields.String(), required=True)
    permissions = fields.List(fields.String(), required=True)
    grants = fields.List(fields.String(), required=True)


class RoleTable(Schema):
    """The one table of permissions."""

    roles = fields.List(fields.Nested(RoleView), required=True)
    permissions = fields.List(
        fields.String(metadata={"enum": [each.value for each in Permission]}), required=True
    )


AccountPage = page_of(AccountView, "StaffAccountPage")
SignInPage = page_of(SignInView, "StaffSignInPage")
