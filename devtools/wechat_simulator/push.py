"""Message push to an app's callback address, in plain and safe mode, as JSON or XML.

WeChat: 消息推送. An unanswered push is repeated twice; only `success` or an empty body within
five seconds is an answer.
"""

import base64
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import requests
from wechatpy.crypto import PrpCrypto
from wechatpy.utils import WeChatSigner

from .state import State, WeChatApp

TRIES = 3
XML_WRAPPERS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}


@dataclass
class Delivery:
    """One event on its way; `state` is pending, delivered, failed, dropped or abandoned."""

    id: int
    app: WeChatApp
    event: dict[str, Any]
    generation: int
    state: str = "pending"
    attempts: list[dict[str, Any]] = field(default_factory=list)
    tampered: bool = False

    def describe(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "appid": self.app.appid,
            "event": self.event,
            "state": self.state,
            "attempts": self.attempts,
        }


def prepare(state: State, app: WeChatApp, name: str, openid: str, fields: dict):
    """Queue an event under the lock; None when the app has no callback address."""
    if not app.callback_url:
        return None
    created = int(state.now())
    event = {
        "ToUserName": app.original_id,
        "FromUserName": openid,
        "CreateTime": str(created) if app.drift.create_time == "string" else created,
        "MsgType": "event",
        "Event": name,
        **fields,
    }
    items = event.get("List")
    if app.drift.list == "object" and isinstance(items, list) and len(items) == 1:
        event["List"] = items[0]
    return enqueue(state, app, event)


def enqueue(state: State, app: WeChatApp, event: dict, *, tampered: bool = False) -> Delivery:
    """Note a delivery; it is dropped at once when /_control/push asked for that."""
    delivery = Delivery(len(state.deliveries) + 1, app, event, state.generation)
    delivery.tampered = tampered
    if state.pushes_to_drop > 0:
        state.pushes_to_drop -= 1
        delivery.state = "dropped"
    state.deliveries.append(delivery)
    return delivery


def deliver_in_background(state: State, delivery: Delivery | None) -> None:
    if delivery is not None:
        threading.Thread(target=deliver, args=(state, delivery), daemon=True).start()


def deliver(state: State, delivery: Delivery) -> None:
    """Push until answered, at most three times, a try beginning every `push_retry_seconds`."""
    if delivery.state == "dropped":
        return
    for number in range(1, TRIES + 1):
        if state.stopping.is_set() or state.generation != delivery.generation:
            delivery.state = "abandoned"
            return
        started_at = time.monotonic()
        if _try_once(state, delivery):
            delivery.state = "delivered"
            return
        if number < TRIES:
            spent = time.monotonic() - started_at
            state.stopping.wait(max(0.0, delivery.app.push_retry_seconds - spent))
    delivery.state = "failed"


def _try_once(state: State, delivery: Delivery) -> bool:
    attempt: dict[str, Any] = {"at": state.now()}
    try:
        response = _post(state, delivery)
        attempt |= {"status": response.status_code, "body": response.text[:500]}
    except requests.RequestException as error:
        attempt["error"] = type(error).__name__
    delivery.attempts.append(attempt)
    return attempt.get("status") == 200 and attempt["body"].strip() in ("", "success")


def _post(state: State, delivery: Delivery) -> requests.Response:
    app = delivery.app
    query, body = envelope(state, app, delivery.event)
    if delivery.tampered:
        query = {**query, "signature": "0" * 40}
        if "msg_signature" in query:
            query["msg_signature"] = "0" * 40
    kind = "application/json" if app.push_format == "json" else "text/xml"
    return _client().post(
        app.callback_url,
        params=query,
        data=body.encode(),
        headers={"Content-Type": kind},
        timeout=app.push_timeout_seconds,
    )


def envelope(state: State, app: WeChatApp, event: dict) -> tuple[dict[str, str], str]:
    """Query and body of a push. In safe mode msg_signature covers the encrypted text."""
    query = _signed_query(state, app)
    query["openid"] = str(event.get("FromUserName", ""))
    text = _render(app, event)
    if not app.aes_key:
        return query, text
    key = base64.b64decode(app.aes_key + "=")
    encrypted = PrpCrypto(key).encrypt(text, app.appid).decode()
    query["encrypt_type"] = "aes"
    query["msg_signature"] = _sign(app.token, query["timestamp"], query["nonce"], encrypted)
    outer = {"ToUserName": app.original_id, "Encrypt": encrypted}
    return query, _to_json(outer) if app.push_format == "json" else f"<xml>{_to_xml(outer)}</xml>"


def verify_callback(state: State, app: WeChatApp) -> bool:
    """The GET that WeChat makes when the address is saved: echostr must come back verbatim."""
    echo = secrets.token_hex(10)
    query = {**_signed_query(state, app), "echostr": echo}
    try:
        response = _client().get(app.callback_url, params=query, timeout=app.push_timeout_seconds)
    except requests.RequestException:
        return False
    return response.status_code == 200 and response.text == echo


def _client() -> requests.Session:
    """Proxy settings of the machine must not catch calls to the loopback address."""
    session = requests.Session()
    session.trust_env = False
    return session


def _signed_query(state: State, app: WeChatApp) -> dict[str, str]:
    timestamp, nonce = str(int(state.now())), str(secrets.randbelow(10**10))
    signature = _sign(app.token, timestamp, nonce)
    return {"signature": signature, "timestamp": timestamp, "nonce": nonce}


def _sign(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    return signer.signature


def _render(app: WeChatApp, event: dict) -> str:
    if app.push_format == "json":
        return _to_json(event)
    wrapper = XML_WRAPPERS.get(event.get("Event", ""))
    if wrapper and "List" in event:
        # XML nests the list under an element named after the event; JSON has it at the top.
        event = {**event, wrapper: {"List": event["List"]}}
        del event["List"]
    return f"<xml>{_to_xml(event)}</xml>"


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _to_xml(fields: dict) -> str:
    return "".join(
        f"<{name}>{_xml_value(item)}</{name}>"
        for name, value in fields.items()
        for item in (value if isinstance(value, list) else [value])
    )


def _xml_value(value: Any) -> str:
    if isinstance(value, dict):
        return _to_xml(value)
    if isinstance(value, str):
        return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return escape(json.dumps(value))
