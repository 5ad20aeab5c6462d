"""Imports over the interface: a workbook is uploaded, checked row by row, applied, and taken back."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.api.conftest import People
from tests.support.api import PREFIX, Caller, code_of
from workflow.services.importing.workbooks import write_table

HEADINGS = ("工号", "姓名", "单位", "到岗日期")
STAFF = (("N001", "贺兰", "card-team", "2026-11-01"), ("E101", "吴霞", "card-team", ""))


def upload(who: Caller, kind: str, rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> TestResponse:
    form = {"kind": kind, "file": (BytesIO(write_table(headings, rows)), "名册.xlsx")}
    headers = {"Authorization": f"Bearer {who.token}"}
    return who.app.test_client().post(f"{PREFIX}/imports", data=form, headers=headers)


def move(who: Caller, batch: dict[str, Any], trigger: str, **asked: Any) -> TestResponse:
    seen = who.get(f"/imports/{batch['id']}").get_json()["version"]
    return who.post(f"/imports/{batch['id']}/transitions", {"trigger": trigger, **asked}, version=seen)


@pytest.fixture
def batch(people: People) -> dict[str, Any]:
    """A list of staff that has just been uploaded."""
    answer = upload(people("hr"), "people", STAFF)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    made: dict[str, Any] = answer.get_json()
    return made


def test_a_file_is_uploaded_checked_applied_and_undone(people: People, batch: dict[str, Any]) -> None:
    assert (batch["state"], batch["file_name"], batch["version"], batch["allowed"]) == (
        "uploaded", "名册.xlsx", 1, ["validate"],
    )  # fmt: skip
    assert {"field": "code", "heading": "工号"} in batch["columns"]
    assert [(row["row"], row["outcome"]) for row in batch["rows"]] == [(2, "new"), (3, "same")]
    checked = move(people("hr"), batch, "validate").get_json()
    assert (checked["state"], checked["counts"]) == ("validated", {"new": 1, "changed": 0, "same": 1, "error": 0})
    assert code_of(people("hr").get("/people/N001")) == "not_found"
    assert move(people("hr"), batch, "apply").get_json()["state"] == "applied"
    assert people("hr").get("/people/N001").get_json()["name"] == "贺兰"
    undone = move(people("hr"), batch, "undo").get_json()
    assert (undone["state"], undone["allowed"]) == ("undone", [])
    assert people("hr").get("/imports").get_json()[0]["state"] == "undone"


def test_a_wrong_row_is_named_and_only_left_out_on_demand(people: People) -> None:
    batch = upload(
        people("hr"), "people", (("N002", "白露", "card-team", "2026-11-01"), ("N003", "", "nowhere", "2026-11-01"))
    ).get_json()
    read = people("hr").get(f"/imports/{batch['id']}?errors=1").get_json()
    (wrong,) = read["rows"]
    assert (wrong["row"], {each["path"] for each in wrong["errors"]}) == (3, {"name", "unit"})
    move(people("hr"), batch, "validate")
    refused = move(people("hr"), batch, "apply")
    assert refused.status_code == 422
    assert refused.get_json()["errors"].keys() == {"rows[3].name", "rows[3].unit"}
    assert move(people("hr"), batch, "apply", only_correct=True).get_json()["counts"]["error"] == 1


def test_columns_are_matched_by_hand_where_headings_are_not_known(people: People) -> None:
    batch = upload(people("hr"), "people", STAFF, ("甲", "乙", "丙", "丁")).get_json()
    refused = move(people("hr"), batch, "validate")
    assert refused.get_json()["errors"].keys() == {"columns.code", "columns.name", "columns.unit"}
    columns = [
        {"field": "code", "heading": "甲"},
        {"field": "name", "heading": "乙"},
        {"field": "unit", "heading": "丙"},
    ]
    checked = move(people("hr"), batch, "validate", columns=columns).get_json()
    assert (checked["state"], checked["columns"]) == ("validated", columns)


def test_what_is_no_workbook_or_no_kind_is_refused(app: Flask, people: People) -> None:
    assert code_of(upload(people("hr"), "cars", STAFF)) == "invalid"
    assert code_of(people("hr").post("/imports", {"kind": "people"})) == "unsupported_media_type"
    headers = {"Authorization": f"Bearer {people('hr').token}"}
    for form in ({"kind": "people", "file": "text"}, {"kind": "people", "file": (BytesIO(b"no workbook"), "x.xlsx")}):
        answer = app.test_client().post(
            f"{PREFIX}/imports", data=form, headers=headers, content_type="multipart/form-data"
        )
        assert code_of(answer) == "invalid"


def test_who_may_not_bring_staff_in_is_told_so(people: People) -> None:
    assert code_of(upload(people("recorder"), "people", STAFF)) == "forbidden"
