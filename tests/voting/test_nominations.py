"""What institutions nominate: draft, handed in, returned with a reason, approved."""

from datetime import timedelta

import pytest

from tests.files.pictures import jpeg
from tests.http import code_of


@pytest.fixture
def hospital(make):
    return make.institution("东胜区蒙医医院")


@pytest.fixture
def nurse(make, hospital):
    return make.console("institution_staff", hospital)


@pytest.fixture
def officer(make):
    return make.console("district_officer")


@pytest.fixture
def campaign(make, clock):
    now = clock.now()
    return make.campaign(
        entries=1,
        state="draft",
        opens_at=now + timedelta(days=5),
        nominations_close_at=now + timedelta(hours=6),
    )


@pytest.fixture
def nomination(nurse, hospital, campaign) -> dict:
    body = {
        "campaign_id": campaign.id,
        "organization_id": hospital.id,
        "name": "乌云其其格",
        "name_mn": "ᠣᠶᠤᠨᠴᠡᠴᠡᠭ",
        "statement": "每周三晚讲蒙医养生。",
    }
    answer = nurse.post("/nominations", body)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def step(console, nomination: dict, action: str, body: dict | None = None):
    path = f"/nominations/{nomination['id']}"
    revision = console.get(path).get_json().get("revision", 1)
    return console.post(f"{path}/{action}", body, revision=revision)


def test_a_nomination_becomes_an_entry(nurse, officer, campaign, nomination):
    (call,) = nurse.get("/nomination-calls").get_json()["items"]
    assert call["id"] == campaign.id
    assert step(nurse, nomination, "submit").get_json()["state"] == "submitted"
    waiting = officer.get(f"/campaigns/{campaign.id}").get_json()["nominations_waiting"]
    assert waiting == 1
    approved = step(officer, nomination, "approve").get_json()
    assert approved["state"] == "approved"
    entries = officer.get(f"/campaigns/{campaign.id}/entries").get_json()["items"]
    assert [(each["number"], each["name"]) for each in entries] == [
        (1, "参评对象1"),
        (2, "乌云其其格"),
    ]
    assert entries[1]["organization"]["name"] == "东胜区蒙医医院"
    assert entries[1]["id"] == approved["entry_id"]
    deleted = officer.delete(f"/campaigns/{campaign.id}/entries/{approved['entry_id']}", revision=1)
    assert code_of(deleted) == "entry_was_nominated"


def test_a_returned_nomination_is_mended_and_handed_in_again(nurse, officer, nomination):
    step(nurse, nomination, "submit")
    returned = step(officer, nomination, "return", {"reason": "请补充照片"}).get_json()
    assert (returned["state"], returned["return_reason"]) == ("returned", "请补充照片")
    path = f"/nominations/{nomination['id']}"
    seen = nurse.get(path).get_json()
    assert "edit" in seen["allowed_actions"]
    edited = nurse.patch(path, {"statement": "已补充。"}, revision=seen["revision"])
    assert edited.status_code == 200
    assert step(nurse, nomination, "submit").get_json()["state"] == "submitted"


def test_a_draft_is_its_institutions_own_affair(officer, nurse, nomination):
    assert officer.get("/nominations").get_json()["items"] == []
    assert code_of(officer.get(f"/nominations/{nomination['id']}")) == "nomination_not_found"
    assert len(nurse.get("/nominations").get_json()["items"]) == 1


def test_what_was_handed_in_can_be_taken_back_but_not_changed(nurse, nomination):
    step(nurse, nomination, "submit")
    path = f"/nominations/{nomination['id']}"
    assert code_of(nurse.patch(path, {"name": "x"}, revision=2)) == "nomination_is_submitted"
    assert code_of(nurse.delete(path, revision=2)) == "nomination_is_submitted"
    assert step(nurse, nomination, "recall").get_json()["state"] == "draft"
    assert nurse.delete(path, revision=3).status_code == 204
    assert code_of(nurse.get(path)) == "nomination_not_found"


def test_approving_twice_makes_one_entry(nurse, officer, campaign, nomination):
    step(nurse, nomination, "submit")
    path = f"/nominations/{nomination['id']}/approve"
    answers = [officer.post(path, revision=2) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 412]
    assert code_of(officer.post(path, revision=3)) == "nomination_is_approved"
    assert len(officer.get(f"/campaigns/{campaign.id}/entries").get_json()["items"]) == 2


