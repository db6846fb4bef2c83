"""WeChat is asked about late voters, once a day each, and whatever it says nobody's vote waits."""

import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from models import BallotOrigin, Citizen, RiskRank
from services.screening import risk_ranks
from tests.screening.conftest import states

PATH = "/wxa/getuserriskrank"


@pytest.fixture
def campaign(make):
    return make.campaign()


@pytest.fixture
def voter(make, wechat):
    """Makes a voter whom WeChat knows, with a rank."""

    def make_voter(openid: str, *, rank: int = 0, seconds_ago: int = 0):
        login = make.citizen()
        make.identity(login, openid)
        wechat.visit(openid, seconds_ago=seconds_ago, risk_rank=rank)
        return login

    return make_voter


def ranks(session) -> dict[int, tuple[int | None, str | None]]:
    session.rollback()
    rows = session.execute(select(RiskRank.citizen_id, RiskRank.risk_rank, RiskRank.refusal))
    return {citizen_id: (rank, refusal) for citizen_id, rank, refusal in rows}


def test_each_late_voter_is_asked_about_once_a_day(
    make, campaign, vote_from, voter, run, wechat, session, clock
):
    risky, gone, browser = voter("o-3", rank=3), voter("o-gone", seconds_ago=7300), make.citizen()
    for each in (risky, gone, browser):
        vote_from(campaign, make.entries(campaign)[0], each, address="203.0.113.9")
    run("ask_risk_ranks")
    assert ranks(session) == {
        risky.citizen_id: (3, None),
        gone.citizen_id: (None, "no_visit"),
        browser.citizen_id: (None, "no_identity"),
    }
    asked = wechat.calls(PATH)
    assert sorted(each["openid"] for each in asked) == ["o-3", "o-gone"]
    assert all(each["client_ip"] == "203.0.113.9" and each["scene"] == 1 for each in asked)
    run("ask_risk_ranks")
    assert len(wechat.calls(PATH)) == 2
    state = make.console("district_officer").get(f"/campaigns/{campaign.id}/screening").get_json()
    assert state["risk_ranks"] == {"asked": 3, "unavailable_reason": None}
    # Tomorrow, a ballot of tomorrow.
    clock.advance(days=1)
    risky = make.signed_in(risky.citizen_id, risky.session_id)
    vote_from(campaign, make.entries(campaign)[0], risky)
    run("ask_risk_ranks")
    assert len(wechat.calls(PATH)) == 3


def test_the_day_begins_at_midnight_in_shanghai(
    make, campaign, vote_from, voter, run, wechat, clock
):
    clock.set(datetime(2026, 11, 21, 15, 50, tzinfo=UTC))
    login = voter("o-late")
    vote_from(campaign, make.entries(campaign)[0], login)
    run("ask_risk_ranks")
    clock.advance(minutes=11)
    vote_from(
        campaign, make.entries(campaign)[0], make.signed_in(login.citizen_id, login.session_id)
    )
    run("ask_risk_ranks")
    assert len(wechat.calls(PATH)) == 2


def test_whoever_voted_longer_ago_is_not_asked_about(
    make, campaign, vote_from, voter, run, wechat, clock
):
    vote_from(campaign, make.entries(campaign)[0], voter("o-early"))
    clock.advance(hours=2, seconds=1)
    run("ask_risk_ranks")
    assert wechat.calls(PATH) == []


