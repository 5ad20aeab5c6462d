"""Every route × role × in and out of scope; a route that declares no policy fails."""

from collections.abc import Collection
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests.api.conftest import CUSTOMER, People
from tests.support.agents import move_plan
from tests.support.api import PREFIX, Caller, code_of, sign_in
from tests.support.objecting import object_to
from tests.support.proposals import propose
from tests.support.settable_clock import SettableClock
from tests.support.talking import hold, to_talk
from tests.support.world import ACCOUNTS, PASSWORD, World, bring_to, card_of, open_plan
from workflow.api.declaring import Access, declared_of
from workflow.models.accounts import RoleGrant
from workflow.models.database import db
from workflow.models.plans import Plan
from workflow.services.accounts.administer_accounts import NewAccount, create_account
from workflow.services.following import improve
from workflow.services.following.improve import NewImprovement
from workflow.services.importing import import_data
from workflow.services.importing.workbooks import write_table
from workflow.services.people import delegate
from workflow.services.people.give_level import NewLevel, give_level
from workflow.services.people.give_standing import NewStanding, give_standing
from workflow.services.plans.maintain_calendar import DayKind, add_day
from workflow.services.ranking.maintain_groups import create_group
from workflow.services.raters.ask_raters import ask_one
from workflow.services.recorders import evidence, ledger
from workflow.services.recorders.ledger import NewEntry
from workflow.services.reporting import write_reports
from workflow.services.scorecards.ask_question import ask
from workflow.services.unit_of_work import unit_of_work

EVERYBODY = frozenset(ACCOUNTS)
COMPANY_WIDE = frozenset({"admin", "auditor", "preparer", "reviewer", "approver", "reviewer-2", "approver-2", "triple"})
OF_PLANS = COMPANY_WIDE | {"head", "market-preparer"}  # they prepare a unit of the plan
OF_THE_DRAFT = frozenset({"admin", "auditor", "preparer", "triple", "head", "recorder"})
SEE_DRAFTS = frozenset({"admin", "auditor", "preparer", "triple", "head", "market-preparer"})
OF_THE_PREPARED = frozenset({"admin", "auditor", "preparer", "triple", "head", "reviewer", "reviewer-2"})
OF_ACTIONS = frozenset({"admin", "auditor", "hr", "head"})
OF_TALKS = frozenset({"admin", "auditor", "hr", "employee"})
OF_QUERIES = COMPANY_WIDE | {"head"}
OF_APPEALS = COMPANY_WIDE - {"preparer"} | {"head"}  # who made them is responsible for the unit
OF_PAY = frozenset({"admin", "auditor", "hr"})
OF_PEOPLE = COMPANY_WIDE | {"hr", "head", "market-preparer"}
EDITORS = frozenset({"preparer", "triple", "head", "recorder"})
OF_THE_ENTRY = frozenset({"admin", "auditor", "preparer", "triple", "recorder", "employee"})
OF_IMPORTS = frozenset({"admin", "auditor", "preparer", "triple", "recorder"})
OF_DELEGATION = frozenset({"admin", "auditor", "operator", "reviewer", "approver-2"})
NOBODY: frozenset[str] = frozenset()

