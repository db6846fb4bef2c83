"""Text checks, media checks and the risk rank."""

import json

import pytest

from devtools.wechat_simulator import DEFAULT_APPID, OTHER_APPID

TEXT = "/wxa/msg_sec_check"
MEDIA = "/wxa/media_check_async"
RISK = "/wxa/getuserriskrank"


@pytest.fixture
def visitor(weixin):
    weixin.login_code("o-citizen")
    return "o-citizen"


def text_body(**change):
    return {"content": "你好", "version": 2, "scene": 2, "openid": "o-citizen", **change}


def media_body(**change):
    return {
        "media_url": "https://example.org/a.jpg",
        "media_type": 2,
        "version": 2,
        "scene": 1,
        "openid": "o-citizen",
        **change,
    }


def risk_body(**change):
    return {
        "appid": DEFAULT_APPID,
        "openid": "o-citizen",
        "scene": 1,
        "client_ip": "203.0.113.7",
        **change,
    }


BODIES = {TEXT: text_body, MEDIA: media_body, RISK: risk_body}


def test_harmless_text_passes(weixin, visitor):
    answer = weixin.call(TEXT, text_body())
    assert answer["errcode"] == 0
    assert answer["result"] == {"suggest": "pass", "label": 100}
    assert answer["trace_id"]
    assert [item["strategy"] for item in answer["detail"]] == ["content_model", "keyword"]
    assert answer["detail"][1] == {"strategy": "keyword", "errcode": 0}


@pytest.mark.parametrize("field", ["content", "title", "nickname", "signature"])
def test_a_listed_word_is_judged_in_every_field(weixin, visitor, field):
    rule = {"word": "假药", "suggest": "risky", "label": 20008}
    weixin.control("/content-verdicts", words=[rule])
    answer = weixin.call(TEXT, text_body(**{field: "卖假药的"}))
    assert answer["result"] == {"suggest": "risky", "label": 20008}
    assert answer["detail"][1]["keyword"] == "假药"


def test_the_next_verdict_can_be_scripted(weixin, visitor):
    verdict = {"suggest": "review", "label": 20012, "detail_errcode": -1}
    weixin.control("/content-verdicts", next=[verdict])
    answer = weixin.call(TEXT, text_body())
    assert answer["result"] == {"suggest": "review", "label": 20012}
    assert answer["detail"][0]["errcode"] == -1
    assert weixin.call(TEXT, text_body())["result"]["suggest"] == "pass"


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"content": ""}, 47001),
        ({"content": "字" * 2501}, 45002),
        ({"content": "字" * 2500}, 0),
        ({"version": "2"}, 0),
        ({"version": 3}, 47001),
        ({"scene": 0}, 40129),
        ({"scene": 5}, 40129),
        ({"scene": "2"}, 40129),
        ({"openid": "o-nobody"}, 40003),
        ({"openid": ""}, 40003),
    ],
)
def test_text_arguments(weixin, visitor, change, errcode):
    assert weixin.call(TEXT, text_body(**change))["errcode"] == errcode


def test_version_1_answers_87014_and_needs_no_openid(weixin):
    assert weixin.call(TEXT, {"content": "你好"}) == {"errcode": 0, "errmsg": "ok"}
    assert weixin.call(TEXT, {"content": "赌博"})["errcode"] == 87014


@pytest.mark.parametrize("path", [TEXT, MEDIA, RISK])
def test_a_user_without_a_visit_in_two_hours_is_61010(weixin, visitor, path):
    weixin.advance(7200)
    assert weixin.call(path, BODIES[path]())["errcode"] == 0
    weixin.advance(1)
    other_url = {"media_url": "https://example.org/b.jpg"} if path == MEDIA else {}
    assert weixin.call(path, BODIES[path](**other_url))["errcode"] == 61010
    weixin.control("/users", openid="o-citizen", last_visit_seconds_ago=60)
    assert weixin.call(path, BODIES[path](**other_url))["errcode"] == 0


@pytest.mark.parametrize("path", [TEXT, MEDIA, RISK])
def test_an_openid_of_another_app_is_43104(weixin, path):
    weixin.login_code("o-citizen", appid=OTHER_APPID)
    assert weixin.call(path, BODIES[path]())["errcode"] == 43104


def test_a_known_user_who_never_came_is_61010(weixin):
    weixin.control("/users", openid="o-citizen")
    assert weixin.call(RISK, risk_body())["errcode"] == 61010


