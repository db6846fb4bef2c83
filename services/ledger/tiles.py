"""The tree's hashes in tiles, and the records in bundles, as c2sp.org/tlog-tiles publishes them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session, scoped_session

from models import LedgerRecord, LedgerTile
from services.context import Context
from services.errors import Missing
from services.ledger.merkle import (
    HASH_BYTES,
    TILE_HEIGHT,
    TILE_WIDTH,
    ReadTile,
    fold,
    root,
    split_tile,
)

# A level of 8 heights each: more than 64 of them no log has.
HIGHEST_LEVEL = 63
LENGTH_BYTES = 2
# Groups of three digits, all but the last marked; a part of a tile says how much of it.
TILE_PATH = re.compile(
    r"(?P<level>entries|0|[1-9][0-9]?)"
    r"/(?P<number>(?:x[0-9]{3}/){0,4}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)
SAVE_TILES = text("""
    INSERT INTO ledger_tiles (level, number, hashes)
    SELECT * FROM unnest(CAST(:levels AS smallint[]), CAST(:numbers AS bigint[]),
                         CAST(:hashes AS bytea[]))
    ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes
""")


@dataclass(frozen=True, slots=True)
class TileName:
    """Which tile, and how many of its 256 places; `level` is None for the records themselves."""

    level: int | None
    number: int
    width: int


class Tree:
    """The tiles of a tree while it grows; it keeps those that still grow, and remembers others.

    `stored` gives the tiles there are already, b"" for those there are not.
    """

    def __init__(self, size: int = 0, stored: ReadTile = lambda level, number: b"") -> None:
        self.size = size
        self._stored = stored
        self._kept: dict[tuple[int, int], bytes] = {}
        self._grown: set[tuple[int, int]] = set()

    def copy(self) -> "Tree":
        """Another tree that grows from here on its own."""
        copy = Tree(self.size, self._stored)
        copy._kept, copy._grown = dict(self._kept), set(self._grown)
        return copy

    def read(self, level: int, number: int) -> bytes:
        """The hashes of a tile as they are now; none where there is no such tile."""
        place = level, number
        if place not in self._kept:
            self._kept[place] = self._stored(level, number)
        return self._kept[place]

    def root(self) -> bytes:
        return root(self.read, self.size)

    def append(self, leaves: Sequence[bytes]) -> None:
        """Let the tree grow by these leaf hashes."""
        self._extend(0, leaves)
        self.size += len(leaves)

    def _extend(self, level: int, hashes: Sequence[bytes]) -> None:
        """Add hashes to a level, and to the next the hash of each tile that is full with them."""
        count = self.size >> level * TILE_HEIGHT
        full = []
        start = 0
        while start < len(hashes):
            number, used = divmod(count + start, TILE_WIDTH)
            new = hashes[start : start + TILE_WIDTH - used]
            tile = self.read(level, number)[: used * HASH_BYTES] if used else b""
            tile += b"".join(new)
            self._kept[level, number] = tile
            self._grown.add((level, number))
            start += len(new)
            if used + len(new) == TILE_WIDTH:
                full.append(fold(split_tile(tile)))
        if full:
            self._extend(level + 1, full)

    def take_grown(self) -> dict[tuple[int, int], bytes]:
        """The tiles that have grown since the last time; full ones are forgotten."""
        grown = {place: self._kept[place] for place in sorted(self._grown)}
        self._grown.clear()
        for place, tile in grown.items():
            if len(tile) == TILE_WIDTH * HASH_BYTES:
                del self._kept[place]
        return grown

    def growing(self) -> dict[tuple[int, int], bytes]:
        """The tiles at the right edge that are not full."""
        return {place: tile for place, tile in self._kept.items() if tile}


def stored_tree(session: scoped_session[Session], size: int) -> Tree:
    """The tree of the log, read from the database as needed; for one transaction only."""

    def read(level: int, number: int) -> bytes:
        query = select(LedgerTile.hashes).where(
            LedgerTile.level == level, LedgerTile.number == number
        )
        return session.scalar(query) or b""

    return Tree(size, read)


def save_grown(session: scoped_session[Session], tree: Tree) -> None:
    """Write the tiles that have grown."""
    grown = tree.take_grown()
    values = {
        "levels": [level for level, _ in grown],
        "numbers": [number for _, number in grown],
        "hashes": list(grown.values()),
    }
    session.execute(SAVE_TILES, values)


def parse_tile_path(path: str) -> TileName | None:
    """What stands behind /tile/ in an address, or None when it is not written as it must be."""
    found = TILE_PATH.fullmatch(path)
    if found is None:
        return None
    number = found["number"]
    # The shortest form only: no leading group of zeros.
    if number.startswith("x000"):
        return None
    level = None if found["level"] == "entries" else int(found["level"])
    width = int(found["width"] or TILE_WIDTH)
    if (level or 0) > HIGHEST_LEVEL or width > TILE_WIDTH - bool(found["width"]):
        return None
    return TileName(level, int(number.replace("x", "").replace("/", "")), width)


def read_tile(ctx: Context, *, path: str) -> bytes:
    """A tile's hashes, or the records of a bundle each behind its length; raises Missing.

    `path` is level and number as in c2sp.org/tlog-tiles: 0/x001/234, or entries/067.p/12.
    """
    name = parse_tile_path(path)
    content = None if name is None else _read(ctx, name)
    if content is None:
        raise Missing("not_found")
    return content


def _read(ctx: Context, name: TileName) -> bytes | None:
    return _read_bundle(ctx, name) if name.level is None else _read_hashes(ctx, name)


def _read_hashes(ctx: Context, name: TileName) -> bytes | None:
    query = select(LedgerTile.hashes).where(
        tuple_(LedgerTile.level, LedgerTile.number) == (name.level, name.number)
    )
    hashes = ctx.session.scalar(query) or b""
    length = name.width * HASH_BYTES
    return hashes[:length] if len(hashes) >= length else None


def _read_bundle(ctx: Context, name: TileName) -> bytes | None:
    first = name.number * TILE_WIDTH
    records = ctx.session.scalars(
        select(LedgerRecord.data)
        .where(LedgerRecord.index >= first, LedgerRecord.index < first + name.width)
        .order_by(LedgerRecord.index)
    ).all()
    if len(records) < name.width:
        return None
    return b"".join(len(data).to_bytes(LENGTH_BYTES) + data for data in records)