# Writes carry no version and bodies that are not valid: who is permitted is told that, and nothing changes.
# method, path, who is let through, who sees the thing and is told that they may not; all others: it is not there.
TABLE: list[tuple[str, str, Collection[str], Collection[str]]] = [
    ("GET", "/me", EVERYBODY, NOBODY),
    ("GET", "/me/progress", EVERYBODY, NOBODY),
    ("GET", "/plans", EVERYBODY, NOBODY),
    ("POST", "/plans", {"admin"}, EVERYBODY),
    ("GET", "/plans/2026-10", OF_PLANS, NOBODY),
    ("POST", "/plans/2026-10/transitions", {"admin"}, OF_PLANS),
    ("POST", "/plans/2026-10/subjects", {"admin"}, OF_PLANS),
    ("GET", "/plans/2026-10/late", {"admin"}, OF_PLANS),
    ("POST", "/plans/2026-10/reminders", {"admin"}, OF_PLANS),
    ("GET", "/plans/2026-10/forms.pdf", SEE_DRAFTS, NOBODY),
    ("GET", "/plans/2026-10/export.xlsx", SEE_DRAFTS, NOBODY),
    ("GET", "/plans/2026-10/ranking", OF_PLANS, NOBODY),
    ("GET", "/plans/2026-10/report", NOBODY, NOBODY),  # nothing is published yet
    ("GET", "/reports", EVERYBODY, NOBODY),
    ("POST", "/reports", {"admin"}, EVERYBODY),
    ("GET", "/reports/{report}", {"admin", "auditor"}, NOBODY),  # a draft
    ("PATCH", "/reports/{report}", {"admin"}, {"auditor"}),
    ("POST", "/reports/{report}/remarks", {"admin"}, {"auditor"}),
    ("POST", "/reports/{report}/transitions", {"admin"}, {"auditor"}),
    ("GET", "/reports/{report}/form.pdf", {"admin", "auditor"}, NOBODY),
    ("GET", "/plans/2026-10/payroll", OF_PAY, NOBODY),
    ("GET", "/plans/2026-10/payroll/batches", OF_PAY, NOBODY),
    ("GET", "/plans/2026-10/payroll.xlsx", OF_PAY, NOBODY),
    ("POST", "/plans/2026-10/payroll/corrections", {"hr"}, OF_PAY),
    ("GET", "/bonus-bases", OF_PAY, EVERYBODY),
    ("POST", "/bonus-bases", {"hr"}, EVERYBODY),
    ("GET", "/actions", EVERYBODY, NOBODY),
    ("GET", "/actions/{action}", OF_ACTIONS, NOBODY),
    ("GET", "/actions/{action}/form.pdf", OF_ACTIONS, NOBODY),
    ("POST", "/actions/{action}/transitions", {"hr", "head"}, OF_ACTIONS),
    ("GET", "/interviews", EVERYBODY, NOBODY),
    ("GET", "/interviews/{interview}", OF_TALKS, NOBODY),
    ("POST", "/interviews/{interview}/transitions", {"hr"}, OF_TALKS),
    ("GET", "/improvements", EVERYBODY, NOBODY),
    ("POST", "/improvements", {"admin"}, EVERYBODY),
    ("GET", "/improvements/{improvement}", OF_ACTIONS, NOBODY),
    ("POST", "/improvements/{improvement}/transitions", {"hr"}, OF_ACTIONS),
    ("POST", "/scorecards/{published}/objections", {"head"}, COMPANY_WIDE | {"hr"}),
    ("GET", "/objections", EVERYBODY, NOBODY),
    ("GET", "/objections/{query}", OF_QUERIES, NOBODY),
    ("GET", "/objections/{appeal}", OF_APPEALS, NOBODY),
    ("POST", "/objections/{query}/transitions", OF_QUERIES - {"auditor", "head"}, OF_QUERIES),
    ("POST", "/objections/{appeal}/transitions", {"admin", "reviewer-2", "approver-2", "triple"}, OF_APPEALS),
    ("POST", "/objections/{appeal}/committee", {"admin"}, OF_APPEALS),
    (
        "POST",
        "/scorecards/{prepared}/questions",
        {"reviewer", "reviewer-2", "triple"},
        {"admin", "auditor", "preparer", "head"},
    ),
    ("GET", "/scorecards/{prepared}/questions", OF_THE_PREPARED, NOBODY),
    ("GET", "/questions/{question}", OF_THE_PREPARED - {"head"}, NOBODY),
    ("POST", "/questions/{question}/transitions", {"preparer", "triple"}, OF_THE_PREPARED - {"head"}),
    ("GET", "/calendar", EVERYBODY, NOBODY),
    ("POST", "/calendar", {"hr"}, EVERYBODY),
    ("GET", "/calendar/2027-01-01", EVERYBODY, NOBODY),
    ("PATCH", "/calendar/2027-01-01", {"hr"}, EVERYBODY),
    ("GET", "/ledger", EVERYBODY, NOBODY),
    ("POST", "/ledger", EDITORS | {"market-preparer"}, EVERYBODY),
    ("GET", "/ledger/{entry}", OF_THE_ENTRY, NOBODY),
    ("POST", "/ledger/{entry}/transitions", OF_THE_ENTRY - {"employee", "admin", "auditor"}, OF_THE_ENTRY),
    ("POST", "/evidence", EDITORS | {"market-preparer", "admin", "hr"}, EVERYBODY),
    ("GET", "/evidence/{file}", OF_THE_ENTRY, NOBODY),
    ("GET", "/imports", EVERYBODY, NOBODY),
    ("POST", "/imports", EDITORS | {"market-preparer", "admin", "hr"}, EVERYBODY),
    ("GET", "/imports/{import}", OF_IMPORTS, NOBODY),
    ("POST", "/imports/{import}/transitions", OF_IMPORTS - {"auditor"}, OF_IMPORTS),
    ("GET", "/ratings", EVERYBODY, NOBODY),
    ("POST", "/ratings", EVERYBODY, NOBODY),
    ("POST", "/ratings/{rating}/transitions", {"admin"}, {"employee"}),
    ("GET", "/plans/2026-10/raters", {"admin"}, OF_PLANS),
    ("POST", "/plans/2026-10/raters", {"admin"}, OF_PLANS),
    ("GET", "/plans/2026-10/raters/progress", {"admin"}, OF_PLANS),
    ("POST", "/plans/2026-10/raters/revocations", {"admin"}, OF_PLANS),
    ("GET", "/scorecards", EVERYBODY, NOBODY),
    ("GET", "/scorecards/{card}", OF_THE_DRAFT, NOBODY),
    ("GET", "/scorecards/{card}/records", OF_THE_DRAFT, NOBODY),
    ("GET", "/scorecards/{card}/form.pdf", OF_THE_DRAFT - {"recorder"}, {"recorder"}),
    ("GET", "/scorecards/{card}/receipt", OF_THE_DRAFT, NOBODY),
    ("PATCH", "/scorecards/{card}/items/churn", EDITORS, OF_THE_DRAFT),
    ("PATCH", "/scorecards/{card}/items/survey", EDITORS - {"recorder"}, OF_THE_DRAFT - {"recorder"}),
    ("POST", "/scorecards/{card}/items/churn/adjustments", EDITORS, OF_THE_DRAFT),
    ("POST", "/scorecards/{card}/items/churn/adjustments/1/void", EDITORS, OF_THE_DRAFT),
    ("POST", "/scorecards/{card}/vetoes", EDITORS - {"recorder"}, OF_THE_DRAFT - {"recorder"}),
    ("POST", "/scorecards/{card}/vetoes/fraud/lift", EDITORS - {"recorder"}, OF_THE_DRAFT - {"recorder"}),
    ("POST", "/scorecards/{card}/transitions", {"preparer", "triple"}, OF_THE_DRAFT),
    ("POST", "/scorecards/{card}/acknowledgement", {"head"}, OF_THE_DRAFT),
    ("POST", "/edits", EVERYBODY, NOBODY),
    ("POST", "/transitions", EVERYBODY, NOBODY),
    ("GET", "/records", EVERYBODY, NOBODY),
    ("GET", "/records/0/proof", EVERYBODY, NOBODY),
    (
        "GET",
        "/measurements",
        {"admin", "auditor", "preparer", "recorder", "triple", "head", "market-preparer"},
        EVERYBODY,
    ),
    ("POST", "/measurements", {"admin", "preparer", "recorder", "triple", "head", "market-preparer"}, EVERYBODY),
    ("GET", "/rates", COMPANY_WIDE | {"hr", "head", "market-preparer"}, EVERYBODY),
    ("POST", "/rates", {"admin"}, EVERYBODY),
    ("GET", "/portfolio", EVERYBODY, NOBODY),
    ("GET", "/portfolio/growth", EVERYBODY, NOBODY),
    ("POST", "/portfolio", {"admin", "preparer", "triple", "head", "market-preparer"}, EVERYBODY),
    ("GET", "/schemes", OF_PLANS, EVERYBODY),
    ("POST", "/schemes", {"admin"}, EVERYBODY),
    ("GET", "/schemes/customer-department/versions/1", OF_PLANS, NOBODY),
    ("POST", "/schemes/customer-department/versions/1/transitions", {"admin"}, OF_PLANS),
    ("POST", "/schemes/customer-department/versions/1/backtest", {"admin"}, OF_PLANS),
    ("GET", "/people", EVERYBODY, NOBODY),
    ("POST", "/people", {"hr"}, EVERYBODY),
    ("GET", "/people/E002", OF_PEOPLE - {"head"}, NOBODY),
    ("GET", "/people/E002/erasure", {"admin"}, EVERYBODY),
    ("POST", "/people/E002/erasure", {"admin"}, EVERYBODY),
    ("PATCH", "/people/E002", {"hr"}, OF_PEOPLE - {"head"}),
    ("GET", "/units", EVERYBODY, NOBODY),
    ("POST", "/units", {"hr"}, EVERYBODY),
    ("GET", "/units/market", (OF_PEOPLE | {"operator"}) - {"head"}, NOBODY),
    ("PATCH", "/units/market", {"hr"}, (OF_PEOPLE | {"operator"}) - {"head"}),
    ("GET", "/groups", OF_PEOPLE | {"operator"}, EVERYBODY),
    ("POST", "/groups", {"hr"}, EVERYBODY),
    ("GET", "/groups/rooms", OF_PEOPLE | {"operator"}, NOBODY),
    ("PATCH", "/groups/rooms", {"hr"}, OF_PEOPLE | {"operator"}),
    ("GET", "/standings", EVERYBODY, NOBODY),
    ("POST", "/standings", {"hr"}, EVERYBODY),
    ("GET", "/standings/{standing}", (OF_PEOPLE - {"head", "market-preparer"}) | {"employee"}, NOBODY),
    ("POST", "/standings/{standing}/transitions", {"hr"}, (OF_PEOPLE - {"head", "market-preparer"}) | {"employee"}),
    ("GET", "/levels", EVERYBODY, NOBODY),
    ("POST", "/levels", {"hr"}, EVERYBODY),
    ("GET", "/levels/{level}", (OF_PEOPLE - {"head", "market-preparer"}) | {"employee"}, NOBODY),
    ("POST", "/levels/{level}/transitions", {"hr"}, (OF_PEOPLE - {"head", "market-preparer"}) | {"employee"}),
    ("GET", "/delegates", EVERYBODY, NOBODY),
    ("POST", "/delegates", EVERYBODY, NOBODY),
    ("GET", "/delegates/grants", EVERYBODY, NOBODY),
    ("GET", "/delegates/{delegation}", OF_DELEGATION, NOBODY),
    ("POST", "/delegates/{delegation}/transitions", OF_DELEGATION - {"auditor", "operator"}, OF_DELEGATION),
    ("GET", "/grants", {"operator", "auditor"}, EVERYBODY),
    ("POST", "/grants", {"operator"}, EVERYBODY),
    ("GET", "/grants/{grant}", {"operator", "auditor"}, NOBODY),
    ("PATCH", "/grants/{grant}", {"operator"}, {"auditor"}),
]
OPEN_TO_ANYBODY = {("POST", f"{PREFIX}/tokens"), ("GET", f"{PREFIX}/openapi.json"), ("GET", f"{PREFIX}/docs")}
OPEN_TO_ANYBODY |= {("GET", f"{PREFIX}/records/checkpoint")}
TRIGGERS = {
    "/scorecards": "prepare",
    "/schemes": "prepare",
    "/ledger": "void",
    "/delegates": "end",
    "/improvements": "agree",
    "/interviews": "correct",
    "/ratings/": "revoke",
    "/questions": "answer",
    "/reports": "prepare",
    "/objections/{query}": "answer",
    "/objections/{appeal}": "accept",
}
"""The move that is asked for, where it is another than to close."""
PUBLISHED = [
    ("GET", "/scorecards/{card}", COMPANY_WIDE | {"hr", "head"}),
    ("GET", "/scorecards/{card}/records", COMPANY_WIDE | {"head"}),
    ("GET", "/scorecards/{card}/receipt", COMPANY_WIDE | {"head"}),
    ("GET", "/scorecards/{card}/form.pdf", COMPANY_WIDE | {"hr", "head"}),
    ("POST", "/scorecards/{card}/acknowledgement", {"head"}),
]


