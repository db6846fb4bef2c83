"""Standings in each way a campaign may show them, and one's own ballots."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models import Tally
from server.extensions import runtime
from services import voting
from services.access import Actor, Grant
from tests.http import HTTPClient, code_of


@pytest.fixture
def vote(http, make):
    """Cast so many ballots for an entry, each by a new citizen."""

    def cast(campaign, entry_id: int, times: int = 1) -> None:
        for _ in range(times):
            answer = http.vote(campaign.id, entry_id, token=make.citizen().token)
            assert answer.status_code == 201

    return cast


def standings(http, campaign) -> dict:
    return http.get(f"/campaigns/{campaign.id}/standings").get_json()


def ranks(shown: dict) -> list[tuple[int, int, int]]:
    return [(item["entry_id"], item["rank"], item["votes"]) for item in shown["items"]]


def test_live_standings_rank_ties_equal_and_skip_the_next_rank(http, make, vote, clock):
    campaign = make.campaign(entries=4)
    a, b, c, d = make.entries(campaign)
    vote(campaign, c, 3)
    vote(campaign, b, 1)
    vote(campaign, d, 1)

    shown = standings(http, campaign)

    assert ranks(shown) == [(c, 1, 3), (b, 2, 1), (d, 2, 1), (a, 4, 0)]
    assert shown["total_votes"] == 5
    assert datetime.fromisoformat(shown["as_of"]) == clock.now()
    assert (shown["shown"], shown["is_final"]) == ("live", False)


def test_a_campaign_without_entries_or_ballots(http, make):
    assert standings(http, make.campaign(entries=0))["items"] == []
    shown = standings(http, make.campaign(entries=2))
    assert [item["rank"] for item in shown["items"]] == [1, 1]
    assert shown["total_votes"] == 0


def test_hidden_until_closed(http, make, vote, clock):
    campaign = make.campaign(standings_mode="hidden")
    entry_id = make.entries(campaign)[0]
    vote(campaign, entry_id)

    shown = standings(http, campaign)
    assert (shown["items"], shown["total_votes"], shown["shown"]) == ([], None, "hidden")

    clock.set(campaign.closes_at)
    shown = standings(http, campaign)
    assert ranks(shown)[0] == (entry_id, 1, 1)
    assert (shown["shown"], shown["is_final"]) == ("live", False)
    clock.advance(seconds=30)
    shown = standings(http, campaign)
    assert shown["is_final"] is True
    assert datetime.fromisoformat(shown["as_of"]) == campaign.closes_at


def test_ranks_only(http, make, vote, clock):
    campaign = make.campaign(standings_mode="ranks_only", entries=2)
    first, second = make.entries(campaign)
    vote(campaign, second)
    shown = standings(http, campaign)
    assert ranks(shown) == [(second, 1, None), (first, 2, None)]
    assert shown["total_votes"] is None
    clock.set(campaign.closes_at)
    assert standings(http, campaign)["total_votes"] == 1


def test_delayed_standings_hold_back_the_present_batch(http, make, vote, clock):
    clock.set(datetime(2026, 11, 20, 4, 10, tzinfo=UTC))
    campaign = make.campaign(standings_mode="delayed", standings_delay_minutes=60, entries=1)
    (entry_id,) = make.entries(campaign)
    vote(campaign, entry_id)

    shown = standings(http, campaign)
    assert ranks(shown) == [(entry_id, 1, 0)]
    assert datetime.fromisoformat(shown["as_of"]) == datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    vote(campaign, entry_id)
    assert standings(http, campaign) == shown

    clock.set(datetime(2026, 11, 20, 5, 0, tzinfo=UTC))
    vote(campaign, entry_id)
    assert standings(http, campaign) == shown
    # A ballot sent just before the hour may still be on its way to the disk.
    clock.advance(seconds=30)
    assert ranks(standings(http, campaign)) == [(entry_id, 1, 2)]
    clock.set(campaign.closes_at)
    assert ranks(standings(http, campaign)) == [(entry_id, 1, 3)]


def see(app, campaign, actor) -> str:
    """How much of the standings this actor is shown."""
    with app.app_context():
        return voting.get_standings(runtime().context(actor=actor), campaign_id=campaign.id).shown


def test_staff_see_no_more_than_the_public_unless_permitted(app, make):
    campaign = make.campaign(standings_mode="hidden")
    district, city = make.commission("150602").id, make.commission("150600").id
    elsewhere = make.commission("150603").id
    assert see(app, campaign, Actor(grants=(Grant("district_officer", district),))) == "hidden"
    assert see(app, campaign, Actor(grants=(Grant("auditor", elsewhere),))) == "hidden"
    assert see(app, campaign, Actor(grants=(Grant("auditor", city),))) == "live"
    assert see(app, campaign, Actor(grants=(Grant("district_manager", district),))) == "live"


def test_a_tally_that_was_tampered_with_is_noticed(app, make, vote, session):
    campaign = make.campaign()
    first, second = make.entries(campaign)[:2]
    vote(campaign, first, 2)

    def mismatched() -> int:
        with app.app_context():
            return voting.count_mismatched_tallies(runtime().context())

    assert mismatched() == 0
    session.scalars(select(Tally)).one().votes = 3
    session.add(Tally(entry_id=second, shard=0, campaign_id=campaign.id, votes=1))
    session.commit()
    assert mismatched() == 2


def test_own_ballots_the_latest_first(http, make, clock):
    campaign = make.campaign(title="我投过的活动")
    login, other = make.citizen(), make.citizen()
    receipts = []
    for entry_id in make.entries(campaign):
        receipts.append(http.vote(campaign.id, entry_id, token=login.token).get_json())
        clock.advance(minutes=1)
    http.vote(campaign.id, make.entries(campaign)[0], token=other.token)

    page = http.get("/me/ballots", token=login.token, limit=2).get_json()
    rest = http.get(
        "/me/ballots", token=login.token, limit=2, cursor=page["next_cursor"]
    ).get_json()

    shown = page["items"] + rest["items"]
    assert rest["next_cursor"] is None
    assert [item["receipt_code"] for item in shown] == [
        receipt["receipt_code"] for receipt in reversed(receipts)
    ]
    assert shown[0]["campaign"]["title"] == "我投过的活动"
    assert shown[0]["entry"]["id"] == receipts[-1]["entry_id"]


def test_no_ballots_yet(http, make):
    answer = http.get("/me/ballots", token=make.citizen().token)
    assert answer.get_json() == {"items": [], "next_cursor": None}
    assert code_of(http.get("/me/ballots")) == "sign_in_required"


def test_one_of_ones_own_ballots_and_nobody_elses(http, make):
    campaign = make.campaign(entries=1)
    voter, stranger = make.citizen(), make.citizen()
    receipt = http.vote(campaign.id, make.entries(campaign)[0], token=voter.token).get_json()
    path = f"/me/ballots/{receipt['id']}"

    assert http.get(path, token=voter.token).get_json()["receipt_code"] == receipt["receipt_code"]
    assert code_of(http.get(path, token=stranger.token)) == "ballot_not_found"
    assert code_of(http.get(path)) == "sign_in_required"


def test_a_public_answer_is_kept_as_long_as_the_setting_says(make, another_client):
    http = HTTPClient(another_client(public_cache_seconds=60))
    campaign = make.campaign(entries=1)
    (entry_id,) = make.entries(campaign)
    before = http.get(f"/campaigns/{campaign.id}/standings")
    assert before.headers["Cache-Control"] == "public, max-age=60"
    http.vote(campaign.id, entry_id, token=make.citizen().token)
    assert http.get(f"/campaigns/{campaign.id}/standings").data == before.data
    unchanged = http.get(f"/campaigns/{campaign.id}/standings", headers={"If-None-Match": '"x"'})
    etag = unchanged.headers["ETag"]
    assert (
        http.get(f"/campaigns/{campaign.id}/standings", headers={"If-None-Match": etag}).status_code
        == 304
    )


def test_batches_are_counted_from_the_same_start_everywhere():
    from models.voting import batch_start

    moment = datetime(2026, 11, 20, 4, 59, 59, tzinfo=UTC)
    assert batch_start(moment, 60) == moment.replace(minute=0, second=0)
    assert batch_start(moment + timedelta(seconds=1), 60) == moment + timedelta(seconds=1)