def test_where_the_interface_is_not_opened_it_is_off_for_a_day(
    make, campaign, vote_from, voter, run, wechat, clock, caplog
):
    wechat.set_app(opened_apis=["/cgi-bin/token"])
    vote_from(campaign, make.entries(campaign)[0], voter("o-1"))
    with caplog.at_level(logging.ERROR):
        run("ask_risk_ranks")
    assert "48001" in caplog.text
    asked = len(wechat.calls(PATH))
    vote_from(campaign, make.entries(campaign)[1], voter("o-2"))
    run("ask_risk_ranks")
    assert len(wechat.calls(PATH)) == asked
    officer = make.console("district_officer")
    state = officer.get(f"/campaigns/{campaign.id}/screening").get_json()["risk_ranks"]
    assert state["unavailable_reason"] == "unauthorized"
    clock.advance(hours=24)
    wechat.set_app(opened_apis=None)
    vote_from(campaign, make.entries(campaign)[1], voter("o-3"))
    run("ask_risk_ranks")
    assert len(wechat.calls(PATH)) == asked + 1
    officer = make.console("district_officer")
    state = officer.get(f"/campaigns/{campaign.id}/screening").get_json()["risk_ranks"]
    assert state["unavailable_reason"] is None


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "errcode", "errcode": 45009},
        {"kind": "errcode", "errcode": -1},
        {"kind": "http_status"},
        {"kind": "timeout", "seconds": 1.5},
    ],
    ids=["rate", "busy", "down", "timeout"],
)
def test_trouble_is_waited_out(
    make, campaign, vote_from, voter, run, wechat, session, clock, fault
):
    login = voter("o-1", rank=2)
    vote_from(campaign, make.entries(campaign)[0], login)
    wechat.fail(PATH, **fault)
    run("ask_risk_ranks")
    assert ranks(session) == {login.citizen_id: (None, "failed")}
    run("ask_risk_ranks")
    assert len(wechat.calls(PATH)) == 1
    clock.advance(minutes=6)
    run("ask_risk_ranks")
    assert ranks(session) == {login.citizen_id: (2, None)}


def test_nothing_is_written_of_who_was_erased_meanwhile(make, service, session, clock):
    """WeChat is asked with no transaction open, so an erasure may come in between."""
    gone, there = make.citizen(), make.citizen()
    session.get(Citizen, gone.citizen_id).deleted_at = clock.now()
    session.commit()
    due = [SimpleNamespace(voter_id=each.citizen_id) for each in (gone, there)]
    service(risk_ranks._settle, due, [risk_ranks.Answer(2)] * 2)
    assert ranks(session) == {there.citizen_id: (2, None)}


def test_an_answer_that_comes_later_is_judged_then(make, vote_from, voter, run, session, books):
    """The ballot is screened before WeChat was asked, and again with what it said."""
    campaign = make.campaign(screening={"threshold": 50})
    ballot = vote_from(campaign, make.entries(campaign)[0], voter("o-4", rank=4))
    run("screen_ballots")
    assert states(session, [ballot]) == ["counted"]
    run("ask_risk_ranks")
    assert states(session, [ballot]) == ["quarantined"]
    run("screen_ballots")
    books()


def test_addresses_are_forgotten_within_three_hours(make, campaign, vote_from, run, session, clock):
    ballot = vote_from(campaign, make.entries(campaign)[0])
    run("forget_addresses")
    session.expire_all()
    assert session.get(BallotOrigin, ballot).address is not None
    clock.advance(hours=2, minutes=45)
    run("forget_addresses")
    session.expire_all()
    origin = session.get(BallotOrigin, ballot)
    assert (origin.address, origin.network_key is None) == (None, False)


@pytest.mark.parametrize(
    ("published", "days", "is_kept"),
    [(True, 29, True), (True, 31, False), (False, 179, True), (False, 181, False)],
)
def test_where_ballots_came_from_is_forgotten_with_the_campaign(
    make, vote_from, run, session, clock, published, days, is_kept
):
    campaign = make.campaign(closes_at=clock.now() + timedelta(hours=1))
    ballot = vote_from(campaign, make.entries(campaign)[0])
    clock.advance(hours=1)
    if published:
        campaign.result_published_at = clock.now()
        session.commit()
    clock.advance(days=days)
    run("forget_origins")
    session.expire_all()
    assert (session.get(BallotOrigin, ballot) is not None) == is_kept
