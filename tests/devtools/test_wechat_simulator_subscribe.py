"""Subscribe messages: checks, counters, overlapping sends and events."""

import json
import threading

import pytest

from devtools.wechat_simulator import APPOINTMENT_TEMPLATE, DEFAULT_APPID, NOTICE_TEMPLATE

SEND = "/cgi-bin/message/subscribe/send"
DATA = {
    "thing1": {"value": "蒙医诊所的预约"},
    "name2": {"value": "乌兰"},
    "time3": {"value": "2027年1月16日 09:30"},
    "phrase4": {"value": "已确认"},
}
NOTICE = {
    "thing1": {"value": "流感疫苗"},
    "enum2": {"value": "通知"},
    "date3": {"value": "2027-01-16"},
}


@pytest.fixture
def reader(weixin):
    weixin.control("/users", openid="o-reader")
    accept(weixin)
    return "o-reader"


def accept(weixin, template_id=APPOINTMENT_TEMPLATE, **more):
    body = {"openid": "o-reader", "template_id": template_id, "status": "accept", **more}
    return weixin.control("/subscriptions", **body)["remaining"]


def message(**change):
    return {"touser": "o-reader", "template_id": APPOINTMENT_TEMPLATE, "data": DATA, **change}


def with_value(key, value):
    return message(data={**DATA, key: {"value": value}})


def test_a_message_is_sent_and_can_be_inspected(weixin, reader):
    body = message(page="pages/index/index?from=push", lang="zh_CN", miniprogram_state="formal")
    answer = weixin.call(SEND, body)
    assert (answer["errcode"], answer["errmsg"]) == (0, "ok")
    [sent] = weixin.control("/messages", "GET", openid="o-reader")["messages"]
    assert sent["msgid"] == answer["msgid"]
    assert sent["data"]["thing1"] == "蒙医诊所的预约"
    assert sent["page"] == "pages/index/index?from=push"
    assert weixin.control("/messages", "GET", openid="o-else")["messages"] == []


def test_each_accept_allows_one_message(weixin, reader):
    assert accept(weixin) == 2
    assert [weixin.call(SEND, message())["errcode"] for _ in range(3)] == [0, 0, 43101]


def test_accepts_do_not_expire(weixin, reader):
    weixin.advance(300 * 86_400)
    assert weixin.call(SEND, message())["errcode"] == 0


def test_a_long_term_subscription_is_not_used_up(weixin, reader):
    accept(weixin, NOTICE_TEMPLATE)
    body = message(template_id=NOTICE_TEMPLATE, data=NOTICE)
    assert [weixin.call(SEND, body)["errcode"] for _ in range(3)] == [0, 0, 0]
    weixin.control(
        "/subscriptions",
        openid="o-reader",
        template_id=NOTICE_TEMPLATE,
        status="reject",
        source="change",
    )
    assert weixin.call(SEND, body)["errcode"] == 43101


def test_a_reject_takes_accepts_back_only_in_the_settings(weixin, reader):
    choice = {"openid": "o-reader", "template_id": APPOINTMENT_TEMPLATE, "status": "reject"}
    assert weixin.control("/subscriptions", **choice)["remaining"] == 1
    assert weixin.control("/subscriptions", source="change", **choice)["remaining"] == 0
    assert weixin.call(SEND, message())["errcode"] == 43101


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"touser": "o-nobody"}, 40003),
        ({"template_id": "unknown"}, 40037),
        ({"page": "pages/nowhere/index"}, 41030),
        ({"page": "/pages/index/index"}, 41030),
        ({"page": "pages/nowhere/index", "miniprogram_state": "trial"}, 0),
        ({"miniprogram_state": "release"}, 40097),
        ({"lang": "mn_CN"}, 40097),
        ({"data": "text"}, 47001),
        ({"data": {}}, 47003),
    ],
)
def test_arguments(weixin, reader, change, errcode):
    assert weixin.call(SEND, message(**change))["errcode"] == errcode


