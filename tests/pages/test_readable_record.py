"""The record as people read it: no ids, no codes, no machine's time, in either language."""

import html
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import CheckConstraint

from tests.support.application import keep_log, make_settings, running_app
from tests.support.databases import Database
from tests.support.settable_clock import SettableClock
from tests.support.stocked import stock
from tests.support.world import PASSWORD, World, bring_to, card_of, move
from workflow.models.database import db
from workflow.models.recorded import RECORDED
from workflow.models.scorecards import Scorecard
from workflow.models.tables import metadata
from workflow.pages.record_codes import CODES, names_of_codes
from workflow.policy import COMPANY, SYSTEM, Grant, Role
from workflow.records.event_naming import EVENT_NAMES
from workflow.records.naming import FIELD_NAMES
from workflow.services.paging import PageAsked
from workflow.services.record.look_up_records import KINDS, RecordsWanted, search_records
from workflow.web import LANGUAGE_COOKIE
from workflow.wording import Language

LISTED = re.compile(r"\b(\w+) IN \(([^)]*)\)")
CHANGE = re.compile(r'<li><span class="muted">(.*?)</span> (.*?)</li>', re.DOTALL)
VALUES = re.compile(r"<(?:ins|del)>(.*?)</(?:ins|del)>", re.DOTALL)
CALLED_CODES = {FIELD_NAMES[name].say(language).casefold() for name in ("code", "username") for language in Language}
"""The fields that hold what somebody chose as a code: a scheme's own, a user name."""

RAW = {"an id": re.compile(r"(?<![0-9a-f])\d{15,19}(?![0-9a-f])"), "a machine's time": re.compile(r"\dT\d\d:\d\d")}

CODED = [
    (code, name) for names in CODES.values() for code, name in names.items() if re.fullmatch("[a-z][a-z_-]+", code)
]
OF_THEIR_OWN = {"agent", "none"}


def codes_in(language: Language) -> set[str]:
    """Every code whose name in this language is another word, but for what a unit of the tests is called, and nothing."""
    names = {name.say(language) for _, name in CODED}
    return {str(code) for code, _ in CODED} - names - OF_THEIR_OWN


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    """The time of the module's application."""
    return SettableClock()


@pytest.fixture(scope="module")
def app(module_database: Database, tmp_path_factory: pytest.TempPathFactory, clock: SettableClock) -> Iterator[Flask]:
    """The application with rows in every recorded table, one card revised."""
    with running_app(make_settings(module_database, tmp_path_factory.mktemp("instance")), clock) as application:
        with application.app_context():
            revise(stock(clock), clock)
            keep_log(application, clock)
        yield application


def revise(world: World, clock: SettableClock) -> None:
    """Have the published card of 客户部 replaced by a revision."""
    move(world, clock, card_of("customer"), "admin", "revise", reason="补录投诉")
    bring_to(world, clock, card_of("customer"), "published")


@pytest.fixture(scope="module")
def auditor(app: Flask) -> FlaskClient:
    """Somebody who reads the whole record."""
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    assert token is not None
    client.post("/login", data={"csrf_token": token[1], "username": "auditor", "password": PASSWORD})
    return client


def listed_codes() -> Iterator[tuple[str, str, str]]:
    for name, tie in RECORDED.items():
        for rule in metadata.tables[name].constraints:
            if isinstance(rule, CheckConstraint):
                for column, codes in LISTED.findall(str(rule.sqltext).replace(" NOT IN", "")):
                    yield from ((tie.kind, column, code) for code in re.findall(r"'([^']*)'", codes))


def test_every_code_that_a_recorded_column_may_hold_has_a_name() -> None:
    codes = set(listed_codes())
    assert len(codes) > 80
    assert {each for each in codes if each[2] not in names_of_codes(each[0], each[1])} == set()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_no_record_shows_an_id_or_a_code(auditor: FlaskClient, kind: str, language: Language) -> None:
    auditor.set_cookie(LANGUAGE_COOKIE, language)
    page = auditor.get(f"/record?kind={kind}").text
    told = [(label, said) for label, said in CHANGE.findall(page) if label.casefold() not in CALLED_CODES]
    values = [html.unescape(value).strip() for _, said in told for value in VALUES.findall(said)]
    assert [(value, what) for value in values for what, raw in RAW.items() if raw.search(value)] == []
    assert [value for value in values if value in codes_in(language)] == []
    assert not any(f" {event} " in page for event in EVENT_NAMES if "_" in event)


def test_what_a_record_speaks_of_is_called_by_its_name(app: Flask) -> None:
    with app.app_context():
        reader = SYSTEM.granted(Grant(Role.AUDITOR, COMPANY))
        rows = [
            row for kind in KINDS for row in search_records(reader, RecordsWanted(entity=kind), PageAsked(200)).rows
        ]
    assert {row.entity_kind for row in rows} == set(KINDS)
    assert {row.entity_kind for row in rows if not (row.title or row.code)} == {"log"}


def test_a_card_names_the_revision_that_replaced_it(app: Flask, auditor: FlaskClient) -> None:
    auditor.set_cookie(LANGUAGE_COOKIE, Language.ZH)
    with app.app_context():
        revision = card_of("customer")
        old = db.session.get_one(Scorecard, revision.revises_id)
    page = auditor.get(f"/record?kind=scorecard&entity={old.id}").text
    assert re.search(rf"替代它的更正版</span>\s*<ins>{old.number}-R1</ins>", page)


def test_an_item_is_called_by_its_title(auditor: FlaskClient) -> None:
    auditor.set_cookie(LANGUAGE_COOKIE, Language.ZH)
    page = auditor.get("/record?kind=scorecard").text
    assert '<span class="place">当月公司客户流失率</span>' in page
    assert [value for value in VALUES.findall(page) if "churn" in value] == []
