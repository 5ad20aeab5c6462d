"""The ledger and its evidence over the interface: recorded with a file, questioned, answered, voided."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.api.conftest import People
from tests.support.api import PREFIX, Caller, code_of

PDF = b"%PDF-1.7 quality"
ENTRY = {"subject": "E101", "item": "quality", "on": "2026-10-12", "reason": "未核对身份", "points": "-2"}


def hand_in(who: Caller, content: bytes = PDF, name: str = "质检单.pdf", key: str | None = None) -> TestResponse:
    headers = {"Authorization": f"Bearer {who.token}", **({"Idempotency-Key": key} if key else {})}
    form = {"file": (BytesIO(content), name)}
    return who.app.test_client().post(f"{PREFIX}/evidence", data=form, headers=headers)


def move(who: Caller, entry: dict[str, Any], trigger: str, reason: str | None = None) -> TestResponse:
    asked = {"trigger": trigger, "reason": reason}
    seen = who.get(f"/ledger/{entry['id']}").get_json()["version"]
    return who.post(f"/ledger/{entry['id']}/transitions", asked, version=seen)


@pytest.fixture
def entry(people: People) -> dict[str, Any]:
    """An entry of E101 with a file, just recorded."""
    digest = hand_in(people("recorder")).get_json()["hash"]
    answer = people("recorder").post("/ledger", {**ENTRY, "evidence": [digest]})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    made: dict[str, Any] = answer.get_json()
    return made


def test_an_entry_is_told_in_full(people: People, entry: dict[str, Any]) -> None:
    assert (entry["state"], entry["period"], entry["scheme"], entry["item_title"], entry["worth"], entry["counted"]) == (
        "recorded", "2026-10", "csr-card", "品质监控", "-2", True,
    )  # fmt: skip
    (file,) = entry["files"]
    assert file == {"hash": entry["evidence"][0], "name": "质检单.pdf", "media_type": "application/pdf", "size": 16}
    assert entry["allowed"] == ["void"]
    read = people("employee").get(f"/ledger/{entry['id']}")
    assert (read.headers["ETag"], read.get_json()["allowed"]) == ('"1"', ["acknowledge", "question"])


def test_a_file_comes_back_as_it_was_and_runs_nowhere(people: People, entry: dict[str, Any]) -> None:
    (digest,) = entry["evidence"]
    answer = people("employee").get(f"/evidence/{digest}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    for who, address in (("hr", digest), ("nobody", digest), ("recorder", "0" * 64), ("recorder", "x")):
        assert code_of(people(who).get(f"/evidence/{address}")) == "not_found"


def test_a_question_is_answered_and_the_entry_voided(people: People, entry: dict[str, Any]) -> None:
    recorder, employee = people("recorder"), people("employee")
    asked = move(employee, entry, "question", "当天我在休假").get_json()
    assert (asked["state"], asked["question"], asked["allowed"]) == ("questioned", "当天我在休假", [])
    assert move(recorder, entry, "answer", "请看录音").get_json()["state"] == "answered"
    assert move(employee, entry, "acknowledge").get_json()["acknowledged_at"] is not None
    gone = move(recorder, entry, "void", "记错了人").get_json()
    assert (gone["state"], gone["void_reason"], gone["counted"], gone["allowed"]) == ("void", "记错了人", False, [])


def test_refusals_come_in_their_order(people: People, entry: dict[str, Any]) -> None:
    recorder, address = people("recorder"), f"/ledger/{entry['id']}/transitions"
    void = {"trigger": "void", "reason": "记错了人"}
    assert code_of(people("hr").post(address, void, version=1)) == "not_found"
    assert code_of(people("admin").post(address, void, version=1)) == "forbidden"
    assert code_of(people("employee").post(address, void, version=1)) == "forbidden"
    assert code_of(recorder.post(address, void)) == "version_required"
    assert code_of(recorder.post(address, {"trigger": "dance"}, version=1)) == "invalid"
    assert code_of(recorder.post(address, {"trigger": "drop"}, version=1)) == "invalid"
    assert code_of(recorder.post(address, {"trigger": "void"}, version=1)) == "invalid"
    assert code_of(recorder.post(address, {"trigger": 1}, version=1)) == "invalid"
    assert code_of(recorder.post(address, {"trigger": "answer", "reason": "好"}, version=1)) == "wrong_state"
    assert code_of(recorder.post(address, void, version=9)) == "stale"
    assert code_of(people("employee").post("/ledger", ENTRY)) == "forbidden"
    assert code_of(recorder.post("/ledger", {**ENTRY, "item": "floor"})) == "forbidden"
    assert code_of(recorder.post("/ledger", {**ENTRY, "colour": "red"})) == "invalid"


def test_one_key_records_once(people: People) -> None:
    recorder = people("recorder")
    first, again = (recorder.post("/ledger", ENTRY, key="record-once") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json()["id"] == again.get_json()["id"]
    files = [hand_in(recorder, b"%PDF-1.7 once", key="file-once") for _ in range(2)]
    assert [answer.status_code for answer in files] == [201, 201]
    assert files[1].headers["Idempotency-Replayed"] == "true"
    assert code_of(hand_in(recorder, b"%PDF-1.7 other", key="file-once")) == "key_reused"


def test_lists_are_paged_and_narrowed(people: People, entry: dict[str, Any]) -> None:
    recorder = people("recorder")
    recorder.post("/ledger", {**ENTRY, "on": "2026-10-13"})
    first = recorder.get("/ledger?per_page=1&subject=E101")
    second = recorder.get(f"/ledger?per_page=1&subject=E101&after={first.headers['X-Next']}")
    assert int(first.headers["X-Total"]) >= 2
    assert first.get_json()[0]["id"] != second.get_json()[0]["id"]
    assert entry["id"] in {row["id"] for row in people("employee").get("/ledger?mine=1").get_json()}
    assert people("hr").get("/ledger").get_json() == []
    assert code_of(recorder.get("/ledger?state=gone")) == "invalid"


def test_what_is_no_evidence_is_refused(app: Flask, people: People) -> None:
    recorder = people("recorder")
    assert code_of(hand_in(recorder, b"<script>", "x.html")) == "unsupported_media_type"
    assert code_of(hand_in(recorder, b"")) == "invalid"
    huge = b"0" * (app.config["MAX_CONTENT_LENGTH"] + 1)
    form = {"Content-Type": "multipart/form-data; boundary=part"}
    assert code_of(recorder.post("/evidence", raw=huge, headers=form)) == "too_large"
    assert code_of(hand_in(people("employee"))) == "forbidden"
    assert code_of(recorder.post("/evidence", {"file": "x"})) == "unsupported_media_type"
    empty = recorder.app.test_client().post(
        f"{PREFIX}/evidence",
        data={"other": (BytesIO(PDF), "x.pdf")},
        headers={"Authorization": f"Bearer {recorder.token}"},
    )
    assert code_of(empty) == "invalid"
