"""Every page × role: who is let through, who is told that they may not, and that nobody sees one without signing in."""

import re
from collections.abc import Collection, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.application import make_settings, running_app
from tests.support.reader import TOKEN
from tests.support.settable_clock import SettableClock
from tests.support.storage_fixtures import BOTH_KINDS
from tests.support.stories import Stories, october_open
from tests.support.world import ACCOUNTS, PASSWORD

OPEN = {"session.login", "session.sign_in", "session.logout", "session.set_language"}
"""Pages for whoever comes."""

EVERYBODY = frozenset(ACCOUNTS)
COMPANY_WIDE = frozenset({"admin", "auditor", "preparer", "reviewer", "approver", "reviewer-2", "approver-2", "triple"})
SIGN_OR_CHECK = COMPANY_WIDE | {"head", "market-preparer"}
SEE_PEOPLE = SIGN_OR_CHECK | {"hr"}
TABLE: list[tuple[str, Collection[str], int]] = [
    ("/cards", EVERYBODY, 200),
    ("/inbox", EVERYBODY, 200),
    ("/me", EVERYBODY, 200),
    ("/objections", EVERYBODY, 200),
    ("/one-time-code", EVERYBODY, 200),
    ("/objections/1", (), 404),
    ("/record", EVERYBODY, 200),
    ("/ledger", EVERYBODY, 200),
    ("/ledger/people", EVERYBODY, 200),
    ("/me/ledger", EVERYBODY, 200),
    ("/ratings", EVERYBODY, 200),
    ("/ratings/2026-10/csr-card/peer", (), 404),
    ("/manage/plans", EVERYBODY, 200),
    ("/manage/plans/2026-10", SIGN_OR_CHECK, 404),
    ("/manage/schemes", SIGN_OR_CHECK, 403),
    ("/manage/groups", SEE_PEOPLE | {"operator"}, 403),
    ("/manage/grants", {"operator", "auditor"}, 403),
    ("/manage/calendar", EVERYBODY, 200),
    ("/manage/rates", SIGN_OR_CHECK | {"hr"}, 403),
    ("/manage/portfolios", EVERYBODY, 200),
    ("/manage/delegates", EVERYBODY, 200),
    ("/results/report", SEE_PEOPLE, 302),  # to the reports that they may read
    ("/results/reports", EVERYBODY, 200),
    ("/results/reports/1", (), 404),
    ("/results/interviews", EVERYBODY, 200),
    ("/results/improvements", EVERYBODY, 200),
    ("/results/improvements/new", {"admin"}, 403),
    ("/results/improvements/1", (), 404),
    ("/results/payroll", {"admin", "auditor", "hr"}, 403),
    ("/manage/people/E101", (SEE_PEOPLE - {"head", "market-preparer"}) | {"employee"}, 404),
    ("/manage/people/E101/erasure", {"admin"}, 403),
    ("/grid/2026-10/customer", {"admin", "auditor", "preparer", "triple", "head", "recorder"}, 404),
    ("/grid/2026-10/market", {"admin", "auditor", "preparer", "triple", "market-preparer"}, 404),
]
"""Address, who is let through, and what all others are answered."""


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    """The time of the module's application."""
    return SettableClock()


@pytest.fixture(scope="module", params=BOTH_KINDS)
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clock: SettableClock
) -> Iterator[Flask]:
    """The application with the small company and an open plan, on both kinds of database."""
    stories: Stories = request.getfixturevalue(f"{request.param}_stories")
    with (
        stories.after(october_open, clock) as database,
        running_app(make_settings(database, tmp_path_factory.mktemp("instance")), clock) as application,
    ):
        yield application


@pytest.fixture(scope="module")
def readers(app: Flask) -> dict[str, FlaskClient]:
    """Everybody in the company, signed in by the form."""
    return {username: signed_in(app, username) for username in ACCOUNTS}


def signed_in(app: Flask, username: str) -> FlaskClient:
    client = app.test_client()
    found = TOKEN.search(client.get("/login").text)
    assert found is not None
    answer = client.post("/login", data={"csrf_token": found[1], "username": username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.mark.parametrize(("address", "allowed", "otherwise"), TABLE, ids=[row[0] for row in TABLE])
def test_who_is_let_through(
    readers: dict[str, FlaskClient], address: str, allowed: Collection[str], otherwise: int
) -> None:
    told = {username: client.get(address).status_code for username, client in readers.items()}
    assert told == {username: 200 if username in allowed else otherwise for username in ACCOUNTS}


@pytest.mark.parametrize("address", ["/manage/plans/2026-10/raters", "/manage/plans/2026-10/raters/people?q=E1"])
def test_who_rates_whom_is_told_to_the_administrator_alone(readers: dict[str, FlaskClient], address: str) -> None:
    told = {username: client.get(address).status_code for username, client in readers.items()}
    see_plans = dict.fromkeys(SIGN_OR_CHECK, 403)
    assert told == {**dict.fromkeys(ACCOUNTS, 404), **see_plans, "admin": 200}


def test_every_page_asks_who_calls(app: Flask) -> None:
    pages = [
        rule
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith(("/api/", "/static/", "/healthz", "/readyz")) and rule.endpoint not in OPEN
    ]
    assert len(pages) > 20
    for rule in pages:
        address = re.sub(r"<[^>]+>", "1", rule.rule)
        if "GET" in (rule.methods or ()):
            answer = app.test_client().get(address)
            assert (answer.status_code, answer.headers.get("Location", "")[:6]) == (302, "/login"), address


def test_no_page_is_written_to_without_the_token_of_its_form(readers: dict[str, FlaskClient]) -> None:
    for address in ("/manage/plans", "/imports", "/password", "/one-time-code", "/manage/grants/reset-code"):
        assert readers["admin"].post(address, data={}).status_code == 403


def test_only_the_auditor_has_the_record_proved_and_takes_the_log_away(readers: dict[str, FlaskClient]) -> None:
    for username, client in readers.items():
        page = client.get("/record").text
        assert ('action="/record/verify"' in page) == (username == "auditor")
        assert client.get("/record/log.zip").status_code == (
            404 if username == "auditor" else 403
        )  # nothing is signed yet
    token = TOKEN.search(readers["auditor"].get("/record").text)
    assert token is not None
    answer = readers["auditor"].post("/record/verify", data={"csrf_token": token[1]})
    assert answer.headers["Location"] == "/record#proof"
    assert "已请求校验,等待后台开始" in readers["auditor"].get("/record").text
