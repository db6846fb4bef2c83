#!/usr/bin/env python3
"""Recount every vote of a Sain site from its public ledger, without trusting the site.

    python verify_ledger.py https://vote.example.cn

What it does, in this order:

 1. fetches the ledger's checkpoint: how many records there are, the root of their Merkle tree,
    and the site's signature of both (C2SP tlog-checkpoint, signed-note, Ed25519);
 2. downloads all records and all hash tiles (C2SP tlog-tiles) and works the tree out anew
    (RFC 6962); it must have the signed root, and each published hash must be the right one;
 3. takes the checkpoint it kept the last time, and those others have handed you: the records
    they speak of must still be there, unchanged and in the same places;
 4. replays every campaign by its own rules: how many ballots each voter had, what was set
    aside, released or annulled and by how many persons, that nothing came after the closing,
    that hidden ballots were opened as they were cast, that the result is what the ballots say;
 5. compares its own count with the standings and entries the site shows to the public.

It needs Python 3.9 or newer and the package `cryptography`, and nothing of Sain. Exit code: 0 all
is right, 1 something is wrong, 2 it could not be checked (network, usage).
"""

from __future__ import annotations

import argparse
import base64
import binascii
import email.utils
import hashlib
import http.client
import json
import os
import re
import ssl
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from array import array
from bisect import bisect_left
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.exit("缺少 cryptography，请先运行：python -m pip install cryptography\n"
             "Please run first: python -m pip install cryptography")  # fmt: skip

RIGHT, WRONG, UNCHECKED = 0, 1, 2
TILE_WIDTH = 256
HASH_SIZE = 32
LONGEST_RECORD = 65_535
LONGEST_NUMBER = 18  # digits; a row's id has never more
LARGEST_CHECKPOINT = 64 * 1024
LARGEST_ANSWER = 32 * 1024 * 1024
MOST_PAGES = 10_000
CONNECTIONS = 4
BUNDLES_AHEAD = 16
TIMEOUT_SECONDS = 30
RETRY_WAITS = (0.5, 1, 2, 4, 8)
LONGEST_WAIT = 120
FINDINGS_OF_A_KIND = 20
# How long after its end a campaign may lack its closing record.
CLOSING_TAKES = timedelta(hours=1)
SHANGHAI = timezone(timedelta(hours=8))


class CannotCheck(Exception):
    """There is nothing to judge: the site is out of reach, or the command line makes no sense."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code, self.details = code, details


class Malformed(Exception):
    """Something that was published does not have the form it must have; says what."""


class Report:
    """What was found: each finding has a code, details for its words, and perhaps a place."""

    def __init__(self) -> None:
        self.findings: list[dict] = []
        self.notes: list[dict] = []
        self.counts: Counter = Counter()

    def add(self, code: str, **details: object) -> None:
        """Something is wrong. Of each kind the first few are kept and all are counted."""
        self.counts[code] += 1
        if self.counts[code] <= FINDINGS_OF_A_KIND:
            self.findings.append({"code": code, **details})

    def note(self, code: str, **details: object) -> None:
        """Nothing is wrong, but the reader should know."""
        self.notes.append({"code": code, **details})

    def is_wrong_about(self, campaign_id: int) -> bool:
        return any(finding.get("campaign") == campaign_id for finding in self.findings)


# ---------------------------------------------------------------- the Merkle tree of RFC 6962


def leaf_hash(record: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + record).digest()


def root_of(hashes: list[bytes]) -> bytes:
    """The root of the tree over these nodes, which stand side by side on one level."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    sha256 = hashlib.sha256
    while len(hashes) > 1:
        parents = [
            sha256(b"\x01" + hashes[i] + hashes[i + 1]).digest()
            for i in range(0, len(hashes) - 1, 2)
        ]
        if len(hashes) % 2:
            parents.append(hashes[-1])
        hashes = parents
    return hashes[0]


class Tree:
    """A tree that grows by whole bundles of 256 leaves, the last one perhaps shorter.

    Of each level above the leaves it keeps only the tile that is not yet full.
    """

    def __init__(self) -> None:
        self.levels: list[list[bytes]] = []  # levels[0] is level 1 of the tiles
        self.tails: list[int] = []  # the number of the tile that grows, by level
        self.last_leaves: list[bytes] = []

    def add_full_bundle(self, root: bytes) -> list[tuple[int, int, list[bytes]]]:
        """Take the root of the next 256 leaves; returns the tiles that became full by it."""
        full = []
        level = 0
        while True:
            if level == len(self.levels):
                self.levels.append([])
                self.tails.append(0)
            self.levels[level].append(root)
            if len(self.levels[level]) < TILE_WIDTH:
                return full
            full.append((level + 1, self.tails[level], self.levels[level]))
            root = root_of(self.levels[level])
            self.levels[level] = []
            self.tails[level] += 1
            level += 1

    def partial_tiles(self) -> list[tuple[int, int, list[bytes]]]:
        """The tiles above the leaves that are not full, without the empty ones."""
        return [
            (level, number, hashes)
            for level, (number, hashes) in enumerate(zip(self.tails, self.levels), start=1)
            if hashes
        ]

    def root(self, last_leaves: list[bytes]) -> bytes:
        """The root with these leaves after the full bundles."""
        ragged = [root_of(last_leaves)] if last_leaves else []
        for level in self.levels:
            nodes = level + ragged
            ragged = [root_of(nodes)] if nodes else []
        return ragged[0] if ragged else root_of([])


# ------------------------------------------------------------------ signed notes (C2SP, Ed25519)


class VerifierKey:
    """A public key as it is handed round: name+id+base64."""

    def __init__(self, text: str) -> None:
        """Raises Malformed unless the key's id is the hash of its name and bytes."""
        parts = text.split("+", 2)
        if len(parts) != 3 or not text.isprintable() or " " in text or not parts[0]:
            raise Malformed(text)
        self.text, self.name = text, parts[0]
        key = from_base64(parts[2])
        self.id = hashlib.sha256(self.name.encode() + b"\n" + key).digest()[:4]
        if parts[1] != self.id.hex() or len(key) != 33 or key[0] != 1:
            raise Malformed(text)
        try:
            self._key = Ed25519PublicKey.from_public_bytes(key[1:])
        except ValueError:
            raise Malformed(text) from None

    def has_signed(self, text: str, signature: bytes) -> bool:
        try:
            self._key.verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


class Checkpoint:
    """A signed head of the tree: `size` records, and the root of the tree over them."""

    def __init__(self, note: str) -> None:
        """Raises Malformed. Who signed is `signers`; whether rightly, see is_signed_by."""
        self.note = note
        text, gap, signatures = note.rpartition("\n\n")
        if not gap or not signatures.endswith("\n") or not _is_plain(note):
            raise Malformed("note")
        self.text = text + "\n"
        self.signers = [_read_signature(line) for line in signatures[:-1].split("\n")]
        lines = text.split("\n")
        if len(lines) < 3 or not lines[0]:
            raise Malformed("checkpoint")
        self.origin = lines[0]
        if not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1]):
            raise Malformed("size")
        self.size = int(lines[1])
        self.root = from_base64(lines[2])
        if len(self.root) != HASH_SIZE or (not self.size and self.root != root_of([])):
            raise Malformed("root")

    def is_signed_by(self, key: VerifierKey) -> bool:
        ours = [sig for name, key_id, sig in self.signers if (name, key_id) == (key.name, key.id)]
        return bool(ours) and all(key.has_signed(self.text, signature) for signature in ours)

    def names_key(self, key: VerifierKey) -> bool:
        return any((name, key_id) == (key.name, key.id) for name, key_id, _ in self.signers)


