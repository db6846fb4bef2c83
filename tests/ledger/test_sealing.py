"""What gets into the log, in which order, and in which form."""

import hashlib
import json

from services.ledger import records
from tests.ledger.conftest import root_of


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
