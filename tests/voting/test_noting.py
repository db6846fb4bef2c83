"""What voting has the ledger tell: rules, entries and events, in the transaction of each step."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import Entry, LedgerQueueItem
from services.ledger.records import name_digest
from tests.http import code_of

REASON = {"reason": "核查"}


@pytest.fixture
def officer(make):
    return make.console("district_officer")


@pytest.fixture
def draft(make, clock):
    return make.campaign(
        state="draft",
        entries=2,
        opens_at=clock.now() + timedelta(days=1),
        standings_freeze_minutes=60,
    )


@pytest.fixture
def told(session):
    """What was noted since one last asked: kind and content without the moment."""
    last = 0

    def read() -> list[tuple[str, dict]]:
        nonlocal last
        rows = session.scalars(
            select(LedgerQueueItem).where(LedgerQueueItem.id > last).order_by(LedgerQueueItem.id)
        ).all()
        last = max((row.id for row in rows), default=last)
        session.rollback()
        return [
            (row.kind, {key: value for key, value in row.content.items() if key != "at"})
            for row in rows
        ]

    return read


def step(console, campaign, action: str, body: dict | None = None) -> None:
    path = f"/campaigns/{campaign.id}"
    revision = console.get(path).get_json()["revision"]
    answer = console.post(f"{path}/{action}", body, revision=revision)
    assert answer.status_code == 200, answer.get_json()


def rows_of(*entries: tuple[int, int, str]) -> tuple[str, dict]:
    rows = [[entry_id, number, name_digest(name)] for entry_id, number, name in entries]
    return "entries", {"entries": rows}


def test_announcing_tells_rules_and_entries(officer, make, draft, told):
    first, second = make.entries(draft)
    step(officer, draft, "announce")
    [(kind, rules), entries] = told()
    assert (kind, rules["event"], rules["persons"]) == ("rules", "announced", 1)
    assert rules["rules"]["standings_freeze_minutes"] == 60
    assert rules["rules"]["annulments_alone"] == 20
    assert entries == rows_of((first, 1, "参评对象1"), (second, 2, "参评对象2"))
    step(officer, draft, "open")
    [(kind, rules)] = told()
    assert (kind, rules["event"]) == ("rules", "opened")
    assert rules["rules"]["opens_at"] == "2026-11-20T04:00:00Z"


def test_opening_a_draft_tells_its_entries_too(officer, draft, told):
    step(officer, draft, "open")
    assert [kind for kind, _ in told()] == ["rules", "entries"]


def test_of_a_draft_nothing_is_told(officer, make, draft, told):
    path = f"/campaigns/{draft.id}/entries"
    added = officer.post(path, {"name": "甲"}).get_json()
    one = f"{path}/{added['id']}"
    assert officer.patch(one, {"name": "乙"}, revision=1).status_code == 200
    assert officer.delete(one, revision=2).status_code == 204
    assert told() == []


def test_entries_that_change_once_it_is_announced(officer, make, draft, told):
    step(officer, draft, "announce")
    told()
    path = f"/campaigns/{draft.id}/entries"
    added = officer.post(path, {"name": "甲"}).get_json()
    one = f"{path}/{added['id']}"
    assert told() == [rows_of((added["id"], 3, "甲"))]
    assert officer.patch(one, {"number": 9}, revision=1).status_code == 200
    assert officer.patch(one, {"statement": "介绍"}, revision=2).status_code == 200
    assert told() == [rows_of((added["id"], 9, "甲"))]
    assert code_of(officer.patch(one, {"number": 1}, revision=3)) == "entry_number_taken"
    assert told() == []
    assert officer.delete(one, revision=3).status_code == 204
    gone = {"entry": added["id"], "reason": "投票开始前删除", "persons": 1}
    assert told() == [("withdrawal", gone)]


def test_what_is_deleted_after_a_retraction_does_not_stay_in_the_ledger(officer, make, draft, told):
    entry_id = make.entries(draft)[0]
    step(officer, draft, "announce")
    step(officer, draft, "retract", REASON)
    assert told()[-1] == ("event", {"event": "retracted", "reason": "核查"})
    path = f"/campaigns/{draft.id}/entries/{entry_id}"
    assert officer.delete(path, revision=1).status_code == 204
    assert [kind for kind, _ in told()] == ["withdrawal"]


def test_suspending_and_resuming(officer, make, told):
    campaign = make.campaign()
    step(officer, campaign, "suspend", REASON)
    step(officer, campaign, "resume")
    assert told() == [
        ("event", {"event": "suspended", "reason": "核查"}),
        ("event", {"event": "resumed", "reason": None}),
    ]


def test_closing_early(make, clock, told):
    campaign = make.campaign()
    assert make.agree(campaign, "close", reason="提前结束").status_code == 200
    [(kind, rules)] = told()
    assert (kind, rules["event"], rules["reason"], rules["persons"]) == (
        "rules",
        "closed",
        "提前结束",
        2,
    )
    assert rules["rules"]["closes_at"] == "2026-11-20T04:00:00Z"


def test_a_result_without_any_entry(make, session, clock, told):
    campaign = make.campaign(closes_at=clock.now() - timedelta(hours=1))
    session.execute(update(Entry).values(withdrawn_at=clock.now(), withdrawal_reason="停办"))
    session.commit()
    make.agree(campaign, "publish_result", notice="没有结果。", reason="全部退出")
    assert told()[-1] == (
        "result",
        {
            "part": 1,
            "parts": 1,
            "counted": 0,
            "annulled": 0,
            "persons": 2,
            "standings": [],
        },
    )
