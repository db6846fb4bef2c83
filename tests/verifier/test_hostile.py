"""Whatever a site sends, the verifier ends with a verdict that names it."""

import json
import random

import pytest

from tests.verifier.conftest import PUBLISHED, World, codes
from tests.verifier.writer import AT, Log, canonical, nonce_of, pseudonym

CAMPAIGN = 3
HOSTILE_RECORDS = {
    "empty": b"",
    "no JSON": b"hello",
    "no UTF-8": b'{"type":"ballot","campaign":\xff}',
    "a list": b"[]",
    "a number": b"7",
    "NaN": b'{"campaign":NaN,"type":"closing"}',
    "infinity": b'{"at":"2025-11-20T04:00:00Z","ballots":1e999,"campaign":3,"type":"closing"}',
    "a huge number": b'{"campaign":' + b"9" * 60_000 + b',"type":"closing"}',
    "a huge exponent": b'{"campaign":1e400000000,"type":"closing"}',
    "deep nesting": b"[" * 60_000,
    "deep nesting that ends": b"[" * 30_000 + b"]" * 30_000,
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "half a surrogate": b'{"campaign":3,"type":"event","x":"\\ud800"}',
    "a type that is none": b'{"campaign":3,"type":"read"}',
    "a type of a method": b'{"campaign":3,"type":"_decide"}',
    "a type that is a list": b'{"campaign":3,"type":[]}',
    "a campaign that is true": b'{"campaign":true,"type":"closing"}',
    "a negative campaign": b'{"campaign":-3,"type":"closing"}',
    "not canonical": b'{"type": "closing", "campaign": 3}',
    "the same key twice": b'{"campaign":3,"campaign":4,"type":"closing"}',
    "no campaign": b'{"type":"closing"}',
    "the longest record": b'"' + b"x" * 65_533 + b'"',
}
VOTER, NONCE = pseudonym(1), nonce_of(1)
BALLOT = {"type": "ballot", "campaign": CAMPAIGN, "day": "2025-11-20", "voter": VOTER}
HOSTILE_BALLOTS = {
    "neither shown nor hidden": BALLOT,
    "both": BALLOT | {"entry": 1, "nonce": NONCE, "commitment": "A" * 43},
    "without nonce": BALLOT | {"entry": 1},
    "an entry of zero": BALLOT | {"entry": 0, "nonce": NONCE},
    "a negative entry": BALLOT | {"entry": -1, "nonce": NONCE},
    "an entry that is true": BALLOT | {"entry": True, "nonce": NONCE},
    "an entry of 2^64": BALLOT | {"entry": 2**64, "nonce": NONCE},
    "an entry as text": BALLOT | {"entry": "1", "nonce": NONCE},
    "no day": BALLOT | {"entry": 1, "nonce": NONCE, "day": "2026-02-30"},
    "day zero": BALLOT | {"entry": 1, "nonce": NONCE, "day": "0000-00-00"},
    "a long voter": BALLOT | {"entry": 1, "nonce": NONCE, "voter": VOTER * 2},
    "another spelling of a voter": BALLOT | {"entry": 1, "nonce": NONCE, "voter": "A" * 21 + "B"},
    "more about the person": BALLOT | {"entry": 1, "nonce": NONCE, "phone": "13800000000"},
}


@pytest.fixture
def found(check, site):
    def run(*records: bytes) -> list[dict]:
        log = Log()
        log.rules(CAMPAIGN)
        log.entries(CAMPAIGN, {1: "甲"})
        log.records += records
        log.ballot(CAMPAIGN, 1, voter=2)
        site.files = log.publish()
        return check("--key", log.signer.verifier_key).report.findings

    return run


@pytest.mark.parametrize("name", HOSTILE_RECORDS)
def test_hostile_records(found, name):
    assert [(each["code"], each["index"]) for each in found(HOSTILE_RECORDS[name])] == [
        ("record_malformed", 2)
    ]


