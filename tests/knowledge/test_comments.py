"""Comments: closed at first, looked at by WeChat and by people, and seen by nobody before that."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from models import KnowledgeComment
from tests.http import HTTPClient, code_of
from tests.knowledge.publications import publish, take_down
from tests.knowledge.readers import (
    close_comments,
    comment,
    make_reader,
    notices,
    publish_open,
    waiting,
)

CHECK = "/wxa/msg_sec_check"
MONGOLIAN = "ᠰᠠᠶᠢᠨ ᠪᠠᠶᠢᠨ᠎ᠠ"


@pytest.fixture
def item(make):
    return publish_open(make)


@pytest.fixture
def reader(make, wechat):
    return make_reader(make, wechat)


def seen(http, item_id: int) -> list[str]:
    answer = http.get(f"/knowledge/items/{item_id}/comments")
    return [each["text"] for each in answer.get_json()["items"]]


def own(http, reader) -> list[tuple[str, str]]:
    items = http.get("/me/knowledge/comments", token=reader.token).get_json()["items"]
    return [(each["text"], each["state"]) for each in items]


def count(session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(KnowledgeComment))


def test_a_comment_is_seen_once_staff_have_let_it_through(
    http, make, item, reader, officer, wechat
):
    answer = comment(http, item.item_id, f"讲得清楚。{MONGOLIAN}", token=reader.token)
    assert (answer.status_code, answer.get_json()["state"]) == (201, "pending")
    assert answer.get_json()["item"] == {"id": item.item_id, "name": "黄芪", "name_mn": None}
    (asked,) = wechat.calls(CHECK)
    assert asked == {
        "content": f"讲得清楚。{MONGOLIAN}",
        "version": 2,
        "scene": 2,
        "openid": "o-reader",
    }
    assert seen(http, item.item_id) == []
    assert waiting(officer)["knowledge_comments"] == 1
    (waits,) = officer.get("/knowledge/comments", state="pending").get_json()["items"]
    assert (waits["safety"], waits["item"]["title"]) == ("passed", "黄芪")
    shown = officer.post(f"/knowledge/comments/{waits['id']}/show").get_json()
    assert (shown["state"], shown["decided_by_name"]) == ("shown", "王敏")
    assert seen(http, item.item_id) == [f"讲得清楚。{MONGOLIAN}"]
    assert "knowledge_comments" not in waiting(officer)
    assert notices(http, reader) == []


def test_what_others_see_says_nothing_of_who_it_was(http, make, wechat, item, officer):
    readers = [make_reader(make, wechat, f"o-{number}") for number in range(2)]
    other = publish_open(make, name="甘草")
    for each in (*readers, readers[0]):
        for publication in (item, other):
            comment(http, publication.item_id, "很有用", token=each.token)
    for each in officer.get("/knowledge/comments").get_json()["items"]:
        assert "citizen_id" not in each
        officer.post(f"/knowledge/comments/{each['id']}/show")
    labels = []
    for publication in (item, other):
        items = http.get(f"/knowledge/items/{publication.item_id}/comments").get_json()["items"]
        assert set(items[0]) == {"id", "text", "created_at", "author_label"}
        labels.append([each["author_label"] for each in items])
    first, second, again = labels[0]
    assert (first, first != second) == (again, True)
    assert not set(labels[0]) & set(labels[1]), "below another item one is called something else"


def test_comments_are_closed_until_staff_open_them(http, make, item, reader, officer):
    closed = publish(make)
    answer = comment(http, closed.item_id, "很有用", token=reader.token)
    assert (answer.status_code, code_of(answer)) == (409, "comments_closed")
    assert seen(http, closed.item_id) == []
    comment_id = comment(http, item.item_id, "很有用", token=reader.token).get_json()["id"]
    officer.post(f"/knowledge/comments/{comment_id}/show")
    assert seen(http, item.item_id) == ["很有用"]
    close_comments(make, item)
    assert seen(http, item.item_id) == []
    assert code_of(comment(http, item.item_id, "还有", token=reader.token)) == "comments_closed"


def test_what_wechat_calls_risky_is_refused_and_not_kept(http, item, reader, session, wechat):
    key = "one-try"
    answer = comment(http, item.item_id, "来赌博吧", token=reader.token, key=key)
    assert (answer.status_code, code_of(answer)) == (422, "text_risky")
    assert "赌博" not in answer.get_data(as_text=True)
    assert count(session) == 0
    # Put right, it may be sent under the same key.
    again = comment(http, item.item_id, "来看看吧", token=reader.token, key=key)
    assert again.status_code == 201


def test_what_wechat_doubts_is_marked_for_staff(http, item, reader, officer):
    comment(http, item.item_id, "想学的加微信", token=reader.token)
    (waits,) = officer.get("/knowledge/comments").get_json()["items"]
    assert (waits["state"], waits["safety"]) == ("pending", "suspicious")


@pytest.mark.parametrize(
    "trouble",
    [
        "browser",
        "long ago",
        {"kind": "errcode", "errcode": 44991},
        # An answer without a result.
        {"kind": "errcode", "errcode": 0},
        {"kind": "html"},
        {"kind": "reset"},
    ],
    ids=str,
)
def test_where_wechat_cannot_be_asked_people_look(http, make, item, wechat, officer, trouble):
    reader = make.citizen() if trouble == "browser" else make_reader(make, wechat)
    if trouble == "long ago":
        wechat.visit("o-reader", seconds_ago=7201)
    elif isinstance(trouble, dict):
        wechat.fail(CHECK, times=3, **trouble)
    answer = comment(http, item.item_id, "来赌博吧", token=reader.token)
    assert (answer.status_code, answer.get_json()["state"]) == (201, "pending")
    (waits,) = officer.get("/knowledge/comments").get_json()["items"]
    assert waits["safety"] == "unchecked"
    assert seen(http, item.item_id) == []


def test_the_same_key_again_leaves_one(http, item, reader, session):
    answers = [comment(http, item.item_id, "好", token=reader.token, key="k") for _ in range(2)]
    assert [each.status_code for each in answers] == [422, 422], "too short to say anything"
    answers = [comment(http, item.item_id, "很好", token=reader.token, key="k") for _ in range(2)]
    assert [each.get_json()["id"] for each in answers] == [answers[0].get_json()["id"]] * 2
    reused = comment(http, item.item_id, "别的", token=reader.token, key="k")
    assert code_of(reused) == "idempotency_key_reused"
    assert count(session) == 1


def test_a_double_click_leaves_one(app, item, reader, session):
    def click(_):
        client = HTTPClient(app.test_client())
        return comment(client, item.item_id, "很有用", token=reader.token, key="click").status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(click, range(4))) == {201}
    assert count(session) == 1


def test_two_people_may_use_one_key(http, make, wechat, item, session):
    for openid in ("o-1", "o-2"):
        reader = make_reader(make, wechat, openid)
        comment(http, item.item_id, "很有用", token=reader.token, key="1")
    assert count(session) == 2


def test_a_rejected_one_is_hidden_and_its_author_told_why(http, item, reader, officer):
    comment_id = comment(http, item.item_id, "很有用", token=reader.token).get_json()["id"]
    path = f"/knowledge/comments/{comment_id}"
    officer.post(f"{path}/show")
    rejected = officer.post(f"{path}/reject", {"reason": "含有联系方式"}).get_json()
    assert (rejected["state"], rejected["reason"]) == ("rejected", "含有联系方式")
    assert seen(http, item.item_id) == []
    assert own(http, reader) == [("很有用", "rejected")]
    (notice,) = notices(http, reader)
    assert notice["kind"] == "comment_decided"
    assert notice["target"] == {"type": "knowledge_item", "id": item.item_id}
    assert "“黄芪”" in notice["body"]
    assert "含有联系方式" in notice["body"]
    assert code_of(officer.post(f"{path}/reject", {"reason": "x"})) == "comment_decided"
    assert officer.post(f"{path}/show").get_json()["reason"] is None
    assert seen(http, item.item_id) == ["很有用"]
    assert code_of(officer.post(f"{path}/show")) == "comment_decided"


def test_ones_own_can_be_deleted_and_anothers_not(http, make, item, reader, officer):
    stranger = make.citizen()
    comment_id = comment(http, item.item_id, "很有用", token=reader.token).get_json()["id"]
    officer.post(f"/knowledge/comments/{comment_id}/show")
    path = f"/me/knowledge/comments/{comment_id}"
    assert code_of(http.delete(path, token=stranger.token)) == "comment_not_found"
    assert own(http, stranger) == []
    assert seen(http, item.item_id) == ["很有用"]
    assert http.delete(path, token=reader.token).status_code == 204
    assert seen(http, item.item_id) == own(http, reader) == []
    assert code_of(http.delete(path, token=reader.token)) == "comment_not_found"
    gone = officer.post(f"/knowledge/comments/{comment_id}/show")
    assert code_of(gone) == "comment_not_found"


def test_the_latest_come_first_and_those_that_wait_last(http, make, wechat, item, officer):
    reader = make_reader(make, wechat)
    for number in range(5):
        comment(http, item.item_id, f"第{number}条", token=reader.token)
    pages = []
    for limit in (2, 5):
        query, texts = {"state": "pending", "limit": limit}, []
        while query.get("cursor", "") is not None:
            page = officer.get("/knowledge/comments", **query).get_json()
            texts += [each["text"] for each in page["items"]]
            query["cursor"] = page["next_cursor"]
        pages.append(texts)
    assert pages[0] == pages[1] == [f"第{number}条" for number in range(5)]
    for each in officer.get("/knowledge/comments").get_json()["items"]:
        officer.post(f"/knowledge/comments/{each['id']}/show")
    first = http.get(f"/knowledge/items/{item.item_id}/comments", limit=3).get_json()
    cursor = first["next_cursor"]
    second = http.get(f"/knowledge/items/{item.item_id}/comments", cursor=cursor).get_json()
    texts = [each["text"] for each in first["items"] + second["items"]]
    assert texts == [f"第{number}条" for number in reversed(range(5))]


def test_below_what_was_taken_down_nothing_is_seen_or_said(http, make, item, reader, officer):
    comment_id = comment(http, item.item_id, "很有用", token=reader.token).get_json()["id"]
    officer.post(f"/knowledge/comments/{comment_id}/show")
    take_down(make, item)
    path = f"/knowledge/items/{item.item_id}/comments"
    assert code_of(http.get(path)) == "knowledge_not_public"
    assert (
        code_of(comment(http, item.item_id, "x" * 9, token=reader.token)) == "knowledge_not_public"
    )
    (left,) = http.get("/me/knowledge/comments", token=reader.token).get_json()["items"]
    assert (left["item_id"], left["item"]) == (item.item_id, None)


def test_other_staff_know_of_none(http, make, item, reader):
    comment_id = comment(http, item.item_id, "很有用", token=reader.token).get_json()["id"]
    other = make.console("district_manager", make.commission("150603"))
    assert other.get("/knowledge/comments").get_json()["items"] == []
    assert waiting(other) == {}
    for number in (comment_id, 999_999):
        assert code_of(other.post(f"/knowledge/comments/{number}/show")) == "comment_not_found"
        answer = other.post(f"/knowledge/comments/{number}/reject", {"reason": "x"})
        assert code_of(answer) == "comment_not_found"
    city = make.console("city_officer", make.commission("150600"))
    assert len(city.get("/knowledge/comments").get_json()["items"]) == 1


@pytest.mark.parametrize("text", ["", " ", "x", "\n \n", "字" * 501, "a\x00b", None, 7])
def test_what_says_nothing_or_too_much_is_refused(http, item, reader, session, text):
    answer = comment(http, item.item_id, text, token=reader.token)
    assert code_of(answer) == "invalid_request"
    assert count(session) == 0
