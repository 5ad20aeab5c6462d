"""Signed notes are those of C2SP signed-note and Go's `sumdb/note`: the same keys, the same bytes, the same refusals."""

import pytest

from workflow.records.notes import (
    Kind,
    Note,
    NoteError,
    Signer,
    new_signer,
    read_note,
    read_signer,
    read_verifier,
)

# The keys, text and signatures by which Go's own package is tested.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETERS_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCHS_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
SIGNED = f"{TEXT}\n{PETERS_LINE}{ENOCHS_LINE}"


def test_a_text_is_signed_to_the_byte_as_go_signs_it() -> None:
    assert str(Note(TEXT).signed(read_signer(PETERS_SECRET))) == f"{TEXT}\n{PETERS_LINE}"


def test_keys_are_written_as_they_were_read() -> None:
    assert str(read_verifier(PETER)) == str(read_signer(PETERS_SECRET).verifier) == PETER
    assert read_signer(PETERS_SECRET).secret() == PETERS_SECRET


def test_a_note_signed_by_two_opens_with_each_of_their_keys() -> None:
    peter, enoch = read_verifier(PETER), read_verifier(ENOCH)
    note = read_note(SIGNED)
    assert str(note) == SIGNED
    assert note.verified_by([peter]) == (peter,)
    assert note.verified_by([peter, enoch]) == (peter, enoch)
    assert note.verified_by([]) == ()


def test_a_signature_of_a_known_key_that_does_not_hold_spoils_the_note() -> None:
    with pytest.raises(NoteError, match="PeterNeumann"):
        read_note(SIGNED.replace("don't", "do")).verified_by([read_verifier(PETER)])


def test_an_unknown_key_with_a_known_name_counts_for_nothing() -> None:
    other = new_signer("PeterNeumann")
    assert read_note(SIGNED).verified_by([other.verifier]) == ()


def test_a_made_key_signs_and_its_secret_is_not_shown() -> None:
    signer = new_signer("log.example", Kind.COSIGNATURE)
    assert read_signer(signer.secret()) == signer
    assert read_verifier(str(signer.verifier)) == signer.verifier
    assert signer.seed.hex() not in repr(signer)
    assert repr(signer.seed) not in repr(signer)


@pytest.mark.parametrize("at", range(len(PETER)))
def test_a_key_with_one_letter_changed_is_refused(at: int) -> None:
    with pytest.raises(NoteError):
        read_verifier(f"{PETER[:at]}{chr(ord(PETER[at]) + 1)}{PETER[at + 1 :]}")


@pytest.mark.parametrize("at", range(len(PETERS_SECRET)))
def test_a_secret_with_one_letter_changed_is_refused(at: int) -> None:
    with pytest.raises(NoteError):
        read_signer(f"{PETERS_SECRET[:at]}{chr(ord(PETERS_SECRET[at]) + 1)}{PETERS_SECRET[at + 1 :]}")


@pytest.mark.parametrize(
    "key",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",  # too long
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  # no such kind
        PETER[1:],
        PETER[:-1],
        "",
        "a+b",
    ],
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(NoteError):
        read_verifier(key)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\n{PETERS_LINE[:-1]}",
        f"\x01{TEXT}\n{PETERS_LINE}",
        f"{TEXT}\n— Bad Name {PETERS_LINE.split(' ')[2]}",
        f"{TEXT}\n{PETERS_LINE}Unexpected line.\n",
        f"{TEXT}\n{PETERS_LINE * 101}",
        f"{TEXT}\n— PeterNeumann x08=\n",
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read_note(text)


def test_a_key_needs_a_name_without_spaces() -> None:
    for name in ("", "two words", "plus+plus"):
        with pytest.raises(NoteError):
            new_signer(name)


def test_signing_twice_adds_one_line() -> None:
    peter: Signer = read_signer(PETERS_SECRET)
    assert Note(TEXT).signed(peter).signed(peter) == Note(TEXT).signed(peter)
