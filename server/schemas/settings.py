"""Wire format of what clients are told about the installation."""

from marshmallow import Schema, fields


class OperatorView(Schema):
    """Who answers for people's data."""

    name = fields.String(required=True, metadata={"example": "东胜区卫生健康委员会"})
    contact = fields.String(required=True, metadata={"example": "0477-8888888"})


class MessageTemplateView(Schema):
    """A subscribe message people can be asked to accept."""

    code = fields.String(required=True, metadata={"example": "campaign_result"})
    template_id = fields.String(
        required=True, metadata={"description": "For wx.requestSubscribeMessage."}
    )


class SettingsView(Schema):
    """Facts of this installation, the same for everybody."""

    operator = fields.Nested(OperatorView, required=True)
    browser_sign_in = fields.Boolean(
        required=True,
        metadata={"description": "Whether one can sign in outside the mini-program."},
    )
    message_templates = fields.List(fields.Nested(MessageTemplateView), required=True)
    policy_version = fields.String(required=True, metadata={"example": "1.0"})
