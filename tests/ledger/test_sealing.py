"""What gets into the log, in which order, and in which form."""

import hashlib
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from models import Campaign, LedgerQueueItem
from services import ledger
from services.ledger import records
from tests.ledger.conftest import root_of


@pytest.fixture
def waiting(session):
    """The kinds of what is noted and has no place yet."""

    def read() -> list[str]:
        session.rollback()
        query = session.query(LedgerQueueItem.kind).order_by(LedgerQueueItem.id)
        return [kind for (kind,) in query]

    return read


@pytest.fixture
def close(run, clock):
    """Lets a campaign close, and its ballots settle."""

    def go(campaign: Campaign) -> None:
        clock.set(campaign.closes_at + timedelta(seconds=30))
        run("close_campaigns")

    return go


@pytest.fixture
def note(work, session):
    """Notes something about a campaign in a unit of work of its own."""

    def go(noting, campaign: Campaign, **values) -> None:
        work(lambda ctx: noting(ctx, ctx.session.get_one(Campaign, campaign.id), **values))

    return go


def test_an_empty_log(log, seal):
    assert seal().head.size == 0
    size, root = log.head()
    assert (size, root) == (0, hashlib.sha256(b"").digest())


def test_a_ballot_is_in_the_log_after_the_rules_it_was_cast_under(make, cast, seal, log):
    campaign = make.campaign()
    entry_id = make.entries(campaign)[1]
    cast(campaign, 1)
    assert seal().ballots == 1
    rules, entries, ballot = log.records()
    assert (rules["type"], rules["event"], rules["rules"]["ballots_per_day"]) == (
        "rules",
        "found",
        3,
    )
    assert entries["entries"][1] == [entry_id, 2, records.name_digest("参评对象2")]
    assert set(ballot) == {"type", "campaign", "day", "voter", "entry", "nonce"}
    assert (ballot["campaign"], ballot["day"], ballot["entry"]) == (
        campaign.id,
        "2026-11-20",
        entry_id,
    )
    assert len(ballot["voter"]) == len(ballot["nonce"]) == 22


def test_records_are_written_in_one_way_only(make, cast, seal, log):
    cast(make.campaign(title='健康达人 \u2028 "引号" \n 换行'))
    seal()
    for data in log.data():
        assert (
            data
            == json.dumps(
                json.loads(data), ensure_ascii=False, separators=(",", ":"), sort_keys=True
            ).encode()
        )


def test_the_root_is_that_of_all_records(make, cast, seal, log):
    campaign = make.campaign()
    for _ in range(3):
        cast(campaign)
        seal()
    size, root = log.head()
    assert (size, root) == (5, root_of(log.data()))


def test_nothing_new_is_not_signed_again(make, cast, seal, log):
    cast(make.campaign())
    seal()
    before = log.checkpoint()
    assert seal().ballots == 0
    assert log.checkpoint() == before


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_ballots_record_is_what_the_encoder_writes(is_shown):
    told = {"campaign_id": 7, "entry_id": 42, "nonce": "n" * 22}
    data = records.encode_ballot(**told, day=date(2026, 11, 20), voter="v" * 22, is_shown=is_shown)
    choice = {"entry": 42, "nonce": "n" * 22}
    hidden = {"commitment": records.to_text(hashlib.sha256(b"7:42:" + b"n" * 22).digest())}
    assert data == records.encode(
        {"type": "ballot", "campaign": 7, "day": "2026-11-20", "voter": "v" * 22}
        | (choice if is_shown else hidden)
    )


def test_a_voter_has_one_name_in_a_campaign_and_another_elsewhere(make, cast, seal, log):
    campaign, other, citizen = make.campaign(), make.campaign(), make.citizen()
    cast(campaign, 0, by=citizen)
    cast(campaign, 1, by=citizen)
    cast(campaign, 0)
    cast(other, 0, by=citizen)
    seal()
    voters = [record["voter"] for record in log.records() if record["type"] == "ballot"]
    assert (voters[0], len(set(voters))) == (voters[1], 3)


def test_what_is_noted_before_the_first_ballot_stands_before_it(make, cast, note, seal, log):
    campaign = make.campaign()
    note(ledger.note_rules, campaign, event="announced")
    note(ledger.note_all_entries, campaign)
    note(ledger.note_event, campaign, event="suspended", reason="维护")
    cast(campaign)
    seal()
    assert log.kinds() == ["rules", "entries", "ballot", "event"]
    assert log.records()[0]["event"] == "announced"


def test_a_campaign_from_before_the_ledger_with_an_entry_that_withdrew(
    make, cast, seal, log, clock
):
    campaign = make.campaign(entries=1)
    gone = make.entry(campaign, number=2, withdrawn_at=clock.now(), withdrawal_reason="本人申请")
    cast(campaign)
    seal()
    assert log.kinds() == ["rules", "entries", "withdrawal", "ballot"]
    assert log.records()[2]["entry"] == gone.id


def test_a_decision_names_the_places_of_its_ballots(make, cast, work, seal, log, places):
    campaign = make.campaign()
    ids = [cast(campaign)["id"] for _ in range(4)]
    work(
        ledger.note_decision,
        "quarantine",
        campaign_id=campaign.id,
        ballot_ids=[ids[3], ids[1]],
        reason="投票时间集中",
    )
    seal()
    decision = log.records()[-1]
    assert decision["ballots"] == sorted([places()[ids[1]], places()[ids[3]]])
    assert (decision["reason"], decision["at"]) == ("投票时间集中", "2026-11-20T04:00:00Z")


