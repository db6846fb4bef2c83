"""Message push: envelopes, repeats, replay, loss, verification, type drift."""

import base64
import json
import struct
import time

import pytest
import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import check_signature

from devtools.wechat_simulator import APPOINTMENT_TEMPLATE, DEFAULT_APPID

TOKEN = "push-token"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
EVENT = {"Event": "user_authorization_revoke", "FromUserName": "o-1", "OpenID": "o-1"}
LIST_EVENT = {"Event": "subscribe_msg_sent_event", "List": [{"TemplateId": "t", "MsgID": "1"}]}


@pytest.fixture
def listening(weixin, callback):
    configure(weixin, callback_url=callback.url, token=TOKEN, push_retry_seconds=0.02)
    return callback


def configure(weixin, **settings):
    weixin.control("/apps", appid=DEFAULT_APPID, **settings)


def send(weixin, event=EVENT, **more):
    return weixin.control("/push", event=event, **more)["delivery"]


def test_a_plain_push_is_signed_json(weixin, listening):
    delivery = send(weixin)
    got = listening.wait()
    query = got["query"]
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    assert query["openid"] == "o-1"
    assert "encrypt_type" not in query
    assert got["type"].startswith("application/json")
    assert json.loads(got["body"]) == {
        "ToUserName": "gh_simulator0001",
        "FromUserName": "o-1",
        "CreateTime": 1_800_000_000,
        "MsgType": "event",
        "Event": "user_authorization_revoke",
        "OpenID": "o-1",
    }
    assert delivery["state"] == "delivered"
    assert len(delivery["attempts"]) == 1


def test_a_plain_push_in_xml(weixin, listening):
    configure(weixin, push_format="xml")
    send(weixin, {"Event": "x", "Note": "a ]]> b & 赛音"})
    got = listening.wait()
    fields = xmltodict.parse(got["body"])["xml"]
    assert got["type"].startswith("text/xml")
    assert fields["Note"] == "a ]]> b & 赛音"
    assert fields["CreateTime"] == "1800000000"


@pytest.mark.parametrize("push_format", ["json", "xml"])
def test_safe_mode_is_what_wechatpy_decrypts(weixin, listening, push_format):
    configure(weixin, aes_key=AES_KEY, push_format=push_format)
    send(weixin)
    got = listening.wait()
    query = got["query"]
    body = json.loads(got["body"]) if push_format == "json" else got["body"]
    crypto = WeChatCrypto(TOKEN, AES_KEY, DEFAULT_APPID)
    text = crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    event = json.loads(text) if push_format == "json" else xmltodict.parse(text)["xml"]
    assert event["OpenID"] == "o-1"
    assert query["encrypt_type"] == "aes"
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    assert query["msg_signature"] != query["signature"]


def test_the_layout_of_the_encrypted_text(weixin, listening):
    configure(weixin, aes_key=AES_KEY)
    send(weixin)
    outer = json.loads(listening.wait()["body"])
    assert set(outer) == {"ToUserName", "Encrypt"}
    key = base64.b64decode(AES_KEY + "=")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(base64.b64decode(outer["Encrypt"])) + decryptor.finalize()
    assert 1 <= plain[-1] <= 32
    plain = plain[: -plain[-1]]
    (length,) = struct.unpack(">I", plain[16:20])
    assert json.loads(plain[20 : 20 + length])["OpenID"] == "o-1"
    assert plain[20 + length :].decode() == DEFAULT_APPID


def test_a_tampered_push_does_not_verify(weixin, listening):
    send(weixin, tampered=True)
    query = listening.wait()["query"]
    with pytest.raises(InvalidSignatureException):
        check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])


@pytest.mark.parametrize("answer", [(500, b"success"), (200, b"failed"), (404, b"")])
def test_an_unanswered_push_is_tried_three_times(weixin, listening, answer):
    listening.answers = [answer] * 4
    delivery = send(weixin)
    assert delivery["state"] == "failed"
    assert [attempt["status"] for attempt in delivery["attempts"]] == [answer[0]] * 3
    assert len(listening.received) == 3
    assert len({got["body"] for got in listening.received}) == 1


def test_a_push_that_nobody_accepts_is_tried_three_times(weixin, listening):
    configure(weixin, callback_url="http://127.0.0.1:9/nobody")
    delivery = send(weixin)
    assert [attempt["error"] for attempt in delivery["attempts"]] == ["ConnectionError"] * 3