def test_risk_rank_with_wechats_spelling(weixin, visitor):
    weixin.control("/risk", openid="o-citizen", rank=4)
    answer = weixin.call(RISK, risk_body())
    assert answer["risk_rank"] == 4
    assert answer["errmsg"] == "getuserriskrank succ"
    assert isinstance(answer["unoin_id"], int)
    assert "union_id" not in answer


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"appid": OTHER_APPID}, 43104),
        ({"scene": 3}, 40129),
        ({"scene": True}, 40129),
        ({"client_ip": ""}, 47001),
        ({"openid": "o-nobody"}, 40003),
    ],
)
def test_risk_arguments(weixin, visitor, change, errcode):
    assert weixin.call(RISK, risk_body(**change))["errcode"] == errcode


def test_an_api_that_is_not_opened_is_48001(weixin, visitor):
    weixin.control("/apps", appid=DEFAULT_APPID, opened_apis=[TEXT])
    assert weixin.call(RISK, risk_body())["errcode"] == 48001
    assert weixin.call(TEXT, text_body())["errcode"] == 0


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"media_url": "ftp://example.org/a.jpg"}, 47001),
        ({"media_type": 3}, 40004),
        ({"version": 1}, 47001),
        ({"scene": 9}, 40129),
    ],
)
def test_media_arguments(weixin, visitor, change, errcode):
    assert weixin.call(MEDIA, media_body(**change))["errcode"] == errcode


def listen(weixin, callback, **more):
    weixin.control("/apps", appid=DEFAULT_APPID, callback_url=callback.url, token="t", **more)
    weixin.control("/media", delay_seconds=0)


def test_the_media_result_comes_by_push(weixin, visitor, callback):
    listen(weixin, callback)
    trace_id = weixin.call(MEDIA, media_body())["trace_id"]
    event = json.loads(callback.wait()["body"])
    assert event["Event"] == "wxa_media_check"
    assert (event["trace_id"], event["appid"]) == (trace_id, DEFAULT_APPID)
    assert event["result"] == {"suggest": "pass", "label": 100}
    assert event["detail"][0]["label"] == 100
    assert (event["errcode"], event["version"]) == (0, 2)


def test_a_media_address_with_a_listed_word_is_judged(weixin, visitor, callback):
    listen(weixin, callback)
    rule = {"word": "bad-picture", "suggest": "risky", "label": 20002}
    weixin.control("/content-verdicts", words=[rule])
    weixin.call(MEDIA, media_body(media_url="https://example.org/bad-picture.jpg"))
    result = json.loads(callback.wait()["body"])["result"]
    assert result == {"suggest": "risky", "label": 20002}


def test_media_labels_are_fewer_than_text_labels(weixin, visitor, callback):
    listen(weixin, callback)
    weixin.control("/content-verdicts", next=[{"suggest": "risky", "label": 20008}])
    weixin.call(MEDIA, media_body())
    assert json.loads(callback.wait()["body"])["result"]["label"] == 21000


def test_a_held_check_is_concluded_by_control_also_with_an_error(weixin, visitor, callback):
    listen(weixin, callback, drift={"label": "string"})
    weixin.control("/media", hold=True)
    failed = weixin.call(MEDIA, media_body())["trace_id"]
    risky = weixin.call(MEDIA, media_body(media_url="https://example.org/b.jpg"))["trace_id"]
    assert callback.received == []
    weixin.control("/media-results", trace_id=failed, errcode=-1008)
    event = json.loads(callback.wait()["body"])
    assert (event["trace_id"], event["errcode"]) == (failed, -1008)
    assert "result" not in event
    weixin.control("/media-results", trace_id=risky, suggest="risky", label=20002)
    event = json.loads(callback.wait()["body"])
    assert event["result"] == {"suggest": "risky", "label": "20002"}
    assert [job["finished"] for job in weixin.control("/media", "GET")["jobs"]] == [True, True]


def test_the_same_address_twice_while_running_is_87020(weixin, visitor):
    weixin.control("/media", hold=True)
    trace_id = weixin.call(MEDIA, media_body())["trace_id"]
    assert weixin.call(MEDIA, media_body())["errcode"] == 87020
    weixin.control("/media-results", trace_id=trace_id)
    assert weixin.call(MEDIA, media_body())["errcode"] == 0
