"""Wire formats of the citizens' inbox and of messages through WeChat."""

from marshmallow import Schema, fields, validate

from server.schemas.common import (
    LARGEST_ID,
    MISSING_MESSAGES,
    Choice,
    PageQuery,
    Text,
    Whole,
    Wire,
    page_of,
)
from server.schemas.organizations import OrganizationBrief
from services import notifications

MOST_CHOICES = 5


class TargetView(Schema):
    """What a notice leads to."""

    type = fields.String(required=True, metadata={"enum": list(notifications.NOTICE_TARGETS)})
    id = fields.Integer(required=True)


class NoticeView(Schema):
    """An entry of the inbox; Mongolian is null where there is none."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": list(notifications.NOTICE_KINDS)})
    title = fields.String(required=True)
    title_mn = fields.String(required=True, allow_none=True)
    body = fields.String(required=True)
    body_mn = fields.String(required=True, allow_none=True)
    target = fields.Nested(TargetView, required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)


NoticePage = page_of(NoticeView, "NoticePage")


class UnreadView(Schema):
    """How many notices were not read yet."""

    count = fields.Integer(required=True)


class SubscriptionChoice(Wire):
    """What the person answered for one template."""

    template = Text(longest=64, required=True, metadata={"example": "campaign_result"})
    result = Text(
        longest=64,
        required=True,
        metadata={
            "example": "accept",
            "description": "As wx.requestSubscribeMessage answered: accept, reject, ban, filter, "
            "acceptWithAudio, acceptWithAlert. What is not known counts as a no.",
        },
    )


class SubscriptionBody(Wire):
    """What wx.requestSubscribeMessage answered, with our codes in place of template ids."""

    choices = fields.List(
        fields.Nested(SubscriptionChoice),
        required=True,
        validate=validate.Length(min=1, max=MOST_CHOICES, error="field_length {min} {max}"),
        error_messages=MISSING_MESSAGES | {"invalid": "field_not_list"},
    )


class MessageQuery(PageQuery):
    """Which messages."""

    state = Choice(*notifications.MESSAGE_STATES)
    organization_id = Whole(least=1, most=LARGEST_ID, metadata={"description": "A subtree."})


class MessageView(Schema):
    """A message through WeChat. `unconfirmed` may have arrived: nobody knows."""

    id = fields.Integer(required=True)
    citizen_id = fields.Integer(required=True)
    organization = fields.Nested(
        OrganizationBrief, required=True, metadata={"description": "Whose act it tells of."}
    )
    template = fields.String(required=True)
    title = fields.String(required=True, attribute="notice.title")
    state = fields.String(required=True, metadata={"enum": list(notifications.MESSAGE_STATES)})
    reason = fields.String(
        required=True, allow_none=True, metadata={"enum": [*notifications.MESSAGE_REASONS, None]}
    )
    attempts = fields.Integer(required=True)
    next_attempt_at = fields.AwareDateTime(required=True)
    last_errcode = fields.Integer(
        required=True, allow_none=True, metadata={"description": "WeChat's; null without one."}
    )
    created_at = fields.AwareDateTime(required=True)
    sent_at = fields.AwareDateTime(required=True, allow_none=True)


MessagePage = page_of(MessageView, "MessagePage")