@pytest.mark.parametrize("body", [b"success", b""])
def test_an_answer_ends_the_tries(weixin, listening, body):
    listening.answers = [(502, b""), (200, body)]
    delivery = send(weixin)
    assert delivery["state"] == "delivered"
    assert len(delivery["attempts"]) == 2


def test_wechats_five_seconds_are_the_default(weixin):
    app = weixin.state.apps[DEFAULT_APPID]
    assert app.push_timeout_seconds == app.push_retry_seconds == 5


def test_an_answer_after_the_time_limit_is_none(weixin, listening):
    configure(weixin, push_timeout_seconds=0.05)
    listening.delay = 0.1
    delivery = send(weixin)
    assert [attempt["error"] for attempt in delivery["attempts"]] == ["ReadTimeout"] * 3


def test_tries_begin_so_many_seconds_after_each_other(weixin, listening):
    configure(weixin, push_retry_seconds=0.1)
    listening.answers = [(500, b""), (500, b"")]
    started = time.monotonic()
    send(weixin)
    assert time.monotonic() - started >= 0.2


def test_a_delivery_can_be_replayed(weixin, listening):
    first = send(weixin)
    again = weixin.control("/push", replay=first["id"])["delivery"]
    assert again["event"] == first["event"]
    assert again["id"] != first["id"]
    assert listening.received[0]["body"] == listening.received[1]["body"]


def test_pushes_can_be_dropped_and_replayed_later(weixin, listening):
    weixin.control("/push", drop=1)
    lost = send(weixin)
    assert lost["state"] == "dropped"
    assert listening.received == []
    assert send(weixin)["state"] == "delivered"
    assert weixin.control("/push", replay=lost["id"])["delivery"]["state"] == "delivered"
    states = [item["state"] for item in weixin.control("/push", "GET")["deliveries"]]
    assert states == ["dropped", "delivered", "delivered"]


def test_a_push_may_be_sent_without_waiting(weixin, listening):
    send(weixin, wait=False)
    assert listening.wait()["method"] == "POST"


def test_verification_wants_the_echo_verbatim(weixin, listening):
    assert weixin.control("/push", verify=True)["verified"] is True
    got = listening.received[0]
    query = got["query"]
    assert got["method"] == "GET"
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    listening.echo = "something else"
    assert weixin.control("/push", verify=True)["verified"] is False


def test_the_list_is_nested_in_xml_and_at_the_top_in_json(weixin, listening):
    send(weixin, LIST_EVENT)
    assert json.loads(listening.wait()["body"])["List"] == LIST_EVENT["List"]
    configure(weixin, push_format="xml")
    send(weixin, LIST_EVENT)
    fields = xmltodict.parse(listening.wait()["body"])["xml"]
    assert "List" not in fields
    assert fields["SubscribeMsgSentEvent"]["List"]["MsgID"] == "1"


def test_a_longer_list_repeats_the_element_in_xml(weixin, listening):
    configure(weixin, push_format="xml")
    send(weixin, {"Event": "subscribe_msg_popup_event", "List": [{"A": "1"}, {"A": "2"}]})
    fields = xmltodict.parse(listening.wait()["body"])["xml"]
    assert fields["SubscribeMsgPopupEvent"]["List"] == [{"A": "1"}, {"A": "2"}]


def test_types_drift_when_told(weixin, listening):
    configure(weixin, drift={"create_time": "string", "list": "object"})
    send(weixin, LIST_EVENT)
    event = json.loads(listening.wait()["body"])
    assert event["CreateTime"] == "1800000000"
    assert event["List"] == LIST_EVENT["List"][0]
    configure(weixin, drift={"create_time": "number"})
    send(weixin, LIST_EVENT)
    event = json.loads(listening.wait()["body"])
    assert event["CreateTime"] == 1_800_000_000
    assert isinstance(event["List"], dict)


def test_without_a_callback_nothing_is_queued(weixin):
    weixin.control(
        "/subscriptions", openid="o-1", template_id=APPOINTMENT_TEMPLATE, status="accept"
    )
    assert weixin.control("/push", "GET")["deliveries"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": EVENT, "replay": 1},
        {"event": {"OpenID": "o-1"}},
        {"replay": 99},
        {"event": EVENT, "appid": "wxother000000000000"},
    ],
)
def test_unusable_requests_are_explained(weixin, listening, body):
    answer = weixin.try_control("/push", **body)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
