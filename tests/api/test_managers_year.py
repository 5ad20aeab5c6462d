"""A bank manager's year over the interface: two currencies, five customers and a benefit wage, against a worked sheet.

The portfolio of E002 in 2026, as it is told to the product on the first day:

| customer | looked after | part     | base       | growth    | months | base counted | growth counted |
|----------|--------------|----------|------------|-----------|--------|--------------|----------------|
| C1       | all year     | interest | 120000     | 12000     | 12     | 120000       | 12000          |
| C2       | all year     | deposit  | 60000      | 6000      | 12     | 60000        | 6000           |
| C3       | all year     | fee      | 10000 USD  | 1000 USD  | 12     | 10000 USD    | 1000 USD       |
| C4       | from 1 July  | interest | 48000      | 0         | 6      | 24000        | 0              |
| C5       | to 31 March  | fee      | 24000      | 2400      | 3      | 6000         | 600            |
| himself  |              | deposit  |            | 4000      |        |              | 4000           |

In CNY 120000 + 60000 + 24000 + 6000 = 210000 of base and 12000 + 6000 + 600 + 4000 = 22600 of growth: 232600; in dollars
11000 at the rate of the month's last day. Points are 80 × the actual since January ÷ target; the wage is 0.02 × the month's.
"""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.api.conftest import People
from tests.support.managers import MANAGER, employ_manager
from tests.support.settable_clock import SettableClock
from tests.support.world import PASSWORD, World
from workflow.scoring.periods import Period
from workflow.services.paying import pay
from workflow.services.record import verify_records
from workflow.services.scorecards import cards

RATES = {"2026-01-01": "7.00", "2026-04-01": "7.10", "2026-07-15": "7.20", "2026-10-01": "6.90", "2026-12-20": "7.05"}


class Sheet(NamedTuple):
    """One line of the worked sheet."""

    month: str
    interest: str
    deposit: str
    fee: str
    dollars: str
    earned: str  # in CNY: 10000 + 5000 + 2000 + 800 × 7.00 in January
    so_far: str
    target: str  # 232600 + 11000 × rate
    points: str
    total: str  # with 18 for the management part, at most 100
    wage: str


