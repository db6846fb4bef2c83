"""From handing in to publishing: who may take which step, and what each leaves."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from models import AuditRecord, KnowledgePublication, KnowledgeReview, KnowledgeRevision
from tests.http import code_of
from tests.knowledge.writing import HERB, begin, changed

STEPS = {
    "submit": None,
    "recall": None,
    "approve": {},
    "return": {"reason": "请补充"},
    "publish": {},
    "unschedule": None,
    "withdraw": {"reason": "有误"},
    "confirm-review": {},
}


@pytest.fixture
def submitted(herb):
    assert herb.step("submit").status_code == 200
    return herb


@pytest.fixture
def approved(submitted, doctor):
    assert submitted.step("approve", {}, console=doctor).status_code == 200
    return submitted


@pytest.fixture
def published(approved, officer):
    assert approved.step("publish", {}, console=officer).status_code == 200
    return approved


def test_a_herb_goes_from_its_author_to_readers(herb, nurse, doctor, officer, http, session):
    handed_in = herb.step("submit").get_json()
    assert (handed_in["state"], handed_in["head"]["is_open"]) == ("submitted", False)
    (waiting,) = doctor.get("/knowledge/items", waiting="review").get_json()["items"]
    assert waiting["id"] == herb.id
    passed = herb.step("approve", {}, console=doctor).get_json()
    assert passed["state"] == "approved"
    (waiting,) = officer.get("/knowledge/items", waiting="publish").get_json()["items"]
    assert waiting["id"] == herb.id
    assert http.get(f"/knowledge/items/{herb.id}").status_code == 404
    shown = herb.step("publish", {}, console=officer).get_json()
    assert (shown["state"], shown["published"]["revision_number"]) == ("published", 1)
    assert shown["review_again_on"] == "2028-11-20"
    read = http.get(f"/knowledge/items/{herb.id}").get_json()
    assert read["zh"]["name"] == "黄芪"
    assert read["zh"]["body"][0]["html"] == HERB["zh"]["body"]
    assert [each.action for each in session.query(AuditRecord).order_by(AuditRecord.number)] == [
        "knowledge.created",
        "knowledge.submitted",
        "knowledge.approved",
        "knowledge.published",
    ]


def test_what_lacks_something_is_not_handed_in(nurse, hospital):
    item = begin(nurse, hospital)
    item.save(changed(HERB, "facts", pregnancy=None, toxicity=None, evidence_level=None))
    refused = item.step("submit")
    assert code_of(refused) == "knowledge_incomplete"
    for title in ("孕期", "毒性", "证据等级"):
        assert title in refused.get_json()["detail"]


def test_of_a_translation_the_name_is_enough(herb):
    gaps = herb.save(changed(HERB, "mn", summary="ᠡᠮ")).get_json()["gaps"]
    assert gaps == [{"place": "mn.name", "title": "蒙古文：名称"}]
    assert herb.save(changed(HERB, "mn", name="ᠬᠤᠩᠴᠢᠷ")).get_json()["gaps"] == []


def test_what_was_handed_in_is_not_changed_until_it_is_taken_back(submitted):
    assert code_of(submitted.save(changed(HERB, "zh", name="x"))) == "knowledge_is_submitted"
    assert submitted.step("recall").get_json()["state"] == "draft"
    assert submitted.save(changed(HERB, "zh", name="绵芪")).get_json()["number"] == 2
    refused = submitted.console.delete(submitted.path, revision=submitted.read()["revision"])
    assert code_of(refused) == "knowledge_was_submitted"


def test_a_returned_item_tells_what_to_mend_where(submitted, doctor, nurse):
    remarks = [{"place": "zh.cautions", "text": "请写明孕妇慎用。"}]
    body = {"reason": "注意事项不全", "comments": remarks}
    assert submitted.step("return", body, console=doctor).get_json()["state"] == "returned"
    seen = submitted.read()
    assert (seen["reason"], seen["comments"]) == ("注意事项不全", remarks)
    mended = submitted.save(changed(HERB, "zh", cautions="孕妇慎用。")).get_json()
    assert (mended["number"], mended["state"]) == (2, "returned")
    assert submitted.step("submit").get_json()["state"] == "submitted"
    (second, first) = nurse.get(f"{submitted.path}/revisions").get_json()["items"]
    assert second["verdicts"] == []
    (verdict,) = first["verdicts"]
    assert (verdict["verdict"], verdict["reviewer_name"]) == ("returned", "巴特尔")
    assert verdict["comments"] == remarks


def test_what_is_handed_in_again_as_it_is_can_be_judged_again(submitted, doctor):
    for number in (2, 3):
        submitted.step("return", {"reason": "请再看"}, console=doctor)
        assert submitted.step("submit").get_json()["head"]["number"] == number
    assert submitted.step("approve", {}, console=doctor).status_code == 200


def test_a_publisher_gives_back_what_is_approved(approved, officer):
    returned = approved.step("return", {"reason": "图片不清楚"}, console=officer)
    assert returned.get_json()["state"] == "returned"


@pytest.fixture
def writing_doctor(make):
    """Somebody who may both write and review."""
    account = make.staff("medical_reviewer")
    make.grant(account, "district_officer", make.commission())
    return make.console_of(account)


def test_nobody_reviews_what_they_wrote(make, writing_doctor, nurse, hospital, herb):
    own = begin(writing_doctor, make.commission())
    own.save(HERB)
    own.step("submit")
    assert "approve" not in own.read()["allowed_actions"]
    assert code_of(own.step("approve", {})) == "knowledge_own_work"
    assert writing_doctor.get("/knowledge/items", waiting="review").get_json()["items"] == []
    # Nor what somebody else finished after them.
    herb.save(changed(HERB, "zh", name="绵芪"), console=writing_doctor)
    herb.save(HERB)
    herb.step("submit")
    refused = herb.step("approve", {}, console=writing_doctor)
    assert code_of(refused) == "knowledge_own_work"
    assert code_of(herb.step("return", {"reason": "x"}, console=writing_doctor)) == (
        "knowledge_own_work"
    )


def test_who_wrote_what_is_published_may_review_what_comes_after(
    published, writing_doctor, doctor, officer
):
    published.save(changed(HERB, "zh", name="甲"), console=writing_doctor)
    published.step("submit")
    published.step("approve", {}, console=doctor)
    published.step("publish", {}, console=officer)
    published.save(changed(HERB, "zh", name="乙"))
    published.step("submit")
    assert published.step("approve", {}, console=writing_doctor).status_code == 200


def test_the_database_refuses_a_review_by_the_author(submitted, nurse, session, clock):
    session.add(
        KnowledgeReview(
            item_id=submitted.id,
            revision_number=1,
            author_id=nurse.staff_id,
            reviewer_id=nurse.staff_id,
            verdict="approved",
            reviewed_at=clock.now(),
        )
    )
    with pytest.raises(IntegrityError, match="not_by_the_author"):
        session.flush()


def test_the_database_refuses_a_review_under_another_authors_name(
    submitted, doctor, officer, session, clock
):
    session.add(
        KnowledgeReview(
            item_id=submitted.id,
            revision_number=1,
            author_id=officer.staff_id,
            reviewer_id=doctor.staff_id,
            verdict="approved",
            reviewed_at=clock.now(),
        )
    )
    with pytest.raises(IntegrityError, match="fk_knowledge_reviews_revision"):
        session.flush()


def test_the_database_publishes_nothing_that_was_not_approved(published, session):
    published.save(changed(HERB, "zh", name="绵芪"))
    publication = session.get(KnowledgePublication, published.id)
    publication.revision_number = 2
    with pytest.raises(IntegrityError, match="fk_knowledge_publications_review"):
        session.flush()


@pytest.mark.parametrize(
    ("day", "is_taken"),
    [("2026-11-20", False), ("2026-11-21", True), ("2031-11-20", True), ("2031-11-21", False)],
)
def test_a_review_holds_for_up_to_five_years(submitted, doctor, day, is_taken):
    answer = submitted.step("approve", {"review_again_on": day}, console=doctor)
    assert (answer.status_code == 200) is is_taken, answer.get_json()
    if not is_taken:
        assert code_of(answer) == "knowledge_review_day_unsuitable"


def test_a_review_is_confirmed_when_it_is_due(published, doctor, nurse, http, clock, make):
    def due() -> list:
        console = make.console("medical_reviewer")
        return console.get("/knowledge/items", waiting="due").get_json()["items"]

    assert due() == []
    clock.advance(days=2 * 365 + 2)
    assert [each["id"] for each in due()] == [published.id]
    assert http.get(f"/knowledge/items/{published.id}").get_json()["is_review_overdue"] is True
    reviewer = make.console("medical_reviewer")
    confirmed = published.step("confirm-review", {}, console=reviewer).get_json()
    assert confirmed["review_again_on"] == "2030-11-21"
    assert due() == []
    assert http.get(f"/knowledge/items/{published.id}").get_json()["is_review_overdue"] is False


def test_each_role_sees_its_steps_in_each_state(make, herb, nurse, doctor, officer, hospital):
    def actions(console) -> set:
        return set(herb.read(console)["allowed_actions"])

    writing = {"edit", "restore", "change_settings", "submit", "delete"}
    auditor = make.console("auditor")
    assert actions(nurse) == writing
    assert actions(officer) == writing | {"open_comments"}
    assert actions(doctor) == actions(auditor) == set()
    herb.step("submit")
    assert actions(nurse) == {"change_settings", "recall"}
    assert actions(doctor) == {"approve", "return"}
    assert actions(officer) == {"change_settings", "recall", "return", "open_comments"}
    herb.step("approve", {}, console=doctor)
    assert actions(nurse) == {"change_settings", "recall"}
    assert actions(doctor) == {"return"}
    assert actions(officer) == actions(nurse) | {"return", "publish", "open_comments"}
    herb.step("publish", {}, console=officer)
    assert actions(nurse) == {"edit", "restore", "change_settings"}
    assert actions(doctor) == {"confirm_review"}
    assert actions(officer) == actions(nurse) | {"withdraw", "open_comments"}
    city = make.console("city_officer", make.commission("150600"))
    assert "withdraw" in actions(city)
    assert actions(auditor) == set()


@pytest.mark.parametrize("who", ["other hospital", "other district"])
def test_out_of_reach_is_as_if_it_did_not_exist(make, published, who):
    account = (
        make.staff("institution_manager", make.institution("别的医院"))
        if who == "other hospital"
        else make.staff("district_manager", make.commission("150603"))
    )
    if who == "other district":
        make.grant(account, "medical_reviewer", make.commission("150603"))
    console = make.console_of(account)
    calls = [("POST", f"/{step}", body) for step, body in STEPS.items()]
    calls += [("GET", path, None) for path in ("", "/revisions", "/revisions/1", "/preview")]
    calls += [
        ("POST", "/revisions/1/restore", None),
        ("PUT", "/content", {"content": HERB}),
        ("PATCH", "", {"code": "x"}),
        ("DELETE", "", None),
    ]
    for method, path, body in calls:
        answers = [
            console.send(method, f"/knowledge/items/{each}{path}", body, revision=1)
            for each in (published.id, 999_999)
        ]
        texts = [
            {key: value for key, value in answer.get_json().items() if key != "request_id"}
            for answer in answers
        ]
        assert texts[0] == texts[1], (method, path)
        assert answers[0].status_code == 404, (method, path)
    compared = console.get(f"{published.path}/comparison", one=1, other=1)
    assert code_of(compared) == "knowledge_item_not_found"
    assert console.get("/knowledge/items").get_json()["items"] == []


def test_clicking_twice_does_it_once(approved, officer, session):
    revision = approved.read(officer)["revision"]
    answers = [
        approved.step("publish", {}, console=officer, revision=revision).status_code
        for _ in range(2)
    ]
    assert answers == [200, 412]
    assert code_of(approved.step("publish", {}, console=officer)) == "knowledge_is_published"
    acts = session.query(AuditRecord).filter_by(action="knowledge.published").count()
    assert acts == 1


def test_revisions_are_compared_and_restored(published, nurse, officer, session):
    new = changed(HERB, "zh", actions="补气升阳，利水消肿。", body="<p>内蒙古是黄芪的产区。</p>")
    new["facts"]["toxicity"] = "slight"
    published.save(new)
    answer = nurse.get(f"{published.path}/comparison", one=1, other=2).get_json()["fields"]
    assert [each["place"] for each in answer] == ["zh.actions", "zh.body", "facts.toxicity"]
    actions, body, toxicity = answer
    assert actions["title"] == "中文：功效主治"
    assert actions["one"] == [
        {"text": "补气升阳，", "is_changed": False},
        {"text": "固表止汗", "is_changed": True},
        {"text": "。", "is_changed": False},
    ]
    assert {"text": "道地", "is_changed": True} in body["one"]
    assert all(not segment["is_changed"] for segment in body["other"])
    assert [segment["text"] for segment in toxicity["other"]] == ["有小毒"]
    restored = published.console.post(
        f"{published.path}/revisions/1/restore", revision=published.read()["revision"]
    ).get_json()
    assert restored["head"]["number"] == 3
    assert restored["head"]["content"]["zh"]["actions"] == HERB["zh"]["actions"]
    latest = nurse.get(f"{published.path}/revisions").get_json()["items"][0]
    assert (latest["restored_from"], latest["is_published"]) == (1, False)
    first = nurse.get(f"{published.path}/revisions/1").get_json()
    assert first["content"]["zh"]["name"] == "黄芪"
    assert code_of(nurse.get(f"{published.path}/revisions/9")) == "knowledge_revision_not_found"
    assert session.query(KnowledgeRevision).count() == 3


def test_restoring_knows_whether_the_translation_was_stale(herb):
    both = HERB | {"mn": {"name": "ᠬᠤᠩᠴᠢᠷ"}}
    herb.save(both)
    herb.step("submit")
    herb.step("recall")
    stale = changed(both, "zh", name="绵芪")
    assert herb.save(stale).get_json()["is_translation_stale"] is True
    herb.step("submit")
    herb.step("recall")
    settled = herb.save(changed(stale, "mn", name="ᠬᠤᠩᠴᠢᠷ ᠡᠮ"), is_translation_current=True)
    assert settled.get_json()["is_translation_stale"] is False
    for number, is_stale in ((2, True), (1, False)):
        restored = herb.console.post(
            f"{herb.path}/revisions/{number}/restore", revision=herb.read()["revision"]
        )
        assert restored.get_json()["head"]["is_translation_stale"] is is_stale


def test_a_moment_to_publish_comes(make, approved, officer, http, run, clock):
    moment = clock.now() + timedelta(hours=12)
    past = approved.step("publish", {"publish_at": clock.now().isoformat()}, console=officer)
    assert code_of(past) == "knowledge_publish_at_past"
    body = {"publish_at": moment.isoformat()}
    scheduled = approved.step("publish", body, console=officer).get_json()
    assert (scheduled["state"], scheduled["publish_at"]) == ("scheduled", moment.isoformat())
    assert code_of(approved.save(HERB)) == "knowledge_is_scheduled"
    clock.set(moment - timedelta(microseconds=1))
    run("publish_scheduled")
    assert http.get(f"/knowledge/items/{approved.id}").status_code == 404
    clock.set(moment)
    run("publish_scheduled")
    run("publish_scheduled")
    assert http.get(f"/knowledge/items/{approved.id}").status_code == 200
    item = approved.read(make.console("district_officer"))
    assert (item["state"], item["publish_at"]) == ("published", None)


def test_a_moment_can_be_moved_and_given_up(approved, officer, run, clock):
    for minutes in (5, 10):
        body = {"publish_at": (clock.now() + timedelta(minutes=minutes)).isoformat()}
        assert approved.step("publish", body, console=officer).status_code == 200
    clock.advance(minutes=7)
    run("publish_scheduled")
    assert approved.read()["state"] == "scheduled"
    assert approved.step("unschedule", console=officer).get_json()["state"] == "approved"
    clock.advance(minutes=7)
    run("publish_scheduled")
    assert approved.read()["state"] == "approved"


def test_a_withdrawn_item_comes_back_only_through_another_review(published, doctor, officer, http):
    body = {"reason": "剂量有误"}
    withdrawn = published.step("withdraw", body, console=officer).get_json()
    assert (withdrawn["state"], withdrawn["reason"]) == ("withdrawn", "剂量有误")
    assert withdrawn["published"] is None
    assert http.get(f"/knowledge/items/{published.id}").status_code == 404
    assert code_of(published.step("withdraw", body, console=officer)) == "knowledge_not_published"
    assert code_of(published.step("publish", {}, console=officer)) == "knowledge_is_withdrawn"
    assert published.step("submit").get_json()["head"]["number"] == 2
    published.step("approve", {}, console=doctor)
    published.step("publish", {}, console=officer)
    assert http.get(f"/knowledge/items/{published.id}").status_code == 200


def test_a_preview_is_what_readers_will_see(published, nurse, http):
    published.save(changed(HERB, "zh", name="绵芪"))
    assert nurse.get(f"{published.path}/preview").get_json()["zh"]["name"] == "绵芪"
    preview = nurse.get(f"{published.path}/preview", number=1).get_json()
    read = http.get(f"/knowledge/items/{published.id}").get_json()
    for part in ("zh", "mn", "facts", "organization", "links"):
        assert preview[part] == read[part]
