"""What a signature binds: the digest of everything that gave the points (source: lifecycle.md, Signing)."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from workflow.models.scorecards import Adjustment, Scorecard, ScorecardItem
from workflow.records.canonical import Json, canonical_object, canonical_text, plain
from workflow.services.scorecards.cards import OpenCard

PlainRow: TypeAlias = Mapping[str, Json]

_SEALED_OF_ENTRIES = (
    "item_code",
    "number",
    "happened_on",
    "reason",
    "cause",
    "count",
    "points",
    "evidence",
    "entered_by",
    "entered_at",
    "voided_by",
    "voided_at",
    "void_reason",
)


_SEALED_OF_CARDS = (
    "scheme_version_id",
    "number",
    "revision",
    "period",
    "subject_code",
    "sections",
    "vetoes",
    "total",
    "grade",
)

_SEALED_OF_ITEMS = ("code", "input", "note", "points")


def digest_of(opened: OpenCard, adjustments: Iterable[Adjustment]) -> str:
    """Give the SHA-256 (hex) of the scheme version, inputs, notes, hand-set baselines, evidence, points, basis, total, grade.

    The adjustments are all those of the card, voided ones too: their rows are what is shown of them.
    """
    return digest_of_rows(
        _plain(opened.card, _SEALED_OF_CARDS),
        [
            {**_plain(item, _SEALED_OF_ITEMS), "basis": canonical_text(plain(item.basis))}
            for item in opened.items.values()
        ],
        [_plain(each, _SEALED_OF_ENTRIES) for each in adjustments],
    )


def digest_of_rows(card: PlainRow, items: Iterable[PlainRow], adjustments: Iterable[PlainRow]) -> str:
    """Give the digest of the rows of a card in plain form; adjustments in the order of their items and numbers.

    The basis comes in canonical form, long as it is. It goes in by its values, not by its sentences, which are rendered anew.
    """
    sealed = {name: canonical_text(card[name]) for name in _SEALED_OF_CARDS[1:]}
    sealed["scheme_version"] = canonical_text(str(card["scheme_version_id"]))
    sealed["items"] = canonical_object({str(item["code"]): _sealed_of_item(item) for item in items})
    sealed["adjustments"] = canonical_text([{name: each[name] for name in _SEALED_OF_ENTRIES} for each in adjustments])
    return hashlib.sha256(canonical_object(sealed).encode()).hexdigest()


def _sealed_of_item(item: PlainRow) -> str:
    rest = canonical_text({name: item[name] for name in _SEALED_OF_ITEMS[1:]})
    return f'{{"basis":{item["basis"]},{rest[1:]}'  # which comes before all others


def _plain(row: Scorecard | ScorecardItem | Adjustment, names: Iterable[str]) -> PlainRow:
    return {name: plain(getattr(row, name)) for name in names}
