"""What citizens see, and that it is never anything nobody has reviewed."""

import json
import re
from copy import deepcopy

import pytest

from models import (
    KnowledgeItem,
    KnowledgeLink,
    KnowledgeName,
    KnowledgePublication,
    KnowledgeSearchRow,
)
from server.api import PREFIX, all_endpoints
from services.knowledge.kinds import CHOICES, KINDS, Field
from tests.files.pictures import jpeg
from tests.knowledge.writing import HERB, Written, begin, changed

CANARY = "秘不可见"


def fill(field: Field, word: str, places: dict) -> object:
    """A value of a field that says `word` wherever words can stand."""
    if field.form == "choice":
        return next(iter(CHOICES[field.name]))
    return {
        "line": lambda: f"{field.name}{word}",
        "text": lambda: f"{field.name}{word}",
        "lines": lambda: [f"{field.name}{word}"],
        "rich": lambda: f"<p>{field.name}{word}</p><table><tbody><tr><td>{word}</td></tr></table>",
        "steps": lambda: [{"text": f"{word}第一步", "picture_id": places["picture_id"]}],
        "day": lambda: "2026-11-01",
        "topics": lambda: [places["topic_id"]],
        "pictures": lambda: [
            {"file_id": places["picture_id"], "caption": word, "caption_mn": word}
        ],
        "video": lambda: None,
        "composition": lambda: [{"name": word, "amount": "9", "unit": "g", "note": word}],
    }[field.form]()


def fill_content(kind: str, word: str, places: dict) -> dict:
    half = {field.name: fill(field, word, places) for field in KINDS[kind].half}
    return {
        "zh": half,
        "mn": deepcopy(half),
        "facts": {field.name: fill(field, word, places) for field in KINDS[kind].facts},
        "links": [
            {"target": "organization", "id": places["organization_id"]},
            {"target": "doctor", "organization_id": places["organization_id"], "name": word},
        ],
    }


def publish(item: Written, doctor, officer) -> Written:
    """Take a complete draft to readers."""
    for action, body, console in (
        ("submit", None, item.console),
        ("approve", {}, doctor),
        ("publish", {}, officer),
    ):
        answer = item.step(action, body, console=console)
        assert answer.status_code == 200, answer.get_json()
    return item


@pytest.fixture
def places(make, nurse, hospital) -> dict:
    topic = make.console("district_manager").post("/knowledge/topics", {"name": "四季养生"})
    return {
        "topic_id": topic.get_json()["id"],
        "picture_id": nurse.post("/files", jpeg(60, 40)).get_json()["id"],
        "organization_id": hospital.id,
    }


def read_everything(http, item_ids: list[int], places: dict, token: str) -> dict[str, str]:
    """What all routes of citizens answer that only read, by address."""
    ids = {"item_id": item_ids, "organization_id": [places["organization_id"]]}
    answers = {}
    for rule, endpoint in all_endpoints():
        if endpoint.method != "GET" or endpoint.is_staff:
            continue
        names = re.findall("<id:([a-z_]+)>", rule)
        for number in ids.get(names[0], [1]) if names else [1]:
            path = re.sub("<[^>]+>", str(number), rule).removeprefix(PREFIX)
            queries = [{"q": CANARY}, {"q": "name"}] if "q" in _query_of(endpoint) else [{}]
            for query in queries:
                answer = http.get(path, token=token, **query)
                assert answer.status_code < 500, (path, query)
                answers[f"{path} {query}"] = told_by(answer)
    return answers


def _query_of(endpoint) -> set[str]:
    return set(endpoint.query.fields) if endpoint.query else set()


def told_by(answer) -> str:
    """The answer as text, without the words of a search that it repeats."""
    body = answer.get_json(silent=True)
    if not isinstance(body, dict):
        return answer.get_data().decode(errors="replace")
    asked = body.pop("query", None)
    if body.get("used_query") == asked:
        body.pop("used_query", None)
    return json.dumps(body, ensure_ascii=False)


def words_in(answers: dict[str, str], word: str) -> list[str]:
    """The addresses whose answers say the word."""
    return [path for path, text in answers.items() if word in text]


def test_an_unreviewed_line_is_never_visible(make, nurse, doctor, officer, hospital, places, http):
    token = make.citizen().token
    items = []
    for kind in KINDS:
        item = begin(nurse, hospital, kind)
        answer = item.save(fill_content(kind, "公开", places))
        assert answer.get_json()["gaps"] == [], answer.get_json()
        items.append(publish(item, doctor, officer))
    ids = [item.id for item in items]
    assert words_in(read_everything(http, ids[:1], places, token), "公开")
    for item in items:
        content = fill_content(item.read()["kind"], CANARY, places)
        assert item.save(content).status_code == 200
    assert words_in(read_everything(http, ids, places, token), CANARY) == []
    for item in items:
        assert item.step("submit").status_code == 200
        assert item.step("approve", {}, console=doctor).status_code == 200
    assert words_in(read_everything(http, ids, places, token), CANARY) == []
    # Where it is published it is found, so the scan sees what there is.
    items[0].step("publish", {}, console=officer)
    assert words_in(read_everything(http, ids[:1], places, token), CANARY)


