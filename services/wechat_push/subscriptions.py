"""The events of subscribe messages, which come in three shapes, read into one."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.push_channel import Content

SOURCES = {
    "subscribe_msg_popup_event": "popup",
    "subscribe_msg_change_event": "change",
}
# XML nests the list in an element of this name; JSON has it at the top.
WRAPPERS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose for a template: `source` is "popup", or "change" in their settings."""

    openid: str
    template_id: str
    is_accepted: bool
    source: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message WeChat took; `errcode` 0 is delivered."""

    openid: str
    template_id: str
    msgid: str
    errcode: int


def choices_in(event: Content) -> Iterator[Choice]:
    """The choices in a popup or change event; what is not whole is passed over."""
    for item in _items(event):
        status = item.get("SubscribeStatusString")
        if "TemplateId" in item and status in ("accept", "reject"):
            yield Choice(
                str(event.get("FromUserName", "")),
                str(item["TemplateId"]),
                status == "accept",
                SOURCES[event["Event"]],
            )


def sent_in(event: Content) -> Iterator[Sent]:
    """The messages in a sent event; what is not whole is passed over."""
    for item in _items(event):
        errcode = str(item.get("ErrorCode", ""))
        if "TemplateId" in item and "MsgID" in item and errcode.lstrip("-").isdecimal():
            yield Sent(
                str(event.get("FromUserName", "")),
                str(item["TemplateId"]),
                str(item["MsgID"]),
                int(errcode),
            )


def _items(event: Content) -> list[Content]:
    """The event's list, which may be one object instead, or lie in an element of its own."""
    holder = next((event[name] for name in WRAPPERS if isinstance(event.get(name), dict)), event)
    found = holder.get("List", [])
    items = found if isinstance(found, list) else [found]
    return [item for item in items if isinstance(item, dict)]
