"""Errors that citizens report: seen by who wrote, reviewed and answers, and answered in words."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from models import AuditRecord, KnowledgeItem, KnowledgeReport
from tests.http import HTTPClient, code_of
from tests.knowledge.publications import publish, take_down
from tests.knowledge.readers import make_reader, notices, report, waiting

WRONG = "黄芪的拉丁名写错了"


@pytest.fixture
def author(make, hospital):
    return make.staff("institution_staff", hospital)


@pytest.fixture
def reviewer(make):
    return make.staff("medical_reviewer")


@pytest.fixture
def item(make, hospital, author, reviewer):
    return publish(make, "herb", at=hospital, author=author, reviewer=reviewer)


@pytest.fixture
def reader(make, wechat):
    return make_reader(make, wechat)


@pytest.fixture
def filed(http, item, reader) -> dict:
    answer = report(http, item.item_id, WRONG, token=reader.token)
    assert answer.status_code == 201
    return answer.get_json()


def listed(console, **query) -> list[str]:
    return [each["text"] for each in console.get("/knowledge/reports", **query).get_json()["items"]]


def test_it_goes_to_the_author_the_reviewer_and_who_answers(
    make, filed, author, reviewer, officer, item
):
    for console in (make.console_of(author), make.console_of(reviewer), officer):
        (seen,) = console.get("/knowledge/reports").get_json()["items"]
        assert (seen["text"], seen["revision_number"], seen["state"]) == (WRONG, 1, "open")
        assert seen["item"] == {"id": item.item_id, "title": "黄芪", "kind": "herb"}
        assert "citizen_id" not in seen
        assert seen["may_answer"] is (console is officer)
        assert waiting(console)["knowledge_reports"] == 1


def test_others_of_the_house_see_it_but_it_does_not_wait_for_them(make, hospital, filed):
    for console in (
        make.console("institution_staff", hospital),
        make.console("medical_reviewer"),
    ):
        assert listed(console) == [WRONG]
        assert waiting(console) == {}
    assert waiting(make.console("auditor")) == {}


def test_staff_elsewhere_know_of_none(make, filed):
    for console in (
        make.console("institution_manager", make.institution("别的医院")),
        make.console("district_manager", make.commission("150603")),
        make.console("medical_reviewer", make.commission("150603")),
    ):
        assert listed(console) == []
        assert waiting(console) == {}
    other = make.console("district_manager", make.commission("150603"))
    body = {"state": "declined", "answer": "无误"}
    for number in (filed["id"], 999_999):
        answer = other.post(f"/knowledge/reports/{number}/answer", body)
        assert code_of(answer) == "knowledge_report_not_found"


def test_the_answer_reaches_who_reported(http, filed, reader, officer, item, session):
    body = {"state": "corrected", "answer": "谢谢，已改成 Astragali Radix。"}
    path = f"/knowledge/reports/{filed['id']}/answer"
    answered = officer.post(path, body).get_json()
    assert (answered["state"], answered["may_answer"]) == ("corrected", False)
    assert answered["answered_by_name"] == "王敏"
    (own,) = http.get("/me/knowledge/reports", token=reader.token).get_json()["items"]
    assert (own["state"], own["answer"]) == ("corrected", body["answer"])
    assert own["item"]["name"] == "黄芪"
    (notice,) = notices(http, reader)
    assert notice["kind"] == "knowledge_report_answered"
    assert notice["target"] == {"type": "knowledge_item", "id": item.item_id}
    assert body["answer"] in notice["body"]
    assert waiting(officer) == {}
    (record,) = session.scalars(select(AuditRecord))
    assert (record.action, record.after["state"]) == ("knowledge.report_answered", "corrected")
    again = officer.post(path, {"state": "declined", "answer": "再看看"})
    assert code_of(again) == "knowledge_report_answered"


def test_two_who_answer_at_once_answer_once(make, filed, http, reader):
    consoles = [make.console("district_officer") for _ in range(3)]
    path = f"/knowledge/reports/{filed['id']}/answer"

    def answer(console):
        return console.post(path, {"state": "declined", "answer": "无误"}).status_code

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(answer, consoles)) == [200, 409, 409]
    assert len(notices(http, reader)) == 1


def test_a_notice_says_only_what_is_public(http, make, filed, reader, officer, item, session):
    """The item's own title may be of a line that nobody has reviewed."""
    session.get(KnowledgeItem, item.item_id).title = "没有审核过的名字"
    session.commit()
    officer.post(
        f"/knowledge/reports/{filed['id']}/answer", {"state": "declined", "answer": "无误"}
    )
    take_down(make, item)
    for path, query in (
        ("/me/notices", {}),
        ("/me/knowledge/reports", {}),
        ("/me/export", {"format": "json"}),
    ):
        text = http.get(path, token=reader.token, **query).get_data(as_text=True)
        assert "没有审核过" not in text
    (own,) = http.get("/me/knowledge/reports", token=reader.token).get_json()["items"]
    assert own["item"] is None


def test_the_same_key_again_files_one(app, http, item, reader, session):
    def click(_):
        client = HTTPClient(app.test_client())
        return report(client, item.item_id, WRONG, token=reader.token, key="k").get_json()["id"]

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(4)))) == 1
    other = report(http, item.item_id, "另一个错误", token=reader.token, key="k")
    assert code_of(other) == "idempotency_key_reused"
    assert session.scalar(select(func.count()).select_from(KnowledgeReport)) == 1


def test_what_cannot_be_meant_is_refused(http, item, reader):
    for text in ("", "错", "    错    ", "字" * 1001):
        assert code_of(report(http, item.item_id, text, token=reader.token)) == "invalid_request"
    assert code_of(report(http, 999_999, WRONG, token=reader.token)) == "knowledge_not_public"
    path = f"/me/knowledge/items/{item.item_id}/reports"
    bare = http.post(path, {"text": WRONG}, token=reader.token)
    assert code_of(bare) == "idempotency_key_required"


def test_lists_go_by_state_and_item(http, make, item, reader, officer):
    other = publish(make, name="甘草")
    for number in range(3):
        report(http, item.item_id, f"第{number}个错误", token=reader.token)
    last = report(http, other.item_id, "甘草的错误", token=reader.token).get_json()
    assert listed(officer, state="open", limit=2) == ["第0个错误", "第1个错误"]
    assert listed(officer) == ["甘草的错误", "第2个错误", "第1个错误", "第0个错误"]
    assert listed(officer, item_id=other.item_id) == ["甘草的错误"]
    officer.post(f"/knowledge/reports/{last['id']}/answer", {"state": "declined", "answer": "无误"})
    assert listed(officer, state="declined") == ["甘草的错误"]
    assert listed(officer, state="corrected") == []
    own = http.get("/me/knowledge/reports", token=reader.token, limit=3).get_json()
    assert len(own["items"]) == 3
    rest = http.get("/me/knowledge/reports", token=reader.token, cursor=own["next_cursor"])
    assert [each["text"] for each in rest.get_json()["items"]] == ["第0个错误"]
    assert http.get("/me/knowledge/reports", token=make.citizen().token).get_json()["items"] == []
