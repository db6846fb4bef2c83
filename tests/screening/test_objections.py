"""Everybody affected can object once, and is answered once."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from models import BallotObjection, Campaign, Notice, RiskRank
from tests.http import HTTPClient, code_of
from tests.screening.conftest import states

TEXT = "这一票是我自己投的，请核实。"


def object_to(http, campaign, voter, text: str = TEXT):
    return http.post(
        f"/me/campaigns/{campaign.id}/objection",
        {"text": text},
        token=voter.token,
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )


@pytest.fixture
def campaign(make):
    return make.campaign()


@pytest.fixture
def affected(make, campaign, vote_from, quarantine):
    """A voter with a quarantined ballot: who, and which."""
    voter = make.citizen()
    make.identity(voter)
    ballot = vote_from(campaign, make.entries(campaign)[0], voter)
    quarantine([ballot])
    return voter, ballot


def test_the_affected_object_once(http, make, campaign, affected, session):
    voter, ballot = affected
    own = http.get(f"/me/campaigns/{campaign.id}/set-aside", token=voter.token).get_json()
    assert own["may_object"] is True
    assert [(each["ballot_id"], each["state"]) for each in own["ballots"]] == [
        (ballot, "quarantined")
    ]
    assert own["ballots"][0]["reason"] == "同一网络短时间集中投票"
    made = object_to(http, campaign, voter)
    assert (made.status_code, made.get_json()["state"]) == (201, "open")
    # The same again, as after a lost answer, is the same; something else is a second one.
    assert object_to(http, campaign, voter).get_json() == made.get_json()
    assert code_of(object_to(http, campaign, voter, "再说一次，是我投的。")) == "objection_made"
    own = http.get(f"/me/campaigns/{campaign.id}/set-aside", token=voter.token).get_json()
    assert (own["may_object"], own["objection"]["text"]) == (False, TEXT)


def test_two_at_the_same_moment_are_one(app, make, campaign, affected, session):
    voter, _ = affected
    clients = [HTTPClient(app.test_client()) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda pair: object_to(pair[1], campaign, voter, f"异议的第{pair[0]}种说法。"),
                enumerate(clients),
            )
        )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    session.rollback()
    assert session.scalar(select(func.count()).select_from(BallotObjection)) == 1


def test_strangers_and_the_unaffected_have_nothing_to_object_to(http, make, campaign, affected):
    stranger = make.citizen()
    assert code_of(object_to(http, campaign, stranger)) == "nothing_set_aside"
    own = http.get(f"/me/campaigns/{campaign.id}/set-aside", token=stranger.token).get_json()
    assert own == {"ballots": [], "objection": None, "may_object": False}
    assert code_of(object_to(http, make.campaign(state="draft"), stranger)) == "campaign_not_found"
    assert object_to(http, campaign, affected[0], "短").status_code == 422


def test_after_publication_it_is_too_late(http, campaign, affected, session, clock):
    session.get(Campaign, campaign.id).result_published_at = clock.now()
    session.commit()
    assert code_of(object_to(http, campaign, affected[0])) == "result_published"


@pytest.mark.parametrize("uphold", [True, False])
def test_staff_answer_once(http, make, campaign, affected, session, books, uphold):
    voter, ballot = affected
    object_to(http, campaign, voter)
    officer = make.console("district_officer")
    (item,) = officer.get(f"/campaigns/{campaign.id}/objections").get_json()["items"]
    assert (item["text"], [each["ballot_id"] for each in item["ballots"]]) == (TEXT, [ballot])
    assert item["ballots"][0]["is_objected"] is True
    path, body = f"/objections/{item['id']}/answer", {"uphold": uphold, "answer": "已经核实。"}
    other = make.console("district_manager", make.commission("150603"))
    assert code_of(other.post(path, body)) == "objection_not_found"
    answer = officer.post(path, body).get_json()
    assert (answer["state"], answer["released"]) == (("upheld", 1) if uphold else ("rejected", 0))
    assert states(session, [ballot]) == ["released" if uphold else "quarantined"]
    assert code_of(officer.post(path, body)) == "objection_answered"
    told = session.scalars(select(Notice).where(Notice.kind == "objection_answered")).one()
    assert "已经核实。" in told.body
    own = http.get(f"/me/campaigns/{campaign.id}/set-aside", token=voter.token).get_json()
    assert own["objection"]["answer"] == "已经核实。"
    books()


def test_an_upheld_one_brings_annulled_ballots_back(http, make, campaign, affected, session, books):
    voter, ballot = affected
    officer = make.console("district_officer")
    body = {"ballot_ids": [ballot], "reason": "程序投票"}
    officer.post(f"/campaigns/{campaign.id}/set-aside-ballots/annul", body)
    objection = object_to(http, campaign, voter)
    assert objection.status_code == 201
    (item,) = officer.get(f"/campaigns/{campaign.id}/objections").get_json()["items"]
    officer.post(f"/objections/{item['id']}/answer", {"uphold": True, "answer": "核实无误"})
    assert states(session, [ballot]) == ["released"]
    books()


def test_it_is_told_to_its_person_and_erased_with_them(http, campaign, affected, session, clock):
    voter, ballot = affected
    object_to(http, campaign, voter)
    session.add(RiskRank(citizen_id=voter.citizen_id, asked_at=clock.now(), risk_rank=1))
    session.commit()
    told = http.get("/me/export", token=voter.token, format="json").get_json()
    assert [each["state"] for each in told["set_aside_ballots"]] == ["quarantined"]
    assert told["objections"][0]["text"] == TEXT
    assert told["risk_ranks"][0]["risk_rank"] == 1
    assert http.delete("/me", token=voter.token).status_code == 204
    session.rollback()
    assert session.scalars(select(BallotObjection.text)).all() == [""]
    assert session.scalars(select(RiskRank)).all() == []
    assert states(session, [ballot]) == ["quarantined"]
