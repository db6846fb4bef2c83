"""Handing a message to WeChat: what is sent, and what is known of it whatever happens."""

from dataclasses import replace

import pytest

from devtools.message_templates import RESULT_TEMPLATE
from server import create_app
from services.wechat_messages import MessageAnswer
from tests.conftest import close_connections

SEND = "/cgi-bin/message/subscribe/send"
TOKEN = "/cgi-bin/stable_token"
DATA = {
    "thing1": "健康达人评选",
    "thing2": "比科普宣传",
    "time3": "2026年11月20日 12:00",
    "thing4": "ᠰᠠᠶᠢᠨ",
}
LOST = MessageAnswer(None, is_lost=True)
NOT_ASKED = MessageAnswer(None)


@pytest.fixture
def send(app, wechat):
    """Sends one message to somebody who accepted two."""
    wechat.subscribe("o-citizen", RESULT_TEMPLATE, times=2)

    def send_one(gateway=None, openid="o-citizen") -> MessageAnswer:
        gateway = gateway or app.extensions["sain"].services.wechat
        return gateway.send_subscribe_message(
            openid=openid,
            template_id=RESULT_TEMPLATE,
            page="pages/index/index?campaign=7",
            data=DATA,
        )

    return send_one


@pytest.fixture
def gateway(config):
    """Makes gateways of further apps, with changed settings."""
    apps = []

    def make(**changes):
        apps.append(create_app(replace(config, **changes)))
        return apps[-1].extensions["sain"].services.wechat

    yield make
    for app in apps:
        with app.app_context():
            close_connections(app)


def test_what_wechat_is_told(send, wechat):
    answer = send()
    [message] = wechat.messages()
    assert answer == MessageAnswer(0, str(message["msgid"]))
    assert message["data"] == DATA
    [body] = wechat.calls(SEND)
    assert body["lang"] == "zh_CN"
    assert body["miniprogram_state"] == "formal"
    assert body["page"] == "pages/index/index?campaign=7"


@pytest.mark.parametrize(("version", "state"), [("trial", "trial"), ("develop", "developer")])
def test_other_versions_of_the_mini_program(send, wechat, gateway, version, state):
    assert send(gateway(wechat_env_version=version)).errcode == 0
    assert wechat.messages()[0]["miniprogram_state"] == state


def test_refusals_keep_their_code(send, wechat):
    assert send(openid="o-nobody") == MessageAnswer(40003)
    for code in (43101, 47003, 45009, -1):
        wechat.fail(SEND, "errcode", errcode=code)
        assert send() == MessageAnswer(code)


def test_a_refused_token_is_replaced_once(send, wechat):
    wechat.fail(SEND, "errcode", errcode=40001)
    assert send().errcode == 0
    wechat.fail(SEND, "errcode", times=2, errcode=42001)
    assert send() == MessageAnswer(42001)


@pytest.mark.parametrize("executed", [True, False])
@pytest.mark.parametrize("kind", ["timeout", "reset", "http_status", "html"])
def test_an_answer_that_is_lost_leaves_a_doubt(send, wechat, kind, executed):
    wechat.fail(SEND, kind, executed=executed, seconds=1)
    assert send() == LOST
    assert len(wechat.messages()) == executed


@pytest.mark.parametrize("kind", ["truncated", "slow"])
def test_so_does_half_an_answer(send, wechat, kind):
    wechat.fail(SEND, kind, seconds=2)
    assert send() == LOST
    assert len(wechat.messages()) == 1


@pytest.mark.parametrize("kind", ["timeout", "reset", "http_status", "html", "truncated"])
def test_without_a_token_nothing_was_asked(send, wechat, kind):
    wechat.fail(TOKEN, kind, seconds=1)
    assert send() == NOT_ASKED
    assert wechat.calls(SEND) == []


def test_wrong_settings_show_at_the_token(send, wechat):
    wechat.fail(TOKEN, "errcode", errcode=40125)
    assert send() == MessageAnswer(40125)


def test_a_wechat_that_is_not_there_was_not_asked(send, gateway):
    away = gateway(wechat_base_url="http://127.0.0.1:9")
    # With a token at hand, so that it is the message itself that cannot be sent.
    assert send().errcode == 0
    assert send(away) == NOT_ASKED
