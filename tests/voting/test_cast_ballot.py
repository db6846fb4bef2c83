"""Casting a ballot, over HTTP."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from models import Ballot, Tally
from tests.http import code_of


def count_ballots(session) -> int:
    return session.scalar(select(func.count()).select_from(Ballot))


def test_a_ballot_is_counted_and_answered_with_a_receipt(http, make, session, clock):
    campaign = make.campaign(ballots_per_day=3, ballots_in_all=10)
    entry_id = make.entries(campaign)[0]

    answer = http.vote(campaign.id, entry_id, token=make.citizen().token)

    assert answer.status_code == 201
    receipt = answer.get_json()
    assert receipt["campaign_id"] == campaign.id
    assert receipt["entry_id"] == entry_id
    assert datetime.fromisoformat(receipt["cast_at"]) == clock.now()
    assert re.fullmatch("([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", receipt["receipt_code"])
    assert receipt["remaining"] == {"today": 2, "today_for_entry": 0, "in_all": 9}
    ballot = session.scalars(select(Ballot)).one()
    assert ballot.id == receipt["id"]
    tally = session.scalars(select(Tally)).one()
    assert (tally.entry_id, tally.votes) == (entry_id, 1)


def test_receipt_codes_differ_and_cannot_be_guessed_from_each_other(http, make):
    campaign = make.campaign()
    first, second = make.entries(campaign)[:2]
    token = make.citizen().token
    codes = [
        http.vote(campaign.id, entry_id, token=token).get_json()["receipt_code"].replace("-", "")
        for entry_id in (first, second)
    ]
    assert codes[0][7:] != codes[1][7:]


def test_the_same_key_again_brings_the_same_answer_and_no_ballot(http, make, session):
    campaign = make.campaign()
    entry_id = make.entries(campaign)[0]
    token = make.citizen().token

    first = http.vote(campaign.id, entry_id, token=token, key="a-retry")
    again = http.vote(campaign.id, entry_id, token=token, key="a-retry")

    assert again.status_code == 201
    assert again.get_json() == first.get_json()
    assert count_ballots(session) == 1


def test_the_same_key_still_answers_after_closing(http, make, clock):
    campaign = make.campaign(closes_at=clock.now() + timedelta(minutes=1))
    entry_id = make.entries(campaign)[0]
    token = make.citizen().token
    first = http.vote(campaign.id, entry_id, token=token, key="a-retry")
    clock.advance(minutes=2)
    again = http.vote(campaign.id, entry_id, token=token, key="a-retry")
    assert (again.status_code, again.get_json()) == (201, first.get_json())


def test_the_same_key_after_the_campaign_went_back_to_draft(http, make, session):
    campaign = make.campaign()
    entry_id = make.entries(campaign)[0]
    token = make.citizen().token
    http.vote(campaign.id, entry_id, token=token, key="a-retry")
    campaign.state = "draft"
    session.commit()
    answer = http.vote(campaign.id, entry_id, token=token, key="a-retry")
    assert (answer.status_code, code_of(answer)) == (404, "campaign_not_found")


def test_a_suspension_counts_at_once(http, make, session):
    campaign = make.campaign()
    first, second = make.entries(campaign)[:2]
    token = make.citizen().token
    assert http.vote(campaign.id, first, token=token).status_code == 201
    campaign.state = "suspended"
    session.commit()
    assert code_of(http.vote(campaign.id, second, token=token)) == "campaign_not_open"


def test_the_same_key_with_another_body_is_refused(http, make, session):
    campaign = make.campaign()
    first, second = make.entries(campaign)[:2]
    token = make.citizen().token
    http.vote(campaign.id, first, token=token, key="one-key")

    answer = http.vote(campaign.id, second, token=token, key="one-key")

    assert (answer.status_code, code_of(answer)) == (422, "idempotency_key_reused")
    assert count_ballots(session) == 1


def test_two_citizens_may_happen_on_the_same_key(http, make, session):
    campaign = make.campaign()
    entry_id = make.entries(campaign)[0]
    for _ in range(2):
        answer = http.vote(campaign.id, entry_id, token=make.citizen().token, key="one-key")
        assert answer.status_code == 201
    assert count_ballots(session) == 2


def test_a_key_is_required_and_must_be_printable_ascii(http, make):
    campaign = make.campaign()
    body = {"entry_id": make.entries(campaign)[0]}
    token = make.citizen().token
    path = f"/campaigns/{campaign.id}/ballots"

    assert code_of(http.post(path, body, token=token)) == "idempotency_key_required"
    for key in ("x" * 256, "投票", "a\x7fb"):
        headers = {"Idempotency-Key": key.encode().decode("latin-1")}
        answer = http.post(path, body, token=token, headers=headers)
        assert (answer.status_code, code_of(answer)) == (400, "idempotency_key_invalid")


def test_daily_limit(http, make, session):
    campaign = make.campaign(ballots_per_day=2, entries=3)
    entries = make.entries(campaign)
    token = make.citizen().token
    for entry_id in entries[:2]:
        assert http.vote(campaign.id, entry_id, token=token).status_code == 201

    answer = http.vote(campaign.id, entries[2], token=token)

    assert (answer.status_code, code_of(answer)) == (409, "daily_limit_reached")
    assert "2 票" in answer.get_json()["detail"]
    assert count_ballots(session) == 2


def test_entry_limit(http, make, session):
    campaign = make.campaign(ballots_per_day=3, ballots_per_entry_per_day=1)
    entry_id = make.entries(campaign)[0]
    token = make.citizen().token
    http.vote(campaign.id, entry_id, token=token)
    answer = http.vote(campaign.id, entry_id, token=token)
    assert (answer.status_code, code_of(answer)) == (409, "entry_limit_reached")
    assert count_ballots(session) == 1


def test_total_limit_lasts_over_days(http, make, clock):
    campaign = make.campaign(ballots_per_day=1, ballots_in_all=2)
    entry_id = make.entries(campaign)[0]
    login = make.citizen()
    for _ in range(2):
        assert http.vote(campaign.id, entry_id, token=login.token).status_code == 201
        clock.advance(days=1)
        login = make.signed_in(login.citizen_id, login.session_id)
    answer = http.vote(campaign.id, entry_id, token=login.token)
    assert (answer.status_code, code_of(answer)) == (409, "total_limit_reached")


def test_the_day_changes_at_midnight_in_shanghai(http, make, clock):
    last_of_the_day = datetime(2026, 11, 20, 15, 59, 59, 999000, tzinfo=UTC)
    clock.set(last_of_the_day)
    campaign = make.campaign(ballots_per_day=1)
    entry_id = make.entries(campaign)[0]
    token = make.citizen().token
    assert http.vote(campaign.id, entry_id, token=token).status_code == 201
    assert code_of(http.vote(campaign.id, entry_id, token=token)) == "daily_limit_reached"

    clock.advance(milliseconds=1)

    assert http.vote(campaign.id, entry_id, token=token).status_code == 201
    assert code_of(http.vote(campaign.id, entry_id, token=token)) == "daily_limit_reached"


def test_opening_is_inclusive_and_closing_exclusive(http, make, clock):
    opens_at = clock.now() + timedelta(hours=1)
    campaign = make.campaign(opens_at=opens_at, closes_at=opens_at + timedelta(minutes=10))
    first, second = make.entries(campaign)[:2]

    clock.set(opens_at - timedelta(microseconds=1))
    token = make.citizen().token
    assert code_of(http.vote(campaign.id, first, token=token)) == "campaign_not_open"
    clock.set(opens_at)
    assert http.vote(campaign.id, first, token=token).status_code == 201
    clock.set(campaign.closes_at - timedelta(microseconds=1))
    assert http.vote(campaign.id, second, token=token).status_code == 201
    clock.set(campaign.closes_at)
    answer = http.vote(campaign.id, second, token=token)
    assert (answer.status_code, code_of(answer)) == (409, "campaign_closed")


def test_a_suspended_campaign_takes_no_ballot(http, make):
    campaign = make.campaign(state="suspended")
    answer = http.vote(campaign.id, make.entries(campaign)[0], token=make.citizen().token)
    assert (answer.status_code, code_of(answer)) == (409, "campaign_not_open")


def test_a_draft_is_as_missing_as_a_campaign_that_never_was(http, make):
    draft = make.campaign(state="draft")
    token = make.citizen().token
    for campaign_id in (draft.id, 999_999_999):
        answer = http.vote(campaign_id, make.entries(draft)[0], token=token)
        assert (answer.status_code, code_of(answer)) == (404, "campaign_not_found")


def test_the_entry_must_stand_in_this_campaign(http, make, clock):
    campaign, other = make.campaign(), make.campaign()
    withdrawn = make.entry(campaign, number=9, withdrawn_at=clock.now())
    token = make.citizen().token
    for entry_id in (make.entries(other)[0], withdrawn.id, 2**63 - 1):
        answer = http.vote(campaign.id, entry_id, token=token)
        assert (answer.status_code, code_of(answer)) == (422, "entry_not_in_campaign")


def test_a_phone_number_is_asked_for_where_the_campaign_does(http, make, clock):
    campaign = make.campaign(phone_required=True)
    entry_id = make.entries(campaign)[0]
    answer = http.vote(campaign.id, entry_id, token=make.citizen().token)
    assert (answer.status_code, code_of(answer)) == (403, "phone_required")
    bound = make.citizen(phone_bound_at=clock.now())
    assert http.vote(campaign.id, entry_id, token=bound.token).status_code == 201


def test_a_disabled_citizen_has_no_vote(http, make, clock):
    campaign = make.campaign()
    disabled = make.citizen(disabled_at=clock.now())
    answer = http.vote(campaign.id, make.entries(campaign)[0], token=disabled.token)
    assert (answer.status_code, code_of(answer)) == (401, "session_ended")


def test_where_the_voter_came_from_is_kept(http, make, session):
    campaign = make.campaign(entries=6, ballots_per_day=6)
    sources = [None, "list", "search", "share", "scan", "notice"]
    token = make.citizen().token
    for entry_id, source in zip(make.entries(campaign), sources, strict=True):
        said = {} if source is None else {"source": source}
        assert http.vote(campaign.id, entry_id, token=token, **said).status_code == 201
    assert session.scalars(select(Ballot.source).order_by(Ballot.id)).all() == sources


def test_a_retry_that_says_another_source_is_still_the_same_ballot(http, make, session):
    campaign = make.campaign()
    entry_id = make.entries(campaign)[0]
    token = make.citizen().token
    first = http.vote(campaign.id, entry_id, token=token, key="a-retry", source="scan")
    again = http.vote(campaign.id, entry_id, token=token, key="a-retry", source="list")
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert session.scalars(select(Ballot.source)).all() == ["scan"]


@pytest.mark.parametrize("source", ["", "advert", "list,scan", "NULL", None, 1, ["list"]])
def test_an_unknown_source_is_refused(http, make, session, source):
    campaign = make.campaign()
    token = make.citizen().token
    answer = http.vote(campaign.id, make.entries(campaign)[0], token=token, source=source)
    assert code_of(answer) == "invalid_request"
    assert set(answer.get_json()["errors"]) == {"source"}
    assert count_ballots(session) == 0


def test_extra_fields_change_nothing(http, make, session):
    campaign = make.campaign()
    body = {"entry_id": make.entries(campaign)[0], "votes": 100, "voter_id": 1}
    answer = http.post(
        f"/campaigns/{campaign.id}/ballots",
        body,
        token=make.citizen().token,
        headers={"Idempotency-Key": "k"},
    )
    assert code_of(answer) == "invalid_request"
    assert set(answer.get_json()["errors"]) == {"votes", "voter_id"}
    assert count_ballots(session) == 0