def test_a_decision_waits_for_its_ballots_and_holds_up_only_its_campaign(
    make, cast, work, note, seal, log, waiting
):
    campaign, other = make.campaign(), make.campaign()
    note(ledger.note_rules, campaign, event="announced")
    decision = {"campaign_id": campaign.id, "ballot_ids": [1], "reason": "投票时间集中"}
    work(ledger.note_decision, "quarantine", **decision)
    note(ledger.note_event, campaign, event="suspended", reason="维护")
    note(ledger.note_event, other, event="suspended", reason="维护")
    seal()
    assert (log.kinds(), waiting()) == (
        ["rules", "rules", "entries", "event"],
        ["quarantine", "event"],
    )
    assert cast(campaign)["id"] == 1
    seal()
    assert log.kinds()[4:] == ["ballot", "quarantine", "event"]
    assert waiting() == []


@pytest.mark.parametrize("mode", ["delayed", "ranks_only", "hidden"])
def test_only_live_campaigns_show_ballots_before_the_end(make, cast, seal, log, mode):
    campaign = make.campaign(standings_mode=mode)
    cast(campaign)
    seal()
    assert set(log.records()[-1]) == {"type", "campaign", "day", "voter", "commitment"}


def test_ballots_cast_while_standings_are_frozen_are_hidden(make, cast, seal, log, clock):
    closes_at = clock.now() + timedelta(minutes=60)
    campaign = make.campaign(standings_freeze_minutes=30, closes_at=closes_at)
    cast(campaign)
    clock.set(closes_at - timedelta(minutes=30, microseconds=1))
    cast(campaign)
    clock.advance(minutes=0, microseconds=1)
    cast(campaign)
    seal()
    assert ["entry" in record for record in log.records()[-3:]] == [True, True, False]


def test_the_end_of_a_hidden_campaign(make, cast, seal, log, close, waiting, monkeypatch):
    monkeypatch.setattr("services.ledger.queued.OPENINGS_IN_A_RECORD", 2)
    campaign = make.campaign(standings_mode="hidden")
    receipts = [cast(campaign, place) for place in (0, 1, 2)]
    seal()
    close(campaign)
    close(campaign)
    assert waiting() == ["closing"]
    seal()
    closing, *openings = log.records()[5:]
    assert (closing["type"], closing["ballots"]) == ("closing", 3)
    assert [len(record["ballots"]) for record in openings] == [2, 1]
    opened = [each for record in openings for each in record["ballots"]]
    assert [entry for _, entry, _ in opened] == [receipt["entry_id"] for receipt in receipts]
    for place, entry, nonce in opened:
        promised = hashlib.sha256(f"{campaign.id}:{entry}:{nonce}".encode()).digest()
        assert log.records()[place]["commitment"] == records.to_text(promised)
    close(campaign)
    assert waiting() == []


def test_a_campaign_is_closed_once_its_ballots_must_be_on_disk(make, run, clock, waiting):
    campaign = make.campaign()
    make.campaign(state="draft", closes_at=campaign.closes_at)
    clock.set(campaign.closes_at + timedelta(seconds=29))
    run("close_campaigns")
    assert waiting() == []
    clock.advance(seconds=1)
    run("close_campaigns")
    assert waiting() == ["closing"]


def test_a_closing_waits_for_who_began_to_write_before_it(make, seal, close, session, log, waiting):
    campaign = make.campaign()
    with session.get_bind().connect() as slow:
        slow.execute(text("UPDATE campaigns SET revision = revision"))
        close(campaign)
        seal()
        assert (log.size, waiting()) == (0, ["closing"])
        slow.rollback()
    seal()
    assert log.kinds() == ["rules", "entries", "closing"]


def test_a_result_brings_its_closing(make, cast, note, seal, log, close, waiting):
    campaign = make.campaign(entries=1)
    receipt = cast(campaign)
    note(
        ledger.note_result,
        campaign,
        standings=[(receipt["entry_id"], 1)],
        annulled=0,
        persons=2,
    )
    close(campaign)
    seal()
    assert log.kinds() == ["rules", "entries", "ballot", "closing", "result"]
    result = log.records()[-1]
    assert (result["standings"], result["counted"]) == ([[receipt["entry_id"], 1]], 1)
    assert waiting() == []


def test_no_ballot_after_the_closing(make, cast, seal, log, close, clock, caplog):
    """It cannot come from the ballot box; whoever slips one in gets no place in the log for it."""
    campaign = make.campaign()
    opened_at = clock.now()
    close(campaign)
    seal()
    clock.set(opened_at)
    cast(campaign)
    assert seal().ballots == 0
    assert log.kinds()[-1] == "closing"
    (record,) = caplog.records
    assert (record.levelname, "turned up after" in record.getMessage()) == ("CRITICAL", True)


def test_a_draft_that_is_deleted_before_its_records_have_a_place(make, note, session, seal, log):
    campaign = make.campaign(entries=0)
    note(ledger.note_event, campaign, event="retracted", reason="时间有误")
    session.delete(campaign)
    session.commit()
    seal()
    assert log.kinds() == ["event"]


def test_the_command_seals_all(make, cast, app, log, monkeypatch):
    monkeypatch.setattr("services.ledger.sealing.MOST_BALLOTS", 2)
    campaign = make.campaign()
    for _ in range(5):
        cast(campaign)
    result = app.test_cli_runner().invoke(args=["ledger", "seal"])
    assert (result.exit_code, log.size) == (0, 7)