def let_through(code: str | None) -> bool:
    return code not in {"not_authenticated", "not_found", "forbidden"}


def send(who: Caller, method: str, path: str, place: str = "") -> str | None:
    trigger = next((name for start, name in TRIGGERS.items() if (place or path).startswith(start)), "close")
    body = {"trigger": trigger, "unknown": 1} if method in {"POST", "PATCH"} else None
    return code_of(who.call(method, path, body))


@pytest.fixture(scope="module")
def places(app: Flask, people: People, world: World, clock: SettableClock, published: str) -> dict[str, str]:
    """What stands in the addresses of the table: cards of 客户部, what was proposed and objected to, a grant, a group."""
    grant = people("operator").get("/grants?username=preparer").get_json()[0]["id"]
    with app.app_context():
        card = card_of("customer")
        create_group(world.actor("hr"), clock, "rooms", "服务室")
        add_day(world.actor("hr"), clock, date(2027, 1, 1), DayKind.HOLIDAY, "元旦")
        out = card_of("customer", "published")
        objections = {kind: object_to(world, clock, out, kind, None, "head").id for kind in ("query", "appeal")}
        found = {"card": card.id, "action": propose(card, clock).id, **enter_for("E101", world, clock), **objections}
        found["delegation"] = delegate_of(grant_of(world, "reviewer"), world, clock)
        found["interview"] = hold(world, clock, to_talk(world, clock, card_of("E101"))).id
        found["report"] = report_on("reported", world, clock)
        found["improvement"] = improve_for("customer", world, clock)
        file, found["entry"] = record_for("E101", world, clock)
        open_plan(world, clock, "asked", contents=CUSTOMER)
        prepared = bring_to(world, clock, card_of("customer", "asked"), "prepared")
        found["prepared"] = prepared.id
        found["question"] = ask(world.actor("reviewer"), clock, prepared.id, "数据来自哪份报表?").id
        found["import"] = bring_in(world, clock)
        found["rating"] = ask_for("E102", "E101", world, clock)
        return {
            "file": file,
            "grant": grant,
            "published": published,
            **{name: str(number) for name, number in found.items()},
        }


