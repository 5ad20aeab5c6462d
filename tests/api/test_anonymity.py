"""Peers stay unknown: nothing that an appraised person can reach tells who gave what, nor anything below the minimum.

Each peer gives values and a comment that occur nowhere else; then every address of the URL map is read as the person,
as pages and over the interface, files unpacked and printed forms read, and the log of the service as well.
"""

import logging
import re
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from zipfile import ZipFile, is_zipfile

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.api.conftest import People
from tests.support.api import PREFIX, Caller
from tests.support.application import keep_log
from tests.support.rating import card_about, give, make_team, open_ratings, ratings_of
from tests.support.settable_clock import SettableClock
from tests.support.world import PASSWORD, World, find_world, move
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.log import LogEntry
from workflow.models.record import Record
from workflow.services.raters import manage_raters

ABOUT, BELOW = "E101", "E104"
"""Who is rated by three peers, and who by one, which is too few."""

GIVEN = {
    ("E102", ABOUT): ("优秀", "73.31", "松针-七十三"),
    ("E103", ABOUT): ("差", "88.17", "鹅卵石-八十八"),
    ("E104", ABOUT): ("一般", "61.53", "蓝铜矿-六十一"),
    ("E102", BELOW): ("差", "59.41", "雨花石-五十九"),
}
BY_LEADER = ("良好", "91.77")
PLACES = re.compile(r"(?:([\w.]+)/)?<(?:\w+:)?(\w+)>")
"""The places of an address, each with the word before it, which says what it names: `plans/<code>`."""


@pytest.fixture(scope="module")
def raters(app: Flask, world: World, clock: SettableClock) -> frozenset[str]:  # noqa: ARG001 — the company is there
    """A published card of E101 and a draft of E104; gives what the peers are called anywhere: codes, names, ids."""
    with app.app_context():
        team = find_world()
        make_team(team, clock)
        open_ratings(team, clock)
        give(team, clock, "E100", ABOUT, *BY_LEADER)
        give(team, clock, "E100", BELOW, *BY_LEADER)
        for (by, about), given in GIVEN.items():
            give(team, clock, by, about, *given)
        manage_raters.revoke_open(team.actor("admin"), clock, "ratings", "已过评价期限")
        for username, trigger in (
            ("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"), ("admin", "publish"),
        ):  # fmt: skip
            move(team, clock, card_about(ABOUT), username, trigger)
        keep_log(app, clock)
        people = [team.people[by] for by, about in GIVEN if about == ABOUT]
        accounts = db.session.scalars(select(Account).where(Account.person_id.in_([each.id for each in people])))
        names = {each.code for each in people} | {each.name for each in people} | {str(each.id) for each in people}
        names |= {str(value) for each in accounts for value in (each.id, each.username)}
        return frozenset(names)


@pytest.fixture(scope="module")
def places(app: Flask, raters: frozenset[str]) -> dict[str, list[str]]:  # noqa: ARG001 — the ratings are there
    """What an address can be made of, by its place or the word before it: what is about the ratings, and nothing else."""
    with app.app_context():
        cards = [str(card_about(subject).id) for subject in (ABOUT, BELOW)]
        ratings = [str(ratings_of(subject)[-1].id) for subject in (ABOUT, BELOW)]
        of_ratings = select(LogEntry.log_index).join(Record, Record.id == LogEntry.record_id)
        logged = db.session.scalars(of_ratings.where(Record.entity_kind == "rating")).all()
    return {
        "cards": ["2026-10"],
        "unit": ["card-team"],
        "plan": ["ratings"],
        "scheme": ["peer-card"],
        "group": ["peer", "superior"],
        "card_id": cards,
        "ratings": ratings,
        "records": [str(logged[0])],
        "plans": ["ratings"],
        "schemes": ["peer-card"],
        "version": ["1"],
        "versions": ["1"],
        "people": [ABOUT, "E102"],
        "units": ["card-team"],
        "static": [],
        "": [cards[0], ratings[0]],
    }


