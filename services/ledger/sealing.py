"""Sealing: what happened since the last time gets its place in the log, and a signed head over it.

All of it is one transaction, so a crash leaves either all or nothing, and only one sealer works at
a time. Places are a primary key: two sealers that ran at once after all could not both commit.
"""

import logging
from dataclasses import dataclass

from models import LedgerCheckpoint
from services import audit
from services.context import Context
from services.ledger import statements
from services.ledger.ballots import Campaigns, write_ballots
from services.ledger.checkpoints import Head, checkpoint_text, latest_head, parse_checkpoint
from services.ledger.merkle import check_consistency, consistency_proof, root
from services.ledger.queued import Queue
from services.ledger.tiles import Tree, stored_tree
from services.ledger.writing import Writer

log = logging.getLogger(__name__)

CUT = "sealing"
# The latest checkpoint outside the database, which does not forget when a backup is restored.
COPY_NAME = "ledger-checkpoint.txt"
BALLOTS_AT_A_TIME = 5_000
MOST_BALLOTS = 50_000
MOST_QUEUED = 1_000


class LedgerTrouble(Exception):
    """Nothing may be sealed: what is stored contradicts what was signed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The tree after sealing, how many ballots were added, and whether none was left waiting."""

    head: Head
    ballots: int
    has_all: bool


def seal_ledger(ctx: Context) -> None:
    """Seal what is new; cries out, and seals nothing, when the ledger is not as it was signed."""
    try:
        seal(ctx)
    except LedgerTrouble as trouble:
        log.critical("Nothing can be sealed: %s; see docs/ledger.md", trouble)


def seal(ctx: Context) -> Sealed | None:
    """Give places to what is new, and sign the tree; None while another sealer is at it.

    It takes at most MOST_BALLOTS ballots. Raises LedgerTrouble before anything is written, and
    Unavailable when the storage does not answer.
    """
    if not ctx.session.scalar(statements.TRY_LOCK, {"lock": statements.SEALER_LOCK}):
        return None
    head = latest_head(ctx.session, ctx.services.ledger_signer)
    tree = stored_tree(ctx.session, head.size)
    _check_stored(ctx, head, tree)
    _check_copy(ctx, head, tree)
    for setting in statements.LOOK_UP_BY_KEY:
        ctx.session.execute(setting)
    writer = Writer(ctx.session, tree)
    campaigns = Campaigns(ctx, writer)
    # Read before the ballots: those of every decision in the queue are on disk by then.
    queue = Queue(ctx, writer, campaigns, most=MOST_QUEUED)
    queue.write_preambles()
    ballots, has_all = _write_new_ballots(ctx, writer, campaigns)
    queue.write_rest(has_all_ballots=has_all)
    return Sealed(_sign(ctx, head, tree), ballots, has_all)


def accept_loss(ctx: Context) -> tuple[int, int]:
    """Forget what was signed beyond what the database still has; both sizes, and it is recorded.

    Only for an operator who restored an old backup and has no newer one: whoever saw the lost part
    of the log sees from then on that it was replaced.
    """
    copy = ctx.services.storage.get(COPY_NAME)
    signed = int(copy.decode().split("\n")[1]) if copy else 0
    left = latest_head(ctx.session, ctx.services.ledger_signer).size
    audit.record(
        ctx,
        "ledger.loss_accepted",
        about=("ledger", ctx.services.ledger_signer.origin, "公开账本"),
        organization_id=None,
        before={"size": signed},
        after={"size": left},
    )
    ctx.session.execute(statements.FORGET_CUT, {"name": CUT})
    ctx.services.storage.delete(COPY_NAME)
    return signed, left


def _check_stored(ctx: Context, head: Head, tree: Tree) -> None:
    """Whether records and tiles are what the latest checkpoint says."""
    records = ctx.session.scalar(statements.COUNT_RECORDS)
    if records != head.size:
        raise LedgerTrouble(f"{records} records, but a checkpoint over {head.size}")
    if parse_checkpoint(head.note) != (head.size, head.root):
        raise LedgerTrouble(f"the checkpoint over {head.size} records says something else")
    _require_root(tree, head.size, head.root, "the latest checkpoint")


def _check_copy(ctx: Context, head: Head, tree: Tree) -> None:
    """Whether the checkpoint kept outside the database is of this log, and not of its future.

    It is replaced by the latest here, with the lock held: an older one must not come after it.
    """
    storage = ctx.services.storage
    copy = storage.get(COPY_NAME)
    size = 0
    if copy is not None:
        try:
            size, root_hash = parse_checkpoint(copy.decode())
        except ValueError:
            raise LedgerTrouble("the kept checkpoint cannot be read") from None
        if size > head.size:
            raise LedgerTrouble(f"{size} records were signed, and only {head.size} are left")
        _require_root(tree, size, root_hash, "the kept checkpoint")
    if size < head.size:
        storage.put(COPY_NAME, head.note.encode(), "text/plain")


def _require_root(tree: Tree, size: int, root_hash: bytes, whose: str) -> None:
    try:
        is_right = root(tree.read, size) == root_hash
    except LookupError:
        is_right = False
    if not is_right:
        raise LedgerTrouble(f"the tiles lead to another root than {whose} over {size} records")


def _write_new_ballots(ctx: Context, writer: Writer, campaigns: Campaigns) -> tuple[int, bool]:
    """How many ballots were found and written, and whether those are all on disk.

    One statement finds them and says before which transaction nothing is under way any more. A
    ballot whose transaction was, has a higher number and is found the next time.
    """
    cut = ctx.session.scalar(statements.READ_CUT, {"name": CUT}) or 0
    found = written = last_xact = settled_before = 0
    with ctx.session.execute(
        statements.FIND_BALLOTS,
        {"cut": cut, "most": MOST_BALLOTS},
        execution_options={"yield_per": BALLOTS_AT_A_TIME},
    ) as rows:
        for part in rows.partitions(BALLOTS_AT_A_TIME):
            settled_before, last_xact = part[-1].settled_before, part[-1].xact
            ballots = [ballot for ballot in part if ballot.id is not None]
            found += len(ballots)
            written += write_ballots(ctx, writer, campaigns, ballots)
    writer.flush()
    has_all = found < MOST_BALLOTS
    if has_all or (cut and last_xact < settled_before):
        reached = settled_before if has_all else last_xact
        ctx.session.execute(statements.ADVANCE_CUT, {"name": CUT, "xact": reached})
    return written, has_all


def _sign(ctx: Context, old: Head, tree: Tree) -> Head:
    """The head of the tree as it is now; the old one if nothing was added."""
    if tree.size == old.size:
        return old
    new_root = tree.root()
    proof = consistency_proof(tree.read, old.size, tree.size)
    check_consistency(old.size, tree.size, old.root, new_root, proof)
    signer = ctx.services.ledger_signer
    note = signer.sign(checkpoint_text(signer.origin, tree.size, new_root))
    checkpoint = LedgerCheckpoint(size=tree.size, root=new_root, note=note, sealed_at=ctx.now)
    ctx.session.add(checkpoint)
    ctx.session.flush()
    return Head(tree.size, new_root, note, ctx.now)
