"""What a stranger learns from a receipt code, in every state a ballot can be in."""

import hashlib
import json
from base64 import b64decode

import pytest
from sqlalchemy import select

from models import Ballot, Campaign, SetAsideBallot
from services import ledger
from services.ledger import merkle
from services.ledger.checkpoints import parse_checkpoint
from services.ledger.records import to_text
from tests.http import code_of


@pytest.fixture
def set_aside(session, work, clock):
    """Sets a ballot aside, or changes what became of it, as staff and screening would."""

    def change(receipt: dict, state: str, decision: str, reason: str) -> None:
        session.rollback()
        ballot = session.get(Ballot, receipt["id"])
        row = session.get(SetAsideBallot, ballot.id) or SetAsideBallot(
            ballot_id=ballot.id,
            campaign_id=ballot.campaign_id,
            entry_id=ballot.entry_id,
            voter_id=ballot.voter_id,
            cast_at=ballot.cast_at,
            score=120,
            signals={},
            quarantined_at=clock.now(),
        )
        row.state, row.reason = state, reason
        session.add(row)
        session.commit()
        work(
            ledger.note_decision,
            decision,
            campaign_id=ballot.campaign_id,
            ballot_ids=[ballot.id],
            reason=reason,
        )

    return change


def check(receipt: dict) -> None:
    """Every step's proof leads from its record to the checkpoint."""
    note = receipt["checkpoint"]["note"]
    size, root = parse_checkpoint(note)
    assert receipt["checkpoint"]["size"] == size
    for step in receipt["steps"]:
        form, index, *rest = step["proof"].split("\n")
        hashes, signed = "\n".join(rest).split("\n\n", 1)
        assert (form, index) == ("c2sp.org/tlog-proof@v1", f"index {step['index']}")
        assert signed == note
        proof = [b64decode(each) for each in hashes.split("\n") if each]
        leaf = merkle.leaf_hash(step["record"].encode())
        merkle.check_inclusion(leaf, step["index"], size, proof, root)


def test_before_anything_is_sealed(make, cast, http):
    campaign = make.campaign(entries=2, title_mn="ᠰᠣᠩᠭᠤᠯᠲᠠ")
    code = cast(campaign, 1)["receipt_code"]
    receipt = http.get(f"/receipts/{code}").get_json()
    entry_id = make.entries(campaign)[1]
    assert len(receipt.pop("nonce")) == 22
    assert "+" in receipt.pop("verifier_key")
    assert receipt == {
        "code": code,
        "campaign": {
            "id": campaign.id,
            "title": "健康达人评选",
            "title_mn": "ᠰᠣᠩᠭᠤᠯᠲᠠ",
            "contest_code": "outreach",
            "status": "open",
            "result_published_at": None,
        },
        "entry": {"id": entry_id, "number": 2, "name": "参评对象2", "name_mn": None},
        "day": "2026-11-20",
        "state": "unsealed",
        "reason": None,
        "steps": [],
        "checkpoint": None,
    }


def test_a_counted_ballot(make, cast, seal, http):
    campaign = make.campaign()
    for _ in range(3):
        code = cast(campaign)["receipt_code"]
    seal()
    answer = http.get(f"/receipts/{code}")
    receipt = answer.get_json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert (receipt["state"], [step["kind"] for step in receipt["steps"]]) == (
        "counted",
        ["ballot"],
    )
    record = json.loads(receipt["steps"][0]["record"])
    assert (record["entry"], record["nonce"]) == (receipt["entry"]["id"], receipt["nonce"])
    check(receipt)


@pytest.mark.parametrize("typed", ["{}", " {} "])
@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", "")])
def test_a_code_as_people_type_it(make, cast, http, typed, change):
    code = cast(make.campaign())["receipt_code"]
    answer = http.get(f"/receipts/{typed.format(change(code))}")
    assert answer.get_json()["code"] == code


def test_letters_that_look_like_digits(make, cast, http):
    code = cast(make.campaign())["receipt_code"]
    typed = code.replace("1", "l").replace("0", "o")
    assert typed != code
    assert http.get(f"/receipts/{typed}").get_json()["code"] == code


