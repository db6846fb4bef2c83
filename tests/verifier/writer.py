"""A ledger written from its description alone, to try the verifier on; shares no code with it."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "vote.test/ledger"
SEED = b"a seed of tests, 32 bytes long.."
AT = "2025-11-20T04:00:00Z"
LATER = "2025-11-25T04:00:00Z"
DAY = "2025-11-20"


def to_text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def pseudonym(voter: int) -> str:
    return to_text(hashlib.sha256(f"voter {voter}".encode()).digest()[:16])


def nonce_of(number: int) -> str:
    return to_text(hashlib.sha256(f"nonce {number}".encode()).digest()[:16])


def canonical(record: dict) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def tree_hash(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, over leaf hashes, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


class Signer:
    def __init__(self, origin: str = ORIGIN, seed: bytes = SEED) -> None:
        self.origin = origin
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = b"\x01" + self._key.public_key().public_bytes_raw()
        self._id = hashlib.sha256(origin.encode() + b"\n" + self._public).digest()[:4]

    @property
    def verifier_key(self) -> str:
        return f"{self.origin}+{self._id.hex()}+{base64.b64encode(self._public).decode()}"

    def checkpoint(self, size: int, root: bytes) -> bytes:
        text = f"{self.origin}\n{size}\n{base64.b64encode(root).decode()}\n"
        signature = base64.b64encode(self._id + self._key.sign(text.encode())).decode()
        return f"{text}\n— {self.origin} {signature}\n".encode()


@dataclass
class Log:
    """Records in order, and what the site would publish of them."""

    records: list[bytes] = field(default_factory=list)
    signer: Signer = field(default_factory=Signer)

    def add(self, **record: object) -> int:
        self.records.append(canonical(record))
        return len(self.records) - 1

    def rules(self, campaign: int, **changes: object) -> int:
        """A campaign's rules; `event`, `persons` and `at` are the record's own."""
        head = {"event": "opened", "reason": None, "persons": 1, "at": AT}
        head |= {name: changes.pop(name) for name in list(head) if name in changes}
        rules = {
            "contest_code": "outreach",
            "quarter": "2026Q4",
            "title": "健康达人评选",
            "ballots_per_day": 3,
            "ballots_per_entry_per_day": 1,
            "ballots_in_all": None,
            "phone_required": False,
            "standings_mode": "live",
            "standings_delay_minutes": 60,
            "standings_freeze_minutes": 0,
            "annulments_alone": 2,
            "screening": {"threshold": 99.5},
            "opens_at": "2025-11-19T00:00:00Z",
            "closes_at": "2025-11-24T00:00:00Z",
        }
        return self.add(type="rules", campaign=campaign, rules=rules | changes, **head)

    def entries(self, campaign: int, names: dict[int, str]) -> int:
        rows = [
            [entry_id, number, to_text(hashlib.sha256(name.encode()).digest())]
            for number, (entry_id, name) in enumerate(names.items(), start=1)
        ]
        return self.add(type="entries", campaign=campaign, entries=rows, at=AT)

    def ballot(self, campaign: int, entry: int, voter: int, day: str = DAY) -> int:
        nonce = nonce_of(len(self.records))
        who = {"campaign": campaign, "day": day, "voter": pseudonym(voter)}
        return self.add(type="ballot", entry=entry, nonce=nonce, **who)

    def hidden_ballot(self, campaign: int, entry: int, voter: int, day: str = DAY) -> int:
        secret = f"{campaign}:{entry}:{nonce_of(len(self.records))}"
        commitment = to_text(hashlib.sha256(secret.encode()).digest())
        who = {"campaign": campaign, "day": day, "voter": pseudonym(voter)}
        return self.add(type="ballot", commitment=commitment, **who)

    def openings(self, campaign: int, choices: dict[int, int]) -> int:
        rows = [[index, entry, nonce_of(index)] for index, entry in choices.items()]
        return self.add(type="openings", campaign=campaign, ballots=rows, at=LATER)

    def decide(self, kind: str, campaign: int, *ballots: int, persons: int = 1) -> int:
        told = {"reason": "短时间内大量相同投票", "persons": persons, "at": AT}
        return self.add(type=kind, campaign=campaign, ballots=list(ballots), **told)

    def closing(self, campaign: int, ballots: int) -> int:
        return self.add(type="closing", campaign=campaign, ballots=ballots, at=LATER)

    def result(self, campaign: int, votes: dict[int, int], **changes: object) -> int:
        record = {
            "part": 1,
            "parts": 1,
            "counted": sum(votes.values()),
            "annulled": 0,
            "persons": 2,
            "standings": [[entry, count] for entry, count in votes.items()],
        }
        return self.add(type="result", campaign=campaign, at=LATER, **(record | changes))

    @property
    def leaves(self) -> list[bytes]:
        return [hashlib.sha256(b"\x00" + record).digest() for record in self.records]

    def publish(self) -> dict[str, bytes]:
        """Paths and what is there."""
        leaves = self.leaves
        files = {"/ledger/checkpoint": self.signer.checkpoint(len(leaves), tree_hash(leaves))}
        for number, part in enumerate(chunks(self.records)):
            bundle = b"".join(len(each).to_bytes(2, "big") + each for each in part)
            files[f"/ledger/tile/entries/{tile_name(number, len(part))}"] = bundle
        level, nodes = 0, leaves
        while nodes:
            for number, part in enumerate(chunks(nodes)):
                files[f"/ledger/tile/{level}/{tile_name(number, len(part))}"] = b"".join(part)
            full = [part for part in chunks(nodes) if len(part) == 256]
            level, nodes = level + 1, [tree_hash(part) for part in full]
        return files


def chunks(items: list) -> list[list]:
    return [items[start : start + 256] for start in range(0, len(items), 256)]


def tile_name(number: int, width: int) -> str:
    groups = []
    while True:
        groups.insert(0, f"{number % 1000:03d}")
        number //= 1000
        if not number:
            break
    name = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return name if width == 256 else f"{name}.p/{width}"


# ------------------------------------------------------------------------------ the public API


def campaign_view(campaign: int, status: str, *, is_published: bool = False) -> dict:
    published_at = LATER if is_published else None
    return {"id": campaign, "status": status, "result_published_at": published_at, "title": "…"}


def standings_view(votes: dict[int, int], *, is_final: bool = True) -> dict:
    ordered = sorted(votes.items(), key=lambda pair: -pair[1])
    items = [
        {
            "entry_id": entry,
            "rank": 1 + sum(other > count for other in votes.values()),
            "votes": count,
        }
        for entry, count in ordered
    ]
    total = sum(votes.values())
    return {"items": items, "total_votes": total, "shown": "live", "is_final": is_final}


def entries_view(names: dict[int, str], *, without: tuple[int, ...] = ()) -> dict:
    items = [
        {"id": entry, "number": number, "name": name}
        for number, (entry, name) in enumerate(names.items(), start=1)
        if entry not in without
    ]
    return {"items": items, "next_cursor": None, "seed": None}


@dataclass
class Site:
    """What a site answers, by path; tests change it at will."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    # (status, headers) to answer with before the files are looked at.
    refusals: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    def answer(self, path: str, value: object) -> None:
        """What the API has at a path; bytes are sent as they are."""
        sent = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.files[f"/api/v1{path}"] = sent

    def show(self, campaign: int, names: dict[int, str], standings: dict, **how: object) -> None:
        self.answer(f"/campaigns/{campaign}/standings", standings)
        self.answer(
            f"/campaigns/{campaign}/entries?order=number&limit=100", entries_view(names, **how)
        )

    def save(self, folder: Path) -> None:
        """A copy of the ledger's files, as somebody would download them."""
        for path, data in self.files.items():
            if path.startswith("/ledger/"):
                file = folder / path.removeprefix("/ledger/")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)


@contextmanager
def serving() -> Iterator[Site]:
    """A site at a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            site.asked.append(self.path)
            status, headers, body = 404, {}, b""
            if site.refusals:
                status, headers = site.refusals.pop(0)
            elif self.path in site.files:
                status, body = 200, site.files[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Site(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield site
        server.shutdown()
        thread.join()
