"""Checkpoints as C2SP tlog-checkpoint writes them, and witnesses' co-signatures as in tlog-cosignature."""

from datetime import UTC, datetime, timedelta

import pytest

from workflow.records.checkpoints import (
    Checkpoint,
    check_cosignature,
    cosign,
    cosigned_by,
    open_checkpoint,
    read_checkpoint,
)
from workflow.records.merkle import EMPTY_ROOT
from workflow.records.notes import Kind, Note, NoteError, new_signer, read_note, read_verifier

NOON = datetime(2026, 11, 5, 4, tzinfo=UTC)
ORIGIN = "log.example/pay"
LOG, OTHER = new_signer(ORIGIN), new_signer(ORIGIN)
WITNESS = new_signer("witness.example/w1", Kind.COSIGNATURE)
SEEN = Checkpoint(ORIGIN, 5, b"\x07" * 32)

# The example of the specification.
EXAMPLE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""


def test_the_example_of_the_specification_is_read_and_written_again() -> None:
    note = read_note(EXAMPLE)
    found = read_checkpoint(note)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)
    assert str(note) == EXAMPLE
    assert found.text() == note.text
    # the time of the co-signature stands in its first eight bytes
    assert int.from_bytes(note.signatures[1].value[:8], "big") == 1679315147


def test_a_checkpoint_is_three_lines_and_the_logs_signature() -> None:
    text = str(SEEN.signed(LOG))
    assert text.split("\n")[:4] == [ORIGIN, "5", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=", ""]
    found, note = open_checkpoint(text, [LOG.verifier])
    assert found == SEEN
    assert len(note.signatures) == 1


def test_only_the_logs_own_key_opens_it() -> None:
    for keys in ([], [OTHER.verifier], [new_signer("other.example").verifier]):
        with pytest.raises(NoteError):
            open_checkpoint(str(SEEN.signed(LOG)), keys)


def test_at_a_change_of_keys_the_old_and_the_new_one_sign() -> None:
    text = str(SEEN.signed(LOG, OTHER))
    for key in (LOG, OTHER):
        assert open_checkpoint(text, [key.verifier])[0] == SEEN


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n05\n{'A' * 43}=\n",
        f"{ORIGIN}\n-5\n{'A' * 43}=\n",
        f"{ORIGIN}\n5\nAAAA\n",
        f"{ORIGIN}\n5\n",
        f"\n5\n{'A' * 43}=\n",
        f"{ORIGIN}\n5 \n{'A' * 43}=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read_checkpoint(Note(text))


def test_an_empty_log_has_a_checkpoint_too() -> None:
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert read_checkpoint(empty.signed(LOG)) == empty


def test_a_witness_says_when_it_saw_the_checkpoint() -> None:
    note = SEEN.signed(LOG)
    line = cosign(note, WITNESS, NOON)
    assert check_cosignature(note, line, WITNESS.verifier) == NOON
    both = note.with_signatures([line])
    assert cosigned_by(both, [WITNESS.verifier]) == {WITNESS.verifier: NOON}
    assert open_checkpoint(str(both), [LOG.verifier])[0] == SEEN
    assert read_verifier(str(WITNESS.verifier)).kind is Kind.COSIGNATURE


def test_a_co_signature_holds_for_this_checkpoint_and_this_moment_alone() -> None:
    note = SEEN.signed(LOG)
    line = cosign(note, WITNESS, NOON)
    other = Checkpoint(ORIGIN, 6, b"\x08" * 32).signed(LOG)
    later = cosign(note, WITNESS, NOON + timedelta(seconds=1))
    with pytest.raises(NoteError):
        check_cosignature(other, line, WITNESS.verifier)
    with pytest.raises(NoteError):
        cosigned_by(
            note.with_signatures([type(line)(line.name, line.key_id, later.value[:8] + line.value[8:])]),
            [WITNESS.verifier],
        )
    with pytest.raises(NoteError):
        check_cosignature(note, note.signatures[0], LOG.verifier)
