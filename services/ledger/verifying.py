"""Whether the ledger is as it was signed, and tells what the database does."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Row, func, select, text

from models import LedgerCheckpoint, LedgerTile
from services.context import Context
from services.ledger.checkpoints import checkpoint_text, parse_checkpoint
from services.ledger.comparing import compare_with_database
from services.ledger.faults import Faults
from services.ledger.merkle import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH, leaf_hash
from services.ledger.replay import Replay
from services.ledger.sealing import COPY_NAME
from services.ledger.tiles import Tree
from services.signed_notes import LedgerSigner

log = logging.getLogger(__name__)

# As many whole tiles at a time.
TILES_AT_A_TIME = 20
RECORDS_AT_A_TIME = TILES_AT_A_TIME * TILE_WIDTH
READ_RECORDS = text("""
    SELECT record.index, record.kind, record.campaign_id, record.ballot_id, record.data,
           ballot.campaign_id AS cast_in, ballot.entry_id, ballot.voter_id, ballot.receipt_secret,
           ballot.cast_on
    FROM ledger_records AS record LEFT JOIN ballots AS ballot ON ballot.id = record.ballot_id
    ORDER BY record.index
""")
READ_LEAVES = text("""
    SELECT number, hashes FROM ledger_tiles
    WHERE level = 0 AND number >= :first AND number < :first + :most ORDER BY number
""")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many records the ledger has, and what is wrong."""

    records: int
    faults: Faults


def audit_ledger(ctx: Context) -> None:
    """Verify the ledger and cry out what is wrong."""
    for fault in verify(ctx).faults:
        log.critical("The ledger is not whole: %s %s", fault.code, fault.details)


def verify(ctx: Context) -> Verdict:
    """Compare records, tiles, checkpoints and the database, all in one snapshot.

    It has to be the first thing in its transaction, and reads every ballot.
    """
    ctx.session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    ctx.session.execute(text("SET LOCAL statement_timeout = 0"))
    faults = Faults()
    replay = Replay(ctx, faults)
    records = _RecordReader(ctx, faults, replay)
    tree = _check_tree(ctx, faults, records)
    _check_copy(ctx, faults, tree)
    replay.finish()
    compare_with_database(ctx, faults, replay)
    return Verdict(records.expected, faults)


@dataclass(slots=True)
class _Leaf:
    """A record's hash as it is, and as the tiles have it; where they differ one was changed."""

    index: int
    own: bytes | None
    stored: bytes


class _RecordReader:
    """Reads the records in order, replays what they say, and hashes them."""

    def __init__(self, ctx: Context, faults: Faults, replay: Replay) -> None:
        self.expected = 0
        self._ctx = ctx
        self._faults = faults
        self._replay = replay
        self._first_tile = -1
        self._tiles: dict[int, bytes] = {}

    def __iter__(self) -> Iterator[_Leaf]:
        asked = {"yield_per": RECORDS_AT_A_TIME}
        with self._ctx.session.execute(READ_RECORDS, execution_options=asked) as rows:
            for row in rows:
                while self.expected < row.index:
                    self._faults.add("record_missing", index=self.expected)
                    yield self._leaf(None)
                self._replay.take(row)
                yield self._leaf(leaf_hash(row.data))

    def _leaf(self, own: bytes | None) -> _Leaf:
        index, self.expected = self.expected, self.expected + 1
        return _Leaf(index, own, self._stored(index))

    def _stored(self, index: int) -> bytes:
        number, place = divmod(index, TILE_WIDTH)
        first = number - number % TILES_AT_A_TIME
        if first != self._first_tile:
            asked = {"first": first, "most": TILES_AT_A_TIME}
            self._tiles = dict(self._ctx.session.execute(READ_LEAVES, asked).all())
            self._first_tile = first
        tile = self._tiles.get(number, b"")
        hashed = tile[place * HASH_BYTES : (place + 1) * HASH_BYTES]
        return hashed.ljust(HASH_BYTES, b"\0")