@pytest.mark.parametrize(
    "code", ["x", "U" * 20, "0" * 20, "Z" * 20, "0" * 500, "ı" * 20, "１" * 20]
)
def test_a_code_nobody_was_given(app, http, code):
    assert code_of(http.get(f"/receipts/{code}")) == "receipt_not_found"
    assert code_of(http.get(f"/receipts/{code}/qr")) == "receipt_not_found"


def test_anothers_secret_does_not_open_a_ballot(make, cast, http):
    campaign = make.campaign()
    one, other = (cast(campaign)["receipt_code"].replace("-", "") for _ in range(2))
    assert code_of(http.get(f"/receipts/{one[:7]}{other[7:]}")) == "receipt_not_found"


def test_from_quarantine_to_release(make, cast, seal, http, set_aside, clock):
    receipt = cast(make.campaign())
    seal()
    path = f"/receipts/{receipt['receipt_code']}"
    set_aside(receipt, "quarantined", "quarantine", "投票时间集中")
    now = http.get(path).get_json()
    assert (now["state"], now["reason"], len(now["steps"])) == ("quarantined", "投票时间集中", 1)
    seal()
    clock.advance(hours=2)
    set_aside(receipt, "released", "release", "核实为本人投票")
    seal()
    now = http.get(path).get_json()
    assert (now["state"], now["reason"]) == ("counted", None)
    assert [(step["kind"], step["at"], step["reason"]) for step in now["steps"]] == [
        ("ballot", None, None),
        ("quarantine", "2026-11-20T04:00:00+00:00", "投票时间集中"),
        ("release", "2026-11-20T06:00:00+00:00", "核实为本人投票"),
    ]
    check(now)


def test_an_annulled_ballot_among_others(make, cast, seal, http, set_aside):
    campaign = make.campaign()
    receipts = [cast(campaign) for _ in range(3)]
    seal()
    set_aside(receipts[1], "annulled", "annulment", "同一设备批量投票 [2,3,4]")
    seal()
    states = []
    for receipt in receipts:
        now = http.get(f"/receipts/{receipt['receipt_code']}").get_json()
        check(now)
        states.append((now["state"], len(now["steps"])))
    assert states == [("counted", 1), ("annulled", 2), ("counted", 1)]


def test_a_hidden_ballot_is_opened_after_closing(make, cast, seal, http, run, clock, monkeypatch):
    monkeypatch.setattr("services.ledger.queued.OPENINGS_IN_A_RECORD", 2)
    campaign = make.campaign(standings_mode="hidden")
    codes = [cast(campaign)["receipt_code"] for _ in range(5)]
    seal()
    before = http.get(f"/receipts/{codes[0]}").get_json()
    record = json.loads(before["steps"][0]["record"])
    promised = f"{campaign.id}:{before['entry']['id']}:{before['nonce']}"
    assert record["commitment"] == to_text(hashlib.sha256(promised.encode()).digest())
    assert "entry" not in record
    clock.set(campaign.closes_at)
    clock.advance(seconds=30)
    run("close_campaigns")
    seal()
    for code in codes:
        after = http.get(f"/receipts/{code}").get_json()
        assert [step["kind"] for step in after["steps"]] == ["ballot", "openings"]
        opened = json.loads(after["steps"][1]["record"])["ballots"]
        mine = [after["steps"][0]["index"], after["entry"]["id"], after["nonce"]]
        assert mine in opened
        check(after)


def test_the_picture_leads_to_the_page(make, cast, app):
    code = cast(make.campaign())["receipt_code"]
    answer = app.test_client().get(f"/api/v1/receipts/{code.lower()}/qr")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.data.startswith(b"\x89PNG")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_no_receipt_tells_whose_it_is(make, cast, seal, http, session):
    campaign = make.campaign()
    citizen = make.citizen()
    code = cast(campaign, by=citizen)["receipt_code"]
    seal()
    receipt = http.get(f"/receipts/{code}").get_json()
    assert "voter" not in receipt
    query = select(Ballot.voter_id).join(Campaign, Campaign.id == Ballot.campaign_id)
    assert session.scalar(query) == citizen.citizen_id
