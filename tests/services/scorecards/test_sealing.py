"""What a signature binds, written out: anybody can put it together again and hash it (source: lifecycle.md, Signing)."""

from typing import Any

from workflow.records.canonical import Json, canonical_text, digest
from workflow.services.scorecards.sealing import digest_of_rows

CARD: dict[str, Json] = {
    "scheme_version_id": "371234567890123456",
    "number": "KG-2026-10-0001",
    "revision": 0,
    "period": "2026-10",
    "subject_code": "10086",
    "sections": {"service": "60.00"},
    "vetoes": [],
    "total": "60.00",
    "grade": None,
}
ITEMS: list[dict[str, Any]] = [
    {"code": "survey", "input": {"level": "优秀"}, "note": '他说"好"', "points": "5.00", "basis": [{"step": "level"}]},
    {"code": "𠮷", "input": None, "note": "", "points": None, "basis": []},
    {"code": "ﬁle", "input": {}, "note": "", "points": "0.00", "basis": []},
]
ENTRY: dict[str, Json] = {
    "item_code": "survey",
    "number": 1,
    "happened_on": "2026-10-05",
    "reason": "迟报",
    "cause": None,
    "count": 1,
    "points": None,
    "evidence": [],
    "entered_by": "371234567890123457",
    "entered_at": "2026-10-06T02:00:00.000000Z",
    "voided_by": None,
    "voided_at": None,
    "void_reason": None,
}


def test_a_signature_binds_the_card_its_items_and_its_adjustments_written_out() -> None:
    rows = [{**item, "basis": canonical_text(item["basis"])} for item in ITEMS]
    bound = {key: value for key, value in CARD.items() if key != "scheme_version_id"}
    bound["scheme_version"] = CARD["scheme_version_id"]
    bound["items"] = {item["code"]: {key: item[key] for key in item if key != "code"} for item in ITEMS}
    bound["adjustments"] = [ENTRY]
    assert digest_of_rows(CARD, rows, [ENTRY]) == digest(bound)