def grant_of(world: World, username: str) -> int:
    """The id of somebody's only grant."""
    query = select(RoleGrant.id).where(RoleGrant.account_id == world.accounts[username])
    return db.session.scalars(query).one()


def delegate_of(grant: int, world: World, clock: SettableClock) -> int:
    """Let the reviewer be acted for some day."""
    day = date(2027, 2, 1)
    new = delegate.NewDelegation(grant, "approver-2", day, day)
    return delegate.delegate(world.actor("reviewer"), clock, new).id


def record_for(person: str, world: World, clock: SettableClock) -> tuple[str, int]:
    """Record a deduction with a file; gives the file's hash and the entry's id."""
    recorder = world.actor("recorder")
    file = evidence.add(recorder, clock, "质检单.pdf", b"%PDF-1.7").hash
    told = {"on": "2026-10-12", "points": "-1", "reason": "未核对身份", "evidence": [file]}
    return file, ledger.record(recorder, clock, NewEntry(person, "quality", told), today=date(2026, 11, 5)).id


def bring_in(world: World, clock: SettableClock) -> int:
    """Upload measurements as a recorder; gives the import's id."""
    headings, row = ("指标编码", "对象编码", "期间", "数值"), ("churn", "customer", "2026-10", "1")
    file = write_table(headings, [row])
    return import_data.upload(world.actor("recorder"), clock, "measurements", "十月.xlsx", file).id


