"""What takes two persons: one proposes, another agrees, and only then it is done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from models import (
    AuditRecord,
    Campaign,
    CampaignEvent,
    LedgerQueueItem,
    Proposal,
    SetAsideTally,
)
from tests.http import code_of
from tests.served import wait_until

LATER = "2027-01-31T00:00:00+08:00"
EXTENSION = {"closes_at": LATER, "reason": "设备故障"}
PUBLICATION = {"notice": "公示五个工作日。", "reason": "票数已核对"}


@pytest.fixture
def officer(make):
    return make.console("district_officer", name="提请人")


@pytest.fixture
def other(make):
    return make.console("district_officer", name="确认人")


@pytest.fixture
def manager(make):
    return make.console("district_manager")


@pytest.fixture
def campaign(make):
    return make.campaign()


@pytest.fixture
def closed(make, clock):
    return make.campaign(closes_at=clock.now() - timedelta(hours=1))


def propose(console, campaign, kind: str, **values) -> dict:
    answer = console.propose(campaign.id, kind, **values)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def approve(console, proposal: dict):
    return console.post(f"/proposals/{proposal['id']}/approve")


def state_of(console, proposal: dict) -> str:
    return console.get(f"/proposals/{proposal['id']}").get_json()["state"]


def status_of(console, campaign) -> str:
    return console.get(f"/campaigns/{campaign.id}").get_json()["status"]


def noted(session) -> list[tuple[str, dict]]:
    """What waits for its place in the ledger."""
    rows = session.scalars(select(LedgerQueueItem).order_by(LedgerQueueItem.id))
    return [(row.kind, row.content) for row in rows]


def test_it_is_done_when_another_agrees(officer, other, campaign, session):
    proposal = propose(officer, campaign, "extend", **EXTENSION)
    assert (proposal["state"], proposal["is_own"], proposal["may_decide"]) == ("open", True, False)
    assert proposal["summary"] == (
        "把投票截止时间延到 2027年1月31日 00:00，原定 2026年12月20日 12:00。"
    )
    assert proposal["proposed_by_name"] == "提请人"
    path = f"/campaigns/{campaign.id}"
    assert officer.get(path).get_json()["closes_at"] == campaign.closes_at.isoformat()
    assert noted(session) == []

    approved = approve(other, proposal).get_json()

    assert (approved["state"], approved["decided_by_name"]) == ("approved", "确认人")
    assert officer.get(path).get_json()["closes_at"] == "2027-01-30T16:00:00+00:00"
    session.rollback()
    [(kind, content)] = noted(session)
    assert (kind, content["event"], content["reason"], content["persons"]) == (
        "rules",
        "extended",
        "设备故障",
        2,
    )
    assert content["rules"]["closes_at"] == "2027-01-30T16:00:00Z"
    actions = session.scalars(select(AuditRecord).order_by(AuditRecord.number)).all()
    assert [each.action for each in actions] == [
        "proposal.made",
        "campaign.extended",
        "proposal.approved",
    ]
    assert actions[-1].after["proposed_by"] == "提请人"


def test_nobody_agrees_to_their_own(officer, campaign, session):
    proposal = propose(officer, campaign, "close")
    refused = approve(officer, proposal)
    assert (refused.status_code, code_of(refused)) == (403, "second_person_needed")
    declined = officer.post(f"/proposals/{proposal['id']}/decline", {"reason": "x"})
    assert code_of(declined) == "second_person_needed"
    assert state_of(officer, proposal) == "open"
    assert status_of(officer, campaign) == "open"
    for state in ("approved", "declined"):
        own = {"state": state, "decided_at": func.now(), "decided_by_id": Proposal.proposed_by_id}
        with pytest.raises(IntegrityError, match="two_persons"):
            session.execute(update(Proposal).values(own))
        session.rollback()


def test_two_accounts_of_one_role_are_two_persons_and_a_city_is_one_too(make, officer, campaign):
    proposal = propose(officer, campaign, "extend", **EXTENSION)
    city = make.console("city_officer", make.commission("150600"))
    assert approve(city, proposal).status_code == 200


def test_another_districts_manager_finds_nothing(make, officer, campaign):
    proposal = propose(officer, campaign, "close")
    stranger = make.console("district_manager", make.commission("150603"))
    path = f"/proposals/{proposal['id']}"
    answers = [
        stranger.get(path),
        stranger.post(f"{path}/approve"),
        stranger.post(f"{path}/decline", {"reason": "x"}),
        stranger.post(f"{path}/withdraw"),
    ]
    assert [code_of(each) for each in answers] == ["proposal_not_found"] * 4
    assert stranger.get("/proposals", scope="all").get_json()["items"] == []
    assert code_of(stranger.propose(campaign.id, "close")) == "campaign_not_found"
    assert state_of(officer, proposal) == "open"


def test_who_may_not_do_it_may_not_agree_to_it(make, officer, manager, closed):
    assert code_of(officer.propose(closed.id, "publish_result", **PUBLICATION)) == (
        "campaign_not_found"
    )
    proposal = propose(manager, closed, "publish_result", **PUBLICATION)
    assert code_of(approve(officer, proposal)) == "proposal_not_found"
    auditor = make.console("auditor")
    assert code_of(approve(auditor, proposal)) == "not_found"
    for reader in (officer, auditor):
        shown = reader.get(f"/campaigns/{closed.id}/proposals").get_json()["items"]
        assert [(each["id"], each["may_decide"]) for each in shown] == [(proposal["id"], False)]
        assert reader.get("/proposals", scope="all").get_json()["items"] == []
    assert approve(make.console("district_manager"), proposal).status_code == 200


def test_two_who_agree_at_once_carry_it_out_once(make, officer, campaign, session):
    proposal = propose(officer, campaign, "close")
    several = [make.console("district_officer") for _ in range(2)]
    # Both have read that it is open before either can go on.
    session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(approve, console, proposal) for console in several]
        waiting = text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        wait_until(lambda: session.scalar(waiting) == 2, seconds=10)
        session.rollback()
    assert sorted(each.result().status_code for each in answers) == [200, 409]
    assert {code_of(each.result()) for each in answers if each.result().status_code == 409} == {
        "proposal_decided"
    }
    events = session.scalars(select(CampaignEvent.kind)).all()
    assert events == ["closed"]


def test_what_can_no_longer_be_done_lapses(officer, other, make, campaign, clock, session):
    proposal = propose(officer, campaign, "extend", **EXTENSION)
    session.execute(update(Campaign).values(closes_at=clock.now() + timedelta(minutes=1)))
    session.commit()
    clock.advance(minutes=2)
    refused = approve(other, proposal)
    assert (refused.status_code, code_of(refused)) == (409, "campaign_is_closed")
    assert state_of(officer, proposal) == "lapsed"
    assert code_of(approve(other, proposal)) == "proposal_decided"
    assert noted(session) == []
    actions = session.scalars(select(AuditRecord.action).order_by(AuditRecord.number)).all()
    assert actions == ["proposal.made", "proposal.lapsed"]


def test_an_entry_leaves_once(officer, other, make, campaign, session):
    entry_id = make.entries(campaign)[0]
    first, second = (
        propose(officer, campaign, "withdraw_entry", entry_id=entry_id) for _ in range(2)
    )
    assert first["summary"].startswith("让 1 号“参评对象1”退出评选")
    assert approve(other, first).status_code == 200
    assert code_of(approve(other, second)) == "entry_withdrawn"
    assert state_of(other, second) == "lapsed"
    [(kind, content)] = noted(session)
    assert (kind, content["entry"], content["persons"]) == ("withdrawal", entry_id, 2)


def test_declining_says_why_and_makes_room(officer, other, campaign):
    proposal = propose(officer, campaign, "close")
    again = other.propose(campaign.id, "close")
    assert (again.status_code, code_of(again)) == (409, "proposal_open")
    path = f"/proposals/{proposal['id']}/decline"
    assert other.post(path).status_code in (400, 415, 422)
    declined = other.post(path, {"reason": "还没有征求意见"}).get_json()
    assert (declined["state"], declined["decision_reason"]) == ("declined", "还没有征求意见")
    assert status_of(officer, campaign) == "open"
    assert code_of(approve(other, proposal)) == "proposal_decided"
    propose(officer, campaign, "close")


def test_taking_back_ones_own(officer, other, campaign):
    proposal = propose(officer, campaign, "close")
    path = f"/proposals/{proposal['id']}/withdraw"
    assert code_of(other.post(path)) == "proposal_not_found"
    assert officer.post(path).get_json()["state"] == "withdrawn"
    assert code_of(officer.post(path)) == "proposal_decided"
    assert code_of(approve(other, proposal)) == "proposal_decided"


def test_what_is_impossible_cannot_even_be_proposed(officer, manager, make, campaign, closed):
    draft = make.campaign(state="draft")
    assert code_of(officer.propose(draft.id, "close")) == "campaign_is_draft"
    early = EXTENSION | {"closes_at": campaign.closes_at.isoformat()}
    assert code_of(officer.propose(campaign.id, "extend", **early)) == (
        "campaign_extension_too_early"
    )
    assert code_of(officer.propose(campaign.id, "withdraw_entry", entry_id=999)) == (
        "entry_not_found"
    )
    assert code_of(manager.propose(campaign.id, "publish_result", **PUBLICATION)) == (
        "campaign_is_open"
    )
    assert code_of(officer.propose(closed.id, "close")) == "campaign_is_closed"
    assert officer.get("/proposals", scope="own").get_json()["items"] == []


def test_before_opening_one_is_enough_and_afterwards_not(officer, make, clock, session):
    campaign = make.campaign(opens_at=clock.now() + timedelta(days=1), entries=4)
    entry_id = make.entries(campaign)[0]
    path = f"/campaigns/{campaign.id}"
    assert code_of(officer.propose(campaign.id, "extend", **EXTENSION)) == "campaign_is_scheduled"
    assert officer.post(f"{path}/extend", EXTENSION, revision=1).status_code == 200
    gone = officer.post(f"{path}/entries/{entry_id}/withdraw", {"reason": "本人申请"}, revision=1)
    assert gone.status_code == 200
    assert [(kind, content["persons"]) for kind, content in noted(session)] == [
        ("rules", 1),
        ("withdrawal", 1),
    ]
    opened = officer.post(f"{path}/open", revision=2).get_json()
    more = EXTENSION | {"closes_at": "2027-02-28T00:00:00+08:00"}
    extended = officer.post(f"{path}/extend", more, revision=opened["revision"])
    assert (extended.status_code, code_of(extended)) == (409, "second_person_needed_for_this")
    second_id = make.entries(campaign)[1]
    gone = officer.post(f"{path}/entries/{second_id}/withdraw", {"reason": "x"}, revision=1)
    assert code_of(gone) == "second_person_needed_for_this"


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"kind": "annul_ballots"}, "kind"),
        ({"kind": "extend"}, "closes_at"),
        ({"kind": "close", "notice": "x"}, "notice"),
        ({"kind": "close", "reason": ""}, "reason"),
        ({"kind": "withdraw_entry", "entry_id": "1"}, "entry_id"),
        ({"kind": "close", "state": "approved"}, "state"),
    ],
)
def test_wrong_fields_are_named(officer, campaign, body, wrong):
    answer = officer.post(f"/campaigns/{campaign.id}/proposals", {"reason": "x"} | body)
    assert (answer.status_code, set(answer.get_json()["errors"])) == (422, {wrong})


def test_no_result_while_ballots_await_review(manager, make, closed, session):
    proposal = propose(manager, closed, "publish_result", **PUBLICATION)
    entry_id = make.entries(closed)[0]
    tally = SetAsideTally(entry_id=entry_id, campaign_id=closed.id, quarantined=3, annulled=0)
    session.add(tally)
    session.commit()
    second = make.console("district_manager")
    waiting = approve(second, proposal)
    assert (waiting.status_code, code_of(waiting)) == (409, "ballots_awaiting_review")
    assert "3 张" in waiting.get_json()["detail"]
    assert state_of(second, proposal) == "open"
    tally.quarantined, tally.annulled = 0, 3
    session.commit()
    assert approve(second, proposal).status_code == 200


def test_a_published_result_is_noted_for_the_ledger(make, http, clock, session):
    campaign = make.campaign(closes_at=clock.now() + timedelta(hours=1))
    first, second, third = make.entries(campaign)
    for entry_id in (second, second, third):
        assert http.vote(campaign.id, entry_id, token=make.citizen().token).status_code == 201
    clock.advance(hours=2)
    assert make.agree(campaign, "publish_result", notice="公示。").status_code == 200
    [closing, (kind, content)] = noted(session)
    assert closing[0] == "closing"
    assert kind == "result"
    assert content["standings"] == [[first, 0], [second, 2], [third, 1]]
    assert (content["counted"], content["annulled"], content["persons"]) == (3, 0, 2)


def test_a_campaign_is_closed_once_in_the_ledger(make, closed, clock, session):
    session.add(
        LedgerQueueItem(kind="closing", campaign_id=closed.id, content={}, queued_at=clock.now())
    )
    session.commit()
    assert make.agree(closed, "publish_result", notice="公示。").status_code == 200
    session.rollback()
    assert [kind for kind, _ in noted(session)] == ["closing", "result"]


def test_those_who_can_decide_are_told(make, officer, other, campaign):
    def waiting(console) -> dict:
        items = console.get("/dashboard").get_json()["waiting"]
        return {item["kind"]: (item["count"], item["campaign_id"]) for item in items}

    proposal = propose(officer, campaign, "extend", **EXTENSION)
    assert "proposals_to_decide" not in waiting(officer)
    assert waiting(other)["proposals_to_decide"] == (1, campaign.id)
    assert waiting(make.console("auditor")) == {}
    assert [each["id"] for each in other.get("/proposals").get_json()["items"]] == [proposal["id"]]
    assert officer.get("/proposals").get_json()["items"] == []
    own = officer.get("/proposals", scope="own", state="open").get_json()["items"]
    assert [each["id"] for each in own] == [proposal["id"]]
    approve(other, proposal)
    assert "proposals_to_decide" not in waiting(other)
    assert other.get("/proposals", state="open").get_json()["items"] == []


def test_pages_of_proposals(officer, other, make, campaign):
    ids = [
        propose(officer, campaign, "withdraw_entry", entry_id=entry_id)["id"]
        for entry_id in make.entries(campaign)
    ]
    first = other.get("/proposals", limit=2).get_json()
    second = other.get("/proposals", limit=2, cursor=first["next_cursor"]).get_json()
    assert [each["id"] for each in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None


def test_a_result_somebody_proposed_no_longer_waits_to_be_published(make, manager, closed):
    def kinds(console) -> set[str]:
        return {item["kind"] for item in console.get("/dashboard").get_json()["waiting"]}

    assert kinds(manager) == {"results_to_publish"}
    propose(manager, closed, "publish_result", **PUBLICATION)
    assert kinds(manager) == set()
    assert kinds(make.console("district_manager")) == {"proposals_to_decide"}
