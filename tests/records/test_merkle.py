"""The tree is that of RFC 6962, and its proofs prove nothing but what is so."""

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from workflow.records.merkle import (
    EMPTY_ROOT,
    Frontier,
    HashAt,
    ProofError,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    levels_above,
    root_at,
    root_of,
)

# The entries, roots and proofs that implementations of RFC 6962 are compared by (Certificate Transparency).
ENTRIES = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
ENTRIES.append(bytes(range(0x60, 0x70)))
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
A, B = ROOTS[0], "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
CD = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
E = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
EF = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
GH = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
EFGH = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
LARGEST = 1_100


def tree_of(leaves: list[bytes]) -> HashAt:
    levels = list(levels_above(leaves))
    return lambda level, number: levels[level][number]


HASHES = [leaf_hash(each) for each in ENTRIES]
MANY = [leaf_hash(str(number).encode()) for number in range(LARGEST)]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert root_of([]) == EMPTY_ROOT == hashlib.sha256().digest()
    assert root_at(0, tree_of([])) == EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_of_rfc_6962(size: int) -> None:
    assert root_of(HASHES[:size]).hex() == root_at(size, tree_of(HASHES)).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(
    ("index", "size", "path"), [(0, 1, []), (0, 8, [B, CD, EFGH]), (5, 8, [E, GH, ROOTS[3]]), (2, 3, [ROOTS[1]]), (1, 5, [A, CD, E])]
)  # fmt: skip
def test_the_inclusion_proofs_of_rfc_6962(index: int, size: int, path: list[str]) -> None:
    assert [each.hex() for each in inclusion_proof(index, size, tree_of(HASHES))] == path
    check_inclusion(HASHES[index], index, size, [bytes.fromhex(each) for each in path], bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(
    ("old", "new", "path"), [(1, 1, []), (1, 8, [B, CD, EFGH]), (6, 8, [EF, GH, ROOTS[3]]), (2, 5, [CD, E])]
)
def test_the_consistency_proofs_of_rfc_6962(old: int, new: int, path: list[str]) -> None:
    assert [each.hex() for each in consistency_proof(old, new, tree_of(HASHES))] == path
    proof = [bytes.fromhex(each) for each in path]
    check_consistency(old, bytes.fromhex(ROOTS[old - 1]), new, bytes.fromhex(ROOTS[new - 1]), proof)


def test_another_implementation_finds_the_same_root_at_every_size() -> None:
    other, ours = InmemoryTree(algorithm="sha256"), Frontier()
    for number in range(LARGEST):
        other.append_entry(str(number).encode())
        ours.append(MANY[number])
        assert ours.root() == other.get_root()
        assert ours.size == number + 1


def test_a_root_is_the_same_from_the_subtrees_and_from_the_right_edge() -> None:
    whole, edge = tree_of(MANY), Frontier()
    for size, leaf in enumerate(MANY, start=1):
        edge.append(leaf)
        assert root_at(size, whole) == edge.root()


SIZES = st.integers(1, LARGEST)


@given(size=SIZES, data=st.data())
def test_every_leaf_is_proved_at_its_place_and_at_no_other(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(index, size, tree_of(MANY)), root_of(MANY[:size])
    check_inclusion(MANY[index], index, size, proof, root)
    elsewhere = data.draw(st.integers(0, size - 1).filter(lambda other: other != index or size == 1))
    if elsewhere != index:
        with pytest.raises(ProofError):
            check_inclusion(MANY[index], elsewhere, size, proof, root)
    with pytest.raises(ProofError):
        check_inclusion(leaf_hash(b"another"), index, size, proof, root)


@given(sizes=st.tuples(SIZES, SIZES).map(sorted), data=st.data())
def test_a_tree_is_proved_to_go_on_from_what_it_was_and_from_nothing_else(
    sizes: list[int], data: st.DataObject
) -> None:
    old, new = sizes
    proof = consistency_proof(old, new, tree_of(MANY))
    roots = root_of(MANY[:old]), root_of(MANY[:new])
    check_consistency(old, roots[0], new, roots[1], proof)
    forked = root_of([*MANY[: old - 1], leaf_hash(b"another")])
    with pytest.raises(ProofError):
        check_consistency(old, forked, new, roots[1], proof)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        with pytest.raises(ProofError):
            check_consistency(old, roots[0], new, roots[1], [*proof[:at], leaf_hash(b"x"), *proof[at + 1 :]])


@pytest.mark.parametrize(
    "changed", [lambda proof: proof[:-1], lambda proof: [*proof, proof[0]], lambda proof: [b"", *proof[1:]]]
)
def test_a_proof_of_another_length_is_refused(changed: Callable[[list[bytes]], list[bytes]]) -> None:
    proof = inclusion_proof(5, 8, tree_of(HASHES))
    with pytest.raises(ProofError):
        check_inclusion(HASHES[5], 5, 8, changed(proof), root_of(HASHES))


def test_there_is_no_proof_of_what_is_not_there() -> None:
    for index in (8, -1):
        with pytest.raises(ProofError):
            inclusion_proof(index, 8, tree_of(HASHES))
    with pytest.raises(ProofError):
        consistency_proof(8, 7, tree_of(HASHES))
    with pytest.raises(ProofError):
        check_inclusion(HASHES[0], 8, 8, [], root_of(HASHES))
    with pytest.raises(ProofError):
        check_consistency(8, root_of(HASHES), 7, root_of(HASHES[:7]), [])
