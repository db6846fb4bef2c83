"""The tree of RFC 6962 (its section 2.1): roots, proofs, and how to check them.

Hashes are read from tiles of 256, as c2sp.org/tlog-tiles has them: hash i of level L stands for the
256^L leaves from i * 256^L on. Only complete ones are stored; all others are worked out of them.
"""

import hashlib
from collections.abc import Callable, Sequence

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
EMPTY_ROOT = hashlib.sha256(b"").digest()

# Up to 256 hashes, one after the other, of a level and number.
ReadTile = Callable[[int, int], bytes]


class ProofError(Exception):
    """A proof does not prove what it should."""


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes of one height, a power of two of them."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[place], hashes[place + 1]) for place in range(0, len(hashes), 2)]
    return hashes[0]


def split_tile(tile: bytes) -> list[bytes]:
    return [tile[start : start + HASH_BYTES] for start in range(0, len(tile), HASH_BYTES)]


def root(read: ReadTile, size: int) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return _range_hash(read, 0, size) if size else EMPTY_ROOT


def inclusion_proof(read: ReadTile, index: int, size: int) -> list[bytes]:
    """The siblings from the leaf to the root, the leaf's own first; index < size."""
    proof = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            proof.append(_range_hash(read, middle, end))
            end = middle
        else:
            proof.append(_range_hash(read, begin, middle))
            begin = middle
    return proof[::-1]


def consistency_proof(read: ReadTile, old: int, new: int) -> list[bytes]:
    """What shows that the tree of `old` leaves is the beginning of the tree of `new`; old <= new.

    Empty where there is nothing to show: from the empty tree, or to the same.
    """
    if old in (0, new):
        return []
    proof = []
    begin, end, is_whole = 0, new, True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            proof.append(_range_hash(read, middle, end))
            end = middle
        else:
            proof.append(_range_hash(read, begin, middle))
            begin, is_whole = middle, False
    if not is_whole:
        proof.append(_range_hash(read, begin, end))
    return proof[::-1]


def check_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes
) -> None:
    """Raises ProofError unless the leaf is at this place of the tree with this root."""
    if not 0 <= index < size:
        raise ProofError("no such place in the tree")
    place, last, top = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofError("the proof is too long")
        if place & 1 or place == last:
            top = node_hash(sibling, top)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            top = node_hash(top, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise ProofError("the proof is too short")
    if top != root_hash:
        raise ProofError("the proof leads to another root")


def check_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raises ProofError unless the tree of `old` leaves is the beginning of the tree of `new`."""
    if not 0 <= old <= new:
        raise ProofError("a tree does not shrink")
    if old in (0, new):
        if proof or old_root != (new_root if old else EMPTY_ROOT):
            raise ProofError("there is nothing to prove, or no root to prove it of")
        return
    if _walk_consistency(old, new, old_root, proof) != (old_root, new_root):
        raise ProofError("the proof leads to other roots")


def _walk_consistency(
    old: int, new: int, old_root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """The two roots that the proof leads to (RFC 9162, 2.1.4.2)."""
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise ProofError("the proof is too short")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_top = new_top = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("the proof is too long")
        if place & 1 or place == last:
            old_top, new_top = node_hash(sibling, old_top), node_hash(sibling, new_top)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_top = node_hash(new_top, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise ProofError("the proof is too short")
    return old_top, new_top


def _split(count: int) -> int:
    """The largest power of two below `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def _range_hash(read: ReadTile, begin: int, end: int) -> bytes:
    """The hash over the leaves from begin to end, which is a node of the tree.

    It is cut into complete subtrees from the left; their sizes fall, so they join from the right.
    """
    parts = []
    while begin < end:
        height = (end - begin).bit_length() - 1
        parts.append(_complete_hash(read, height, begin >> height))
        begin += 1 << height
    top = parts.pop()
    while parts:
        top = node_hash(parts.pop(), top)
    return top


def _complete_hash(read: ReadTile, height: int, number: int) -> bytes:
    """The hash over 2^height leaves from number * 2^height on."""
    level, above = divmod(height, TILE_HEIGHT)
    first = number << above
    tile = read(level, first // TILE_WIDTH)
    start = first % TILE_WIDTH * HASH_BYTES
    hashes = split_tile(tile[start : start + (HASH_BYTES << above)])
    if len(hashes) != 1 << above:
        raise LookupError(f"tile {level}/{first // TILE_WIDTH} is too short")
    return fold(hashes)
