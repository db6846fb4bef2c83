"""Only what WeChat signed, just now and for us, is taken; whatever else comes is a 4xx."""

import base64
import json
import struct
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto

from devtools.wechat_simulator import push
from models import WeChatEvent
from services.push_channel.channel import decode_aes_key
from tests.http import code_of
from tests.wechat_push.conftest import AES_KEY, PATH, TOKEN, as_text

EVENT = {"Event": "user_info_modified", "OpenID": "o-1"}


def assert_refused(answer) -> None:
    assert (answer.status_code, code_of(answer)) == (403, "push_refused")


def assert_malformed(answer) -> None:
    assert (answer.status_code, code_of(answer)) == (400, "malformed_request")


def sealed(text: bytes, appid: str = "wxsimulator0000000") -> str:
    return PrpCrypto(decode_aes_key(AES_KEY)).encrypt(text.decode(), appid).decode()


def sign(pusher, encrypted: str) -> tuple[dict, str]:
    """A true signature over any cipher text."""
    query = push._signed_query(pusher, pusher.app)
    query["msg_signature"] = push._sign(TOKEN, query["timestamp"], query["nonce"], encrypted)
    return query, as_text({"ToUserName": "gh", "Encrypt": encrypted})


def test_it_is_not_there_until_it_is_set_up(app):
    for method in ("GET", "POST"):
        assert app.test_client().open(PATH, method=method).status_code == 404


def test_a_push_is_taken_and_kept_once(pusher, events):
    answer = pusher.push(EVENT)
    assert (answer.status_code, answer.data) == (200, b"success")
    assert answer.content_type == "text/plain; charset=utf-8"
    (event,) = events()
    assert (event.name, event.content["OpenID"]) == ("user_info_modified", "o-1")


@pytest.mark.parametrize("event", [{"Event": "debug_demo"}, {"MsgType": "text", "Content": "你好"}])
def test_what_is_nothing_to_us_is_answered_and_dropped(pusher, events, event):
    assert pusher.push(event).data == b"success"
    assert events() == []


def test_the_echo_is_verbatim_text(safe):
    echo = "<script>7&x=赛音"
    query = push._signed_query(safe, safe.app) | {"echostr": echo}
    answer = safe.client.get(PATH, query_string=query)
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, echo)
    assert answer.mimetype == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_echo_is_for_wechat_only(safe, clock):
    query = push._signed_query(safe, safe.app) | {"echostr": "echo"}
    assert_refused(safe.client.get(PATH, query_string=query | {"signature": "0" * 40}))
    assert_refused(safe.client.get(PATH, query_string={}))
    clock.advance(seconds=301)
    assert_refused(safe.client.get(PATH, query_string=query))
    fresh = push._signed_query(safe, safe.app)
    assert_malformed(safe.client.get(PATH, query_string=fresh))


@pytest.mark.parametrize(("seconds", "status"), [(300, 200), (301, 403), (-300, 200), (-301, 403)])
def test_five_minutes_either_way(pusher, clock, seconds, status, events):
    query, body = pusher.envelope(EVENT)
    clock.set(clock.now() + timedelta(seconds=seconds))
    assert pusher.post(query, body).status_code == status
    assert len(events()) == (status == 200)


@pytest.mark.parametrize("name", ["the signature", "timestamp", "nonce"])
def test_a_query_that_was_changed(safe, plain, events, name):
    for pusher, signature in ((safe, "msg_signature"), (plain, "signature")):
        changed = signature if name == "the signature" else name
        for value in (None, "", "0" * 40, "é" * 40, "1" * 3000, "?"):
            query, body = pusher.envelope(EVENT)
            query.pop(changed)
            if value is not None:
                query[changed] = value
            assert_refused(pusher.post(query, body))
    assert events() == []


def test_the_plain_signature_does_not_open_safe_mode(safe, events):
    query, body = safe.envelope(EVENT)
    query["msg_signature"] = query["signature"]
    assert_refused(safe.post(query, body))
    assert events() == []


def test_a_plain_message_is_refused_in_safe_mode(safe, plain, events):
    assert_refused(safe.post(*plain.envelope(EVENT)))
    assert events() == []


def test_a_cipher_text_that_was_changed(safe, events):
    query, body = safe.envelope(EVENT)
    outer = json.loads(body)
    text = outer["Encrypt"]
    for changed in (text[:-4], text[:40] + "A" + text[41:], text + "AAAA", ""):
        assert_refused(safe.post(query, as_text(outer | {"Encrypt": changed})))
    assert events() == []


def test_a_signed_cipher_text_that_is_none(safe, events):
    for encrypted in (
        "",
        "A",
        "不是",
        "AAAA",
        "!" * 64,
        base64.b64encode(bytes(31)).decode(),
        base64.b64encode(bytes(32)).decode(),
        base64.b64encode(bytes(16)).decode(),
        base64.b64encode(b"\xff" * 48).decode(),
        sealed(b"{}")[:-5],
    ):
        assert_malformed(safe.post(*sign(safe, encrypted)))
    assert events() == []