def _read_signature(line: str) -> tuple[str, bytes, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not parts[1]:
        raise Malformed("signature")
    signature = from_base64(parts[2])
    if len(signature) < 5:
        raise Malformed("signature")
    return parts[1], signature[:4], signature[4:]


def _is_plain(note: str) -> bool:
    return not any(ord(each) < 32 and each != "\n" for each in note)


def from_base64(text: str) -> bytes:
    """Raises Malformed for what no encoder writes."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("base64") from None
    if base64.b64encode(value).decode() != text:
        raise Malformed("base64")
    return value


def decode_checkpoint(data: bytes) -> Checkpoint:
    try:
        return Checkpoint(data.decode())
    except UnicodeDecodeError:
        raise Malformed("UTF-8") from None


# -------------------------------------------------------------------------------- downloading


class Site:
    """The site over HTTP: kept-alive connections, one for each thread; patient and polite."""

    def __init__(self, url: str) -> None:
        try:
            parts = urllib.parse.urlsplit(url if "://" in url else f"https://{url}")
            port = parts.port
        except ValueError:
            raise CannotCheck("site_malformed", site=url) from None
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise CannotCheck("site_malformed", site=url)
        self.scheme, self.host, self.port = parts.scheme, parts.hostname, port
        self.base = parts.path.rstrip("/")
        self.url = f"{parts.scheme}://{parts.netloc}{self.base}"
        self._of_thread = threading.local()
        self._opened: list[http.client.HTTPConnection] = []

    def get(self, path: str, largest: int) -> bytes | None:
        """The body, at most one byte longer than `largest`; None if it is not there (404)."""
        for pause in (*RETRY_WAITS, None):
            wait = 0.0
            try:
                status, headers, body = self._ask(path, largest)
            except (OSError, http.client.HTTPException, ValueError) as error:
                self._hang_up()
                problem = f"{type(error).__name__}: {error}"
            else:
                if _is_answer(status, headers):
                    return body if status == 200 else None
                problem, wait = f"HTTP {status}", _retry_after(headers.get("Retry-After"))
            if pause is not None:
                time.sleep(max(pause, wait))
        raise CannotCheck("unreachable", place=self.url + path, problem=problem)

    def _ask(self, path: str, largest: int) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = self._connection()
        headers = {"User-Agent": "verify_ledger.py", "Accept-Encoding": "identity"}
        connection.request("GET", self.base + path, headers=headers)
        answer = connection.getresponse()
        body = answer.read(largest + 1)
        if len(body) > largest or answer.will_close:
            self._hang_up()
        return answer.status, answer.headers, body

    def _connection(self) -> http.client.HTTPConnection:
        connection = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._of_thread.connection = self._connect()
            self._opened.append(connection)
        return connection

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self.host, self.port
        proxy = urllib.request.getproxies().get(self.scheme)
        by_proxy = proxy and not urllib.request.proxy_bypass(host)
        if by_proxy:
            parts = urllib.parse.urlsplit(proxy if "://" in proxy else f"http://{proxy}")
            host, port = parts.hostname or "", parts.port
        if self.scheme == "https":
            context = ssl.create_default_context()
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
        if by_proxy:
            connection.set_tunnel(self.host, self.port)
        return connection

    def _hang_up(self) -> None:
        connection = getattr(self._of_thread, "connection", None)
        if connection is not None:
            connection.close()
            self._opened.remove(connection)
            self._of_thread.connection = None

    def close(self) -> None:
        for connection in self._opened:
            connection.close()


def _is_answer(status: int, headers: http.client.HTTPMessage) -> bool:
    """Whether asking again would be no use; raises CannotCheck for what is no use at all."""
    if 300 <= status < 400:
        raise CannotCheck("redirected", place=headers.get("Location", ""))
    if 400 <= status < 500 and status not in (404, 408, 410, 429):
        raise CannotCheck("refused", problem=f"HTTP {status}")
    return status in (200, 404, 410)


def _retry_after(value: str | None) -> float:
    """How many seconds the site wants us to wait; it may name a moment instead."""
    if not value:
        return 0.0
    if re.fullmatch(r"[0-9]{1,9}", value):
        return min(int(value), LONGEST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(value)
        return min(max(moment.timestamp() - time.time(), 0), LONGEST_WAIT)
    except (TypeError, ValueError, OverflowError):
        return 0.0


class Source:
    """The published files: from the site, kept in a folder, or from that folder alone.

    Tiles and bundles never change, so that what the folder has is not fetched again; the
    checkpoint and the API's answers are.
    """

    def __init__(self, folder: Path, site: Site | None) -> None:
        self.folder, self.site = folder, site

    def checkpoint(self) -> bytes | None:
        return self._fetch("/ledger/checkpoint", "checkpoint", LARGEST_CHECKPOINT, is_fixed=False)

    def tile(self, level: int, number: int, width: int, *, anew: bool = False) -> bytes | None:
        """`width` hashes of a level side by side, as published; None if they are not there."""
        largest = TILE_WIDTH * HASH_SIZE
        data, is_longer = self._fetch_tile(f"tile/{level}", number, width, largest, anew)
        return data[: width * HASH_SIZE] if data is not None and is_longer else data

    def bundle(self, number: int, width: int, *, anew: bool = False) -> Bundle | None:
        """The records of a bundle, as published; None if they are not there."""
        largest = TILE_WIDTH * (LONGEST_RECORD + 2)
        data, is_longer = self._fetch_tile("tile/entries", number, width, largest, anew)
        if data is None:
            return None
        return Bundle(data, width if is_longer else None)

    def api(self, path: str) -> object:
        """An answer of the public API; None if it is not there, raises Malformed."""
        name = re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-")[:80]
        name = f"api/{name}-{hashlib.sha256(path.encode()).hexdigest()[:12]}.json"
        data = self._fetch(f"/api/v1{path}", name, LARGEST_ANSWER, is_fixed=False)
        if data is None:
            return None
        try:
            return read_json(data)
        except Malformed:
            raise Malformed(f"/api/v1{path}") from None

    def _fetch_tile(
        self, kind: str, number: int, width: int, largest: int, anew: bool
    ) -> tuple[bytes | None, bool]:
        """A tile that has grown since may be there in its longer form only."""
        full = f"{kind}/{tile_name(number)}"
        names = [full] if width == TILE_WIDTH else [f"{full}.p/{width}", full]
        for name in names:
            data = self._fetch(f"/ledger/{name}", name, largest, is_fixed=not anew)
            if data is not None:
                return data, name == full and width < TILE_WIDTH
        return None, False

    def _fetch(self, path: str, name: str, largest: int, *, is_fixed: bool) -> bytes | None:
        file = self.folder / name
        if self.site is None or is_fixed:
            try:
                with file.open("rb") as kept:
                    return kept.read(largest + 1)
            except OSError:
                if self.site is None:
                    return None
        data = self.site.get(path, largest)
        if data is not None:
            write_file(file, data)
        return data


def write_file(file: Path, data: bytes) -> None:
    """All of it or nothing, also when the power fails; raises CannotCheck."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f"{file.name}.{threading.get_ident()}.new")
        unfinished.write_bytes(data)
        os.replace(unfinished, file)
    except OSError as error:
        raise CannotCheck("unwritable", place=str(file), problem=str(error)) from None


def tile_name(number: int) -> str:
    """1234067 is x001/x234/067."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])


class Bundle:
    """Up to 256 records, each after its length in two bytes; `is_cut` if bytes are left over."""

    def __init__(self, data: bytes, most: int | None = None) -> None:
        self.records: list[bytes] = []
        place = 0
        while place + 2 <= len(data) and len(self.records) != most:
            end = place + 2 + int.from_bytes(data[place : place + 2], "big")
            if end > len(data):
                break
            self.records.append(data[place + 2 : end])
            place = end
        self.is_cut = place < len(data) and len(self.records) != most

    def fits(self, tile: bytes, width: int) -> bool:
        """Whether it holds so many records and the tile their hashes."""
        is_right_size = len(self.records) == width and not self.is_cut
        return is_right_size and b"".join(map(leaf_hash, self.records)) == tile


# ------------------------------------------------------------------- reading what was published


def read_json(data: bytes) -> object:
    """Strict JSON; raises Malformed for all else, however contrived."""
    try:
        return json.loads(data.decode(), parse_int=_read_int, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Malformed("JSON") from None


def _read_int(digits: str) -> int:
    if len(digits.lstrip("-")) > LONGEST_NUMBER:
        raise ValueError(digits[:20])
    return int(digits)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity


def read_record(data: bytes) -> dict:
    """A record other than a well-formed ballot. It must be written in the one canonical way."""
    record = read_json(data)
    try:
        canonical = json.dumps(
            record, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
        ).encode()
    except (ValueError, RecursionError, TypeError):
        raise Malformed("JSON") from None
    if canonical != data or not isinstance(record, dict):
        raise Malformed("canonical JSON")
    return record


MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
DIGEST = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
NONCE = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")


def whole(value: object, field: str, least: int = 0) -> int:
    """The value, which must be a whole number. JSON's true is none."""
    if type(value) is not int or not least <= value < 10**LONGEST_NUMBER:
        raise Malformed(field)
    return value


def listed(value: object, field: str) -> list:
    if not isinstance(value, list):
        raise Malformed(field)
    return value


def mapped(value: object, field: str) -> dict:
    if not isinstance(value, dict):
        raise Malformed(field)
    return value


def worded(value: object, field: str, form: re.Pattern | None = None) -> str:
    if not isinstance(value, str) or (form is not None and not form.fullmatch(value)):
        raise Malformed(field)
    return value


def moment_of(value: object, field: str) -> datetime:
    try:
        return datetime.strptime(worded(value, field, MOMENT), "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        raise Malformed(field) from None


# --------------------------------------------------------------------- campaigns, replayed

COUNTED, QUARANTINED, ANNULLED = range(3)
# What a decision may be taken about, and what it makes of a ballot.
DECISIONS = {
    "quarantine": ((COUNTED,), QUARANTINED),
    "release": ((QUARANTINED, ANNULLED), COUNTED),
    "annulment": ((COUNTED, QUARANTINED), ANNULLED),
}
STATE_NAMES = ("counted", "quarantined", "annulled")
KINDS = ["rules", "entries", "withdrawal", "event", *DECISIONS, "closing", "openings", "result"]
UNOPENED = 0  # in place of the entry's id, for a ballot that is still hidden
# A ballot, canonical to the byte: shown with entry and nonce, or hidden behind a commitment.
BALLOT = re.compile(
    rb'\{"campaign":([1-9][0-9]{0,17}),(?:"commitment":"([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])",)?'
    rb'"day":"([0-9]{4}-[0-9]{2}-[0-9]{2})",'
    rb'(?:"entry":([1-9][0-9]{0,17}),"nonce":"[A-Za-z0-9_-]{21}[AQgw]",)?'
    rb'"type":"ballot","voter":"([A-Za-z0-9_-]{21}[AQgw])"\}'
)
VOTER_SIZE = 22
COMMITMENT_SIZE = 43


class Campaign:
    """One campaign as the ledger tells it. Millions of ballots, so they lie in arrays."""

    def __init__(self, campaign_id: int, report: Report) -> None:
        self.id, self.report = campaign_id, report
        self.rules: dict | None = None
        # When the ledger found the campaign under way and told of what had been before.
        self.found_at = ""
        self.is_retracted = False
        self.first_opening: datetime | None = None
        self.last_closing: datetime | None = None
        self.entries: dict[int, tuple[int, str]] = {}  # id: number, digest of the name
        self.withdrawn: set[int] = set()
        # Of each ballot, in order of the log: its index there, day, entry, state and voter.
        self.indexes, self.days, self.choices = array("q"), array("i"), array("q")
        self.states, self.voters = bytearray(), bytearray()
        # Which of them were hidden, and behind what.
        self.hidden, self.commitments = array("q"), bytearray()
        self.opened = 0
        self.counted: Counter = Counter()  # counted ballots by entry
        self.by_state = [0, 0, 0]
        self.is_closed = False
        self.result: dict | None = None
        self.parts_read = 0

    # -- ballots

    def add_ballot(
        self, index: int, day: int, choice: int, voter: bytes, commitment: bytes | None
    ) -> None:
        if self.is_closed:
            self.wrong("ballot_after_closing", index=index)
        if commitment is not None:
            self.hidden.append(len(self.indexes))
            self.commitments += commitment
        self.indexes.append(index)
        self.days.append(day)
        self.choices.append(choice)
        self.states.append(COUNTED)
        self.voters += voter
        self.counted[choice] += 1
        self.by_state[COUNTED] += 1

    def place_of(self, index: int) -> int | None:
        """Which of the campaign's ballots the record of this index is."""
        place = bisect_left(self.indexes, index)
        is_here = place < len(self.indexes) and self.indexes[place] == index
        return place if is_here else None

    def is_hidden(self, place: int) -> bool:
        return self.choices[place] == UNOPENED

    # -- records about the campaign; each raises Malformed

    def read(self, index: int, record: dict) -> None:
        """Follow one record. `index` is its place in the log, by which findings name it."""
        kind = record["type"]
        if self.has_result and kind != "result":
            self.wrong("after_result", index=index, record=kind)
        moment_of(record.get("at"), "at")
        getattr(self, f"_read_{kind}")(index, record)

    def _read_rules(self, index: int, record: dict) -> None:
        rules = mapped(record.get("rules"), "rules")
        for name in ("ballots_per_day", "ballots_per_entry_per_day"):
            whole(rules.get(name), name, least=1)
        if rules.get("ballots_in_all") is not None:
            whole(rules["ballots_in_all"], "ballots_in_all", least=1)
        whole(rules.get("annulments_alone"), "annulments_alone")
        worded(rules.get("title"), "title")
        opens_at = moment_of(rules.get("opens_at"), "opens_at")
        closes_at = moment_of(rules.get("closes_at"), "closes_at")
        event = worded(record.get("event"), "event")
        is_changed = self.rules is not None and self.rules != rules and not self.is_retracted
        if is_changed and record["at"] >= self.rules["opens_at"]:
            self._require_two_persons("rules_one_person", index, record)
        if event == "found" and self.rules is None:
            self.found_at = record["at"]
        self.rules, self.is_retracted = rules, False
        self.first_opening = min(opens_at, self.first_opening or opens_at)
        self.last_closing = max(closes_at, self.last_closing or closes_at)

    def _read_entries(self, index: int, record: dict) -> None:
        for row in listed(record.get("entries"), "entries"):
            if len(listed(row, "entries")) != 3:
                raise Malformed("entries")
            entry_id = whole(row[0], "entries", least=1)
            digest = worded(row[2], "entries", DIGEST)
            self.entries[entry_id] = (whole(row[1], "entries", least=1), digest)

    def _read_withdrawal(self, index: int, record: dict) -> None:
        entry_id = whole(record.get("entry"), "entry", least=1)
        # Of a campaign that was taken back, entries come and go unseen until it is announced again.
        if not self.is_retracted:
            self._check_withdrawal(index, record, entry_id)
        self.withdrawn.add(entry_id)

    def _check_withdrawal(self, index: int, record: dict, entry_id: int) -> None:
        if entry_id not in self.entries or entry_id in self.withdrawn:
            self.wrong("withdrawal_of_unknown", index=index, entry=entry_id)
        is_after_opening = self.rules is not None and record["at"] >= self.rules["opens_at"]
        if is_after_opening and record["at"] != self.found_at:
            self._require_two_persons("withdrawal_one_person", index, record, entry=entry_id)

    def _read_event(self, index: int, record: dict) -> None:
        if worded(record.get("event"), "event") == "retracted":
            self.is_retracted = True

    def _decide(self, index: int, record: dict) -> None:
        kind = record["type"]
        legal, state = DECISIONS[kind]
        named = [whole(each, "ballots") for each in listed(record.get("ballots"), "ballots")]
        if not named or any(one >= next_one for one, next_one in zip(named, named[1:])):
            raise Malformed("ballots")
        worded(record.get("reason"), "reason")
        if kind == "annulment" and self.rules is not None:
            alone = self.rules["annulments_alone"]
            if len(named) > alone:
                details = {"ballots": len(named), "limit": alone}
                self._require_two_persons("annulment_one_person", index, record, **details)
        for ballot in named:
            place = self.place_of(ballot)
            if place is None:
                self.wrong("decision_on_nothing", index=index, record=kind, ballot=ballot)
            elif self.states[place] not in legal:
                was = STATE_NAMES[self.states[place]]
                self.wrong("decision_illegal", index=index, record=kind, ballot=ballot, was=was)
            else:
                self._move(place, state)

    _read_quarantine = _read_release = _read_annulment = _decide

    def _move(self, place: int, state: int) -> None:
        before, choice = self.states[place], self.choices[place]
        self.by_state[before] -= 1
        self.by_state[state] += 1
        self.counted[choice] += (state == COUNTED) - (before == COUNTED)
        self.states[place] = state

    def _read_closing(self, index: int, record: dict) -> None:
        if self.is_closed:
            self.wrong("closed_twice", index=index)
        said = whole(record.get("ballots"), "ballots")
        if said != len(self.indexes):
            self.wrong("closing_count", index=index, said=said, found=len(self.indexes))
        self.is_closed = True

    def _read_openings(self, index: int, record: dict) -> None:
        if not self.is_closed:
            self.wrong("opening_before_closing", index=index)
        for row in listed(record.get("ballots"), "ballots"):
            if len(listed(row, "ballots")) != 3:
                raise Malformed("ballots")
            ballot, choice = whole(row[0], "ballots"), whole(row[1], "ballots", least=1)
            self._open(index, ballot, choice, worded(row[2], "ballots", NONCE))

    def _open(self, index: int, ballot: int, choice: int, nonce: str) -> None:
        place = self.place_of(ballot)
        if place is None or not self.is_hidden(place):
            self.wrong("opening_of_nothing", index=index, ballot=ballot)
            return
        start = bisect_left(self.hidden, place) * COMMITMENT_SIZE
        digest = hashlib.sha256(f"{self.id}:{choice}:{nonce}".encode()).digest()
        committed = base64.urlsafe_b64encode(digest).rstrip(b"=")
        if committed != self.commitments[start : start + COMMITMENT_SIZE]:
            self.wrong("opening_wrong", index=index, ballot=ballot, entry=choice)
            return
        self.choices[place] = choice
        self.opened += 1
        if self.states[place] == COUNTED:
            self.counted[UNOPENED] -= 1
            self.counted[choice] += 1

    def _read_result(self, index: int, record: dict) -> None:
        part, parts = whole(record.get("part"), "part", 1), whole(record.get("parts"), "parts", 1)
        said = {name: whole(record.get(name), name) for name in ("counted", "annulled", "persons")}
        rows = [listed(row, "standings") for row in listed(record.get("standings"), "standings")]
        if any(len(row) != 2 for row in rows):
            raise Malformed("standings")
        places = [(whole(row[0], "standings", 1), whole(row[1], "standings")) for row in rows]
        if self.has_result:
            self.wrong("after_result", index=index, record="result")
            return
        if part != self.parts_read + 1 or (self.result and self.result["said"] != (said, parts)):
            self.wrong("result_parts", index=index, part=part, parts=parts)
        if self.result is None:
            self._begin_result(index, record, said)
            self.result = {"index": index, "said": (said, parts), "standings": []}
        self.result["standings"] += places
        self.parts_read += 1
        if part >= parts:
            self.result["is_whole"] = True
            self._check_result(index, said)

    def _begin_result(self, index: int, record: dict, said: dict) -> None:
        self._require_two_persons("result_one_person", index, record)
        if not self.is_closed:
            self.wrong("result_before_closing", index=index)
        if self.by_state[QUARANTINED]:
            self.wrong("result_with_quarantined", index=index, ballots=self.by_state[QUARANTINED])
        if said["annulled"] != self.by_state[ANNULLED]:
            details = {"said": said["annulled"], "found": self.by_state[ANNULLED]}
            self.wrong("result_annulled", index=index, **details)

    def _check_result(self, index: int, said: dict) -> None:
        recount = self.standings()
        published = self.result["standings"]
        if [entry_id for entry_id, _ in published] != [entry_id for entry_id, _ in recount]:
            self.wrong("result_entries", index=index)
        votes = dict(recount)
        for entry_id, said_votes in published:
            found = votes.get(entry_id, 0)
            if said_votes != found:
                self.wrong(
                    "result_votes", index=index, entry=entry_id, said=said_votes, found=found
                )
        if said["counted"] != sum(votes.values()):
            self.wrong("result_sum", index=index, said=said["counted"], found=sum(votes.values()))

    def _require_two_persons(self, code: str, index: int, record: dict, **details: object) -> None:
        if whole(record.get("persons"), "persons") < 2:
            self.wrong(code, index=index, **details)

    # -- what only the whole log can tell

    @property
    def has_result(self) -> bool:
        return self.result is not None and "is_whole" in self.result

    @property
    def title(self) -> str:
        return self.rules["title"] if self.rules else ""

    def standings(self) -> list[tuple[int, int]]:
        """Votes of the entries that stand, in order of their numbers."""
        stand = [entry_id for entry_id in self.entries if entry_id not in self.withdrawn]
        stand.sort(key=lambda entry_id: self.entries[entry_id][0])
        return [(entry_id, self.counted[entry_id]) for entry_id in stand]

    def check_whole(self) -> None:
        """What must be so of a campaign at the end of the log."""
        if self.rules is None:
            self.wrong("rules_missing")
        else:
            self._check_limits()
            self._check_days()
        self._check_choices()
        if self.is_closed and self.opened < len(self.hidden):
            place = next(each for each in self.hidden if self.is_hidden(each))
            missing = len(self.hidden) - self.opened
            self.wrong("opening_missing", index=self.indexes[place], ballots=missing)
        if self.result is not None and not self.has_result:
            said = self.result["said"][1]
            self.wrong("result_unfinished", index=self.result["index"], parts=said)

    def _check_limits(self) -> None:
        """Each voter's ballots, sorted so that those limited together lie together."""
        voters = bytes(self.voters)
        rows = sorted(
            voters[place * VOTER_SIZE : (place + 1) * VOTER_SIZE]
            + day.to_bytes(4, "big")
            + choice.to_bytes(8, "big")
            + place.to_bytes(8, "big")
            for place, (day, choice) in enumerate(zip(self.days, self.choices))
        )
        limits = (
            ("too_many_in_all", VOTER_SIZE, self.rules["ballots_in_all"]),
            ("too_many_on_a_day", VOTER_SIZE + 4, self.rules["ballots_per_day"]),
            ("too_many_for_an_entry", VOTER_SIZE + 12, self.rules["ballots_per_entry_per_day"]),
        )
        for code, width, limit in limits:
            if limit is not None:
                for start, end in runs(rows, width, limit):
                    self._name_excess(code, rows[start:end], limit)

    def _name_excess(self, code: str, rows: list[bytes], limit: int) -> None:
        places = sorted(int.from_bytes(row[-8:], "big") for row in rows)
        choice = self.choices[places[-1]]
        details: dict = {"index": self.indexes[places[-1]], "found": len(rows), "limit": limit}
        if code != "too_many_in_all":
            details["day"] = date.fromordinal(self.days[places[0]]).isoformat()
        if code == "too_many_for_an_entry":
            if choice == UNOPENED:
                return
            details["entry"] = choice
        ballots = [self.indexes[place] for place in places[:10]]
        self.wrong(code, voter=rows[0][:VOTER_SIZE].decode(), ballots=ballots, **details)

    def _check_days(self) -> None:
        first = self.first_opening.astimezone(SHANGHAI).toordinal()
        last = self.last_closing.astimezone(SHANGHAI).toordinal()
        if not self.days or (min(self.days) >= first and max(self.days) <= last):
            return
        for place, day in enumerate(self.days):
            if not first <= day <= last:
                when = date.fromordinal(day).isoformat()
                self.wrong("day_outside", index=self.indexes[place], day=when)

    def _check_choices(self) -> None:
        unknown = set(self.choices) - set(self.entries) - {UNOPENED}
        for choice in sorted(unknown):
            index = self.indexes[self.choices.index(choice)]
            self.wrong("entry_unknown", index=index, entry=choice)

    def wrong(self, code: str, **details: object) -> None:
        self.report.add(code, campaign=self.id, **details)


def runs(rows: list[bytes], width: int, longest: int):
    """Where more than `longest` sorted rows in a row begin with the same `width` bytes."""
    start, first = 0, rows[0][:width] if rows else b""
    for end, row in enumerate(rows):
        if not row.startswith(first):
            if end - start > longest:
                yield start, end
            start, first = end, row[:width]
    if len(rows) - start > longest:
        yield start, len(rows)


class Replay:
    """All campaigns, record by record."""

    def __init__(self, report: Report, only: int | None = None) -> None:
        self.report, self.only = report, only
        self.campaigns: dict[int, Campaign] = {}
        self._days: dict[bytes, int | None] = {}

    def read(self, index: int, data: bytes) -> None:
        """Follow the record at this place of the log, whatever it holds."""
        match = BALLOT.fullmatch(data)
        try:
            if match is not None:
                self._read_ballot(index, *match.groups())
            else:
                self._read_other(index, data)
        except Malformed as problem:
            self.report.add("record_malformed", index=index, problem=str(problem))

    def _read_ballot(
        self,
        index: int,
        campaign_id: bytes,
        commitment: bytes | None,
        day: bytes,
        choice: bytes | None,
        voter: bytes,
    ) -> None:
        if (commitment is None) == (choice is None):
            raise Malformed("entry")
        campaign = self._campaign(int(campaign_id))
        if campaign is None:
            return
        if campaign.has_result:
            campaign.wrong("after_result", index=index, record="ballot")
        entry_id = UNOPENED if choice is None else int(choice)
        campaign.add_ballot(index, self._day(day), entry_id, voter, commitment)

    def _read_other(self, index: int, data: bytes) -> None:
        record = read_record(data)
        campaign = self._campaign(whole(record.get("campaign"), "campaign", least=1))
        kind = record.get("type")
        if kind == "ballot":
            raise Malformed("ballot")
        if kind not in KINDS:
            raise Malformed("type")
        if campaign is not None:
            campaign.read(index, record)

    def _campaign(self, campaign_id: int) -> Campaign | None:
        """None for one that nobody asked for."""
        if self.only not in (None, campaign_id):
            return None
        if campaign_id not in self.campaigns:
            self.campaigns[campaign_id] = Campaign(campaign_id, self.report)
        return self.campaigns[campaign_id]

    def _day(self, text: bytes) -> int:
        if text not in self._days:
            try:
                self._days[text] = date.fromisoformat(text.decode()).toordinal()
            except ValueError:
                raise Malformed("day") from None
        return self._days[text]


# ------------------------------------------------------------------ the log against its root


class Audit:
    """One walk through the log: the tree from its records, and every record replayed."""

    def __init__(self, source: Source, checkpoint: Checkpoint, report: Report) -> None:
        self.source, self.checkpoint, self.report = source, checkpoint, report
        self.ours, self.published = Tree(), Tree()
        self.is_whole = True
        self.roots: dict[int, bytes] = {0: root_of([])}
        self._differences: list[dict] = []
        self._is_different = False

    def run(self, replay: Replay, sizes: list[int], progress: Progress) -> None:
        """Read everything; afterwards `roots` has the roots the log had at these sizes."""
        wanted = deque(sorted({size for size in sizes if 0 < size <= self.checkpoint.size}))
        index = 0
        for number, width, bundle, tile in self._bundles_in_order():
            ours, theirs = self._compare(number, width, bundle, tile)
            if ours is None:
                return
            while wanted and wanted[0] <= index + width:
                size = wanted.popleft()
                self.roots[size] = self.ours.root(ours[: size - index])
            # With records missing, all that follows would look wrong for want of them.
            for place, record in enumerate(bundle.records if self.is_whole else ()):
                replay.read(index + place, record)
            self._grow(width, ours, theirs)
            index += width
            progress.show(index)
        self._check_partial_tiles()
        self._judge()

    def _bundles_in_order(self):
        """Bundles and their tiles, fetched some way ahead by a few threads."""
        size = self.checkpoint.size
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            waiting: deque = deque()
            try:
                for number in range(-(-size // TILE_WIDTH)):
                    width = min(TILE_WIDTH, size - number * TILE_WIDTH)
                    bundle = pool.submit(self.source.bundle, number, width)
                    tile = pool.submit(self.source.tile, 0, number, width)
                    waiting.append((number, width, bundle, tile))
                    if len(waiting) > BUNDLES_AHEAD:
                        yield self._arrived(*waiting.popleft())
                while waiting:
                    yield self._arrived(*waiting.popleft())
            finally:
                pool.shutdown(cancel_futures=True)

    def _arrived(self, number: int, width: int, coming_bundle, coming_tile) -> tuple:
        """What came; what was kept and does not fit together is fetched once more."""
        bundle, tile = coming_bundle.result(), coming_tile.result()
        if self.source.site is not None and (
            bundle is None or tile is None or not bundle.fits(tile, width)
        ):
            bundle = self.source.bundle(number, width, anew=True)
            tile = self.source.tile(0, number, width, anew=True)
        return number, width, bundle, tile

    def _compare(
        self, number: int, width: int, bundle: Bundle | None, tile: bytes | None
    ) -> tuple[list[bytes] | None, list[bytes] | None]:
        """Leaf hashes by the records and as published, each standing in for what is not there."""
        ours = [leaf_hash(record) for record in bundle.records] if bundle else None
        theirs = split_hashes(tile) if tile is not None else None
        self._check_bundle(number, width, bundle)
        if not self._check_length(f"tile/0/{tile_name(number)}", width, tile):
            theirs = None
        if ours is not None and theirs is not None and ours != theirs:
            self._note_difference(number, ours, theirs)
        if ours is None or len(ours) != width:
            self.is_whole = False
            ours = theirs
        return ours, theirs or ours

    def _check_bundle(self, number: int, width: int, bundle: Bundle | None) -> None:
        name, first = f"tile/entries/{tile_name(number)}", number * TILE_WIDTH
        if bundle is None:
            self.report.add("bundle_missing", tile=name, index=first)
        elif bundle.is_cut:
            self.report.add("bundle_cut", tile=name, index=first + len(bundle.records))
        elif len(bundle.records) != width:
            details = {"said": width, "found": len(bundle.records)}
            self.report.add("bundle_length", tile=name, index=first, **details)

    def _check_length(self, name: str, width: int, tile: bytes | None) -> bool:
        if tile is None:
            self.report.add("tile_missing", tile=name)
        elif len(tile) != width * HASH_SIZE:
            self.report.add("tile_length", tile=name, said=width * HASH_SIZE, found=len(tile))
        return tile is not None and len(tile) == width * HASH_SIZE

    def _note_difference(self, number: int, ours: list[bytes], theirs: list[bytes]) -> None:
        self._is_different = True
        if len(self._differences) < FINDINGS_OF_A_KIND:
            kind, place, other = describe_difference(ours, theirs)
            first = number * TILE_WIDTH
            details = {"kind": kind, "index": first + place, "place": place}
            details["tile"] = f"tile/0/{tile_name(number)}"
            self._differences.append(details | {"other": first + other})

    def _grow(self, width: int, ours: list[bytes], theirs: list[bytes]) -> None:
        if width < TILE_WIDTH:
            self.ours.last_leaves, self.published.last_leaves = ours, theirs
            return
        root = root_of(ours)
        full = self.ours.add_full_bundle(root)
        published = self.published.add_full_bundle(root if ours == theirs else root_of(theirs))
        self._check_tiles(full, published)

    def _check_partial_tiles(self) -> None:
        self._check_tiles(self.ours.partial_tiles(), self.published.partial_tiles())

    def _check_tiles(self, ours: list, published: list) -> None:
        """Tiles above the leaves. One that follows from a wrong tile below is not a new finding."""
        for (level, number, hashes), (_, _, others) in zip(ours, published):
            name = f"tile/{level}/{tile_name(number)}"
            tile = self.source.tile(level, number, len(hashes))
            if self.source.site is not None and tile != b"".join(hashes):
                tile = self.source.tile(level, number, len(hashes), anew=True)
            is_right_size = self._check_length(name, len(hashes), tile)
            if is_right_size and tile not in (b"".join(hashes), b"".join(others)):
                place = describe_difference(hashes, split_hashes(tile))[1]
                self.report.add("tile_wrong", tile=name, place=place)

    def _judge(self) -> None:
        """Whether records or tiles are at fault where they differ, by the signed root."""
        signed = self.checkpoint.root
        ours = self.ours.root(self.ours.last_leaves)
        published = self.published.root(self.published.last_leaves)
        for found in self._differences:
            if ours == signed != published:
                self.report.add("tile_wrong", tile=found["tile"], place=found["place"])
            else:
                details = {"index": found["index"], "tile": found["tile"]}
                if found["kind"] == "swapped":
                    details["other"] = found["other"]
                self.report.add(f"record_{found['kind']}", **details)
        if ours != signed and not (self._is_different and published == signed):
            self.report.add("root_wrong", size=self.checkpoint.size)


def split_hashes(tile: bytes) -> list[bytes]:
    return [tile[i : i + HASH_SIZE] for i in range(0, len(tile), HASH_SIZE)]


def describe_difference(ours: list[bytes], theirs: list[bytes]) -> tuple[str, int, int]:
    """How the first difference came about: its kind, its place, and a second place for swaps."""
    place = next(
        (i for i, (one, other) in enumerate(zip(ours, theirs)) if one != other),
        min(len(ours), len(theirs)),
    )
    mine, right = ours[place:], theirs[place:]
    if not mine or (right[1:] and mine[: len(right) - 1][:8] == right[1:9]):
        return "dropped", place, place
    if not right or (mine[1:] and mine[1:9] == right[: len(mine) - 1][:8]):
        return "added", place, place
    other = theirs.index(mine[0], place) if mine[0] in right else -1
    if 0 < other < len(ours) and ours[other] == theirs[place]:
        return "swapped", place, other
    return "altered", place, place


# ----------------------------------------------------------------------- what is known before


class State:
    """The file in which the last checkpoint that was right is kept, one for each log."""

    def __init__(self, file: Path) -> None:
        """Raises CannotCheck for a file that is there and cannot be read."""
        self.file = file
        self.logs: list[dict] = []
        if not file.exists():
            return
        try:
            logs = listed(mapped(read_json(file.read_bytes()), "").get("logs"), "logs")
            for log in logs:
                mapped(log, "log")
                worded(log.get("site"), "site")
                Checkpoint(worded(log.get("note"), "note"))
                VerifierKey(worded(log.get("verifier_key"), "verifier_key"))
            self.logs = logs
        except (OSError, Malformed):
            raise CannotCheck("state_unreadable", place=str(file)) from None

    def find(self, site: str, origin: str) -> dict | None:
        """What was kept of this log; of two, the one with the site's address."""
        ours = [log for log in self.logs if site and log["site"] == site]
        return (ours or [log for log in self.logs if _origin(log) == origin] or [None])[0]

    def keep(self, site: str, key: VerifierKey, checkpoint: Checkpoint) -> None:
        site = site or (self.find(site, checkpoint.origin) or {}).get("site", "")
        same = [log for log in self.logs if log["site"] == site and _origin(log) == key.name]
        self.logs = [log for log in self.logs if log not in same]
        self.logs.append({
            "site": site,
            "verifier_key": key.text,
            "size": checkpoint.size,
            "root": base64.b64encode(checkpoint.root).decode(),
            "note": checkpoint.note,
            "checked_at": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        })  # fmt: skip
        text = json.dumps({"logs": self.logs}, ensure_ascii=False, indent=2) + "\n"
        write_file(self.file, text.encode())


def _origin(log: dict) -> str:
    return VerifierKey(log["verifier_key"]).name


# ------------------------------------------------------------- the count against the site's own


class Comparison:
    """What the site shows to the public, against what the ledger says."""

    def __init__(self, source: Source, replay: Replay, report: Report) -> None:
        self.source, self.replay, self.report = source, replay, report
        self.outcomes: dict[int, str] = {}
        self.names: dict[int, dict[int, str]] = {}

    def run(self, progress: Progress) -> None:
        try:
            views = self._campaigns()
        except Malformed as problem:
            self.report.add("api_malformed", place=str(problem))
            return
        if views is None:
            self.report.note("api_absent")
            return
        for done, campaign_id in enumerate(sorted(set(views) | set(self.replay.campaigns))):
            try:
                self._compare(campaign_id, views.get(campaign_id))
            except Malformed as problem:
                self.report.add("api_malformed", campaign=campaign_id, place=str(problem))
            progress.show(done + 1)

    def _campaigns(self) -> dict[int, dict] | None:
        rows = self._pages("/campaigns?limit=100")
        if rows is None:
            return None
        views = {whole(row.get("id"), "/campaigns: id", 1): row for row in rows}
        only = self.replay.only
        return {each: view for each, view in views.items() if only in (None, each)}

    def _pages(self, path: str) -> list[dict] | None:
        rows: list[dict] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            page = self.source.api(path + cursor)
            if page is None:
                return None
            page = mapped(page, path)
            rows += [mapped(row, path) for row in listed(page.get("items"), path)]
            if page.get("next_cursor") is None:
                return rows
            cursor = "&cursor=" + urllib.parse.quote(worded(page["next_cursor"], path), safe="")
        raise Malformed(path)

    def _compare(self, campaign_id: int, view: dict | None) -> None:
        campaign = self.replay.campaigns.get(campaign_id)
        if campaign is None:
            self._compare_unknown(campaign_id)
            return
        if view is None:
            if campaign.indexes or campaign.has_result:
                campaign.wrong("campaign_hidden")
            return
        self._compare_entries(campaign)
        standings = self._standings(campaign_id)
        is_closed = worded(view.get("status"), "/api/v1/campaigns: status") == "closed"
        is_over = is_closed and standings["is_final"]
        self.outcomes[campaign_id] = "running"
        if is_over:
            self._check_closing(campaign)
            if view.get("result_published_at") is not None and not campaign.has_result:
                campaign.wrong("result_not_in_ledger")
            is_equal = self._compare_standings(campaign, standings)
            self.outcomes[campaign_id] = "equal" if is_equal else "differs"
        elif campaign.has_result:
            campaign.wrong("result_but_not_over")

    def _compare_unknown(self, campaign_id: int) -> None:
        """A campaign the ledger knows nothing of: nobody may have a vote in it."""
        if self._standings(campaign_id).get("total_votes"):
            self.report.add("campaign_not_in_ledger", campaign=campaign_id)

    def _standings(self, campaign_id: int) -> dict:
        path = f"/campaigns/{campaign_id}/standings"
        standings = mapped(self.source.api(path), f"/api/v1{path}")
        if type(standings.get("is_final")) is not bool:
            raise Malformed(f"/api/v1{path}")
        return standings

    def _check_closing(self, campaign: Campaign) -> None:
        late = campaign.last_closing and datetime.now(timezone.utc) - campaign.last_closing
        if not campaign.is_closed and late and late > CLOSING_TAKES:
            campaign.wrong("closing_missing")

    def _compare_entries(self, campaign: Campaign) -> None:
        path = f"/campaigns/{campaign.id}/entries?order=number&limit=100"
        rows = self._pages(path)
        if rows is None:
            raise Malformed(f"/api/v1{path}")
        shown = {whole(row.get("id"), path, 1): row for row in rows}
        self.names[campaign.id] = {
            each: worded(row.get("name"), path) for each, row in shown.items()
        }
        for entry_id, row in shown.items():
            self._compare_entry(campaign, entry_id, whole(row.get("number"), path))
        for entry_id, _ in campaign.standings():
            if entry_id not in shown:
                campaign.wrong("entry_not_shown", entry=entry_id)

    def _compare_entry(self, campaign: Campaign, entry_id: int, number: int) -> None:
        if entry_id not in campaign.entries or entry_id in campaign.withdrawn:
            campaign.wrong("entry_not_in_ledger", entry=entry_id)
            return
        name = self.names[campaign.id][entry_id]
        digest = hashlib.sha256(name.encode(errors="replace")).digest()
        digest = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if campaign.entries[entry_id] != (number, digest):
            campaign.wrong("entry_name", entry=entry_id, name=name)

    def _compare_standings(self, campaign: Campaign, standings: dict) -> bool:
        path = f"/api/v1/campaigns/{campaign.id}/standings"
        rows = [mapped(row, path) for row in listed(standings.get("items"), path)]
        shown = [
            (whole(row.get("entry_id"), path), row.get("rank"), whole(row.get("votes"), path))
            for row in rows
        ]
        recount = campaign.standings()
        said, is_equal = {entry_id: votes for entry_id, _, votes in shown}, True
        for entry_id, votes in recount:
            if said.get(entry_id) != votes:
                details = {"said": said.get(entry_id), "found": votes}
                campaign.wrong("standings_votes", entry=entry_id, **details)
                is_equal = False
        for entry_id in sorted(set(said) - {entry_id for entry_id, _ in recount}):
            campaign.wrong("standings_entry", entry=entry_id)
            is_equal = False
        total = sum(votes for _, votes in recount)
        if is_equal and standings.get("total_votes") != total:
            campaign.wrong("standings_total", said=standings.get("total_votes"), found=total)
            is_equal = False
        if is_equal and shown != ranked(recount):
            campaign.wrong("standings_order")
            is_equal = False
        return is_equal


def ranked(votes: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Entry, rank, votes; the most votes first, equal votes with equal rank (1, 1, 3)."""
    rows: list[tuple[int, int, int]] = []
    for place, (entry_id, count) in enumerate(sorted(votes, key=lambda row: -row[1]), start=1):
        is_tie = bool(rows) and rows[-1][2] == count
        rows.append((entry_id, rows[-1][1] if is_tie else place, count))
    return rows


# ----------------------------------------------------------------------------- the whole check

# Findings that may only mean that the site was at work between two of our requests.
PASSING = {
    "log_shrunk",
    "campaign_hidden",
    "campaign_not_in_ledger",
    "result_not_in_ledger",
    "closing_missing",
    "entry_not_shown",
    "entry_not_in_ledger",
    "entry_name",
    "standings_votes",
    "standings_entry",
    "standings_total",
    "standings_order",
}
PATIENCE_STEP_SECONDS = 3


class Check:
    """One pass over everything, and what came of it."""

    def __init__(self, options: argparse.Namespace, source: Source) -> None:
        self.options, self.source = options, source
        self.site = source.site.url if source.site else ""
        self.report = Report()
        self.checkpoint: Checkpoint | None = None
        self.key: VerifierKey | None = None
        self.replay = Replay(self.report, options.campaign)
        self.comparison = Comparison(source, self.replay, self.report)
        self.trouble: CannotCheck | None = None

    @property
    def exit_code(self) -> int:
        if self.report.findings:
            return WRONG
        return UNCHECKED if self.trouble else RIGHT

    def run(self) -> None:
        try:
            self._run()
        except CannotCheck as trouble:
            self.trouble = trouble
        # What is wrong with the log as a whole comes first.
        self.report.findings.sort(key=lambda finding: "campaign" in finding)

    def _run(self) -> None:
        state = State(Path(self.options.state))
        data = self.source.checkpoint()
        if data is None:
            raise CannotCheck("no_ledger", place=self.site or str(self.source.folder))
        try:
            checkpoint = decode_checkpoint(data)
        except Malformed as problem:
            self.report.add("checkpoint_malformed", problem=str(problem))
            return
        kept = state.find(self.site, checkpoint.origin)
        self.key = self._choose_key(kept)
        if self.key is None or not self._is_rightly_signed(checkpoint):
            return
        self.checkpoint = checkpoint
        self._check_log(self._earlier(kept))
        if not self.report.findings:
            state.keep(self.site, self.key, checkpoint)

    def _choose_key(self, kept: dict | None) -> VerifierKey | None:
        """The key given, else the one kept from the last time, else the site's own."""
        given = self._given_key()
        pinned = VerifierKey(kept["verifier_key"]) if kept else None
        try:
            announced = self._announced_key()
        except Malformed as problem:
            self.report.add("key_malformed", key=str(problem))
            return given or pinned
        key = given or pinned or announced
        if key is None:
            raise CannotCheck("key_needed")
        if pinned is not None and pinned.text != key.text:
            self.report.add("key_changed", key=key.text, before=pinned.text)
        if announced is not None and announced.text != key.text:
            self.report.add("key_changed", key=announced.text, before=key.text)
        if given is None and pinned is None:
            self.report.note("key_from_site", key=key.text)
        return key

    def _given_key(self) -> VerifierKey | None:
        try:
            return VerifierKey(self.options.key) if self.options.key else None
        except Malformed:
            raise CannotCheck("key_unreadable", key=self.options.key) from None

    def _announced_key(self) -> VerifierKey | None:
        ledger = self.source.api("/ledger")
        if ledger is None:
            return None
        return VerifierKey(worded(mapped(ledger, "/ledger").get("verifier_key"), "verifier_key"))

    def _is_rightly_signed(self, checkpoint: Checkpoint) -> bool:
        if not checkpoint.names_key(self.key):
            names = ", ".join(sorted({name for name, _, _ in checkpoint.signers}))
            self.report.add("signature_missing", key=self.key.text, names=names)
        elif not checkpoint.is_signed_by(self.key):
            self.report.add("signature_wrong", key=self.key.text)
        elif checkpoint.origin != self.key.name:
            self.report.add("origin_wrong", said=checkpoint.origin, key=self.key.text)
        else:
            return True
        return False

    def _earlier(self, kept: dict | None) -> list[tuple[str, Checkpoint]]:
        """The checkpoint kept from the last time and those handed to us, with where they are."""
        earlier = []
        if kept is not None:
            earlier.append((self.options.state, Checkpoint(kept["note"])))
        else:
            self.report.note("first_time", place=self.options.state)
        for file in self.options.checkpoint:
            try:
                note = decode_checkpoint(Path(file).read_bytes())
            except (OSError, Malformed):
                raise CannotCheck("checkpoint_unreadable", place=file) from None
            if note.origin != self.key.name or not note.is_signed_by(self.key):
                raise CannotCheck("checkpoint_of_another", place=file)
            earlier.append((file, note))
        return earlier

    def _check_log(self, earlier: list[tuple[str, Checkpoint]]) -> None:
        size = self.checkpoint.size
        audit = Audit(self.source, self.checkpoint, self.report)
        progress = Progress("reading", size, self.options.english)
        audit.run(self.replay, [note.size for _, note in earlier], progress)
        progress.end()
        for place, note in earlier:
            details = {"place": place, "before": note.size, "size": size}
            if note.size > size:
                self.report.add("log_shrunk", **details)
            elif audit.is_whole and audit.roots[note.size] != note.root:
                self.report.add("log_forked", **details)
        if not audit.is_whole:
            self.report.note("not_counted")
            self.replay.campaigns.clear()
            return
        progress = Progress("counting", len(self.replay.campaigns), self.options.english)
        for done, campaign in enumerate(self.replay.campaigns.values()):
            campaign.check_whole()
            progress.show(done + 1)
        progress.end()
        progress = Progress("comparing", len(self.replay.campaigns), self.options.english)
        self.comparison.run(progress)
        progress.end()

    def may_pass(self) -> bool:
        """Whether all that is wrong may be right a moment later."""
        return bool(self.report.findings) and set(self.report.counts) <= PASSING


def check(options: argparse.Namespace) -> Check:
    """Check, and check again while all that is wrong may only be a matter of seconds."""
    site = Site(options.site) if options.site else None
    if site is None and not options.folder:
        raise CannotCheck("nothing_given")
    with tempfile.TemporaryDirectory(prefix="sain-ledger-") as passing:
        source = Source(Path(options.folder or passing), site)
        deadline = time.monotonic() + (options.patience if site else 0)
        try:
            while True:
                result = Check(options, source)
                result.run()
                if not result.may_pass() or time.monotonic() >= deadline:
                    return result
                time.sleep(PATIENCE_STEP_SECONDS)
        finally:
            if site is not None:
                site.close()


# ---------------------------------------------------------------------------------- telling it


class Progress:
    """A bar on a terminal, elsewhere a line now and then; on stderr, since stdout is the verdict."""

    BAR = 30

    def __init__(self, label: str, total: int, english: bool) -> None:
        self.label, self.total = WORDS[label][english], total
        self._is_terminal = sys.stderr.isatty()
        self._step = 0.1 if self._is_terminal else 15.0
        self._next = time.monotonic() + self._step

    def show(self, done: int) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self._step
        share = done / self.total if self.total else 1.0
        text = f"{self.label} {done:,} / {self.total:,} ({share:.0%})"
        if self._is_terminal:
            filled = int(min(share, 1.0) * self.BAR)
            text = f"\r[{'█' * filled}{'·' * (self.BAR - filled)}] {text} "
        sys.stderr.write(text if self._is_terminal else text + "\n")
        sys.stderr.flush()

    def end(self) -> None:
        if self._is_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def plain(value: object, longest: int = 60) -> str:
    """What somebody else wrote, safe to show on a terminal."""
    text = "".join(each if each.isprintable() else "\ufffd" for each in str(value))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def tell(what: dict, english: bool) -> str:
    """A finding or note in words, with its place."""
    details = {name: _shown(name, value) for name, value in what.items()}
    words = WORDS[what["code"]][english].format_map(details)
    if "campaign" in what:
        words = WORDS["in_campaign"][english].format(campaign=what["campaign"], words=words)
    return words


def _shown(name: str, value: object) -> str:
    if isinstance(value, list):
        return "、".join(f"#{each}" for each in value)
    if name in ("said", "found", "ballots", "size", "before") and type(value) is int:
        return f"{value:,}"
    return plain(value, 200 if name in ("key", "before", "place", "problem") else 60)


class Speaker:
    """Prints words in one of the two languages."""

    def __init__(self, english: bool) -> None:
        self.english = english

    def __call__(self, code: str, **details: object) -> None:
        self.line("", {"code": code, **details})

    def line(self, before: str, what: dict, after: str = "") -> None:
        print(before + tell(what, self.english) + after)


def write_text(result: Check, english: bool) -> None:
    """The verdict for people."""
    say = Speaker(english)
    say("heading", place=result.site or result.source.folder)
    if result.checkpoint is not None:
        root = base64.b64encode(result.checkpoint.root).decode()
        say("head", size=result.checkpoint.size, root=root)
    for note in result.report.notes:
        say.line("  · ", note)
    for campaign in sorted(result.replay.campaigns.values(), key=lambda each: each.id):
        _write_campaign(result, campaign, say)
    if result.report.findings:
        _write_findings(result.report, say)
    print()
    if result.trouble is not None:
        say(result.trouble.code, **result.trouble.details)
    say(("verdict_right", "verdict_wrong", "verdict_unchecked")[result.exit_code])


def _write_findings(report: Report, say: Speaker) -> None:
    print()
    say("findings", found=sum(report.counts.values()))
    for finding in report.findings:
        say.line("  ✗ ", finding, f" [{finding['code']}]")
    for code, count in report.counts.items():
        if count > FINDINGS_OF_A_KIND:
            say("more", record=code, found=count - FINDINGS_OF_A_KIND)


def _write_campaign(result: Check, campaign: Campaign, say: Speaker) -> None:
    print()
    say("campaign", number=campaign.id, title=campaign.title)
    counted, quarantined, annulled = campaign.by_state
    details = {"quarantined": f"{quarantined:,}", "annulled": f"{annulled:,}"}
    say("tally", ballots=len(campaign.indexes), counted=f"{counted:,}", **details)
    if campaign.counted[UNOPENED]:
        say("still_hidden", ballots=campaign.counted[UNOPENED])
    names = result.comparison.names.get(campaign.id, {})
    # While all is hidden, everybody would be first with no votes.
    is_known = counted > campaign.counted[UNOPENED] or not counted
    for entry_id, rank, votes in ranked(campaign.standings())[: 10 * is_known]:
        number = campaign.entries[entry_id][0]
        say("place", rank=rank, number=number, name=names.get(entry_id, ""), found=votes)
    say(verdict_on(result, campaign))


def verdict_on(result: Check, campaign: Campaign) -> str:
    """The code of what is to be said of a campaign."""
    outcome = result.comparison.outcomes.get(campaign.id)
    if result.report.is_wrong_about(campaign.id):
        return "campaign_wrong"
    if outcome == "equal":
        return "campaign_equal" if campaign.has_result else "campaign_equal_unpublished"
    return "campaign_running" if outcome == "running" else "campaign_uncompared"


def write_json(result: Check) -> None:
    """The verdict for programs."""
    checkpoint = result.checkpoint
    campaigns = [
        {
            "id": campaign.id,
            "title": campaign.title,
            "verdict": verdict_on(result, campaign),
            "ballots": len(campaign.indexes),
            **dict(zip(STATE_NAMES, campaign.by_state)),
            "hidden": campaign.counted[UNOPENED],
            "is_closed": campaign.is_closed,
            "has_result": campaign.has_result,
            "standings": [
                {"entry": entry_id, "number": campaign.entries[entry_id][0], "votes": votes}
                for entry_id, votes in campaign.standings()
            ],
        }
        for campaign in sorted(result.replay.campaigns.values(), key=lambda each: each.id)
    ]
    trouble = result.trouble
    answer = {
        "verdict": ("right", "wrong", "unchecked")[result.exit_code],
        "site": result.site,
        "verifier_key": result.key and result.key.text,
        "checkpoint": checkpoint
        and {
            "size": checkpoint.size,
            "root": base64.b64encode(checkpoint.root).decode(),
            "note": checkpoint.note,
        },
        "findings": [
            {**finding, "message": tell(finding, english=True)}
            for finding in result.report.findings
        ],
        "counts": dict(result.report.counts),
        "notes": result.report.notes,
        "trouble": trouble and {"code": trouble.code, **trouble.details},
        "campaigns": campaigns,
    }
    print(json.dumps(answer, ensure_ascii=False, indent=2, default=str))


# Every word this program says: in Chinese, and in English.
# fmt: off
# fmt: off
WORDS = {
    "reading": ("下载并核对记录",
        "reading records"),
    "counting": ("逐票核对规则",
        "checking each campaign"),
    "comparing": ("与网站对比",
        "comparing with the site"),
    "heading": ("公开账本核对：{place}",
        "Public ledger of {place}"),
    "head": ("签名的检查点：{size} 条记录，根 {root}",
        "Signed checkpoint: {size} records, root {root}"),
    "in_campaign": ("评选 {campaign}：{words}",
        "campaign {campaign}: {words}"),
    "campaign": ("评选 {number}　{title}",
        "Campaign {number}  {title}"),
    "tally": ("  账本里共 {ballots} 票：计入 {counted}，待核 {quarantined}，作废 {annulled}。",
        "  {ballots} ballots in the ledger: {counted} counted, {quarantined} awaiting review, {annulled} annulled."),
    "still_hidden": ("  其中 {ballots} 票的选择要到投票结束才公开。",
        "  Of these, {ballots} show their choice only after closing."),
    "place": ("  第 {rank} 名　{number} 号 {name}　{found} 票",
        "  {rank}. no. {number} {name}: {found}"),
    "campaign_equal": ("  ✓ 重新计票的结果与公布的结果、网站上的榜单完全一致。",
        "  ✓ The recount equals the published result and the standings on the site."),
    "campaign_equal_unpublished": ("  ✓ 投票已结束，重新计票与网站上的榜单完全一致；正式结果还没有公布。",
        "  ✓ Closed; the recount equals the standings on the site. No result is published yet."),
    "campaign_running": ("  ✓ 还没有最终榜单；以上是账本此刻的计票，到目前为止都符合规则。",
        "  ✓ Not final yet: this is what the ledger counts now, and all of it keeps the rules."),
    "campaign_uncompared": ("  ✓ 账本内部都符合规则；没有与网站上的榜单对比。",
        "  ✓ The ledger keeps the rules; it was not compared with standings on the site."),
    "campaign_wrong": ("  ✗ 有问题，见下。",
        "  ✗ Something is wrong, see below."),
    "findings": ("发现 {found} 处问题：",
        "{found} findings:"),
    "more": ("    ……另有 {found} 处同类问题（{record}）",
        "    … and {found} more of the kind {record}"),
    "verdict_right": ("结论：全部核对无误。",
        "Verdict: all is right."),
    "verdict_wrong": ("结论：有问题。请保存这份输出、状态文件和下载的文件（--folder），它们是证据。",
        "Verdict: something is wrong. Keep this output, the state file and the downloads (--folder): they are evidence."),
    "verdict_unchecked": ("结论：没能完成核对，不能说明账本对或不对。",
        "Verdict: could not be checked, which says nothing about the ledger."),
    # What is worth knowing
    "key_from_site": ("验证密钥取自被核对的网站本身，等于相信它这一次；已记入状态文件，以后变了会报警。请向别人或纸质公告核对：{key}",
        "The verifier key comes from the very site that is being checked, which trusts it this once; it is kept in the state file and any change will be reported. Compare it with others: {key}"),
    "first_time": ("以前没有核对过这个账本，{place} 里没有可比的检查点；从下一次起会检查历史有没有被改。",
        "There is no earlier checkpoint in {place}; from the next time on, history is checked too."),
    "not_counted": ("记录不完整，没有重新计票。",
        "The records are not complete, so nothing was counted."),
    "api_absent": ("没有网站上的榜单可比（离线副本里没有，或网站没有公布）。",
        "There are no standings to compare with."),
    # What could not be checked
    "site_malformed": ("网址不对：{site}",
        "Not a site's address: {site}"),
    "nothing_given": ("请给出网址，或用 --folder 指定下载好的副本。",
        "Give a site, or --folder with a copy."),
    "unreachable": ("连不上 {place}：{problem}",
        "Cannot reach {place}: {problem}"),
    "refused": ("网站拒绝回答（{problem}）",
        "The site refuses to answer ({problem})"),
    "redirected": ("网站要求转到 {place}，请直接给出那个网址。",
        "The site redirects to {place}; give that address."),
    "no_ledger": ("这里没有公开账本：{place}",
        "There is no ledger at {place}"),
    "unwritable": ("写不进 {place}：{problem}",
        "Cannot write {place}: {problem}"),
    "state_unreadable": ("状态文件 {place} 读不懂。它可能被改过；确认不要它了再删除。",
        "The state file {place} cannot be read. It may have been changed; remove it only if you mean to."),
    "key_needed": ("没有验证密钥，请用 --key 给出。",
        "There is no verifier key; give one with --key."),
    "key_unreadable": ("--key 不是一个验证密钥：{key}",
        "--key is no verifier key: {key}"),
    "checkpoint_unreadable": ("读不懂检查点文件 {place}",
        "Cannot read the checkpoint in {place}"),
    "checkpoint_of_another": ("{place} 里的检查点不是这个账本的密钥签的。",
        "The checkpoint in {place} is not signed by this ledger's key."),
    "interrupted": ("已中断。",
        "Interrupted."),
    # What is wrong with the log
    "checkpoint_malformed": ("检查点的格式不对：{problem}",
        "The checkpoint is malformed: {problem}"),
    "key_malformed": ("网站公布的验证密钥格式不对：{key}",
        "The site's verifier key is malformed: {key}"),
    "key_changed": ("验证密钥变了：原来是 {before}，现在是 {key}",
        "The verifier key has changed from {before} to {key}"),
    "signature_missing": ("检查点没有密钥 {key} 的签名（签名的是 {names}）",
        "The checkpoint is not signed by {key} but by {names}"),
    "signature_wrong": ("检查点的签名是假的，或检查点被改过（密钥 {key}）",
        "The checkpoint's signature is wrong, or it was altered (key {key})"),
    "origin_wrong": ("检查点说它属于 {said}，密钥却属于别的账本：{key}",
        "The checkpoint says it is of {said}, the key is of another log: {key}"),
    "log_shrunk": ("账本变短了：{place} 里的检查点有 {before} 条记录，现在只有 {size} 条",
        "The log has shrunk: the checkpoint in {place} has {before} records, now there are {size}"),
    "log_forked": ("历史被改过：{place} 里签过名的检查点（{before} 条记录）与现在的账本（{size} 条）对不上。两个签名放在一起就是证据",
        "History was rewritten: the signed checkpoint in {place} ({before} records) does not fit the log of now ({size}). The two signatures together are the proof"),
    "root_wrong": ("{size} 条记录算出来的根与签名的根不同：有记录被改动、删去、添加或调换过",
        "The {size} records do not have the signed root: some were altered, dropped, added or moved"),
    "record_altered": ("记录 #{index} 被改动过：与 {tile} 里的哈希不符",
        "Record #{index} was altered: it does not have its hash in {tile}"),
    "record_dropped": ("记录 #{index} 被删去了：{tile} 里有它的哈希，公布的记录里没有它",
        "Record #{index} was dropped: {tile} has its hash, the published records do not have it"),
    "record_added": ("记录 #{index} 是后来塞进去的：{tile} 里没有它的哈希",
        "Record #{index} was added: {tile} has no hash of it"),
    "record_swapped": ("记录 #{index} 和 #{other} 被调换了位置（{tile}）",
        "Records #{index} and #{other} were swapped ({tile})"),
    "tile_wrong": ("{tile} 里第 {place} 个哈希（从 0 数起）不对",
        "Hash {place} (counted from 0) of {tile} is wrong"),
    "tile_missing": ("{tile} 没有公布",
        "{tile} is not published"),
    "tile_length": ("{tile} 应有 {said} 字节，实有 {found}",
        "{tile} should have {said} bytes, has {found}"),
    "bundle_missing": ("{tile} 没有公布：缺从 #{index} 起的记录",
        "{tile} is not published: records from #{index} on are missing"),
    "bundle_length": ("{tile} 应有从 #{index} 起的 {said} 条记录，实有 {found} 条",
        "{tile} should have {said} records from #{index} on, has {found}"),
    "bundle_cut": ("{tile} 不完整或夹带了别的内容：记录 #{index} 读不出来",
        "{tile} is cut short or has more than records: #{index} cannot be read"),
    "record_malformed": ("记录 #{index} 的格式不对（{problem}）",
        "Record #{index} is malformed ({problem})"),
    # What is wrong with a campaign
    "rules_missing": ("账本里没有它的规则",
        "the ledger does not have its rules"),
    "rules_one_person": ("记录 #{index} 在投票开始后改了规则，却只有一个人同意",
        "record #{index} changes the rules after opening with one person's consent"),
    "withdrawal_one_person": ("记录 #{index} 在投票开始后让参评对象 {entry} 退出，却只有一个人同意",
        "record #{index} withdraws entry {entry} after opening with one person's consent"),
    "withdrawal_of_unknown": ("记录 #{index} 让参评对象 {entry} 退出，可它不在参评之列",
        "record #{index} withdraws entry {entry}, which does not stand"),
    "annulment_one_person": ("记录 #{index} 一次作废 {ballots} 票，超过一个人能决定的 {limit} 票，却只有一个人同意",
        "record #{index} annuls {ballots} ballots with one person's consent; one may annul {limit}"),
    "result_one_person": ("记录 #{index} 公布结果，却只有一个人同意",
        "record #{index} publishes the result with one person's consent"),
    "ballot_after_closing": ("记录 #{index} 是投票结束之后的票",
        "record #{index} is a ballot after closing"),
    "after_result": ("记录 #{index}（{record}）出现在结果公布之后",
        "record #{index} ({record}) comes after the result"),
    "decision_on_nothing": ("记录 #{index}（{record}）说的 #{ballot} 不是这个评选在它之前的一票",
        "record #{index} ({record}) names #{ballot}, which is no ballot of this campaign before it"),
    "decision_illegal": ("记录 #{index}（{record}）不能用于 #{ballot}：那一票当时是 {was}",
        "record #{index} ({record}) cannot be about #{ballot}, which was {was}"),
    "closed_twice": ("记录 #{index} 第二次宣布结束",
        "record #{index} closes it a second time"),
    "closing_count": ("记录 #{index} 说结束时有 {said} 票，账本里有 {found} 票",
        "record #{index} says {said} ballots at closing, the ledger has {found}"),
    "opening_before_closing": ("记录 #{index} 在投票结束前就公开了选择",
        "record #{index} opens ballots before closing"),
    "opening_of_nothing": ("记录 #{index} 公开的 #{ballot} 不是一张还没公开的票",
        "record #{index} opens #{ballot}, which is no hidden ballot"),
    "opening_wrong": ("记录 #{index} 说 #{ballot} 投给 {entry}，与投票时的承诺不符",
        "record #{index} says #{ballot} is for entry {entry}, which is not what was committed to"),
    "opening_missing": ("投票结束了，还有 {ballots} 票没有公开选择，第一张是 #{index}",
        "closed, but {ballots} ballots were never opened, the first is #{index}"),
    "result_before_closing": ("记录 #{index} 在投票结束前公布了结果",
        "record #{index} publishes the result before closing"),
    "result_with_quarantined": ("记录 #{index} 公布结果时还有 {ballots} 票待核",
        "record #{index} publishes the result while {ballots} ballots await review"),
    "result_parts": ("记录 #{index}（结果第 {part} 部分，共 {parts} 部分）与其他部分接不上",
        "record #{index} (part {part} of {parts} of the result) does not follow the others"),
    "result_unfinished": ("从记录 #{index} 起的结果应有 {parts} 部分，不完整",
        "the result from record #{index} on should have {parts} parts and is not complete"),
    "result_entries": ("记录 #{index} 的结果里，参评对象或其次序与账本不符",
        "the result in record #{index} does not list the entries that stand, in their order"),
    "result_votes": ("记录 #{index} 的结果说参评对象 {entry} 有 {said} 票，重新计票是 {found} 票",
        "the result in record #{index} gives entry {entry} {said} votes, the recount {found}"),
    "result_sum": ("记录 #{index} 的结果说共计入 {said} 票，重新计票是 {found} 票",
        "the result in record #{index} says {said} counted in all, the recount {found}"),
    "result_annulled": ("记录 #{index} 的结果说作废 {said} 票，账本里是 {found} 票",
        "the result in record #{index} says {said} annulled, the ledger {found}"),
    "too_many_in_all": ("投票人 {voter} 共投了 {found} 票，限 {limit} 票（最后一张是 #{index}；{ballots}）",
        "voter {voter} has {found} ballots in all, the limit is {limit} (the last is #{index}; {ballots})"),
    "too_many_on_a_day": ("投票人 {voter} 在 {day} 投了 {found} 票，一天限 {limit} 票（最后一张是 #{index}；{ballots}）",
        "voter {voter} has {found} ballots on {day}, the limit is {limit} (the last is #{index}; {ballots})"),
    "too_many_for_an_entry": ("投票人 {voter} 在 {day} 给参评对象 {entry} 投了 {found} 票，限 {limit} 票（最后一张是 #{index}；{ballots}）",
        "voter {voter} has {found} ballots for entry {entry} on {day}, the limit is {limit} (the last is #{index}; {ballots})"),
    "day_outside": ("记录 #{index} 的日期 {day} 不在投票期内",
        "record #{index} is of {day}, when there was no voting"),
    "entry_unknown": ("记录 #{index} 投给了 {entry}，账本里没有这个参评对象",
        "record #{index} is for entry {entry}, which the ledger does not know"),
    # What is wrong with what the site shows
    "api_malformed": ("网站接口的回答格式不对：{place}",
        "the site's answer is malformed: {place}"),
    "campaign_hidden": ("账本里有它的票，网站上却没有它",
        "the ledger has its ballots, the site does not show it"),
    "campaign_not_in_ledger": ("网站上显示有票，账本里却没有这个评选",
        "the site shows votes, the ledger does not know it"),
    "closing_missing": ("投票结束一个多小时了，账本里还没有结束的记录",
        "it ended more than an hour ago and the ledger has no closing record"),
    "result_not_in_ledger": ("网站已公布结果，账本里却没有",
        "the site has published a result, the ledger has none"),
    "result_but_not_over": ("账本里已有结果，网站却说投票没有结束",
        "the ledger has a result, the site says that voting is not over"),
    "entry_not_shown": ("账本里的参评对象 {entry} 在网站上看不到",
        "the site does not show entry {entry}"),
    "entry_not_in_ledger": ("网站上的参评对象 {entry} 不在账本里，或已经退出",
        "the site shows entry {entry}, which does not stand by the ledger"),
    "entry_name": ("网站上参评对象 {entry}（{name}）的名称或编号与账本不符",
        "the site calls or numbers entry {entry} ({name}) otherwise than the ledger"),
    "standings_votes": ("网站说参评对象 {entry} 有 {said} 票，按账本重新计票是 {found} 票",
        "the site gives entry {entry} {said} votes, the recount of the ledger {found}"),
    "standings_entry": ("网站榜单上的参评对象 {entry} 按账本不在参评之列",
        "the site's standings have entry {entry}, which does not stand by the ledger"),
    "standings_total": ("网站说总票数 {said}，重新计票是 {found}",
        "the site says {said} votes in all, the recount {found}"),
    "standings_order": ("网站榜单的名次或次序与票数不符",
        "the ranks or the order of the site's standings do not follow from the votes"),
}
# fmt: on
# fmt: on


def read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="用公开账本重新计票，核对赛音网站公布的结果。"
        " / Recount a Sain site's votes from its public ledger.",
        epilog="退出码 / exit code: 0 无误 right, 1 有问题 wrong, 2 没能核对 could not be checked",
    )
    parser.add_argument("site", nargs="?", help="网址 / the site, e.g. https://vote.example.cn")
    parser.add_argument("--key", help="验证密钥 / the log's verifier key: name+id+base64")
    parser.add_argument(
        "--state",
        default="./sain-ledger.state.json",
        help="记住上次检查点的文件 / where the last checkpoint is kept (%(default)s)",
    )
    parser.add_argument(
        "--folder",
        help="保存下载的文件；不给网址时，核对这里的副本 / keep downloads here, or check a copy",
    )
    parser.add_argument(
        "--checkpoint",
        action="append",
        default=[],
        metavar="FILE",
        help="别人保存的检查点，也要对得上；可多次给出 / a checkpoint somebody else has kept",
    )
    parser.add_argument("--campaign", type=int, help="只看一个评选 / only this campaign")
    parser.add_argument(
        "--patience",
        type=float,
        default=15,
        metavar="SECONDS",
        help="与网站不一致时，过几秒再看，最多等这么久 / how long to look again (%(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    parser.add_argument("--english", action="store_true", help="说英语 / speak English")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Check, tell, and return the exit code."""
    options = read_options(arguments)
    try:
        result = check(options)
    except CannotCheck as trouble:
        return _give_up(trouble, options.english)
    except KeyboardInterrupt:
        return _give_up(CannotCheck("interrupted"), options.english)
    if options.json:
        write_json(result)
    else:
        write_text(result, options.english)
    return result.exit_code


def _give_up(trouble: CannotCheck, english: bool) -> int:
    print(tell({"code": trouble.code, **trouble.details}, english), file=sys.stderr)
    print(tell({"code": "verdict_unchecked"}, english), file=sys.stderr)
    return UNCHECKED


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # A console of another alphabet shall not stop a verdict half-way.
        stream.reconfigure(errors="backslashreplace")
    sys.exit(main())