def test_nominations_end_when_the_campaign_says(nurse, hospital, campaign, nomination, clock, make):
    clock.set(campaign.nominations_close_at)
    late = make.console_of(make.staff("institution_staff", hospital))
    assert code_of(step(late, nomination, "submit")) == "nominations_closed"
    assert late.get("/nomination-calls").get_json()["items"] == []
    body = {"campaign_id": campaign.id, "organization_id": hospital.id, "name": "x"}
    assert code_of(late.post("/nominations", body)) == "nominations_closed"


def test_nothing_is_approved_once_people_vote(make, nurse, officer, campaign, nomination, session):
    step(nurse, nomination, "submit")
    campaign.state, campaign.opens_at = "announced", campaign.opens_at - timedelta(days=6)
    session.commit()
    assert code_of(step(officer, nomination, "approve")) == "campaign_is_open"
    assert step(officer, nomination, "return", {"reason": "已开放"}).status_code == 200


def test_a_campaign_that_does_not_call_or_lies_elsewhere(make, nurse, hospital, clock):
    later = clock.now() + timedelta(days=1)
    silent = make.campaign(state="draft", opens_at=later)
    foreign = make.campaign(
        division="150603", state="draft", opens_at=later, nominations_close_at=later
    )
    for campaign in (silent, foreign):
        body = {"campaign_id": campaign.id, "organization_id": hospital.id, "name": "x"}
        assert code_of(nurse.post("/nominations", body)) == "campaign_not_found"


def test_a_city_calls_on_its_districts_hospitals_and_reviews_itself(
    make, nurse, officer, hospital, clock
):
    later = clock.now() + timedelta(days=1)
    campaign = make.campaign(
        division="150600", state="draft", opens_at=later, nominations_close_at=later
    )
    body = {"campaign_id": campaign.id, "organization_id": hospital.id, "name": "乌云"}
    nomination = nurse.post("/nominations", body).get_json()
    step(nurse, nomination, "submit")
    seen = officer.get(f"/nominations/{nomination['id']}").get_json()
    assert seen["allowed_actions"] == []
    assert code_of(step(officer, nomination, "approve")) == "nomination_not_found"
    city = make.console("city_officer", make.commission("150600"))
    assert step(city, nomination, "approve").status_code == 200


@pytest.mark.parametrize("who", ["other hospital", "other district"])
def test_out_of_reach_is_as_if_it_did_not_exist(make, nurse, nomination, who):
    step(nurse, nomination, "submit")
    console = (
        make.console("institution_manager", make.institution("别的医院"))
        if who == "other hospital"
        else make.console("district_manager", make.commission("150603"))
    )
    calls = [
        ("GET", "", None),
        ("PATCH", "", {"name": "x"}),
        ("DELETE", "", None),
        ("POST", "/submit", None),
        ("POST", "/recall", None),
        ("POST", "/return", {"reason": "x"}),
        ("POST", "/approve", None),
    ]
    for method, path, body in calls:
        answers = [
            console.send(method, f"/nominations/{each}{path}", body, revision=2)
            for each in (nomination["id"], 999_999)
        ]
        bodies = [
            {key: value for key, value in answer.get_json().items() if key != "request_id"}
            for answer in answers
        ]
        assert bodies[0] == bodies[1], (method, path)
        assert answers[0].status_code == 404, (method, path)


def test_the_hospital_itself_reviews_nothing(nurse, nomination, make, hospital):
    step(nurse, nomination, "submit")
    manager = make.console("institution_manager", hospital)
    answer = step(manager, nomination, "approve")
    assert (answer.status_code, code_of(answer)) == (404, "not_found")


def test_a_portrait_goes_along_to_the_entry(nurse, officer, campaign, nomination):
    picture = nurse.post("/files", jpeg(600, 800)).get_json()
    path = f"/nominations/{nomination['id']}"
    nurse.patch(path, {"portrait_id": picture["id"]}, revision=1)
    step(nurse, nomination, "submit")
    step(officer, nomination, "approve")
    entry = officer.get(f"/campaigns/{campaign.id}/entries").get_json()["items"][1]
    assert entry["portrait_url"] == picture["url"]
