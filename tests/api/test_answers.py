"""What answers look like: shapes, versions, lists in parts, the language, the headers."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.api.conftest import People
from tests.support.api import PREFIX, Caller
from tests.support.world import World

SUMMARY = {
    "id", "number", "plan", "period", "scheme", "scheme_version", "subject", "subject_name", "unit", "unit_name",
    "state", "revision", "total", "provisional_total", "complete", "rank", "grade", "version",
}  # fmt: skip
DETAIL = SUMMARY | {"sections", "items", "missing", "signatures", "allowed", "flags", "vetoes", "ranked_in", "pay"}
RECORD = {
    "id", "index", "time", "event", "entity", "version", "actor", "role", "on_behalf_of", "reason", "changes",
    "request_id", "state", "erased",
}  # fmt: skip
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def test_a_card_has_the_shape_of_the_interface(people: People, card: str) -> None:
    preparer = people("preparer")
    (row,) = [each for each in preparer.get("/scorecards?per_page=200").get_json() if each["id"] == card]
    assert row.keys() == SUMMARY
    found = preparer.get(f"/scorecards/{card}").get_json()
    assert found.keys() == DETAIL
    assert {key: found[key] for key in ("total", "provisional_total", "rank")} == {
        "total": None, "provisional_total": "0.00", "rank": None,
    }  # fmt: skip
    assert found["sections"][0] == {"code": "qualitative", "title": "定性指标", "points": "0.00", "full": "40.00"}
    assert found["items"][0].keys() == {
        "code", "section", "title", "input", "points", "full", "weight", "basis", "note",
    }  # fmt: skip
    assert found["missing"][0] == {"item": "survey", "reason": "no_input", "text": "尚未录入"}
    assert found["allowed"] == ["prepare"]


def test_numbers_go_in_as_numbers_or_text_and_come_out_exact(people: People, card: str) -> None:
    preparer = people("preparer")
    raw = '{"input": {"value": 1.90, "baseline": "2.90", "reason": "首月"}}'.encode()
    found = preparer.patch(f"/scorecards/{card}/items/churn", raw=raw, version=1).get_json()
    item = next(each for each in found["items"] if each["code"] == "churn")
    assert item["input"] == {"value": "1.90", "baseline": "2.90", "reason": "首月"}
    assert item["points"] == "16.00"


def test_an_edit_answers_in_few_words_when_asked_to(people: People, card: str) -> None:
    answer = people("preparer").patch(
        f"/scorecards/{card}/items/survey",
        {"input": {"level": "良好"}, "note": "抽查"},
        version=1,
        headers={"Prefer": "return=minimal"},
    )
    assert answer.headers["Preference-Applied"] == "return=minimal"
    assert answer.headers["ETag"] == '"2"'
    body = answer.get_json()
    assert (body["version"], body["item"], body["provisional_total"]) == (
        2,
        {"code": "survey", "points": "3.00"},
        "3.00",
    )
    assert "items" not in body


def test_adjustments_are_entered_one_by_one_and_voided_with_a_reason(people: People) -> None:
    preparer = people("preparer")
    (card,) = preparer.get("/scorecards?plan=2026-10&subject=E101").get_json()
    path = f"/scorecards/{card['id']}/items/quality"
    entered = preparer.post(
        f"{path}/adjustments", {"on": "2026-10-12", "reason": "录入差错", "points": "-2"}, version=card["version"]
    )
    assert entered.status_code == 201
    item = next(each for each in entered.get_json()["items"] if each["code"] == "quality")
    entry = item["input"]["adjustments"][0]
    assert (entry["n"], entry["on"], entry["points"], entry["voided"]) == (1, "2026-10-12", "-2", False)
    version = entered.get_json()["version"]
    voided = preparer.post(f"{path}/adjustments/1/void", {"reason": "记错了人"}, version=version).get_json()
    item = next(each for each in voided["items"] if each["code"] == "quality")
    assert (item["input"]["adjustments"][0]["voided"], item["input"]["adjustments"][0]["void_reason"]) == (
        True,
        "记错了人",
    )
    nothing = preparer.patch(path, {"input": []}, version=voided["version"])
    assert nothing.status_code == 200
    wrong = preparer.post(
        f"{path}/adjustments",
        {"on": "2026-10-12", "reason": "差错", "points": "x"},
        version=nothing.get_json()["version"],
    )
    assert list(wrong.get_json()["errors"]) == ["points"]


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("preparer", "/plans/2026-10"),
        ("preparer", "/schemes/customer-department/versions/1"),
        ("preparer", "/people/E002"),
        ("preparer", "/units/market"),
    ],
)
def test_one_entity_carries_its_version(who: str, path: str, people: People) -> None:
    answer = people(who).get(path)
    assert answer.headers["ETag"] == f'"{answer.get_json()["version"]}"'


def test_a_list_is_read_in_parts(people: People) -> None:
    auditor = people("auditor")
    whole = [each["id"] for each in auditor.get("/scorecards?plan=2026-10&per_page=200").get_json()]
    parts, path = [], "/scorecards?plan=2026-10&per_page=3"
    while path:
        answer = auditor.get(path)
        parts += [each["id"] for each in answer.get_json()]
        assert answer.headers["X-Total"] == str(len(whole))
        link = re.fullmatch(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        assert bool(link) == ("X-Next" in answer.headers)
        address = urlsplit(link[1]) if link else None
        path = f"{address.path.removeprefix(PREFIX)}?{address.query}" if address else ""
    assert parts == whole
    assert len(whole) == 7


@pytest.mark.parametrize("sort", ["number", "-number", "total", "-total", "subject", "-subject", "id", "-id"])
def test_a_list_goes_on_in_every_order(sort: str, people: People) -> None:
    auditor = people("auditor")
    first = auditor.get(f"/scorecards?plan=2026-10&per_page=4&sort={sort}")
    rest = auditor.get(f"/scorecards?plan=2026-10&per_page=4&sort={sort}&after={first.headers['X-Next']}")
    assert len({each["id"] for each in first.get_json() + rest.get_json()}) == 7


def test_lists_are_narrowed(people: People) -> None:
    auditor = people("auditor")
    assert [each["unit"] for each in auditor.get("/scorecards?plan=2026-10&unit=east").get_json()] == ["east"]
    assert len(auditor.get("/scorecards?plan=2026-10&scheme=csr-card").get_json()) == 3
    assert auditor.get("/scorecards?plan=2026-10&state=published").get_json() == []
    assert auditor.get("/scorecards?mine=1").get_json() == []
    assert [each["code"] for each in people("hr").get("/people?unit=market").get_json()] == ["E002"]
    assert [each["code"] for each in auditor.get("/plans?period=2026-10&state=open").get_json()][-1] == "2026-10"


def test_the_record_is_searched(people: People, card: str) -> None:
    auditor = people("auditor")
    rows = auditor.get(f"/records?entity=scorecard:{card}").get_json()
    assert [row["event"] for row in rows] == ["scorecard.create"]
    assert rows[0].keys() == RECORD
    assert INSTANT.fullmatch(rows[0]["time"])
    assert auditor.get("/records?actor=preparer&from=2026-11-05&to=2026-11-05&entity=grant").get_json() == []
    times = [row["time"] for row in auditor.get("/records?from=2026-11-05T00:00:00Z&per_page=50").get_json()]
    assert times == sorted(times)
    assert {row["entity"].partition(":")[0] for row in people("operator").get("/records").get_json()} <= {
        "account",
        "grant",
    }


def test_an_address_above_the_record_is_not_told_to_others(people: People, card: str) -> None:
    assert people("market-preparer").get(f"/records?entity=scorecard:{card}").get_json() == []


def test_measurements_are_taken_in_and_listed(people: People) -> None:
    recorder = people("recorder")
    row = {"item": "churn", "subject": "customer", "period": "2026-09", "value": 2.9, "source": "客户系统"}
    answer = recorder.post("/measurements", [row])
    assert answer.status_code == 201
    assert answer.get_json()["results"][0]["value"] == "2.9"
    listed = recorder.get("/measurements?item=churn&period=2026-09").get_json()
    assert [(each["subject"], each["value"], each["source"]) for each in listed] == [("customer", "2.9", "客户系统")]
    wrong = recorder.post("/measurements", [row, {**row, "value": "x"}, {**row, "item": "growth"}])
    assert sorted(wrong.get_json()["errors"]) == ["[1].value", "[2].item"]


def test_a_scheme_is_loaded_signed_and_read(people: People) -> None:
    admin = people("admin")
    current = admin.get("/schemes/sales-department/versions/1").get_json()
    content = {**current["content"], "title": "销售部考核分值表(修订)"}
    made = admin.post("/schemes", content)
    assert made.status_code == 201, made.get_json()
    assert (made.get_json()["number"], made.get_json()["state"]) == (2, "draft")
    version = made.get_json()["version"]
    for who, trigger in (("admin", "prepare"), ("reviewer", "review"), ("approver", "approve")):
        path = "/schemes/sales-department/versions/2/transitions"
        moved = people(who).post(path, {"trigger": trigger}, version=version)
        version = moved.get_json()["version"]
    assert moved.get_json()["state"] == "approved"
    assert [each["meaning"] for each in moved.get_json()["signatures"]] == ["prepare", "review", "approve"]
    content["sections"][0]["items"][0]["rule"]["step"] = 0
    broken = admin.post("/schemes", {**content, "luck": 1})
    assert broken.status_code == 422
    assert broken.get_json()["errors"]


def test_people_units_and_grants_are_kept(people: People) -> None:
    hr, operator = people("hr"), people("operator")
    hr.post("/units", {"code": "north", "title": "华北办事处", "parent": "hq"})
    moved = hr.patch("/units/north", {"title": "北方办事处"}, version=1)
    assert (moved.get_json()["title"], moved.headers["ETag"]) == ("北方办事处", '"2"')
    appointed = hr.patch("/units/north", {"function": "head", "person": "E002", "starts_on": "2026-11-01"}, version=2)
    assert appointed.get_json()["head"] == "E002"
    assert list(hr.patch("/units/north", {"title": "x", "parent": None}, version=3).get_json()["errors"]) == [""]
    hr.post("/people", {"code": "E300", "name": "韩梅", "unit": "north", "since": "2026-10-01"})
    assert hr.patch("/people/E300", {"unit": "east", "since": "2026-11-01"}, version=1).get_json()["unit"] == "east"
    gone = hr.patch("/people/E300", {"last_day": "2026-11-03"}, version=2).get_json()
    assert (gone["active"], gone["until"]) == (False, "2026-11-03")
    given = operator.post(
        "/grants", {"username": "nobody", "role": "preparer", "unit": "north", "starts_on": "2026-11-01"}
    )
    assert (given.status_code, given.get_json()["unit"], given.get_json()["status"]) == (201, "north", "in_force")
    ended = operator.patch(f"/grants/{given.get_json()['id']}", {"ends_on": "2026-11-04"}, version=1)
    assert ended.get_json()["status"] == "ended"


def test_my_own_step_is_told_and_nothing_else(people: People) -> None:
    progress = people("employee").get("/me/progress").get_json()
    assert progress == [{"period": "2026-10", "plan": "2026-10 月度考核", "state": "draft"}]
    me = people("head").get("/me").get_json()
    assert (me["username"], me["person"], me["unit"]) == ("head", "E001", "customer")
    assert {"role": "preparer", "unit": "customer", "unit_name": "客户部", "items": []} in me["grants"]


def test_forms_and_workbooks_are_files(people: People, card: str) -> None:
    preparer = people("preparer")
    form = preparer.get(f"/scorecards/{card}/form.pdf")
    assert (form.mimetype, form.get_data()[:5]) == ("application/pdf", b"%PDF-")
    assert preparer.get("/plans/2026-10/forms.pdf").get_data()[:5] == b"%PDF-"
    assert preparer.get("/plans/2026-10/export.xlsx").get_data()[:2] == b"PK"


def test_nothing_is_kept_on_the_way(people: People, card: str) -> None:
    answer = people("preparer").get(f"/scorecards/{card}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/json"


def test_health_is_told_to_anybody(app: Flask, world: World) -> None:  # noqa: ARG001 — the database is there
    client = app.test_client()
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["checks"]) == (
        200,
        {"database": True, "migrations": True, "log_key": True},
    )


def test_a_wrong_method_is_told_the_right_ones(app: Flask) -> None:
    answer = Caller(app).call("DELETE", "/tokens", headers={"Authorization": "Bearer x"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")
