"""Somebody laid hands on the published ledger: it is found, and told where."""

import pytest

from tests.verifier.conftest import PUBLISHED, RUNNING, World, codes
from tests.verifier.writer import Log, Signer

BUNDLE, TILE = "/ledger/tile/entries/001", "/ledger/tile/0/001"
UPPER = "/ledger/tile/1/000.p/2"
CHECKPOINT = "/ledger/checkpoint"


def flip(files: dict, path: str, place: int) -> None:
    data = bytearray(files[path])
    data[place] ^= 1
    files[path] = bytes(data)


def split(bundle: bytes) -> list[bytes]:
    records, place = [], 0
    while place < len(bundle):
        end = place + 2 + int.from_bytes(bundle[place : place + 2], "big")
        records.append(bundle[place + 2 : end])
        place = end
    return records


def join(records: list[bytes]) -> bytes:
    return b"".join(len(each).to_bytes(2, "big") + each for each in records)


def named(found: list[dict]) -> list[tuple]:
    return [(each["code"], each.get("index", each.get("place"))) for each in found]


def records_spoilt(change):
    def spoil(files: dict) -> None:
        records = split(files[BUNDLE])
        change(records)
        files[BUNDLE] = join(records)

    return spoil


def test_one_flipped_bit_in_a_record(findings):
    def change(records):
        records[10] = records[10].replace(b'"voter":"', b'"voter":"_', 1)[:-3] + records[10][-2:]

    assert ("record_altered", 266) in named(findings(records_spoilt(change)))


def test_every_single_bit_of_a_record_counts(findings, world):
    lengths = [len(each) + 2 for each in world.log.records[256:]]
    start = sum(lengths[:40])
    for place in range(start + 2, start + lengths[40], 23):
        found = findings(lambda files, place=place: flip(files, BUNDLE, place))
        assert ("record_altered", 296) in named(found), place


def test_one_flipped_bit_in_a_tile_of_leaves(findings):
    assert named(findings(lambda files: flip(files, TILE, 32 * 7 + 5))) == [("tile_wrong", 7)]


def test_one_flipped_bit_in_a_tile_above(findings):
    found = findings(lambda files: flip(files, UPPER, 40))
    assert named(found) == [("tile_wrong", 1)]
    assert found[0]["tile"] == "tile/1/000"


@pytest.mark.parametrize("place", [3, 20, 40, 90, 130])
def test_one_flipped_bit_in_the_checkpoint(findings, check, place):
    found = codes(findings(lambda files: flip(files, CHECKPOINT, place)))
    assert len(found) == 1
    assert found[0] in {"signature_wrong", "signature_missing", "checkpoint_malformed"}
    assert check().exit_code == 1


def test_a_dropped_record(findings):
    found = findings(records_spoilt(lambda records: records.pop(20)))
    assert ("record_dropped", 276) in named(found)
    assert ("bundle_length", 256) in named(found)


def test_the_last_record_of_a_bundle_dropped(findings):
    found = findings(records_spoilt(lambda records: records.pop()))
    assert ("record_dropped", 511) in named(found)


def test_an_added_record(findings):
    found = findings(records_spoilt(lambda records: records.insert(20, records[3])))
    assert ("record_added", 276) in named(found)


def test_reordered_records(findings):
    def swap(records):
        records[4], records[9] = records[9], records[4]

    found = findings(records_spoilt(swap))
    assert ("record_swapped", 260) in named(found)
    assert next(each for each in found if each["code"] == "record_swapped")["other"] == 265


def test_a_truncated_bundle(findings):
    def cut(files):
        files[BUNDLE] = files[BUNDLE][:-30]

    assert ("bundle_cut", 511) in named(findings(cut))


def test_a_bundle_with_something_after_its_records(findings):
    def lengthen(files):
        files[BUNDLE] += b"\x00"

    assert ("bundle_cut", 512) in named(findings(lengthen))


@pytest.mark.parametrize("path", [BUNDLE, TILE, UPPER])
def test_what_is_not_published(findings, path):
    found = findings(lambda files: files.pop(path))
    assert found[0]["code"] in {"bundle_missing", "tile_missing"}
    assert path.removeprefix("/ledger/").startswith(found[0]["tile"])


def test_records_and_tiles_both_gone(findings):
    def drop(files):
        del files[BUNDLE], files[TILE]

    assert codes(findings(drop)) == ["bundle_missing", "tile_missing"]


@pytest.mark.parametrize("length", [0, 31, 8191, 8193, 100_000])
def test_a_tile_of_another_length(findings, length):
    def resize(files):
        files[TILE] = files[TILE][:length].ljust(length, b"\x01")

    assert codes(findings(resize)) == ["tile_length"]


def test_a_ledger_rewritten_without_a_new_signature(findings, world):
    """Records, tiles and all are of one piece, only the signature is of another log."""
    altered = Log(list(world.log.records))
    del altered.records[30]

    def replace(files):
        signed = files[CHECKPOINT]
        files |= altered.publish()
        files[CHECKPOINT] = signed

    found = codes(findings(replace))
    assert "root_wrong" in found or "bundle_missing" in found