def test_one_bad_value_fails_the_send_naming_it_and_uses_up_nothing(weixin, reader):
    answer = weixin.call(SEND, with_value("phrase4", "ok"))
    assert answer["errcode"] == 47003
    assert answer["errmsg"].startswith("argument invalid! data.phrase4.value invalid rid: ")
    assert weixin.control("/messages", "GET")["messages"] == []
    assert weixin.call(SEND, message())["errcode"] == 0


def test_a_missing_key_is_named(weixin, reader):
    data = {key: value for key, value in DATA.items() if key != "name2"}
    assert "data.name2.value invalid" in weixin.call(SEND, message(data=data))["errmsg"]


def test_escaped_chinese_is_refused(weixin, reader):
    escaped = json.dumps(message()).encode()
    answer = weixin.post(SEND, escaped, access_token=weixin.token()).json()
    assert answer["errcode"] == 47003
    assert "data.thing1.value" in answer["errmsg"]


def test_other_escapes_are_read_as_json_means_them(weixin, reader):
    raw = json.dumps(with_value("thing1", 'C:\\users "a"'), ensure_ascii=False)
    assert "\\\\users" in raw
    answer = weixin.post(SEND, raw.encode(), access_token=weixin.token()).json()
    assert answer["errcode"] == 0


def test_a_sensitive_word_is_45168(weixin, reader):
    weixin.control("/sensitive-words", words=["大奖"])
    assert weixin.call(SEND, with_value("thing1", "领大奖"))["errcode"] == 45168
    assert weixin.call(SEND, message())["errcode"] == 0


def test_a_banned_template_is_43107(weixin, reader):
    template = {"template_id": APPOINTMENT_TEMPLATE, "keys": ["thing1"], "banned": True}
    weixin.control("/apps", appid=DEFAULT_APPID, templates=[template])
    assert weixin.call(SEND, message())["errcode"] == 43107


def test_overlapping_sends_to_one_user_are_43108(weixin, reader):
    accept(weixin)
    weixin.control("/users", openid="o-other")
    weixin.control("/subscriptions", openid="o-other", template_id=APPOINTMENT_TEMPLATE,
                      status="accept")  # fmt: skip
    weixin.control("/apps", appid=DEFAULT_APPID, send_seconds=0.3)
    token, together, codes = weixin.token(), threading.Barrier(3), []

    def send(openid):
        together.wait()
        answer = weixin.post(SEND, message(touser=openid), access_token=token).json()
        codes.append((openid, answer["errcode"]))

    threads = [
        threading.Thread(target=send, args=(o,)) for o in ("o-reader", "o-reader", "o-other")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [("o-other", 0), ("o-reader", 0), ("o-reader", 43108)]
    weixin.control("/apps", appid=DEFAULT_APPID, send_seconds=0)
    assert weixin.call(SEND, message())["errcode"] == 0


def test_events_of_choice_and_sending(weixin, callback):
    weixin.control("/apps", appid=DEFAULT_APPID, callback_url=callback.url, token="t")
    accept(weixin)
    event = json.loads(callback.wait()["body"])
    assert event["Event"] == "subscribe_msg_popup_event"
    assert event["List"] == [
        {
            "TemplateId": APPOINTMENT_TEMPLATE,
            "SubscribeStatusString": "accept",
            "PopupScene": "0",
        }
    ]
    answer = weixin.call(SEND, message())
    event = json.loads(callback.wait()["body"])
    assert event["Event"] == "subscribe_msg_sent_event"
    assert event["FromUserName"] == "o-reader"
    assert event["List"][0] == {
        "TemplateId": APPOINTMENT_TEMPLATE,
        "MsgID": str(answer["msgid"]),
        "ErrorCode": "0",
        "ErrorStatus": "success",
    }
    weixin.control(
        "/subscriptions",
        openid="o-reader",
        template_id=APPOINTMENT_TEMPLATE,
        status="reject",
        source="change",
    )
    event = json.loads(callback.wait()["body"])
    assert event["Event"] == "subscribe_msg_change_event"
    assert event["List"][0]["SubscribeStatusString"] == "reject"