def _check_tree(ctx: Context, faults: Faults, records: _RecordReader) -> Tree:
    """Let the tree grow from checkpoint to checkpoint, and compare what each says."""
    tree = Tree()
    leaves = iter(records)
    for checkpoint in _read_checkpoints(ctx):
        _check_note(faults, ctx.services.ledger_signer, checkpoint)
        new = [leaf for _, leaf in zip(range(checkpoint.size - tree.size), leaves, strict=False)]
        tree = _grow(ctx, faults, tree, new, checkpoint)
    unsigned = [leaf.index for leaf in leaves]
    if unsigned:
        faults.add("records_unsigned", index=unsigned[0], records=len(unsigned))
    _compare_tiles(ctx, faults, tree.growing())
    _check_number_of_tiles(ctx, faults, tree.size)
    return tree


def _read_checkpoints(ctx: Context) -> Iterator[Row]:
    table = LedgerCheckpoint.__table__
    query = select(table).order_by(table.c.size)
    with ctx.session.execute(query, execution_options={"yield_per": 1000}) as checkpoints:
        yield from checkpoints


def _check_note(faults: Faults, signer: LedgerSigner, checkpoint: Row) -> None:
    if checkpoint.note != signer.sign(
        checkpoint_text(signer.origin, checkpoint.size, checkpoint.root)
    ):
        faults.add("checkpoint_signature", size=checkpoint.size)


def _grow(ctx: Context, faults: Faults, tree: Tree, leaves: list[_Leaf], checkpoint: Row) -> Tree:
    """The tree with these leaves, as it was signed if that can be found out."""
    if tree.size + len(leaves) < checkpoint.size:
        faults.add("records_cut_off", size=checkpoint.size, records=tree.size + len(leaves))
        return _appended(tree, [leaf.own or leaf.stored for leaf in leaves])
    differing = [leaf for leaf in leaves if leaf.own != leaf.stored]
    grown = _appended(tree, [leaf.own or leaf.stored for leaf in leaves])
    code = "tile_changed"
    if grown.root() != checkpoint.root:
        code = "record_changed"
        by_tiles = _appended(tree, [leaf.stored for leaf in leaves])
        if differing and by_tiles.root() == checkpoint.root:
            grown = by_tiles
        else:
            faults.add("checkpoint_root", size=checkpoint.size)
    for leaf in differing:
        if leaf.own is not None:
            faults.add(code, index=leaf.index, level=0, number=leaf.index // TILE_WIDTH)
    full = TILE_WIDTH * HASH_BYTES
    tiles = grown.take_grown().items()
    _compare_tiles(ctx, faults, {place: tile for place, tile in tiles if len(tile) == full})
    return grown


def _appended(tree: Tree, leaves: list[bytes]) -> Tree:
    grown = tree.copy()
    grown.append(leaves)
    return grown


def _compare_tiles(ctx: Context, faults: Faults, tiles: dict[tuple[int, int], bytes]) -> None:
    """Compare with those that are stored; the hashes of level 0 were compared one by one."""
    for (level, number), tile in tiles.items():
        stored = ctx.session.scalar(
            select(LedgerTile.hashes).where(LedgerTile.level == level, LedgerTile.number == number)
        )
        is_same = len(stored or b"") == len(tile) if level == 0 else stored == tile
        if not is_same:
            faults.add("tile_differs", level=level, number=number)


def _check_number_of_tiles(ctx: Context, faults: Faults, size: int) -> None:
    expected = 0
    while size:
        expected += -(-size // TILE_WIDTH)
        size >>= TILE_HEIGHT
    tiles = ctx.session.scalar(select(func.count()).select_from(LedgerTile))
    if tiles != expected:
        faults.add("tiles_number", tiles=tiles, expected=expected)


def _check_copy(ctx: Context, faults: Faults, tree: Tree) -> None:
    """Whether the checkpoint kept outside the database is one of ours."""
    copy = ctx.services.storage.get(COPY_NAME)
    if copy is None:
        return
    try:
        size, root_hash = parse_checkpoint(copy.decode())
    except ValueError:
        faults.add("copy_unreadable")
        return
    known = ctx.session.scalar(select(LedgerCheckpoint.root).where(LedgerCheckpoint.size == size))
    if size and known != root_hash:
        faults.add("copy_differs", size=size, records=tree.size)
