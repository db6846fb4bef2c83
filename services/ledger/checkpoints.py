"""Signed heads of the tree (c2sp.org/tlog-checkpoint), and proofs against the latest of them."""

import base64
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models import LedgerCheckpoint
from services.context import Context
from services.ledger.merkle import EMPTY_ROOT, inclusion_proof
from services.ledger.tiles import stored_tree
from services.signed_notes import LedgerSigner

PROOF_FORM = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Head:
    """The tree as it was signed. `sealed_at` is None while the log is empty."""

    size: int
    root: bytes
    note: str
    sealed_at: datetime | None

    @property
    def root_text(self) -> str:
        return base64.b64encode(self.root).decode()


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """What somebody needs who wants to check the ledger."""

    origin: str
    verifier_key: str
    head: Head
    prefix: str


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """What is signed."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def parse_checkpoint(note: str) -> tuple[int, bytes]:
    """Size and root of a note, whose signature is not looked at; raises ValueError."""
    lines = note.split("\n")
    if len(lines) < 4:
        raise ValueError("not a checkpoint")
    return int(lines[1]), base64.b64decode(lines[2], validate=True)


def read_head(ctx: Context) -> Head:
    """The latest checkpoint; of an empty log one that is signed on the way."""
    return latest_head(ctx.session, ctx.services.ledger_signer)


def describe_ledger(ctx: Context) -> LedgerFacts:
    signer = ctx.services.ledger_signer
    prefix = f"{ctx.services.site_url}/ledger"
    return LedgerFacts(signer.origin, signer.verifier_key, read_head(ctx), prefix)


def latest_head(session: scoped_session[Session], signer: LedgerSigner) -> Head:
    query = select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        return Head(0, EMPTY_ROOT, signer.sign(checkpoint_text(signer.origin, 0, EMPTY_ROOT)), None)
    return Head(found.size, found.root, found.note, found.sealed_at)


def prove(ctx: Context, index: int, *, head: Head | None = None) -> str:
    """That the record at this place is in the tree of the latest checkpoint, in tlog-proof form.

    Raises LookupError when it is not there yet.
    """
    head = head or read_head(ctx)
    if not 0 <= index < head.size:
        raise LookupError(index)
    hashes = inclusion_proof(stored_tree(ctx.session, head.size).read, index, head.size)
    lines = "".join(f"{base64.b64encode(each).decode()}\n" for each in hashes)
    return f"{PROOF_FORM}\nindex {index}\n{lines}\n{head.note}"