def test_a_length_that_lies(safe, events):
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = decode_aes_key(AES_KEY)
    for length in (2**32 - 1, 500):
        text = bytes(16) + struct.pack(">I", length) + b"{}" + b"wxsimulator0000000"
        padding = 32 - len(text) % 32
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        cipher = encryptor.update(text + bytes([padding]) * padding) + encryptor.finalize()
        assert_malformed(safe.post(*sign(safe, base64.b64encode(cipher).decode())))
    assert events() == []


def test_a_message_for_another_app(safe, events):
    text = as_text({"MsgType": "event"} | EVENT).encode()
    for appid in ("wxother000000000000", "", "wxsimulator00000000"):
        assert_refused(safe.post(*sign(safe, sealed(text, appid))))
    assert events() == []


BOMB = """<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><xml><MsgType>event</MsgType><Event>&b;</Event></xml>"""
THIEF = """<!DOCTYPE xml [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Event>&f;</Event></xml>"""
NOT_MESSAGES = [
    "",
    "null",
    "[]",
    "7",
    "{",
    '{"Event": NaN}',
    '{"Event": "\\ud800"}',
    '{"Event": "\\u0000", "MsgType": "event"}',
    '{"a":' * 9_000 + "1",
    "[" * 30_000,
    "<xml>",
    "<xml></xml>",
    "<other><Event>x</Event></other>",
    "<xml><a></xml>",
    '<?xml version="1.0" encoding="no-such"?><xml><a>1</a></xml>',
    "<xml>" + "<a>" * 9000,
    "<xml>" + "<a/>" * 5000 + "</xml>",
    "<xml>" + "<a>" * 30 + "</a>" * 30 + "</xml>",
    BOMB,
    THIEF,
]


def test_a_message_that_is_none(plain, safe, events):
    for body in NOT_MESSAGES:
        query, _ = plain.envelope(EVENT)
        assert_malformed(plain.post(query, body))
        if len(body) < 40_000:
            assert_malformed(safe.post(*sign(safe, sealed(body.encode()))))
    assert events() == []


def test_bytes_that_are_no_text(plain, safe):
    query, _ = plain.envelope(EVENT)
    assert_malformed(plain.post(query, b"\xff\xfe{}"))
    assert safe.post(query, b"\xff\xfe{}").status_code == 400


def test_a_body_of_ten_megabytes(pusher, events):
    query, _ = pusher.envelope(EVENT)
    answer = pusher.post(query, b"{" + b"x" * 10_000_000)
    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")
    assert events() == []


def test_whatever_is_sent_is_never_our_fault(plain, safe):
    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(body=st.one_of(st.binary(max_size=300), st.text(max_size=100).map(str.encode)))
    def send(body: bytes) -> None:
        query, _ = plain.envelope(EVENT)
        for pusher in (plain, safe):
            assert pusher.post(query, body).status_code in {200, 400, 403}

    send()


def test_a_replayed_envelope_has_no_second_effect(pusher, events, session, run):
    query, body = pusher.envelope(EVENT)
    for _ in range(3):
        assert pusher.post(query, body).data == b"success"
    assert len(events()) == 1
    run("handle_wechat_events")
    assert pusher.post(query, body).data == b"success"
    assert len(events()) == 1


def test_a_replay_after_redis_was_flushed(app, pusher, events):
    query, body = pusher.envelope(EVENT)
    pusher.post(query, body)
    app.extensions["sain"].redis.flushdb()
    assert pusher.post(query, body).data == b"success"
    assert len(events()) == 1


def test_wechats_repetition_in_a_new_envelope(pusher, events):
    """It repeats the event, with a nonce and a cipher text of its own."""
    for _ in range(3):
        assert pusher.push(EVENT).data == b"success"
    assert len(events()) == 1


def test_without_redis_pushes_are_taken(app, plain, events, monkeypatch):
    from redis import ConnectionError as Away

    channel = plain.client.application.extensions["sain"].services.push_channel

    class Gone:
        def get(self, *_, **_options):
            raise Away

        set = get

    monkeypatch.setattr(channel, "_redis", Gone())
    query, body = plain.envelope(EVENT)
    for _ in range(2):
        assert plain.post(query, body).data == b"success"
    assert len(events()) == 1


def test_another_message_under_a_used_nonce(plain, events):
    """In plain mode the signature does not cover the message."""
    query, body = plain.envelope(EVENT)
    plain.post(query, body)
    assert_refused(plain.post(query, body.replace("o-1", "o-victim")))
    assert len(events()) == 1


def test_an_event_that_could_not_be_kept_is_taken_when_it_is_repeated(safe, events, session):
    from sqlalchemy import text

    query, body = safe.envelope(EVENT)
    session.execute(text("ALTER TABLE wechat_events RENAME TO away"))
    session.commit()
    assert safe.post(query, body).status_code == 500
    session.execute(text("ALTER TABLE away RENAME TO wechat_events"))
    session.commit()
    assert safe.post(query, body).data == b"success"
    assert len(events()) == 1


def test_two_people_in_the_same_second_are_two_events(pusher, events):
    """The sender is an account of WeChat's, the same for both."""
    for openid in ("o-1", "o-2"):
        pusher.push({"Event": "user_authorization_revoke", "OpenID": openid})
    assert len(events()) == 2


def test_the_key_of_an_event_names_nobody(safe, events):
    safe.push(EVENT | {"OpenID": "o-canary"})
    (event,) = events()
    assert len(event.key) == 32
    assert isinstance(event, WeChatEvent)
