"""What a signature binds: the digest of everything that gave the points (source: lifecycle.md, Signing)."""

from workflow.records.canonical import Json, digest, plain
from workflow.services.cards import OpenCard


def digest_of(opened: OpenCard) -> str:
    """Give the SHA-256 (hex) of the scheme version, inputs, notes, hand-set baselines, evidence, points, basis, total, grade."""
    return digest(sealed_content(opened))


def sealed_content(opened: OpenCard) -> Json:
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
        "vetoes": plain(card.vetoes),
        "total": plain(card.total),
        "grade": card.grade,
    }
