"""Subscribe messages and the counters behind them. WeChat: 订阅消息 send, 订阅消息事件推送."""

import json
import re
import secrets

from . import push
from .endpoint import Call, api, ok
from .errors import ApiError
from .limits import Limit
from .state import State, Template, User, WeChatApp
from .template_rules import first_refused_key

SEND_LIMITS = (Limit(10_000_000, "day"),)
PROGRAM_STATES = ("developer", "trial", "formal")
LANGUAGES = ("zh_CN", "en_US", "zh_HK", "zh_TW")
EVENT_NAMES = {
    "popup": "subscribe_msg_popup_event",
    "change": "subscribe_msg_change_event",
    "sent": "subscribe_msg_sent_event",
}
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")


@api("/cgi-bin/message/subscribe/send", limits=SEND_LIMITS, holds_lock=False)
def send_message(call: Call) -> dict:
    """WeChat: 40003, 40037, 43107, 41030, 47003, 45168, 43108, 43101.

    Sending takes the app's `send_seconds`; a second send to the same openid meanwhile is
    refused with 43108. A refused send uses up nothing.
    """
    state, app = call.state, call.app
    with state.lock:
        user, template = _receiver(call), _template(call)
        _check_message(call, template)
        _begin_sending(app, user, template)
    state.stopping.wait(app.send_seconds)
    with state.lock:
        app.sending_to.discard(user.openid)
        message = _remember_message(call, user, template)
        delivery = _sent_event(state, app, user, template, message)
    push.deliver_in_background(state, delivery)
    return ok(msgid=message["msgid"])


def _receiver(call: Call) -> User:
    user = call.app.users.get(call.text("touser", 40003))
    if user is None:
        raise ApiError(40003)
    return user


def _template(call: Call) -> Template:
    template = call.app.templates.get(call.text("template_id", 40037))
    if template is None:
        raise ApiError(40037)
    if template.banned:
        raise ApiError(43107)
    return template


def _check_message(call: Call, template: Template) -> None:
    _check_options(call)
    data = call.body.get("data")
    if not isinstance(data, dict):
        raise ApiError(47001)
    wrong = _first_escaped_key(call, template) or first_refused_key(template, data)
    if wrong:
        raise ApiError(47003, f"argument invalid! data.{wrong}.value invalid")
    values = [data[key]["value"] for key in template.keys]
    if any(word in value for word in call.state.sensitive_words for value in values):
        raise ApiError(45168)


def _check_options(call: Call) -> None:
    program_state = call.body.get("miniprogram_state", "formal")
    if program_state not in PROGRAM_STATES or call.body.get("lang", "zh_CN") not in LANGUAGES:
        raise ApiError(40097)
    page = call.body.get("page")
    if not page:
        return
    if not isinstance(page, str):
        raise ApiError(41030)
    if program_state == "formal" and page.split("?")[0] not in call.app.published_pages:
        raise ApiError(41030)


def _first_escaped_key(call: Call, template: Template) -> str | None:
    """WeChat reads template data as it stands, so Chinese sent as \\uXXXX is a wrong value."""
    as_it_stands = json.loads(ESCAPE.sub(_keep_unicode_escape, call.raw)).get("data", {})
    for key in template.keys:
        if as_it_stands.get(key) != call.body["data"].get(key):
            return key
    return None


def _keep_unicode_escape(found: re.Match) -> str:
    return "\\" + found[0] if found[1].startswith("u") else found[0]


def _begin_sending(app: WeChatApp, user: User, template: Template) -> None:
    if user.openid in app.sending_to:
        raise ApiError(43108)
    counter = (user.openid, template.template_id)
    if app.subscriptions[counter] <= 0:
        raise ApiError(43101)
    if template.kind == "one_time":
        app.subscriptions[counter] -= 1
    app.sending_to.add(user.openid)


def _remember_message(call: Call, user: User, template: Template) -> dict:
    message = {
        "msgid": secrets.randbelow(2**62),
        "appid": call.app.appid,
        "touser": user.openid,
        "template_id": template.template_id,
        "page": call.body.get("page"),
        "miniprogram_state": call.body.get("miniprogram_state", "formal"),
        "lang": call.body.get("lang", "zh_CN"),
        "data": {key: call.body["data"][key]["value"] for key in template.keys},
        "sent_at": call.now(),
    }
    call.state.messages.append(message)
    return message


def _sent_event(state, app, user, template, message):
    item = {
        "TemplateId": template.template_id,
        "MsgID": str(message["msgid"]),
        "ErrorCode": "0",
        "ErrorStatus": "success",
    }
    return push.prepare(state, app, EVENT_NAMES["sent"], user.openid, {"List": [item]})


def record_choice(
    app: WeChatApp, user: User, template: Template, accepted: bool, source: str, times: int
) -> int:
    """Apply the user's choice and return what may now be sent.

    WeChat: each accept of a one-time template allows exactly one message, without expiry. A
    reject in the pop-up takes nothing back; one in the settings ends the subscription.
    """
    counter = (user.openid, template.template_id)
    if accepted and template.kind == "one_time":
        app.subscriptions[counter] += times
    elif accepted:
        app.subscriptions[counter] = 1
    elif source == "change" or template.kind == "long_term":
        app.subscriptions[counter] = 0
    return app.subscriptions[counter]


def choice_event(state: State, app, user, template: Template, accepted: bool, source: str):
    """The push event of a choice: `popup` after the request, `change` from the settings."""
    item = {
        "TemplateId": template.template_id,
        "SubscribeStatusString": "accept" if accepted else "reject",
    }
    if source == "popup":
        item["PopupScene"] = "0"
    return push.prepare(state, app, EVENT_NAMES[source], user.openid, {"List": [item]})