def test_a_record_replaced_everywhere_but_under_the_signature(findings, world):
    altered = Log(list(world.log.records))
    altered.records[30] = altered.records[30].replace(b'"entry":4', b'"entry":5')

    def replace(files):
        files |= altered.publish() | {CHECKPOINT: files[CHECKPOINT]}

    assert "root_wrong" in codes(findings(replace))


# ------------------------------------------------------------------------ the past, remembered


def test_a_ledger_that_grew_fits_what_was_kept(findings, world):
    assert findings() == []
    for voter in range(2000, 2300):
        world.log.ballot(RUNNING, 61, voter)
        if voter % 50 == 0:
            assert findings() == []


def test_a_forked_ledger(findings, world):
    assert findings() == []
    world.log.records[5] = world.log.records[5].replace(b'"entry":4', b'"entry":9')
    for voter in range(2000, 2010):
        world.log.ballot(RUNNING, 61, voter)
    found = findings()
    assert "log_forked" in codes(found)
    assert found[0]["code"] == "log_forked"


def test_an_entry_taken_out_of_history_and_signed_anew(findings, world):
    assert findings() == []
    del world.log.records[-5]
    world.log.ballot(RUNNING, 61, voter=2001)
    assert "log_forked" in codes(findings())


def test_a_shrunk_ledger(findings, world):
    assert findings() == []
    del world.log.records[-3:]
    assert codes(findings())[0] == "log_shrunk"


def test_what_is_wrong_is_not_kept(findings, world, tmp_path):
    assert findings() == []
    kept = (tmp_path / "state.json").read_bytes()
    world.log.ballot(RUNNING, 61, voter=1)
    assert findings() != []
    assert (tmp_path / "state.json").read_bytes() == kept


def test_the_checkpoint_of_somebody_else(findings, check, world, tmp_path, tool):
    shown = world.log.publish()[CHECKPOINT]
    (tmp_path / "theirs").write_bytes(shown)
    for voter in range(2000, 2003):
        world.log.ballot(RUNNING, 61, voter)
    theirs = ("--checkpoint", str(tmp_path / "theirs"))
    assert findings(lambda files: None, *theirs) == []
    forked = World()
    forked.write()
    forked.log.records[5] = world.log.records[6]
    (tmp_path / "theirs").write_bytes(forked.log.publish()[CHECKPOINT])
    assert codes(findings(lambda files: None, *theirs)) == ["log_forked"]
    stranger = Signer(seed=b"another seed of tests, 32 bytes.")
    (tmp_path / "theirs").write_bytes(stranger.checkpoint(0, b""))
    assert check(*theirs).trouble.code == "checkpoint_unreadable"
    (tmp_path / "theirs").write_bytes(stranger.checkpoint(1, bytes(32)))
    assert check(*theirs).trouble.code == "checkpoint_of_another"


# --------------------------------------------------------------------------------------- keys


def test_a_checkpoint_signed_by_another_key(findings, world):
    key = world.log.signer.verifier_key
    world.log.signer = Signer(seed=b"another seed of tests, 32 bytes.")
    found = findings(lambda files: None, "--key", key)
    assert codes(found) == ["key_changed", "signature_missing"]


def test_a_site_that_changes_its_key(findings, world):
    assert findings() == []
    world.log.signer = Signer(seed=b"another seed of tests, 32 bytes.")
    assert codes(findings()) == ["key_changed", "signature_missing"]


def test_a_site_that_changes_its_name(findings, world):
    assert findings() == []
    world.log.signer = Signer(origin="other.test/ledger")
    assert "key_changed" in codes(findings())


def test_a_signature_under_the_right_name_by_another_key(findings, world, site):
    right = world.log.signer

    def forge(files):
        forger = Signer(seed=b"another seed of tests, 32 bytes.")
        forger._id = right._id
        text = files[CHECKPOINT].decode().split("\n")
        files[CHECKPOINT] = forger.checkpoint(int(text[1]), bytes(32))

    assert codes(findings(forge)) == ["signature_wrong"]


def test_signatures_of_others_are_no_matter(findings):
    def cosign(files):
        files[CHECKPOINT] += "— witness.test abcdABCD\n".encode()

    assert findings(cosign) == []


def test_one_ledger_is_not_mistaken_for_another(findings, check, world, site, tmp_path):
    """Two sites in one state file; what is kept of one says nothing about the other."""
    assert findings() == []
    other = Log(signer=Signer(origin="other.test/ledger"))
    other.rules(PUBLISHED)
    for path, data in other.publish().items():
        file = tmp_path / "other" / path.removeprefix("/ledger/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    copy = ("--folder", str(tmp_path / "other"), "--key", other.signer.verifier_key)
    assert check(*copy, url=None).exit_code == 0
    assert findings() == []