WORKED = [
    Sheet("2026-01", "10000", "5000", "2000", "800", "22600", "22600", "309600", "5.84", "23.84", "452.00"),
    Sheet("2026-02", "11000", "5000", "2000", "900", "24300", "46900", "309600", "12.12", "30.12", "486.00"),
    Sheet("2026-03", "12000", "6000", "2500", "1000", "27500", "74400", "309600", "19.22", "37.22", "550.00"),
    Sheet("2026-04", "10000", "5500", "0", "1000", "22600", "97000", "310700", "24.98", "42.98", "452.00"),
    Sheet("2026-05", "9000", "5500", "0", "900", "20890", "117890", "310700", "30.35", "48.35", "417.80"),
    Sheet("2026-06", "13000", "6000", "0", "1100", "26810", "144700", "310700", "37.26", "55.26", "536.20"),
    Sheet("2026-07", "14000", "6000", "0", "1000", "27200", "171900", "311800", "44.11", "62.11", "544.00"),
    Sheet("2026-08", "14500", "6500", "0", "1050", "28560", "200460", "311800", "51.43", "69.43", "571.20"),
    Sheet("2026-09", "15000", "6500", "0", "950", "28340", "228800", "311800", "58.70", "76.70", "566.80"),
    Sheet("2026-10", "14000", "7000", "0", "1000", "27900", "256700", "308500", "66.57", "84.57", "558.00"),
    Sheet("2026-11", "15500", "7000", "0", "1200", "30780", "287480", "308500", "74.55", "92.55", "615.60"),
    Sheet("2026-12", "16000", "8000", "0", "1300", "33165", "320645", "310150", "82.71", "100.00", "663.30"),
]
SIGNERS = (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"))


def done(answer: TestResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def held(code: str, part: str, base: str, growth: str, **more: Any) -> dict[str, Any]:
    told = {"customer": code, "name": f"客户{code}", "manager": MANAGER, "starts_on": "2026-01-01", "year": 2026}
    return {**told, "part": part, "base": base, "growth": growth, **more}


PORTFOLIO = [
    held("C1", "interest", "120000", "12000"),
    held("C2", "deposit", "60000", "6000"),
    held("C3", "fee", "10000", "1000", currency="USD"),
    held("C4", "interest", "48000", "0", starts_on="2026-07-01"),
    held("C5", "fee", "24000", "2400", ends_on="2026-03-31"),
    {"manager": MANAGER, "year": 2026, "part": "deposit", "growth": "4000"},
]


@pytest.fixture(scope="module")
def told(app: Flask, world: World, clock: SettableClock, people: People) -> People:
    """The scheme is signed; rates, portfolio and the manager's level are told."""
    with app.app_context():
        employ_manager(world, clock)
    for day, rate in RATES.items():
        entered = {"currency": "USD", "starts_on": day, "rate": rate, "source": "外汇牌价"}
        done(people("admin").post("/rates", entered), 201)
    level = {"person": MANAGER, "level": "中级", "way": "decision", "starts_on": "2026-01-01", "reason": "年度聘任"}
    done(people("hr").post("/levels", level), 201)
    assert done(people("preparer").post("/portfolio", PORTFOLIO), 201) == {"rows": 6}
    return people


def open_month(people: People, month: str) -> str:
    """Open the month; gives the id of the manager's card."""
    contents = [{"scheme": "account-manager-profit", "units": ["market"]}]
    plan = {"code": f"bank-{month}", "title": f"{month} 效益考核", "period": month, "contents": contents}
    version = done(people("admin").post("/plans", plan), 201)["version"]
    done(people("admin").post(f"/plans/{plan['code']}/transitions", {"trigger": "open"}, version=version))
    return str(done(people("admin").get(f"/scorecards?plan={plan['code']}"))[0]["id"])


def put_in(people: People, card_id: str, code: str, entered: dict[str, Any]) -> dict[str, Any]:
    version = done(people("preparer").get(f"/scorecards/{card_id}"))["version"]
    path = f"/scorecards/{card_id}/items/{code}"
    card: dict[str, Any] = done(people("preparer").patch(path, {"input": entered}, version=version))
    return card


def sign(people: People, card_id: str) -> None:
    for username, trigger in SIGNERS:
        version = done(people(username).get(f"/scorecards/{card_id}"))["version"] if trigger == "prepare" else None
        version = version or done(people("admin").get(f"/scorecards/{card_id}"))["version"]
        asked = {"trigger": trigger, "password": PASSWORD}
        done(people(username).post(f"/scorecards/{card_id}/transitions", asked, version=version))


def actuals(line: Sheet) -> dict[str, Any]:
    dollars = {"amount": line.dollars, "currency": "USD"}
    return {
        "interest": {"actual": [line.interest]},
        "deposit": {"actual": [line.deposit]},
        "fee": {"actual": [line.fee, dollars]},
    }


def steps(card: dict[str, Any], step: str) -> list[dict[str, Any]]:
    item = next(each for each in card["items"] if each["code"] == "profit")
    return [each["values"] for each in item["basis"] if each["step"] == step]


def wages_of(card_id: str, month: str) -> tuple[str, str]:
    """Base and benefit wage of the month, as payroll works them out from the approved card."""
    (paid,) = pay.pays_of(Period.parse(month), [cards.open_many([int(card_id)])[int(card_id)].card])
    parts = paid.settled.pay.parts
    return str(parts["base"]), str(parts["benefit"])


def test_the_year_agrees_with_the_worked_sheet(app: Flask, told: People) -> None:
    contributed: list[tuple[str, Decimal]] = []
    for line in WORKED:
        card_id = open_month(told, line.month)
        put_in(told, card_id, "management", {"points": "18", "reason": "按月评定"})
        card = put_in(told, card_id, "profit", {"parts": actuals(line)})
        contributed.append((line.month, Decimal(line.earned)))
        assert Decimal(steps(card, "target")[0]["target"]) == Decimal(line.target), line.month
        assert [(each["period"], Decimal(each["amount"])) for each in steps(card, "contribution")] == contributed
        assert Decimal(steps(card, "actual")[0]["actual"]) == Decimal(line.so_far)
        points = next(each["points"] for each in card["items"] if each["code"] == "profit")
        assert (points, card["total"]) == (line.points, line.total), line.month
        sign(told, card_id)
        with app.app_context():
            assert wages_of(card_id, line.month) == ("6000.00", line.wage), line.month
    with app.app_context():
        assert verify_records.verify().fault is None
    check_basis_of_july(told)


def check_basis_of_july(told: People) -> None:
    """The basis names rates and months."""
    (found,) = done(told("auditor").get("/scorecards?plan=bank-2026-07"))
    card = done(told("auditor").get(f"/scorecards/{found['id']}"))
    assert steps(card, "rate") == [
        {"how": "stored", "currency": "USD", "rate": "7.20", "on": "2026-07-15", "source": "外汇牌价"}
    ]
    assert steps(card, "share") == [
        {"year": "48000", "months": "6", "amount": "24000"},
        {"year": "26400", "months": "3", "amount": "6600"},
    ]


def test_a_manager_sees_the_portfolio_that_is_their_own(told: People) -> None:
    rows = done(told("auditor").get(f"/portfolio?manager={MANAGER}&year=2026"))
    assert [row["customer"] for row in rows] == ["C1", "C2", "C3", "C4", "C5"]
    assert rows[2]["figures"] == [{"part": "fee", "currency": "USD", "base": "10000", "growth": "1000"}]
    assert rows[4]["managers"] == [
        {"manager": MANAGER, "manager_name": "郑凯", "starts_on": "2026-01-01", "ends_on": "2026-03-31"}
    ]
    assert done(told("employee").get("/portfolio?year=2026")) == []
    assert done(told("auditor").get("/portfolio/growth?year=2026"))[0]["growth"] == "4000"


def test_a_rate_is_corrected_with_a_reason_and_stays_in_the_list(told: People) -> None:
    corrected = {"currency": "EUR", "starts_on": "2026-12-20", "rate": "7.86", "source": "外汇牌价"}
    done(told("admin").post("/rates", {**corrected, "rate": "7.85"}), 201)
    assert done(told("admin").post("/rates", corrected), 422)["errors"].keys() == {"reason"}
    done(told("admin").post("/rates", {**corrected, "reason": "抄录有误"}), 201)
    rows = done(told("hr").get("/rates?currency=EUR&per_page=2"))
    assert [(row["rate"], row["replaced"]) for row in rows] == [("7.86", False), ("7.85", True)]
    assert date.fromisoformat(rows[0]["starts_on"]) == date(2026, 12, 20)
