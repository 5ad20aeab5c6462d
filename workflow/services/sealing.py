"""What a signature binds: the digest of everything that gave the points (source: lifecycle.md, Signing)."""

from collections.abc import Iterable

from workflow.models.scorecards import Adjustment
from workflow.records.canonical import Json, digest, plain
from workflow.services.cards import OpenCard

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


def digest_of(opened: OpenCard, adjustments: Iterable[Adjustment]) -> str:
    """Give the SHA-256 (hex) of the scheme version, inputs, notes, hand-set baselines, evidence, points, basis, total, grade.

    The adjustments are all those of the card, voided ones too: their rows are what is shown of them.
    """
    return digest(sealed_content(opened, adjustments))


def sealed_content(opened: OpenCard, adjustments: Iterable[Adjustment]) -> Json:
    """Give what is digested; the basis goes in by its values, not by its sentences, which are rendered anew."""
    card = opened.card
    return {
        "scheme_version": str(card.scheme_version_id),
        "number": card.number,
        "revision": card.revision,
        "period": card.period,
        "subject": card.subject_code,
        "items": {
            code: {
                "input": plain(item.input),
                "note": item.note,
                "points": plain(item.points),
                "basis": plain(item.basis),
            }
            for code, item in opened.items.items()
        },
        "adjustments": [_entry(each) for each in adjustments],
        "sections": plain(card.sections),
        "vetoes": plain(card.vetoes),
        "total": plain(card.total),
        "grade": card.grade,
    }


def _entry(adjustment: Adjustment) -> Json:
    return plain({name: getattr(adjustment, name) for name in _SEALED_OF_ENTRIES})
