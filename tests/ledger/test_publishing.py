"""The ledger as c2sp.org/tlog-tiles wants it served."""

import base64
import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server.ledger import FRESH, IMMUTABLE
from services.ledger import merkle, read_head, sealing, tiles
from services.ledger.writing import Writer
from services.rate_limits import Rate
from tests.http import code_of
from tests.ledger.conftest import split_bundle, tile_number


@pytest.fixture
def long_log(work, make, seal):
    """600 records, written without the ballots that they could be about."""
    campaign = make.campaign()

    def write(ctx):
        head = read_head(ctx)
        tree = tiles.stored_tree(ctx.session, 0)
        writer = Writer(ctx.session, tree)
        for number in range(600):
            writer.add("event", campaign.id, {"event": "resumed", "reason": str(number)})
            if number in (10, 300):
                writer.flush()
        writer.flush()
        sealing._sign(ctx, head, tree)

    work(write)


def test_the_checkpoint(make, cast, seal, log, http):
    cast(make.campaign())
    seal()
    answer = log.client.get("/ledger/checkpoint")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == FRESH == "public, max-age=2"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    text, signature = answer.get_data(as_text=True).split("\n\n")
    facts = http.get("/ledger").get_json()
    assert text.split("\n") == [facts["origin"], "3", facts["root"]]
    assert facts["prefix"] == "http://127.0.0.1:8000/ledger"
    assert facts["sealed_at"] == "2026-11-20T04:00:00+00:00"
    name, key_id, key = facts["verifier_key"].split("+", 2)
    public = base64.b64decode(key)
    assert name == facts["origin"] == "127.0.0.1:8000/ledger"
    assert public[0] == 1
    assert key_id == hashlib.sha256(f"{name}\n".encode() + public).hexdigest()[:8]
    mark, signer, signed = signature.strip().split(" ")
    signed = base64.b64decode(signed)
    assert (mark, signer, signed[:4].hex()) == ("—", name, key_id)
    verifier = Ed25519PublicKey.from_public_bytes(public[1:])
    verifier.verify(signed[4:], f"{text}\n".encode())
    with pytest.raises(InvalidSignature):
        verifier.verify(signed[4:], f"{text}x\n".encode())


def test_an_empty_ledger_has_a_checkpoint_too(app, http, log):
    facts = http.get("/ledger").get_json()
    assert (facts["size"], facts["sealed_at"]) == (0, None)
    assert base64.b64decode(facts["root"]) == hashlib.sha256(b"").digest()
    assert log.size == 0


def test_a_tile_and_its_headers(long_log, log):
    answer = log.client.get("/ledger/tile/0/000")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Cache-Control"] == IMMUTABLE == "public, max-age=31536000, immutable"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert len(answer.data) == 8192


def test_tiles_are_the_hashes_of_the_bundles(long_log, log):
    size, top = log.head()
    data = log.data()
    assert size == len(data) == 600
    for number, width in ((0, 256), (1, 256), (2, 88)):
        part = "" if width == 256 else f".p/{width}"
        tile = log.tile(f"0/{tile_number(number)}{part}")
        leaves = data[number * 256 : number * 256 + width]
        assert tile == b"".join(map(merkle.leaf_hash, leaves))
    above = merkle.split_tile(log.tile("1/000.p/2"))
    assert above == [
        merkle.fold([merkle.leaf_hash(leaf) for leaf in data[start : start + 256]])
        for start in (0, 256)
    ]
    read = {
        (level, number): log.tile(f"{level}/{tile_number(number)}{part}")
        for level, number, part in ((0, 0, ""), (0, 1, ""), (0, 2, ".p/88"), (1, 0, ".p/2"))
    }
    assert merkle.root(lambda *place: read[place], size) == top


def test_a_part_stays_when_the_tile_is_full(long_log, log):
    assert log.tile("0/001.p/7") == log.tile("0/001")[: 7 * 32]
    assert split_bundle(log.tile("entries/001.p/7")) == log.data()[256:263]


NO_TILES = (
    "0/002",
    "0/002.p/89",
    "0/003.p/1",
    "1/000",
    "1/000.p/3",
    "2/000.p/1",
    "entries/002",
    "entries/002.p/89",
    "entries/003.p/1",
    "0/000.p/0",
    "0/000.p/256",
    "0/000.p/007",
    "0/000.p/",
    "0/000/",
    "0/0",
    "0/00",
    "0/0000",
    "0/x000/000",
    "0/000/001",
    "0/x0/001",
    "0/X000/001",
    "00/000",
    "64/000.p/1",
    "-1/000",
    "0/٠٠٠",
    "data/000",
    "0/x999/x999/x999/x999/999.p/1",
    "63/x999/x999/x999/x999/x999/x999/999.p/1",
    "entries/x999/x999/x999/x999/999.p/1",
)


def test_what_is_no_tile(long_log, log):
    for path in NO_TILES:
        answer = log.client.get(f"/ledger/tile/{path}")
        assert (answer.status_code, code_of(answer)) == (404, "not_found"), path
        assert "immutable" not in answer.headers.get("Cache-Control", ""), path


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("0/000", (0, 0, 256)),
        ("63/067.p/255", (63, 67, 255)),
        ("3/x001/x234/067", (3, 1_234_067, 256)),
        ("entries/x001/000.p/9", (None, 1000, 9)),
    ],
)
def test_paths(path, name):
    parsed = tiles.parse_tile_path(path)
    assert (parsed.level, parsed.number, parsed.width) == name


def test_reading_the_ledger_is_rate_limited(another_client, config):
    rates = dict(config.rates) | {"ledger": Rate(per_person=2, per_address=2)}
    client = another_client(rates=rates)
    answers = [client.get("/ledger/checkpoint").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_the_key_for_the_operator(app, http):
    result = app.test_cli_runner().invoke(args=["ledger", "key"])
    assert result.stdout.strip() == http.get("/ledger").get_json()["verifier_key"]
