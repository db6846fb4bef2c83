"""The tree by the known values of RFC 6962, and proofs that must not hold."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ledger.merkle import (
    EMPTY_ROOT,
    ProofError,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
)
from services.ledger.tiles import Tree
from tests.ledger.conftest import root_of

# The eight leaves and their roots with which certificate-transparency tests its own tree.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
# Inclusion: place and size; consistency: old size and new size.
INCLUSIONS = {
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CONSISTENCIES = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
# Around the edges of tiles, where whole tiles stand for what they hold.
SIZES = (0, 1, 2, 3, 5, 8, 255, 256, 257, 300, 511, 512, 513, 700)


def flip(value: bytes) -> bytes:
    """The same but for one bit."""
    return bytes([value[0] ^ 1]) + value[1:]


def grown(leaves: list[bytes]) -> Tree:
    tree = Tree()
    tree.append([leaf_hash(leaf) for leaf in leaves])
    return tree


@pytest.fixture(scope="module")
def leaves() -> list[bytes]:
    return [str(number).encode() for number in range(max(SIZES))]


@pytest.fixture(scope="module")
def tree(leaves) -> Tree:
    return grown(leaves)


def test_known_roots():
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for size, expected in enumerate(ROOTS, start=1):
        assert grown(LEAVES[:size]).root().hex() == expected
        assert root(grown(LEAVES).read, size).hex() == expected


@pytest.mark.parametrize(("index", "size"), INCLUSIONS)
def test_known_inclusion_proofs(index, size):
    proof = inclusion_proof(grown(LEAVES).read, index, size)
    assert tuple(each.hex() for each in proof) == INCLUSIONS[index, size]
    check_inclusion(leaf_hash(LEAVES[index]), index, size, proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "new"), CONSISTENCIES)
def test_known_consistency_proofs(old, new):
    proof = consistency_proof(grown(LEAVES).read, old, new)
    assert tuple(each.hex() for each in proof) == CONSISTENCIES[old, new]
    check_consistency(old, new, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]), proof)


@pytest.mark.parametrize("size", SIZES)
def test_roots_out_of_tiles_are_those_of_all_leaves(leaves, tree, size):
    assert root(tree.read, size) == grown(leaves[:size]).root() == root_of(leaves[:size])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 300), min_size=1, max_size=8))
def test_a_tree_grows_the_same_in_whatever_steps(steps):
    leaves = [leaf_hash(b"%d" % number) for number in range(sum(steps))]
    at_once, in_steps, stored = Tree(), Tree(), {}
    at_once.append(leaves)
    expected = at_once.take_grown()
    for step in steps:
        in_steps.append(leaves[in_steps.size : in_steps.size + step])
        stored |= in_steps.take_grown()
    assert (stored, in_steps.root()) == (expected, at_once.root())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_proofs_hold_and_nothing_else_does(tree, leaves, data):
    size = data.draw(st.integers(1, 700))
    index = data.draw(st.integers(0, size - 1))
    top = root(tree.read, size)
    proof = inclusion_proof(tree.read, index, size)
    check = partial(check_inclusion, size=size, root_hash=top)
    leaf = leaf_hash(leaves[index])
    check(leaf, index, proof=proof)
    wrong = [
        (flip(leaf), index, proof),
        (leaf, index, [*proof, top]),
        (leaf, size, proof),
        (leaf, -1, proof),
        *((leaf, index, proof[:place]) for place in range(len(proof))),
        *(
            (leaf, index, [*proof[:place], flip(proof[place]), *proof[place + 1 :]])
            for place in range(len(proof))
        ),
    ]
    for each in wrong:
        with pytest.raises(ProofError):
            check(each[0], each[1], proof=each[2])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_tree_is_the_beginning_of_the_next_and_of_no_other(tree, data):
    new = data.draw(st.integers(1, 700))
    old = data.draw(st.integers(0, new))
    old_root, new_root = root(tree.read, old), root(tree.read, new)
    proof = consistency_proof(tree.read, old, new)
    check_consistency(old, new, old_root, new_root, proof)
    wrong = [
        (old, new, flip(old_root), new_root, proof),
        (old, new, old_root, new_root, [*proof, old_root]),
    ]
    if 0 < old < new:
        wrong += [
            (old, new, old_root, flip(new_root), proof),
            (old, new, old_root, new_root, proof[:-1]),
            (old, new, old_root, new_root, [flip(proof[0]), *proof[1:]]),
            (new, old, new_root, old_root, proof),
        ]
    for each in wrong:
        with pytest.raises(ProofError):
            check_consistency(*each)
