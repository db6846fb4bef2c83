"""Wire formats of signing in and of one's own account."""

from marshmallow import Schema, fields

from server.schemas.common import Text, Wire
from server.schemas.privacy import CurrentConsentView, policy_version


class WeChatCode(Wire):
    """A code the mini-program got from WeChat: works once, for five minutes."""

    code = Text(longest=512, required=True, metadata={"example": "0a3bXs000abcDE1fGh2003"})


class WeChatSignInBody(WeChatCode):
    """A code, and a consent from whoever has not given it yet."""

    policy_version = policy_version()


class RefreshTokenBody(Wire):
    """The refresh token of a session."""

    refresh_token = Text(longest=128, required=True)


class TokensView(Schema):
    """What the client keeps to stay signed in."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True, metadata={"enum": ["Bearer"]})
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})
    refresh_token = fields.String(
        required=True, metadata={"description": "Works once; the answer brings the next one."}
    )


class ProfileView(Schema):
    """One's own account."""

    created_at = fields.AwareDateTime(required=True)
    phone = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Masked; null while no number is bound.",
            "example": "138****5678",
        },
    )
    consent = fields.Nested(
        CurrentConsentView,
        required=True,
        allow_none=True,
        metadata={"description": "Null where there is none, as in sessions from before."},
    )
    unread_notices = fields.Integer(required=True)
