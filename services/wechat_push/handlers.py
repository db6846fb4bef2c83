"""Which event is whose business: one table.

A handler gets the context, the event's members and when it came. It may run again after it failed,
and long after the event. Other events are answered and dropped.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from services import accounts, media_checks, notifications, privacy
from services.context import Context
from services.push_channel import Content
from services.wechat_push.subscriptions import choices_in, sent_in

Handler = Callable[[Context, Content, datetime], object]


def erase_person(cause: str) -> Handler:
    """Erase whom an event is about, unless they have consented anew since it came.

    Who it is about is in OpenID; it is sent from an account of WeChat's own.
    """

    def handle(ctx: Context, event: Content, received_at: datetime) -> None:
        appid = ctx.services.wechat.appid
        if event.get("AppID", appid) != appid:
            return
        citizen_id = accounts.find_citizen_by_openid(
            ctx, appid=appid, openid=str(event.get("OpenID"))
        )
        if citizen_id is None:
            return
        consent = accounts.read_consent(ctx, citizen_id=citizen_id)
        if consent is None or consent.given_at <= received_at:
            privacy.erase_citizen(ctx, citizen_id=citizen_id, cause=cause)

    return handle


def note_media_result(ctx: Context, event: Content, received_at: datetime) -> None:
    media_checks.note_result(ctx, result=event, received_at=received_at)


def ignore(_ctx: Context, _event: Content, _received_at: datetime) -> None:
    """Names and portraits, which are all that is told here, are nothing we keep."""


def note_choices(ctx: Context, event: Content, _received_at: datetime) -> None:
    for choice in choices_in(event):
        notifications.note_subscription_event(ctx, **asdict(choice))


def note_sent(ctx: Context, event: Content, _received_at: datetime) -> None:
    for sent in sent_in(event):
        notifications.note_sent_event(ctx, **asdict(sent))


HANDLERS: dict[str, Handler] = {
    "subscribe_msg_popup_event": note_choices,
    "subscribe_msg_change_event": note_choices,
    "subscribe_msg_sent_event": note_sent,
    "user_authorization_revoke": erase_person("wechat_revoked"),
    "user_authorization_cancellation": erase_person("wechat_closed"),
    "user_info_modified": ignore,
    "wxa_media_check": note_media_result,
}
