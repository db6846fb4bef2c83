"""Ballots set aside: out of the count, told neutrally, then released or annulled, once."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from models import AuditRecord, BallotGroup, Campaign, Entry, LedgerQueueItem, Notice
from server.extensions import runtime
from services import screening
from services.access import Actor, Grant
from services.context import unit_of_work
from services.errors import Conflict
from tests.http import code_of
from tests.screening.conftest import noted, states


@pytest.fixture
def campaign(make):
    return make.campaign(entries=3)


@pytest.fixture
def officer(make):
    return make.console("district_officer")


def as_staff(staff):
    """A context of somebody who may review, without a browser."""
    grant = Grant("district_officer", staff.organization_id)
    return runtime().context(actor=Actor(staff_id=staff.id, staff_name=staff.name, grants=(grant,)))


def standings(http, campaign) -> dict[int, int]:
    items = http.get(f"/campaigns/{campaign.id}/standings").get_json()["items"]
    return {item["entry_id"]: item["votes"] for item in items}


def decide(console, campaign, what: str, ballot_ids, **more):
    path = f"/campaigns/{campaign.id}/set-aside-ballots/{what}"
    return console.post(path, {"ballot_ids": ballot_ids, "reason": "经核查", **more})


def group_of(session, campaign, **values) -> BallotGroup:
    group = BallotGroup(
        **(
            {
                "campaign_id": campaign.id,
                "origin": "screening",
                "pattern": "network",
                "key": "k",
                "signals": {},
                "created_at": campaign.opens_at,
            }
            | values
        )
    )
    session.add(group)
    session.commit()
    return group


def test_what_is_quarantined_does_not_count_and_its_voter_is_told_neutrally(
    http, make, campaign, vote_from, quarantine, session, books
):
    voter = make.citizen()
    make.identity(voter)
    first, second, _ = make.entries(campaign)
    own = [vote_from(campaign, first, voter), vote_from(campaign, second, voter)]
    vote_from(campaign, first)
    quarantine(own)
    assert standings(http, campaign) == {first: 1, second: 0, make.entries(campaign)[2]: 0}
    ballots = http.get("/me/ballots", token=voter.token).get_json()["items"]
    assert [each["state"] for each in ballots] == ["quarantined", "quarantined"]
    assert http.get(f"/me/ballots/{own[0]}", token=voter.token).get_json()["state"] == "quarantined"
    notice = session.scalars(select(Notice)).one()
    assert notice.kind == "ballots_set_aside"
    assert "2票待核，正在人工复核，不影响您继续投票" in notice.body
    assert noted(session, campaign.id) == [
        ("quarantine", own, "同一网络短时间集中投票", 1),
    ]
    # One may go on voting.
    vote_from(campaign, make.entries(campaign)[2], voter)
    books()


def test_setting_aside_again_changes_nothing(campaign, make, vote_from, quarantine, session, books):
    ballot = vote_from(campaign, make.entries(campaign)[0])
    quarantine([ballot])
    quarantine([ballot])
    assert len(noted(session, campaign.id)) == 1
    books()


def test_released_ones_count_again_and_are_told(
    http, make, campaign, officer, vote_from, quarantine, session, books
):
    voter = make.citizen()
    make.identity(voter)
    entry_id = make.entries(campaign)[0]
    ballot = vote_from(campaign, entry_id, voter)
    quarantine([ballot])
    answer = decide(officer, campaign, "release", [ballot])
    assert answer.get_json() == {"released": 1, "proposal_id": None}
    assert standings(http, campaign)[entry_id] == 1
    assert http.get("/me/ballots", token=voter.token).get_json()["items"][0]["state"] == "counted"
    assert noted(session, campaign.id)[-1] == ("release", [ballot], "经核查", 1)
    kinds = session.scalars(select(Notice.kind).order_by(Notice.id)).all()
    assert kinds == ["ballots_set_aside", "ballots_decided"]
    record = session.scalars(select(AuditRecord).order_by(AuditRecord.number.desc())).first()
    assert (record.action, record.after["ballots"]) == ("ballots.released", 1)
    # It is not set aside for the same signals again.
    quarantine([ballot])
    assert states(session, [ballot]) == ["released"]
    books()


def test_annulled_ones_never_count_and_the_reason_is_public(
    http, make, campaign, officer, vote_from, quarantine, books, session
):
    entry_id = make.entries(campaign)[0]
    farmed = [vote_from(campaign, entry_id) for _ in range(3)]
    vote_from(campaign, entry_id)
    quarantine(farmed)
    count = http.get(f"/campaigns/{campaign.id}/ballot-count").get_json()
    assert (count["cast"], count["counted"], count["quarantined"]) == (4, 1, 3)
    assert decide(officer, campaign, "annul", farmed).get_json()["annulled"] == 3
    count = http.get(f"/campaigns/{campaign.id}/ballot-count").get_json()
    assert count["reasons"] == [{"reason": "经核查", "ballots": 3}]
    assert (count["cast"], count["counted"], count["quarantined"], count["annulled"]) == (
        4,
        1,
        0,
        3,
    )
    assert count["by_entry"][0] == {
        "entry_id": entry_id,
        "counted": 1,
        "quarantined": 0,
        "annulled": 3,
    }
    assert noted(session, campaign.id)[-1] == ("annulment", sorted(farmed), "经核查", 1)
    books()


def test_the_public_count_adds_up_with_withdrawn_entries_and_hides_what_standings_hide(
    http, make, vote_from, quarantine, clock, session
):
    campaign = make.campaign(standings_mode="hidden")
    first, second, _ = make.entries(campaign)
    quarantine([vote_from(campaign, first)])
    vote_from(campaign, second)
    vote_from(campaign, first)
    count = http.get(f"/campaigns/{campaign.id}/ballot-count").get_json()
    assert (count["cast"], count["counted"], count["by_entry"]) == (None, None, [])
    assert (count["quarantined"], count["is_final"]) == (1, False)
    session.execute(
        Entry.__table__.update().where(Entry.id == second).values(withdrawn_at=clock.now())
    )
    session.commit()
    clock.set(campaign.closes_at)
    clock.advance(minutes=1)
    count = http.get(f"/campaigns/{campaign.id}/ballot-count").get_json()
    parts = ("cast", "counted", "withdrawn", "quarantined", "annulled")
    assert [count[part] for part in parts] == [3, 1, 1, 1, 0]
    assert count["is_final"] is False


def test_an_empty_campaign_has_counted_nothing(http, make):
    campaign = make.campaign(entries=0)
    count = http.get(f"/campaigns/{campaign.id}/ballot-count").get_json()
    assert (count["cast"], count["counted"], count["quarantined"]) == (0, 0, 0)


def test_what_is_decided_is_decided_once(make, campaign, officer, vote_from, quarantine, books):
    ballot = vote_from(campaign, make.entries(campaign)[0])
    quarantine([ballot])
    assert decide(officer, campaign, "annul", [ballot]).status_code == 200
    for what in ("annul", "release"):
        assert code_of(decide(officer, campaign, what, [ballot])) == "ballots_decided"
    # Who sees it annulled may take that back, and annul what was released.
    assert decide(officer, campaign, "release", [ballot], state="annulled").status_code == 200
    assert decide(officer, campaign, "annul", [ballot], state="released").status_code == 200
    books()


def test_all_or_none(make, campaign, officer, vote_from, quarantine, session):
    entry_id = make.entries(campaign)[0]
    one, other, counted = (vote_from(campaign, entry_id) for _ in range(3))
    quarantine([one, other])
    decide(officer, campaign, "release", [other])
    assert code_of(decide(officer, campaign, "annul", [one, other])) == "ballots_decided"
    assert code_of(decide(officer, campaign, "annul", [one, counted])) == "ballot_not_found"
    assert states(session, [one, other, counted]) == ["quarantined", "released", "counted"]


def test_a_group_is_decided_at_once_and_its_revision_guards_it(
    make, campaign, officer, vote_from, quarantine, session, books
):
    entry_id = make.entries(campaign)[0]
    ballots = [vote_from(campaign, entry_id) for _ in range(4)]
    group = group_of(session, campaign, entry_id=entry_id)
    quarantine(ballots, group_id=group.id)
    seen = officer.get(f"/ballot-groups/{group.id}").get_json()
    assert seen["ballots"] == {"quarantined": 4, "released": 0, "annulled": 0, "proposed": 0}
    assert seen["signals"] == {"network_burst": {"ballots": 4}, "night": {"ballots": 4}}
    assert [each["ballots"] for each in seen["timeline"]] == [4]
    assert {each["name"] for each in seen["explanations"]} == {"network_burst", "night"}
    assert decide(officer, campaign, "release", ballots[:1]).status_code == 200
    path, reason = f"/ballot-groups/{group.id}/annul", {"reason": "程序投票"}
    assert officer.post(path, reason, revision=2).status_code == 412
    answer = officer.post(path, reason, revision=1)
    assert answer.get_json()["group"]["state"] == "decided"
    assert answer.get_json()["group"]["ballots"]["annulled"] == 3
    assert code_of(officer.post(path, reason, revision=2)) == "ballots_decided"
    assert states(session, ballots) == ["released", "annulled", "annulled", "annulled"]
    listed = officer.get(f"/campaigns/{campaign.id}/ballot-groups", state="decided").get_json()
    assert [each["id"] for each in listed["items"]] == [group.id]
    books()


def test_more_than_a_set_number_takes_a_second_person(
    make, officer, vote_from, quarantine, session, books
):
    campaign = make.campaign(annulments_alone=1)
    ballots = [vote_from(campaign, make.entries(campaign)[0]) for _ in range(2)]
    quarantine(ballots)
    answer = decide(officer, campaign, "annul", ballots).get_json()
    assert (answer["annulled"], states(session, ballots)) == (0, ["quarantined"] * 2)
    path = f"/proposals/{answer['proposal_id']}"
    assert officer.get(path).get_json()["summary"].startswith("作废 2 张")
    assert code_of(officer.post(f"{path}/approve")) == "second_person_needed"
    assert make.console("district_officer").post(f"{path}/approve").status_code == 200
    assert states(session, ballots) == ["annulled"] * 2
    assert noted(session, campaign.id)[-1] == ("annulment", ballots, "经核查", 2)
    books()


def test_what_joins_a_group_after_the_proposal_is_not_annulled_with_it(
    make, officer, vote_from, quarantine, session
):
    campaign = make.campaign(annulments_alone=1)
    entry_id = make.entries(campaign)[0]
    ballots = [vote_from(campaign, entry_id) for _ in range(3)]
    group = group_of(session, campaign, entry_id=entry_id)
    quarantine(ballots[:2], group_id=group.id)
    path, reason = f"/ballot-groups/{group.id}/annul", {"reason": "程序投票"}
    proposal_id = officer.post(path, reason, revision=1).get_json()["proposal_id"]
    quarantine(ballots[2:], group_id=group.id)
    other = make.console("district_officer")
    assert other.post(f"/proposals/{proposal_id}/approve").status_code == 200
    assert states(session, ballots) == ["annulled", "annulled", "quarantined"]


def test_of_what_was_released_meanwhile_nothing_is_annulled(
    make, officer, vote_from, quarantine, session
):
    campaign = make.campaign(annulments_alone=1)
    ballots = [vote_from(campaign, make.entries(campaign)[0]) for _ in range(2)]
    quarantine(ballots)
    proposal_id = decide(officer, campaign, "annul", ballots).get_json()["proposal_id"]
    assert decide(officer, campaign, "release", ballots[:1]).status_code == 200
    other = make.console("district_officer")
    assert code_of(other.post(f"/proposals/{proposal_id}/approve")) == "ballots_decided"
    assert other.get(f"/proposals/{proposal_id}").get_json()["state"] == "lapsed"
    assert states(session, ballots) == ["released", "quarantined"]


def test_a_proposed_group_is_set_aside_or_dismissed(
    http, make, campaign, officer, vote_from, session, books
):
    entry_id = make.entries(campaign)[0]
    ballots = [vote_from(campaign, entry_id) for _ in range(3)]
    signals = {"same_device": {"ballots": 3}, "ballot_ids": ballots}
    groups = [
        group_of(
            session, campaign, origin="search", state="proposed", key=str(place), signals=signals
        )
        for place in range(2)
    ]
    seen = officer.get(f"/ballot-groups/{groups[0].id}").get_json()
    assert (seen["ballots"]["proposed"], seen["signals"]) == (3, {"same_device": {"ballots": 3}})
    rows = officer.get(
        f"/campaigns/{campaign.id}/set-aside-ballots", group_id=groups[0].id
    ).get_json()["items"]
    assert [row["state"] for row in rows] == ["proposed"] * 3
    reason = {"reason": "多个账号投票方式雷同"}
    path = f"/ballot-groups/{groups[0].id}/quarantine"
    answer = officer.post(path, reason, revision=1).get_json()["group"]
    assert (answer["state"], answer["ballots"]["quarantined"]) == ("open", 3)
    assert standings(http, campaign)[entry_id] == 0
    assert code_of(officer.post(path, reason, revision=2)) == "ballots_decided"
    answer = officer.post(f"/ballot-groups/{groups[1].id}/dismiss", reason, revision=1)
    assert answer.get_json()["group"]["state"] == "dismissed"
    books()


def test_reviewers_see_no_person(make, campaign, officer, vote_from, quarantine, session):
    voter = make.citizen()
    ballot = vote_from(campaign, make.entries(campaign)[0], voter, source="share")
    quarantine([ballot])
    (row,) = officer.get(f"/campaigns/{campaign.id}/set-aside-ballots").get_json()["items"]
    assert (row["ballot_id"], row["source"], row["state"]) == (ballot, "share", "quarantined")
    assert (row["score"], row["signals"]) == (40, {"network_burst": 30, "night": 10})
    assert len(row["voter"]) == 8
    assert row["network"].startswith("网段")
    assert not {"voter_id", "receipt_code", "address"} & set(row)


def test_other_districts_find_nothing(make, campaign, vote_from, quarantine, session):
    ballot = vote_from(campaign, make.entries(campaign)[0])
    group = group_of(session, campaign)
    quarantine([ballot], group_id=group.id)
    stranger = make.console("district_manager", make.commission("150603"))
    reason = {"reason": "理由"}
    for path in ("screening", "ballot-groups", "set-aside-ballots", "objections"):
        assert code_of(stranger.get(f"/campaigns/{campaign.id}/{path}")) == "campaign_not_found"
    assert code_of(stranger.get(f"/ballot-groups/{group.id}")) == "ballot_group_not_found"
    for what in ("release", "annul", "quarantine", "dismiss"):
        answer = stranger.post(f"/ballot-groups/{group.id}/{what}", reason, revision=1)
        assert (answer.status_code, code_of(answer)) == (404, "ballot_group_not_found")
    for what in ("release", "annul"):
        assert code_of(decide(stranger, campaign, what, [ballot])) == "campaign_not_found"
    # An auditor reads and decides nothing.
    auditor = make.console("auditor", make.commission("150000"))
    assert auditor.get(f"/campaigns/{campaign.id}/set-aside-ballots").status_code == 200
    assert decide(auditor, campaign, "release", [ballot]).status_code == 404
    assert states(session, [ballot]) == ["quarantined"]


def test_nothing_is_decided_after_publication(
    make, campaign, officer, vote_from, quarantine, session, clock
):
    ballot = vote_from(campaign, make.entries(campaign)[0])
    quarantine([ballot])
    row = session.get(Campaign, campaign.id)
    row.result_published_at = clock.now()
    session.commit()
    for what in ("release", "annul"):
        assert code_of(decide(officer, campaign, what, [ballot])) == "result_published"


def test_of_a_release_and_an_annulment_at_the_same_time_one_decides(
    make, campaign, vote_from, quarantine, session, books
):
    entry_id = make.entries(campaign)[0]
    ballots = [vote_from(campaign, entry_id) for _ in range(6)]
    quarantine(ballots)
    consoles = [make.console("district_officer") for _ in range(2)]
    for ballot in ballots:
        meeting = Barrier(2)

        def act(pair, ballot=ballot, meeting=meeting):
            console, what = pair
            meeting.wait(timeout=10)
            return decide(console, campaign, what, [ballot]).status_code

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(act, zip(consoles, ("release", "annul"), strict=True)))
        assert sorted(answers) == [200, 409]
    assert len(noted(session, campaign.id)) == 1 + len(ballots)
    books()


def test_tallies_equal_a_recount_after_any_history(
    make, campaign, officer, vote_from, quarantine, session, books
):
    chance = random.Random(5)
    entries = make.entries(campaign)
    ballots = [vote_from(campaign, chance.choice(entries)) for _ in range(12)]
    for _ in range(25):
        picked = chance.sample(ballots, 3)
        match chance.choice(("quarantine", "release", "annul")):
            case "quarantine":
                quarantine(picked)
            case what:
                state = chance.choice(("quarantined", "released", "annulled"))
                decide(officer, campaign, what, picked[:1], state=state)
        books()


def test_settings_are_free_before_opening_and_take_two_afterwards(make, session):
    campaign = make.campaign(state="draft")
    campaign_id, officer = campaign.id, make.console("district_officer")
    path = f"/campaigns/{campaign_id}/screening"
    seen = officer.get(path).get_json()
    assert (seen["settings"], seen["settings"]["threshold"]) == (seen["defaults"], 100)
    changed = {"threshold": 120, "signals": {"network_burst": {"weight": 40, "least": 30}}}
    answer = officer.patch(path, changed | {"annulments_alone": 5}, revision=1).get_json()
    assert answer["settings"]["signals"]["network_burst"]["least"] == 30
    assert (answer["annulments_alone"], answer["proposal_id"]) == (5, None)
    session.expire_all()
    assert session.get(Campaign, campaign_id).screening == changed
    assert officer.patch(path, {"threshold": 90}, revision=1).status_code == 412
    for wrong in (
        {"signals": {"no_such": {"weight": 1}}},
        {"signals": {"night": {"lift": 1}}},
        {"signals": {"network_burst": {"share": 101}}},
    ):
        assert code_of(officer.patch(path, wrong, revision=2)) == "screening_setting_invalid"
    assert officer.patch(path, {"signals": {"night": 1}}, revision=2).status_code == 422
    running = make.campaign()
    path = f"/campaigns/{running.id}/screening"
    assert code_of(officer.patch(path, {"threshold": 90}, revision=1)) == "reason_needed"
    changed = {"threshold": 90, "reason": "误判太多"}
    answer = officer.patch(path, changed, revision=1).get_json()
    assert answer["settings"]["threshold"] == 100
    assert code_of(officer.patch(path, changed, revision=1)) == "proposal_open"
    other = make.console("district_officer")
    assert other.post(f"/proposals/{answer['proposal_id']}/approve").status_code == 200
    assert other.get(path).get_json()["settings"]["threshold"] == 90


def test_a_change_two_agreed_to_is_noted(make, app, session):
    campaign = make.campaign()
    staff = make.staff("district_officer")
    with app.app_context():
        ctx = as_staff(staff)
        with unit_of_work(ctx.session):
            screening.carry_out_change(
                ctx, campaign_id=campaign.id, changes={"threshold": 80}, reason="放宽", persons=2
            )
        with pytest.raises(Conflict), unit_of_work(ctx.session):
            screening.carry_out_change(
                ctx, campaign_id=campaign.id, changes={"threshold": 70}, reason="再", persons=1
            )
    session.expire_all()
    assert session.get(Campaign, campaign.id).screening == {"threshold": 80}
    item = session.scalars(select(LedgerQueueItem)).one()
    assert (item.kind, item.content["event"], item.content["persons"]) == (
        "rules",
        "screening_changed",
        2,
    )
