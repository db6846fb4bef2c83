"""Which event is whose business: one table.

A handler gets the context, the event's members and when it came. It may run again after it failed,
and long after the event. Other events are answered and dropped.
"""

from collections.abc import Callable
from datetime import datetime

from services import accounts, media_checks, privacy
from services.context import Context
from services.push_channel import Content

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


# Subscriptions join here, with subscriptions.choices_in and subscriptions.sent_in:
# subscribe_msg_popup_event, subscribe_msg_change_event, subscribe_msg_sent_event.
HANDLERS: dict[str, Handler] = {
    "user_authorization_revoke": erase_person("wechat_revoked"),
    "user_authorization_cancellation": erase_person("wechat_closed"),
    "user_info_modified": ignore,
    "wxa_media_check": note_media_result,
}
