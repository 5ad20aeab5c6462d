"""The canonical form of a record: anybody who reads the rules hashes the same bytes (source: records.md, RFC 8785, RFC 6962)."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from workflow.records.canonical import (
    LARGEST_EXACT,
    Envelope,
    Json,
    as_told,
    canonical_bytes,
    content_hash,
    digest,
    plain,
)

ENVELOPE = Envelope(
    id=371234567890123456,
    entity_kind="scorecard",
    entity_id=371234567890123455,
    version=2,
    event="scorecard.edit",
    at=datetime(2026, 11, 5, 2, 0, 0, 120, tzinfo=UTC),
    actor_id=371234567890123401,
    role="preparer",
    on_behalf_of=None,
    state="draft",
    request_id="r-1",
    previous_hash=b"\x01" * 32,
    content_hash=b"\x02" * 32,
)
BYTES = (
    '{"actor":"371234567890123401","at":"2026-11-05T02:00:00.000120Z","content":"' + "02" * 32 + '",'
    '"entity":["scorecard","371234567890123455"],"event":"scorecard.edit","id":"371234567890123456",'
    '"on_behalf_of":null,"previous":"' + "01" * 32 + '","request":"r-1","role":"preparer","state":"draft","version":2}'
)


def test_the_bytes_of_an_envelope_are_written_out() -> None:
    assert ENVELOPE.canonical().decode() == BYTES


@given(
    st.builds(
        dict, **{name: st.none() | st.text(st.characters(exclude_categories=["Cs"])) for name in ("role", "state")}
    )
)
def test_the_bytes_of_any_envelope_are_those_of_rfc_8785(words: dict[str, str | None]) -> None:
    written = ENVELOPE._replace(
        **words, event=f"scorecard.{words['role']}", request_id=words["state"] or ""
    ).canonical()
    assert written == rfc8785.dumps(json.loads(written))


def test_its_hash_is_that_of_a_leaf_and_never_of_an_inner_node() -> None:
    assert ENVELOPE.hash() == hashlib.sha256(b"\x00" + BYTES.encode()).digest()


@pytest.mark.parametrize("name", Envelope._fields)
def test_every_field_of_an_envelope_counts(name: str) -> None:
    value = getattr(ENVELOPE, name)
    others = {int: 7, str: "other", bytes: b"\x03" * 32, datetime: ENVELOPE.at + timedelta(microseconds=1)}
    changed = ENVELOPE._replace(**{name: others.get(type(value), 7)})
    assert changed.hash() != ENVELOPE.hash()


def test_the_same_moment_in_another_time_zone_is_the_same() -> None:
    shanghai = ENVELOPE.at.astimezone(timezone(timedelta(hours=8)))
    assert ENVELOPE._replace(at=shanghai).hash() == ENVELOPE.hash()


def test_the_envelope_holds_no_score() -> None:
    assert "content" in json.loads(BYTES)
    assert not {"changes", "points", "total"} & set(json.loads(BYTES))


def test_the_content_is_hashed_with_its_salt() -> None:
    content = {"changes": [{"field": "总分", "from": None, "to": "69.00"}], "reason": ""}
    expected = '{"changes":[{"field":"总分","from":null,"to":"69.00"}],"reason":""}'
    assert content_hash(b"salt", content) == hashlib.sha256(b"salt" + expected.encode()).digest()
    assert content_hash(b"pepper", content) != content_hash(b"salt", content)


def test_the_order_of_keys_does_not_matter() -> None:
    assert digest({"a": 1, "b": [True, None]}) == digest({"b": [True, None], "a": 1})
    assert digest([1, 2]) != digest([2, 1])


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (LARGEST_EXACT, LARGEST_EXACT),
        (LARGEST_EXACT + 1, "9007199254740992"),
        (-(2**63), "-9223372036854775808"),
        (Decimal("15.00"), "15.00"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.10"), "-0.10"),
        ("cafe\u0301", "café"),
        (Colour.RED, "red"),
        (date(2026, 10, 5), "2026-10-05"),
        (datetime(2026, 10, 5, 8, tzinfo=timezone(timedelta(hours=8))), "2026-10-05T00:00:00.000000Z"),
        ({"value": Decimal("1.9"), 3: (1, 2)}, {"value": "1.9", "3": [1, 2]}),
        ([], []),
    ],
)
def test_each_kind_of_value_has_one_form(value: object, form: object) -> None:
    assert plain(value) == form
    assert type(plain(value)) is type(form)


@pytest.mark.parametrize("value", [1.5, float("nan"), b"bytes", object(), {"deep": [1.5]}])
def test_what_has_no_exact_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        plain(value)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_a_plain_value_stays_as_it_is_and_survives_json(value: object) -> None:
    form = plain(value)
    assert plain(form) == form
    assert digest(json.loads(json.dumps(form))) == digest(form)


KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-LARGEST_EXACT, LARGEST_EXACT) | KEYS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    )
)
def test_the_bytes_are_those_of_rfc_8785_whatever_the_keys(value: Json) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


def test_keys_stand_in_the_order_of_utf_16() -> None:
    assert canonical_bytes({"\ufb01": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb01":1}'.encode()


def test_a_long_derived_field_is_told_by_its_digest() -> None:
    assert as_told("basis", []) == f"sha256:{digest([])}"
    assert (as_told("basis", None), as_told("points", Decimal("5.00"))) == (None, "5.00")