def report_on(code: str, world: World, clock: SettableClock) -> int:
    """Publish a plan and draft its report; gives the report's id."""
    open_plan(world, clock, code, contents=CUSTOMER)
    bring_to(world, clock, card_of("customer", code), "approved")
    for trigger in ("close", "publish"):
        move_plan(world, clock, code, trigger)
    return write_reports.draft(world.actor("admin"), clock, code).id


def improve_for(unit: str, world: World, clock: SettableClock) -> int:
    """Draft an improvement plan; gives its id."""
    new = NewImprovement(unit, "churn", "流失偏多", "逐户回访", "E001", date(2026, 12, 31))
    return improve.propose(world.actor("admin"), clock, new, today=clock().date()).id


def ask_for(subject: str, rater: str, world: World, clock: SettableClock) -> int:
    """Ask somebody to rate somebody else; gives the rating's id."""
    card = card_of(subject)
    with unit_of_work(world.actor("admin"), clock) as work:
        return ask_one(work, db.session.get_one(Plan, card.plan_id), card, "peer", world.people[rater].id, "hand").id


def enter_for(person: str, world: World, clock: SettableClock) -> dict[str, int]:
    """Enter a standing and a level; gives their ids."""
    day, hr = clock().date(), world.actor("hr")
    standing = give_standing(hr, clock, NewStanding(person, "leave", day, day, "年休假"))
    level = give_level(hr, clock, NewLevel(person, "初级", "decision", day, reason="按人事档案"))
    return {"standing": standing.id, "level": level.id}


