"""The inbox over HTTP: its owner, strangers, pages, reading once and again."""

from datetime import timedelta

import pytest

from server.extensions import runtime
from services import notifications
from tests.http import code_of

TEXT = "ᠰᠣᠩᠭᠤᠭᠤᠯᠢ ᠶᠢᠨ ᠦᠷ᠎ᠡ ᠳ᠋ᠦᠩ"


def unread(http, citizen) -> int:
    count = http.get("/me/notices/unread", token=citizen.token).get_json()["count"]
    assert http.get("/me", token=citizen.token).get_json()["unread_notices"] == count
    return count


def test_an_empty_inbox(http, make):
    citizen = make.citizen()
    page = http.get("/me/notices", token=citizen.token).get_json()
    assert page == {"items": [], "next_cursor": None}
    assert unread(http, citizen) == 0
    assert http.post("/me/notices/read-all", token=citizen.token).status_code == 204


def test_pages_with_the_latest_first(http, make):
    citizen, other = make.citizen(), make.citizen()
    ids = [make.notice(citizen.citizen_id).id for _ in range(5)]
    make.notice(other.citizen_id)
    seen, cursor = [], {}
    while cursor is not None:
        page = http.get("/me/notices", token=citizen.token, limit=2, **cursor).get_json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"] and {"cursor": page["next_cursor"]}
    assert seen == ids[::-1]
    answer = http.get("/me/notices", token=citizen.token, cursor="nonsense")
    assert code_of(answer) == "cursor_invalid"


def test_mongolian_and_long_text_come_as_they_are(http, make):
    citizen = make.citizen()
    make.notice(citizen.citizen_id, title="长" * 2000, title_mn=TEXT, body_mn=TEXT)
    [item] = http.get("/me/notices", token=citizen.token).get_json()["items"]
    assert (item["title"], item["title_mn"], item["body_mn"]) == ("长" * 2000, TEXT, TEXT)
    assert item["target"] is None


def test_reading_one_again_and_again(http, make, clock):
    citizen = make.citizen()
    notice = make.notice(citizen.citizen_id)
    make.notice(citizen.citizen_id)
    assert unread(http, citizen) == 2
    first = clock.now()
    for _ in range(2):
        answer = http.post(f"/me/notices/{notice.id}/read", token=citizen.token)
        assert answer.status_code == 204
        clock.advance(minutes=1)
    assert unread(http, citizen) == 1
    items = http.get("/me/notices", token=citizen.token).get_json()["items"]
    assert [item["read_at"] for item in items] == [None, first.isoformat()]


def test_a_stranger_reads_nothing(http, make):
    citizen, stranger = make.citizen(), make.citizen()
    notice = make.notice(citizen.citizen_id)
    answer = http.post(f"/me/notices/{notice.id}/read", token=stranger.token)
    assert (answer.status_code, code_of(answer)) == (404, "notice_not_found")
    missing = http.post("/me/notices/999999/read", token=stranger.token)
    assert code_of(missing) == "notice_not_found"
    assert http.post("/me/notices/read-all", token=stranger.token).status_code == 204
    assert unread(http, citizen) == 1


def test_reading_all(http, make):
    citizen = make.citizen()
    for _ in range(3):
        make.notice(citizen.citizen_id)
    assert http.post("/me/notices/read-all", token=citizen.token).status_code == 204
    assert unread(http, citizen) == 0


@pytest.fixture
def ctx(app):
    with app.app_context():
        yield runtime().context()


def described(ctx, citizen) -> dict[str, list]:
    sections = notifications.describe_citizen(ctx, citizen_id=citizen.citizen_id)
    return {section.key: list(section.rows) for section in sections}


def test_what_is_held_about_a_person(ctx, stage, make, clock):
    campaign = make.campaign()
    voter, other = stage.voter(campaign, allowed=2), stage.voter(campaign, "o-2", allowed=1)
    stage.message(voter, campaign)
    stage.message(other, campaign)
    held = described(ctx, voter)
    assert {name: len(rows) for name, rows in held.items()} == {
        "notices": 1,
        "messages": 1,
        "allowances": 1,
    }
    assert held["notices"][0].title == "评选结果公布了"
    assert held["notices"][0].created_at == clock.now()
    assert held["allowances"][0].remaining == 2
    assert held["messages"][0].fields["campaign"] == campaign.title


def test_erasing_a_person(ctx, stage, make):
    campaign = make.campaign()
    voter, other = stage.voter(campaign, allowed=2), stage.voter(campaign, "o-2", allowed=1)
    stage.message(voter, campaign)
    stage.message(other, campaign)
    notifications.erase_citizen(ctx, citizen_id=voter.citizen_id)
    ctx.session.commit()
    held = described(ctx, voter)
    assert set(map(len, held.values())) == {0}
    held = described(ctx, other)
    assert set(map(len, held.values())) == {1}


def test_old_notices_and_messages_are_thrown_away(stage, make, work, clock):
    campaign = make.campaign()
    voter = stage.voter(campaign)
    made = {
        state: stage.message(voter, campaign, state=state, reason=reason).id
        for state, reason in {
            "sent": None,
            "skipped": "no_allowance",
            "unconfirmed": None,
            "dead": "refused",
        }.items()
    }
    for days, left in [
        (30, {"sent", "skipped", "unconfirmed", "dead"}),
        (31, {"unconfirmed", "dead"}),
        (91, set()),
    ]:
        clock.set(clock.START + timedelta(days=days))
        work("purge_old_notices")
        assert {each.id for each in stage.messages()} == {made[state] for state in left}, days
    assert len(stage.notices()) == 4
    clock.set(clock.START + timedelta(days=366))
    work("purge_old_notices")
    assert stage.notices() == []
