"""The tree's hashes in tiles, and the records in bundles, as c2sp.org/tlog-tiles publishes them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session, scoped_session

from models import LedgerRecord, LedgerTile
from services.context import Context
from services.errors import Missing
from services.ledger.merkle import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH, fold, split_tile

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


class TileStore:
    """The tiles of the tree while it grows; nothing is written before `save`.

    One for each transaction: it remembers what it has read.
    """

    def __init__(self, session: scoped_session[Session], size: int) -> None:
        self.size = size
        self._session = session
        self._kept: dict[tuple[int, int], bytes] = {}
        self._grown: set[tuple[int, int]] = set()

    def read(self, level: int, number: int) -> bytes:
        """The hashes of a tile as they are now; none where there is no such tile."""
        place = level, number
        if place not in self._kept:
            found = self._session.scalar(
                select(LedgerTile.hashes).where(
                    LedgerTile.level == level, LedgerTile.number == number
                )
            )
            self._kept[place] = found or b""
        return self._kept[place]

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

    def save(self) -> None:
        """Write what has grown, and forget what will not be needed for growing further."""
        grown = sorted(self._grown)
        if not grown:
            return
        values = {
            "levels": [level for level, _ in grown],
            "numbers": [number for _, number in grown],
            "hashes": [self._kept[place] for place in grown],
        }
        self._session.execute(SAVE_TILES, values)
        self._grown.clear()
        self._kept = {
            place: tile for place, tile in self._kept.items() if len(tile) < TILE_WIDTH * HASH_BYTES
        }


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