@pytest.fixture(scope="module")
def published(app: Flask, world: World, clock: SettableClock) -> str:
    """The id of a published 客户部 card."""
    with app.app_context():
        open_plan(world, clock, "published", contents=CUSTOMER)
        return str(bring_to(world, clock, card_of("customer", "published"), "published").id)


@pytest.mark.parametrize(("method", "path", "permitted", "refused"), TABLE, ids=[f"{row[0]} {row[1]}" for row in TABLE])
def test_who_is_let_through(
    method: str, path: str, permitted: Collection[str], refused: Collection[str], people: People, places: dict[str, str]
) -> None:
    address = path.format(**places)
    answers = {username: send(people(username), method, address, path) for username in ACCOUNTS}
    assert {username for username, code in answers.items() if let_through(code)} == set(permitted)
    assert {username for username, code in answers.items() if code == "forbidden"} == set(refused) - set(permitted)


def test_nobody_without_a_token_is_let_in(app: Flask, places: dict[str, str]) -> None:
    answers = {(method, path): send(Caller(app), method, path.format(**places)) for method, path, *_ in TABLE}
    assert {place for place, code in answers.items() if code != "not_authenticated"} == set()


def test_a_first_password_opens_nothing_but_me(
    app: Flask, world: World, clock: SettableClock, places: dict[str, str]
) -> None:
    with app.app_context():
        create_account(world.actor("operator"), clock, NewAccount("newcomer", "新人"), PASSWORD)
    newcomer = sign_in(app, "newcomer")
    answers = {(method, path): send(newcomer, method, path.format(**places)) for method, path, *_ in TABLE}
    assert {place for place, code in answers.items() if code != "forbidden"} == {("GET", "/me")}
    assert newcomer.get("/me").get_json()["must_change_password"] is True


def test_every_route_declares_its_policy_and_stands_in_the_table(app: Flask) -> None:
    known = {(method, rule_of(app, method, path)) for method, path, *_ in TABLE}
    found = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(PREFIX) and not rule.endpoint.startswith("api-nowhere."):
            open_to_anybody = declared_of(app.view_functions[rule.endpoint]).policy is Access.ANYBODY
            places = {(method, rule.rule) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
            assert not open_to_anybody or places <= OPEN_TO_ANYBODY
            found |= places
    assert found == known | OPEN_TO_ANYBODY


@pytest.mark.parametrize(("method", "path", "permitted"), PUBLISHED)
def test_who_is_let_through_to_a_published_card(
    method: str, path: str, permitted: Collection[str], people: People, published: str
) -> None:
    answers = {username: send(people(username), method, path.format(card=published)) for username in ACCOUNTS}
    assert {username for username, code in answers.items() if let_through(code)} == set(permitted)


def test_what_is_not_seen_does_not_exist(people: People, places: dict[str, str]) -> None:
    hidden = people("market-preparer").get(f"/scorecards/{places['card']}")
    absent = people("market-preparer").get("/scorecards/123")
    assert hidden.get_data() == absent.get_data()


def rule_of(app: Flask, method: str, path: str) -> str:
    """The rule by which an address of the table is found."""
    rule, _ = app.url_map.bind("localhost").match(PREFIX + path, method=method, return_rule=True)
    return rule.rule