def addresses(app: Flask, places: dict[str, list[str]]) -> Iterator[str]:
    """Every address that can be read, with everything that its places can hold."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.endswith("static"):
            continue
        named = (places.get(name, places.get(kind, places[""])) for kind, name in PLACES.findall(rule.rule))
        for values in product(*named):
            yield re.sub("<[^>]+>", "{}", rule.rule).format(*values)
    for card_id in places["card_id"]:
        yield f"/me?card={card_id}"
        yield f"{PREFIX}/records?entity=scorecard:{card_id}&per_page=200"
    for rating_id in places["ratings"]:
        yield f"{PREFIX}/records?entity=rating:{rating_id}"
    yield from (
        f"{PREFIX}/{each}?per_page=200" for each in ("records", "scorecards", "ratings", "ledger", "measurements")
    )


def text_of(answer: TestResponse) -> str:
    """What an answer says, its headers too: a printed form is read, an archive unpacked."""
    content, said = answer.get_data(), [str(answer.headers)]
    if content.startswith(b"%PDF"):
        said += [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    elif is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            said += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    said.append(content.decode("utf-8", "replace"))
    return "\n".join(said)


def everything(app: Flask, username: str, person: Caller, places: dict[str, list[str]]) -> dict[str, str]:
    """Everything that somebody gets, by its address: with a token over the interface, else as a browser."""
    browser = app.test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/login").text)
    assert found is not None
    browser.post("/login", data={"csrf_token": found[1], "username": username, "password": PASSWORD})
    said = {}
    for address in addresses(app, places):
        is_api = address.startswith(PREFIX)
        answer = person.get(address.removeprefix(PREFIX)) if is_api else browser.get(address)
        if answer.status_code == 200:
            said[address] = text_of(answer)
        else:
            said[f"{address} {answer.status_code}"] = text_of(answer).replace(address.rpartition("/")[2], "")
    return said


def where(said: dict[str, str], words: Iterator[str] | frozenset[str] | set[str]) -> dict[str, list[str]]:
    """Where any of these words stands: as a whole, not within a longer number."""
    patterns = {
        word: re.compile(rf"(?<![0-9A-Za-z.]){re.escape(word)}(?![0-9A-Za-z])", re.IGNORECASE) for word in words
    }
    found = {address: [word for word, each in patterns.items() if each.search(text)] for address, text in said.items()}
    return {address: each for address, each in found.items() if each}


def speaks_of_items(address: str, text: str) -> bool:
    """Whether an answer has to do with what was rated, and is not about what the reader was asked to rate."""
    is_own = address.startswith((f"{PREFIX}/ratings", "/ratings", f"{PREFIX}/records", "/record"))
    return not is_own and ("teamwork" in text or "团队合作" in text)


def values_about(subject: str) -> set[str]:
    """The numbers and the comments of the peers about somebody."""
    return {each for (_, about), (_, value, comment) in GIVEN.items() if about == subject for each in (value, comment)}


def test_an_appraised_person_finds_no_trace_of_who_gave_what(
    app: Flask, people: People, raters: frozenset[str], places: dict[str, list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        said = everything(app, "employee", people("employee"), places)
    card, receipt = (f"{PREFIX}/scorecards/{places['card_id'][0]}{path}" for path in ("", "/receipt"))
    assert {card, f"{card}/records", receipt, f"{card}/form.pdf", "/me"} <= said.keys()
    assert "223.01" in said[f"{card}/records"], "three peers' values add up to this"
    assert where(said, values_about(ABOUT) | values_about(BELOW)) == {}
    assert where({address: text for address, text in said.items() if speaks_of_items(address, text)}, raters) == {}
    records = people("employee").get("/records?per_page=200").get_json()
    asked = [row for row in records if row["entity"].startswith("rating:")]
    assert asked, "what one was asked oneself stands in one's record"
    assert not any(ABOUT in str(row["changes"]) for row in asked)
    others = "\n".join(str(row) for row in records if row not in asked)
    assert where({"records": others}, raters) == {}
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert where({"log": logged}, values_about(ABOUT)) == {}


def test_what_one_is_asked_oneself_tells_nothing_about_oneself(people: People, raters: frozenset[str]) -> None:
    assert raters
    rows = people("employee").get("/ratings?per_page=200").get_json()
    assert {row["subject"] for row in rows} == set()  # all of them were open and are asked no longer
    assert ABOUT not in {row["subject"] for row in people("e102").get("/ratings").get_json() if row["state"] == "open"}


def test_below_the_minimum_nothing_is_told_of_what_was_given(
    app: Flask, people: People, raters: frozenset[str], places: dict[str, list[str]]
) -> None:
    assert raters
    said = everything(app, "e104", people("e104"), places)
    own = GIVEN["E104", ABOUT]
    assert where(said, (values_about(ABOUT) | values_about(BELOW)) - set(own)) == {}
    preparer = people("preparer").get(f"/scorecards/{places['card_id'][1]}").get_json()
    items = {each["code"]: each for each in preparer["items"]}
    assert [items[code]["input"] for code in ("teamwork", "courtesy")] == [{"groups": {}}, {"groups": {}}]
    records = people("preparer").get(f"/scorecards/{places['card_id'][1]}/records").get_data(as_text=True)
    assert where({"records": records}, {BY_LEADER[1], *values_about(BELOW)}) == {}


def test_those_who_sign_and_administer_read_no_single_value_either(
    app: Flask, people: People, raters: frozenset[str], places: dict[str, list[str]]
) -> None:
    assert raters
    first = {name: values[:1] for name, values in places.items()}
    for username in ("preparer", "admin"):
        said = everything(app, username, people(username), first)
        assert where(said, values_about(ABOUT) | values_about(BELOW)) == {}, username


def test_the_record_of_the_card_names_no_rater_in_its_envelopes(app: Flask, raters: frozenset[str]) -> None:
    with app.app_context():
        query = select(Record.actor_id).where(Record.entity_id == card_about(ABOUT).id)
        assert raters.isdisjoint({str(each) for each in db.session.scalars(query)})