def test_a_draft_that_was_never_published_is_nowhere(make, herb, places, http):
    herb.save(fill_content("herb", CANARY, places))
    answers = read_everything(http, [herb.id], places, make.citizen().token)
    assert words_in(answers, CANARY) == []


def test_what_is_withdrawn_is_gone_everywhere(
    make, nurse, doctor, officer, hospital, places, http, session
):
    item = begin(nurse, hospital)
    item.save(fill_content("herb", CANARY, places))
    publish(item, doctor, officer)
    token = make.citizen().token
    assert words_in(read_everything(http, [item.id], places, token), CANARY)
    item.step("withdraw", {"reason": "有误"}, console=officer)
    answers = read_everything(http, [item.id], places, token)
    assert words_in(answers, CANARY) == []
    for table in (KnowledgePublication, KnowledgeLink, KnowledgeSearchRow, KnowledgeName):
        assert session.query(table).count() == 0


def test_links_are_seen_from_both_ends(nurse, doctor, officer, hospital, herb, http):
    publish(herb, doctor, officer)
    formula = begin(nurse, hospital, "formula")
    half = HERB["zh"] | {"name": "玉屏风散"}
    facts = dict(HERB["facts"]) | {
        "composition": [{"name": "黄芪", "amount": "30", "unit": "g", "item_id": herb.id}]
    }
    del half["part_used"], half["properties"], facts["latin_name"]
    answer = formula.save({"zh": half, "mn": None, "facts": facts, "links": []})
    assert answer.get_json()["gaps"] == []
    preview = nurse.get(f"{formula.path}/preview").get_json()
    assert [link["name"] for link in preview["links"]] == ["黄芪"]
    assert http.get(f"/knowledge/items/{herb.id}").get_json()["links"] == []
    publish(formula, doctor, officer)
    for item, other in ((herb, formula), (formula, herb)):
        links = http.get(f"/knowledge/items/{item.id}").get_json()["links"]
        assert [link["id"] for link in links] == [other.id]
    formula.step("withdraw", {"reason": "有误"}, console=officer)
    assert http.get(f"/knowledge/items/{herb.id}").get_json()["links"] == []


def test_publishing_again_keeps_when_it_was_first(herb, doctor, officer, session, clock, make):
    publish(herb, doctor, officer)
    first = clock.now()
    clock.advance(minutes=10)
    herb.save(changed(HERB, "zh", name="绵芪"))
    publish(herb, doctor, officer)
    publication = session.get(KnowledgePublication, herb.id)
    assert (publication.name, publication.revision_number) == ("绵芪", 2)
    assert (publication.first_published_at, publication.published_at) == (first, clock.now())


def test_comments_open_and_close_with_what_is_published(herb, doctor, officer, http):
    publish(herb, doctor, officer)
    for is_open in (True, False):
        body = {"are_comments_open": is_open}
        officer.patch(herb.path, body, revision=herb.read()["revision"])
        read = http.get(f"/knowledge/items/{herb.id}").get_json()
        assert read["are_comments_open"] is is_open


def test_a_sample_is_published_once_somebody_has_reviewed_it(herb, doctor, officer, session, http):
    session.get(KnowledgeItem, herb.id).is_sample = True
    session.commit()
    assert herb.read()["is_sample"] is True
    publish(herb, doctor, officer)
    assert http.get(f"/knowledge/items/{herb.id}").get_json()["is_sample"] is False


def test_work_that_waits_is_on_the_dashboard(herb, nurse, doctor, officer, make):
    def waiting(console) -> dict:
        found = console.get("/dashboard").get_json()["waiting"]
        return {each["kind"]: each["count"] for each in found}

    herb.save(HERB | {"mn": {"name": "ᠬᠤᠩᠴᠢᠷ"}})
    herb.step("submit")
    assert waiting(doctor) == {"knowledge_to_review": 1}
    assert "knowledge_to_review" not in waiting(officer)
    herb.step("return", {"reason": "请补充"}, console=doctor)
    assert waiting(nurse) == {"knowledge_returned": 1}
    assert waiting(make.console("institution_staff", make.institution("别家"))) == {}
    herb.save(changed(HERB | {"mn": {"name": "ᠬᠤᠩᠴᠢᠷ"}}, "zh", name="绵芪"))
    assert waiting(nurse) == {"knowledge_returned": 1, "translations_stale": 1}
    herb.step("submit")
    herb.step("approve", {"review_again_on": "2026-12-01"}, console=doctor)
    assert waiting(officer) == {"knowledge_to_publish": 1, "translations_stale": 1}
    herb.step("publish", {}, console=officer)
    assert waiting(doctor) == {"knowledge_review_due": 1}