@pytest.mark.parametrize("name", HOSTILE_BALLOTS)
def test_hostile_ballots(found, name):
    assert [(each["code"], each["index"]) for each in found(canonical(HOSTILE_BALLOTS[name]))] == [
        ("record_malformed", 2)
    ]


def records_of_all_kinds() -> list[dict]:
    log = World()
    log.write()
    kinds = {}
    for data in log.log.records:
        record = json.loads(data)
        kinds.setdefault(record["type"], record | {"campaign": CAMPAIGN})
    kinds["release"] = kinds["quarantine"] | {"type": "release"}
    kinds["event"] = {"type": "event", "campaign": CAMPAIGN, "event": "suspended", "at": AT}
    return [record for kind, record in kinds.items() if kind != "ballot"]


ODD = [None, True, -1, 0, 2**63, 10**30, 1.5, "", "x", "\x1b[2J\u202e", [], {}, [[]], [None], [{}]]


@pytest.mark.parametrize("record", records_of_all_kinds(), ids=lambda record: record["type"])
def test_every_field_of_every_record_may_be_anything(found, tool, record):
    """Nothing crashes, and whatever is found can be told in both languages."""
    spoilt = []
    for path in list(paths_in(record)):
        for value in ODD:
            spoilt.append(canonical(replaced(record, path, value)))
        spoilt.append(canonical(without(record, path)))
    for each in found(*spoilt):
        assert tool.tell(each, english=False).isprintable()
        assert tool.tell(each, english=True).isprintable()


def paths_in(value, before: tuple = ()):
    items = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list) and value:
        items = [(0, value[0])]
    for key, member in items:
        yield (*before, key)
        yield from paths_in(member, (*before, key))


def replaced(value, path: tuple, new):
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


def without(value, path: tuple):
    copy = value.copy()
    if len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = without(value[path[0]], path[1:])
    return copy


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\n",
        b"\n\n",
        b"\xff\xfe",
        b"vote.test/ledger\n1\n",
        "vote.test/ledger\n-1\nAAAA\n\n— vote.test/ledger AAAA\n".encode(),
        "vote.test/ledger\n01\n\n\n— vote.test/ledger AAAAAAAA\n".encode(),
        ("vote.test/ledger\n" + "9" * 5000 + "\nAAAA\n\n— vote.test/ledger AAAAAAAA\n").encode(),
        "vote.test/ledger\n1\nAAAA\n\n— vote.test/ledger AAAAAAAA\n".encode(),
        "vote.test/ledger\n1\n\u0000\n\n— vote.test/ledger AAAAAAAA\n".encode(),
        b"a" * 100_000,
    ],
)
def test_hostile_checkpoints(findings, note):
    found = findings(lambda files: files.update({"/ledger/checkpoint": note}))
    assert codes(found) == ["checkpoint_malformed"]


def test_a_ledger_that_claims_to_be_endless(findings, world):
    signed = world.log.signer.checkpoint(10**17, bytes(32))
    found = codes(findings(lambda files: files.update({"/ledger/checkpoint": signed})))
    assert {"bundle_missing", "tile_missing"} <= set(found)


@pytest.mark.parametrize("seed", range(20))
def test_bundles_of_noise(findings, seed):
    noise = random.Random(seed).randbytes(3000 * (seed + 1) % 7001)

    def replace(files):
        files["/ledger/tile/entries/001"] = noise

    assert set(codes(findings(replace))) & {"bundle_cut", "bundle_length"}


API = (
    "/ledger",
    "/campaigns?limit=100",
    f"/campaigns/{PUBLISHED}/standings",
    f"/campaigns/{PUBLISHED}/entries?order=number&limit=100",
)
HOSTILE_ANSWERS = (
    b"",
    b"[]",
    b"{}",
    b"\xff",
    b"NaN",
    b"[" * 100_000,
    b"9" * 100_000,
    b'{"items":{}}',
    b'{"items":[1]}',
    b'{"items":[{"id":"7"}],"verifier_key":7}',
    b'{"items":[],"next_cursor":[],"is_final":true}',
    b'{"items":[{"id":7,"status":[],"entry_id":1e5}],"next_cursor":1,"is_final":true}',
)


