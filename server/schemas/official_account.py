"""Wire formats of signing in through an official account."""

import re

from marshmallow import Schema, fields

from server.schemas.common import Text, Wire


class State(Text):
    """What WeChat sends back as it got it; it takes no more than this."""

    default_error_messages = Text.default_error_messages | {"form": "field_state"}
    FORM = "^[A-Za-z0-9]{8,128}$"

    def __init__(self, **kwargs) -> None:
        metadata = {"pattern": self.FORM, "example": "k3Xw9sQ2mL7a"}
        super().__init__(longest=128, shortest=8, metadata=metadata, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(self.FORM, text):
            raise self.make_error("form")
        return text


class SignInAddressQuery(Wire):
    """Where to sign in."""

    state = State(required=True)


class SignInAddress(Schema):
    """WeChat's page that asks the person."""

    url = fields.String(required=True)
