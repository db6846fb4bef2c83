"""What is left before voting, and that the ballot box agrees."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from tests.http import code_of


def ask(http, campaign, token):
    return http.get(f"/me/campaigns/{campaign.id}/remaining", token=token)


def test_before_the_first_ballot_everything_is_left(http, make):
    campaign = make.campaign(ballots_per_day=3, ballots_per_entry_per_day=2, ballots_in_all=10)
    answer = ask(http, campaign, make.citizen().token)
    assert answer.get_json() == {
        "today": 3,
        "today_for_entry": 2,
        "in_all": 10,
        "entries_today": [],
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_each_entry_of_today_says_what_it_may_still_get(http, make):
    campaign = make.campaign(ballots_per_day=4, ballots_per_entry_per_day=2)
    first, second, third = make.entries(campaign)
    token = make.citizen().token
    for entry_id in (second, first, second):
        receipt = http.vote(campaign.id, entry_id, token=token).get_json()

    left = ask(http, campaign, token).get_json()

    assert left == {
        "today": 1,
        "today_for_entry": 1,
        "in_all": None,
        "entries_today": [
            {"entry_id": first, "cast": 1, "left": 1},
            {"entry_id": second, "cast": 2, "left": 0},
        ],
    }
    assert receipt["remaining"] == {"today": 1, "today_for_entry": 0, "in_all": None}
    assert third not in {each["entry_id"] for each in left["entries_today"]}


def test_only_ones_own_ballots_in_this_campaign_count(http, make):
    campaign, other = make.campaign(), make.campaign()
    me, neighbour = make.citizen().token, make.citizen().token
    http.vote(campaign.id, make.entries(campaign)[0], token=neighbour)
    http.vote(other.id, make.entries(other)[0], token=me)
    assert ask(http, campaign, me).get_json()["today"] == 3


def test_the_day_changes_at_midnight_in_shanghai(http, make, clock):
    clock.set(datetime(2026, 11, 20, 15, 59, 59, 999000, tzinfo=UTC))
    campaign = make.campaign(ballots_per_day=2, ballots_in_all=5)
    entry_id = make.entries(campaign)[0]
    token = make.citizen().token
    http.vote(campaign.id, entry_id, token=token)
    assert ask(http, campaign, token).get_json() == {
        "today": 1,
        "today_for_entry": 1,
        "in_all": 4,
        "entries_today": [{"entry_id": entry_id, "cast": 1, "left": 0}],
    }

    clock.advance(milliseconds=1)

    assert ask(http, campaign, token).get_json() == {
        "today": 2,
        "today_for_entry": 1,
        "in_all": 4,
        "entries_today": [],
    }


def test_the_total_bounds_the_day(http, make):
    campaign = make.campaign(ballots_per_day=5, ballots_per_entry_per_day=5, ballots_in_all=6)
    first, second, _ = make.entries(campaign)
    login = make.citizen()
    for entry_id in (first, first, second, second):
        http.vote(campaign.id, entry_id, token=login.token)
    left = ask(http, campaign, login.token).get_json()
    assert (left["today"], left["today_for_entry"], left["in_all"]) == (1, 1, 2)
    assert [each["left"] for each in left["entries_today"]] == [1, 1]


@pytest.mark.parametrize("limits", [(3, 1, None), (4, 2, 7), (2, 2, 3), (5, 3, 5), (1, 1, 1)])
def test_the_ballot_box_decides_the_same(http, make, clock, limits):
    """Votes at random over three days: each is accepted exactly if something was left for it."""
    per_day, per_entry, in_all = limits
    campaign = make.campaign(
        ballots_per_day=per_day, ballots_per_entry_per_day=per_entry, ballots_in_all=in_all
    )
    entries, random, login = make.entries(campaign), Random(str(limits)), make.citizen()
    for _ in range(3):
        token = make.signed_in(login.citizen_id, login.session_id).token
        for _ in range(8):
            entry_id = random.choice(entries)
            left = ask(http, campaign, token).get_json()
            given = {each["entry_id"]: each["left"] for each in left["entries_today"]}
            answer = http.vote(campaign.id, entry_id, token=token)
            assert (answer.status_code == 201) == (
                given.get(entry_id, left["today_for_entry"]) > 0
            ), answer.get_json()
        clock.advance(days=1)


@pytest.mark.parametrize("status", ["scheduled", "suspended", "closed"])
def test_nothing_is_left_today_while_the_campaign_is_not_open(http, make, clock, session, status):
    campaign = make.campaign(ballots_in_all=9)
    entry_id = make.entries(campaign)[0]
    token = make.citizen().token
    http.vote(campaign.id, entry_id, token=token)
    if status == "suspended":
        campaign.state = status
    elif status == "closed":
        campaign.closes_at = clock.now()
    else:
        campaign.opens_at = clock.now() + timedelta(minutes=1)
    session.commit()
    assert ask(http, campaign, token).get_json() == {
        "today": 0,
        "today_for_entry": 0,
        "in_all": 8,
        "entries_today": [{"entry_id": entry_id, "cast": 1, "left": 0}],
    }


def test_a_withdrawn_entry_can_get_no_more(http, make, clock, session):
    campaign = make.campaign(entries=0, ballots_per_day=5, ballots_per_entry_per_day=3)
    entry = make.entry(campaign, number=1)
    token = make.citizen().token
    http.vote(campaign.id, entry.id, token=token)
    entry.withdrawn_at = clock.now()
    session.commit()
    left = ask(http, campaign, token).get_json()
    assert left["entries_today"] == [{"entry_id": entry.id, "cast": 1, "left": 0}]
    assert left["today"] == 4


def test_rules_that_were_tightened_leave_nothing_below_zero(http, make, session):
    campaign = make.campaign(ballots_per_day=3, ballots_per_entry_per_day=3, ballots_in_all=5)
    entry_id = make.entries(campaign)[0]
    token = make.citizen().token
    for _ in range(3):
        http.vote(campaign.id, entry_id, token=token)
    campaign.ballots_per_day = campaign.ballots_per_entry_per_day = 1
    campaign.ballots_in_all = 2
    session.commit()
    left = ask(http, campaign, token).get_json()
    assert (left["today"], left["in_all"]) == (0, 0)
    assert left["entries_today"] == [{"entry_id": entry_id, "cast": 3, "left": 0}]


def test_a_phone_number_still_to_be_bound_hides_nothing(http, make):
    campaign = make.campaign(phone_required=True)
    assert ask(http, campaign, make.citizen().token).get_json()["today"] == 3


def test_a_draft_is_as_missing_as_a_campaign_that_never_was(http, make):
    token = make.citizen().token
    for campaign_id in (make.campaign(state="draft").id, 999_999_999):
        answer = http.get(f"/me/campaigns/{campaign_id}/remaining", token=token)
        assert (answer.status_code, code_of(answer)) == (404, "campaign_not_found")


def test_a_stranger_is_asked_to_sign_in(http, make):
    answer = ask(http, make.campaign(), None)
    assert (answer.status_code, code_of(answer)) == (401, "sign_in_required")
