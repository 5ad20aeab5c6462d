"""Pay over the interface: on one's own card, in the payroll of a plan, and to nobody else."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from tests.support.agents import fill_month, hire, make_final, newest, publish_month, revise
from tests.support.api import Caller, sign_in
from tests.support.settable_clock import SettableClock
from tests.support.world import ACCOUNTS, World
from workflow.services.people import maintain_people

MONTH = "2026-08"
NEXT = "2026-09"
PAYROLL = f"/plans/{MONTH}/payroll"
READERS = frozenset({"admin", "auditor", "hr"})


@pytest.fixture(scope="module")
def cards(app: Flask, world: World, clock: SettableClock) -> dict[str, str]:
    """August final, with a revision of E102 afterwards; September published and not final. Gives the cards of E101 by month."""
    with app.app_context():
        hire(world, 4)
        maintain_people.rename_person(world.actor("hr"), clock, "E104", name="=1+1", seen_version=1)
        fill_month(world, clock, MONTH, {"E101": 110, "E102": 95})
        publish_month(world, clock, MONTH)
        make_final(world, clock, MONTH)
        revise(world, clock, MONTH, "E102", 3)
        fill_month(world, clock, NEXT, {"E101": 90})
        publish_month(world, clock, NEXT)
        return {period: str(newest(period, "E101").id) for period in (MONTH, NEXT)}


def pay(who: Caller, card: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = who.get(f"/scorecards/{card}").get_json()["pay"]
    return found


def test_a_card_shows_what_it_pays_and_how(app: Flask, cards: dict[str, str]) -> None:
    found = pay(sign_in(app, "hr"), cards[MONTH])
    assert found is not None
    assert (found["batch"], found["bonus"], found["total"], found["missing"]) == (1, "3300.00", "3300.00", [])
    assert "base" not in found  # the scheme knows no wage
    assert [step["text"] for step in found["basis"]] == ["绩效奖金:3000 × 110 ÷ 100 = 3300.00 元"]


def test_before_the_plan_is_final_it_stands_in_no_batch(app: Flask, cards: dict[str, str]) -> None:
    found = pay(sign_in(app, "employee"), cards[NEXT])
    assert found is not None
    assert (found["batch"], found["total"]) == (None, "2700.00")


def test_who_sees_the_card_sees_its_pay_only_by_role_or_as_the_person(app: Flask, cards: dict[str, str]) -> None:
    seen = {}
    for username in ACCOUNTS:
        answer = sign_in(app, username).get(f"/scorecards/{cards[MONTH]}").get_json()
        if "id" in answer:
            seen[username] = answer["pay"] is not None
    assert {username for username, shown in seen.items() if shown} == READERS | {"employee"}
    assert {"preparer", "reviewer", "approver"} <= seen.keys()


@pytest.mark.usefixtures("cards")
def test_the_payroll_lists_the_frozen_lines_and_then_the_differences(app: Flask) -> None:
    hr = sign_in(app, "hr")
    told = [(row["batch"], row["subject"], row["total"], row["to_pay"]) for row in hr.get(PAYROLL).get_json()]
    assert told == [
        (1, "E101", "3300.00", "3300.00"),
        (1, "E102", "2850.00", "2850.00"),
        (1, "E103", "3000.00", "3000.00"),
        (1, "E104", "3000.00", "3000.00"),
        (2, "E102", "2940.00", "90.00"),
    ]
    (line,) = hr.get(f"{PAYROLL}?batch=2").get_json()
    assert (line["before"], line["difference"], line["revision"], line["points"]) == ("2850.00", "90.00", 1, "98")
    assert line["basis"][0]["text"] == "绩效奖金:3000 × 98 ÷ 100 = 2940.00 元"


@pytest.mark.usefixtures("cards")
def test_a_long_payroll_comes_in_parts(app: Flask) -> None:
    hr = sign_in(app, "hr")
    first = hr.get(f"{PAYROLL}?per_page=3")
    rest = hr.get(f"{PAYROLL}?per_page=3&after={first.headers['X-Next']}")
    assert (first.headers["X-Total"], len(first.get_json()), len(rest.get_json())) == ("5", 3, 2)
    assert "X-Next" not in rest.headers


@pytest.mark.usefixtures("cards")
def test_the_batches_with_their_sums(app: Flask) -> None:
    answer = sign_in(app, "auditor").get(f"{PAYROLL}/batches").get_json()
    assert [(each["number"], each["lines"], each["without_amount"], each["to_pay"]) for each in answer["batches"]] == [
        (1, 4, 0, "12150.00"),
        (2, 1, 0, "90.00"),
    ]
    assert sign_in(app, "hr").get(f"/plans/{NEXT}/payroll/batches").get_json()["batches"] == []


@pytest.mark.usefixtures("cards")
def test_the_workbook_holds_every_line_and_no_formula(app: Flask) -> None:
    book = load_workbook(BytesIO(sign_in(app, "hr").get(f"{PAYROLL}.xlsx").get_data()))
    head, *rows = book.active.iter_rows(values_only=True)
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(line["批次"], line["工号"], line["本批应发"]) for line in lines][-2:] == [
        (1, "E104", 3000),
        (2, "E102", 90),
    ]
    assert lines[3]["姓名"] == "'=1+1"
    assert lines[0]["计算过程"] == "绩效奖金:3000 × 110 ÷ 100 = 3300.00 元"


@pytest.mark.usefixtures("cards")
@pytest.mark.parametrize("path", [PAYROLL, f"{PAYROLL}/batches", f"{PAYROLL}.xlsx"])
def test_the_payroll_is_there_for_nobody_else(app: Flask, path: str) -> None:
    statuses = {username: sign_in(app, username).get(path).status_code for username in ACCOUNTS}
    assert {username for username, status in statuses.items() if status == 200} == READERS
    assert {status for username, status in statuses.items() if username not in READERS} == {404}


@pytest.mark.usefixtures("cards")
def test_the_record_of_pay_is_read_by_administrator_and_auditor(app: Flask) -> None:
    for kind in ("payroll", "bonus-base"):
        sign_in(app, "hr").post(
            "/bonus-bases", {"person": "E103", "amount": "2500", "since": "2026-01-01", "reason": "核定"}
        )
        readers = {
            username for username in ACCOUNTS if sign_in(app, username).get(f"/records?entity={kind}").get_json()
        }
        assert readers == {"admin", "auditor"}


@pytest.mark.usefixtures("cards")
def test_hr_records_bonus_bases_and_asks_for_what_they_change(app: Flask) -> None:
    hr = sign_in(app, "hr")
    made = hr.post("/bonus-bases", {"person": "E102", "amount": "2500.50", "since": "2026-01-01", "reason": "入职核定"})
    assert (made.status_code, made.get_json()["amount"]) == (201, "2500.50")
    (listed,) = sign_in(app, "admin").get("/bonus-bases?person=E102").get_json()
    assert (listed["person_name"], listed["since"], listed["reason"]) == ("冯涛", "2026-01-01", "入职核定")
    # the scheme has one base for all, so nothing differs
    assert hr.post(f"{PAYROLL}/corrections").get_json() == {"batch": None}
    wrong = hr.post("/bonus-bases", {"person": "E999", "amount": "-1", "since": "2026-01-01", "reason": "核定"})
    assert set(wrong.get_json()["errors"]) == {"person", "amount"}
