"""Standings that stand still before closing, while votes still come in."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.http import code_of

MIDNIGHT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.fixture
def vote(http, make):
    def cast(campaign, entry_id: int) -> None:
        assert http.vote(campaign.id, entry_id, token=make.citizen().token).status_code == 201

    return cast


@pytest.fixture
def campaign(make):
    """Closes at midnight in Asia/Shanghai and stands still for the two hours before."""
    return make.campaign(closes_at=MIDNIGHT, standings_freeze_minutes=120, entries=2)


def standings(http, campaign) -> dict:
    return http.get(f"/campaigns/{campaign.id}/standings").get_json()


def votes(shown: dict) -> dict[int, int]:
    return {item["entry_id"]: item["votes"] for item in shown["items"]}


def test_they_move_until_the_second_of_the_freeze_and_from_closing_on(
    http, make, vote, campaign, clock
):
    first, second = make.entries(campaign)
    freezes_at = MIDNIGHT - timedelta(hours=2)
    clock.set(freezes_at - timedelta(seconds=1))
    vote(campaign, first)
    moving = standings(http, campaign)
    assert (moving["is_frozen"], votes(moving)) == (False, {first: 1, second: 0})

    clock.set(freezes_at)
    vote(campaign, second)
    vote(campaign, second)
    frozen = standings(http, campaign)
    assert (frozen["is_frozen"], votes(frozen)) == (True, {first: 1, second: 0})
    assert datetime.fromisoformat(frozen["as_of"]) == freezes_at
    assert (frozen["shown"], frozen["is_final"], frozen["total_votes"]) == ("live", False, 1)

    clock.set(MIDNIGHT - timedelta(seconds=1))
    vote(campaign, second)
    assert standings(http, campaign) == frozen

    clock.set(MIDNIGHT)
    shown = standings(http, campaign)
    assert (shown["is_frozen"], votes(shown)) == (False, {second: 3, first: 1})


def test_a_ballot_on_its_way_when_they_froze_still_shows(http, make, vote, campaign, clock):
    first, second = make.entries(campaign)
    freezes_at = MIDNIGHT - timedelta(hours=2)
    clock.set(freezes_at + timedelta(seconds=5))
    assert votes(standings(http, campaign)) == {first: 0, second: 0}
    # Cast before the freeze, on the disk only after somebody looked.
    clock.set(freezes_at - timedelta(seconds=1))
    vote(campaign, first)
    clock.set(freezes_at + timedelta(seconds=30))
    kept = standings(http, campaign)
    assert votes(kept) == {first: 1, second: 0}
    vote(campaign, second)
    assert standings(http, campaign) == kept


def test_staff_who_may_see_hidden_standings_see_them_live(make, vote, campaign, clock):
    first, second = make.entries(campaign)
    vote(campaign, first)
    clock.set(MIDNIGHT - timedelta(minutes=1))
    vote(campaign, second)
    path = f"/campaigns/{campaign.id}/live"
    live = make.console("district_manager").get(path).get_json()
    assert (live["is_frozen"], votes({"items": live["standings"]})) == (
        False,
        {first: 1, second: 1},
    )
    frozen = make.console("district_officer").get(path).get_json()
    assert (frozen["is_frozen"], votes({"items": frozen["standings"]})) == (
        True,
        {first: 1, second: 0},
    )
    # How many ballots there are in all is no secret; who gets them is.
    assert (frozen["votes"], frozen["by_division"]) == (2, [])


def test_ranks_stand_still_too_and_hidden_standings_stay_hidden(http, make, vote, clock):
    shared = {"closes_at": MIDNIGHT, "standings_freeze_minutes": 120, "entries": 2}
    ranks = make.campaign(standings_mode="ranks_only", **shared)
    hidden = make.campaign(standings_mode="hidden", **shared)
    first, second = make.entries(ranks)
    vote(ranks, first)
    clock.set(MIDNIGHT - timedelta(hours=1))
    for _ in range(2):
        vote(ranks, second)
    shown = standings(http, ranks)
    assert shown["is_frozen"] is True
    assert [item["entry_id"] for item in shown["items"]] == [first, second]
    assert votes(shown) == {first: None, second: None}
    shown = standings(http, hidden)
    assert (shown["items"], shown["is_frozen"]) == ([], False)


def test_delayed_standings_keep_the_batch_they_froze_with(http, make, vote, clock):
    campaign = make.campaign(
        closes_at=MIDNIGHT,
        standings_mode="delayed",
        standings_delay_minutes=60,
        standings_freeze_minutes=90,
        entries=1,
    )
    (entry_id,) = make.entries(campaign)
    clock.set(MIDNIGHT - timedelta(minutes=130))
    vote(campaign, entry_id)
    clock.set(MIDNIGHT - timedelta(minutes=100))
    vote(campaign, entry_id)
    moving = standings(http, campaign)
    assert (moving["is_frozen"], votes(moving)) == (False, {entry_id: 1})
    clock.set(MIDNIGHT - timedelta(minutes=1))
    frozen = standings(http, campaign)
    assert frozen == moving | {"is_frozen": True}


def test_who_is_withdrawn_leaves_frozen_standings_at_once(http, make, vote, campaign, clock):
    first, second = make.entries(campaign)
    vote(campaign, first)
    clock.set(MIDNIGHT - timedelta(hours=1))
    assert list(votes(standings(http, campaign))) == [first, second]
    assert make.agree(campaign, "withdraw_entry", entry_id=first).status_code == 200
    assert list(votes(standings(http, campaign))) == [second]


def test_the_freeze_is_a_rule_of_the_draft_and_shorter_than_the_vote(make, http):
    draft = make.campaign(state="draft")
    officer = make.console("district_officer")
    path = f"/campaigns/{draft.id}"
    body = {"standings_freeze_minutes": 1440, "annulments_alone": 5}
    edited = officer.patch(path, body, revision=1).get_json()
    assert {name: edited[name] for name in body} == body
    short = {
        "opens_at": "2026-12-01T00:00:00+08:00",
        "closes_at": "2026-12-02T00:00:00+08:00",
    }
    assert code_of(officer.patch(path, short, revision=2)) == "campaign_freeze_too_long"
    body = {"standings_freeze_minutes": 1439}
    assert officer.patch(path, short | body, revision=2).status_code == 200
    announced = make.campaign(standings_freeze_minutes=30)
    fixed = officer.patch(f"/campaigns/{announced.id}", body, revision=1)
    assert code_of(fixed) == "campaign_rules_fixed"
    fixed = officer.patch(f"/campaigns/{announced.id}", {"annulments_alone": 9}, revision=1)
    assert code_of(fixed) == "campaign_rules_fixed"
    assert http.get(f"/campaigns/{announced.id}").get_json()["standings_freeze_minutes"] == 30
