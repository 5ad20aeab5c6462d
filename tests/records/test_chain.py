"""The records of an entity hold together: each is what it was written as and follows from the one before."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from workflow.records.canonical import Envelope, canonical_bytes, content_hash
from workflow.records.chain import Chain
from workflow.records.faults import SENTENCES, Fault, FaultCode
from workflow.wording import Language

SALT = b"0123456789abcdef"
CONTENT: dict[str, Any] = {"changes": [], "parts": {}, "reason": "更名"}


def envelopes(count: int) -> Iterator[Envelope]:
    """The envelopes of an entity's first versions."""
    previous = None
    for version in range(1, count + 1):
        envelope = Envelope(
            id=version,
            entity_kind="unit",
            entity_id=7,
            version=version,
            event="unit.rename",
            at=datetime(2026, 11, 5, tzinfo=UTC),
            actor_id=3,
            role="hr",
            on_behalf_of=None,
            state=None,
            request_id="",
            previous_hash=previous,
            content_hash=content_hash(SALT, CONTENT),
        )
        previous = envelope.hash()
        yield envelope


def take(chain: Chain, envelope: Envelope, **other: Any) -> FaultCode | None:
    given = {"stored_hash": envelope.hash(), "salt": SALT, "content": CONTENT, "written": None} | other
    return chain.take(envelope, **given)


def test_versions_that_follow_each_other_hold() -> None:
    chain = Chain()
    assert [take(chain, each) for each in envelopes(3)] == [None] * 3
    assert chain.version == 3


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({"content": {**CONTENT, "reason": "改"}}, FaultCode.CONTENT_CHANGED),
        ({"salt": b"fedcba9876543210"}, FaultCode.CONTENT_CHANGED),
        ({"content": None}, FaultCode.CONTENT_MISSING),
        ({"stored_hash": b"\0" * 32}, FaultCode.RECORD_CHANGED),
    ],
)
def test_what_was_altered_is_told_apart(other: dict[str, Any], fault: FaultCode) -> None:
    (first,) = envelopes(1)
    assert take(Chain(), first, **other) is fault


@pytest.mark.parametrize("written", [canonical_bytes(CONTENT).decode(), json.dumps(CONTENT), CONTENT])
def test_a_content_is_the_same_however_the_database_writes_it(written: object) -> None:
    (first,) = envelopes(1)
    assert take(Chain(), first, written=written) is None


def test_a_version_that_is_left_out_is_a_gap() -> None:
    chain = Chain()
    first, _, third = envelopes(3)
    take(chain, first)
    assert take(chain, third) is FaultCode.VERSION_MISSING


@pytest.mark.parametrize("previous", [None, b"\1" * 32])
def test_a_record_that_follows_something_else_breaks_the_chain(previous: bytes | None) -> None:
    chain = Chain()
    first, second = envelopes(2)
    take(chain, first)
    assert take(chain, second._replace(previous_hash=previous)) is FaultCode.CHAIN_BROKEN


@pytest.mark.parametrize("first", [True, False])
def test_a_note_follows_some_version_whether_it_is_read_before_or_after(first: bool) -> None:
    chain = Chain()
    (version,) = envelopes(1)
    note = version._replace(version=None, previous_hash=version.hash())
    for each in (note, version) if first else (version, note):
        assert take(chain, each) is None
    assert chain.notes_follow()


@pytest.mark.parametrize("previous", [None, b"\1" * 32])
def test_a_note_that_follows_nothing_is_found(previous: bytes | None) -> None:
    chain = Chain()
    (version,) = envelopes(1)
    take(chain, version._replace(version=None, previous_hash=previous))
    assert not chain.notes_follow()


def test_every_fault_is_said_in_both_languages() -> None:
    assert SENTENCES.keys() == set(FaultCode)
    fault = Fault(FaultCode.FIELD_DIFFERS, "scorecard", 7, "2026-10-0001 客户部", column="total", told="85", found="95")
    assert "评分表 2026-10-0001 客户部" in fault.sentence(Language.ZH)
    assert "total of scorecard 2026-10-0001 客户部" in fault.sentence(Language.EN)