@pytest.mark.parametrize("path", API)
@pytest.mark.parametrize("answer", range(len(HOSTILE_ANSWERS)))
def test_hostile_answers_of_the_api(findings, site, path, answer):
    found = findings(lambda files: site.answer(path, HOSTILE_ANSWERS[answer]))
    assert found
    assert set(codes(found)) & {
        "api_malformed",
        "key_malformed",
        "campaign_hidden",
        "standings_votes",
        "entry_not_shown",
    }


def test_pages_without_end(check, world, site, tool, monkeypatch):
    monkeypatch.setattr(tool, "MOST_PAGES", 5)
    world.publish(site)
    endless = {"items": [], "next_cursor": "again"}
    site.answer("/campaigns?limit=100", endless)
    site.answer("/campaigns?limit=100&cursor=again", endless)
    assert codes(check().report.findings) == ["api_malformed"]


def test_words_of_others_cannot_move_the_cursor(tool, world, site, tmp_path, capsys):
    world.log.rules(PUBLISHED + 10, title="\x1b[2J\u202e" + "长" * 500)
    world.publish(site)
    tool.main([site.url, "--state", str(tmp_path / "state"), "--patience", "0"])
    shown = capsys.readouterr().out
    assert "长长长" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


# ------------------------------------------------------------------ what cannot be checked: exit 2


def test_no_ledger_and_no_site(check, site, tool):
    nothing = check()
    assert (nothing.exit_code, nothing.trouble.code) == (2, "no_ledger")
    unreachable = check(url="http://127.0.0.1:9")
    assert (unreachable.exit_code, unreachable.trouble.code) == (2, "unreachable")
    for url in ("ftp://x", "http://", "http://x:port", "https://x?y", "http://[::1"):
        with pytest.raises(tool.CannotCheck) as refusal:
            check(url=url)
        assert refusal.value.code == "site_malformed"


def test_a_site_that_fails_for_good(check, world, site):
    world.publish(site)
    site.refusals = [(500, {})] * 3
    assert check().trouble.code == "unreachable"
    site.refusals = [(403, {})]
    assert check().trouble.code == "refused"
    site.refusals = [(301, {"Location": "https://elsewhere.test/\x1b"})]
    assert check().trouble.code == "redirected"


def test_what_was_found_before_the_site_failed_counts(check, world, site, tool):
    world.publish(site)
    del site.files["/ledger/tile/1/000.p/2"]
    whole = dict(site.files)
    fails = tool.Source.api

    def api(self, path):
        if path != "/ledger":
            raise tool.CannotCheck("unreachable", place=path, problem="gone")
        return fails(self, path)

    tool.Source.api = api
    try:
        result = check()
    finally:
        tool.Source.api = fails
    assert (result.exit_code, codes(result.report.findings)) == (1, ["tile_missing"])
    assert site.files == whole


def test_a_key_or_a_state_that_cannot_be_read(check, world, site, tmp_path):
    world.publish(site)
    for key in ("", "x", "a+b+c", "vote.test/ledger+00000000+AAAA", "键" * 10):
        if key:
            assert check("--key", key).trouble.code == "key_unreadable"
    for state in (b"", b"[]", b'{"logs":[{}]}', b"\xff", b'{"logs":[{"site":"x","note":1}]}'):
        (tmp_path / "state.json").write_bytes(state)
        assert check().trouble.code == "state_unreadable"


def test_a_copy_without_a_key_and_nothing_to_write_to(check, world, site, tmp_path):
    world.publish(site)
    site.save(tmp_path / "copy")
    assert check("--folder", str(tmp_path / "copy"), url=None).trouble.code == "key_needed"
    (tmp_path / "file").write_text("no folder")
    assert check("--folder", str(tmp_path / "file")).trouble.code == "unwritable"
