"""Idempotency-Key: a request told again acts once and gets the first answer."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from tests.api.conftest import CUSTOMER, People
from tests.support.api import Caller, code_of, sign_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories
from tests.support.world import FULL_CUSTOMER, PASSWORD, World, card_of, open_plan

LEVEL = {"input": {"level": "良好"}}


@pytest.fixture(scope="module")
def stories(module_stories: Stories) -> Stories:
    """Both kinds of database."""
    return module_stories


@pytest.fixture
def other_card(app: Flask, world: World, clock: SettableClock, plan_numbers: Iterator[int]) -> str:
    """Another 客户部 card of the test's own."""
    code = f"other-{next(plan_numbers)}"
    with app.app_context():
        open_plan(world, clock, code, contents=CUSTOMER)
        return str(card_of("customer", code).id)


def test_an_edit_told_three_times_acts_once(people: People, card: str) -> None:
    preparer = people("preparer")
    path = f"/scorecards/{card}/items/survey"
    answers = [preparer.patch(path, LEVEL, version=1, key=card) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["ETag"] for answer in answers} == {'"2"'}
    assert answers[0].get_json() == answers[1].get_json() == answers[2].get_json()
    assert [answer.headers.get("Idempotency-Replayed") for answer in answers] == [None, "true", "true"]
    assert preparer.get(f"/scorecards/{card}").get_json()["version"] == 2


def test_the_first_answer_is_given_again_even_when_the_version_is_stale_by_now(people: People, card: str) -> None:
    preparer = people("preparer")
    first = preparer.patch(f"/scorecards/{card}/items/survey", LEVEL, version=1, key=card)
    preparer.patch(f"/scorecards/{card}/items/credit", LEVEL, version=2)
    again = preparer.patch(f"/scorecards/{card}/items/survey", LEVEL, version=1, key=card)
    assert again.get_json() == first.get_json()


def test_another_body_under_the_same_key_is_refused(people: People, card: str) -> None:
    preparer = people("preparer")
    path = f"/scorecards/{card}/items/survey"
    preparer.patch(path, LEVEL, version=1, key=card)
    answer = preparer.patch(path, {"input": {"level": "一般"}}, version=2, key=card)
    assert (code_of(answer), answer.status_code) == ("key_reused", 422)


def test_a_key_belongs_to_its_account_method_and_path(people: People, card: str) -> None:
    people("preparer").patch(f"/scorecards/{card}/items/survey", LEVEL, version=1, key=card)
    other_item = people("preparer").patch(f"/scorecards/{card}/items/credit", LEVEL, version=2, key=card)
    other_account = people("head").patch(f"/scorecards/{card}/items/survey", LEVEL, version=3, key=card)
    assert (other_item.get_json()["version"], other_account.get_json()["version"]) == (3, 4)


def test_a_refusal_is_not_kept(people: People, card: str) -> None:
    preparer = people("preparer")
    path = f"/scorecards/{card}/items/survey"
    assert code_of(preparer.patch(path, LEVEL, version=7, key=card)) == "stale"
    assert preparer.patch(path, LEVEL, version=1, key=card).status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel", "a\tb"])
def test_a_key_that_can_be_none_is_refused(key: str, people: People, card: str) -> None:
    answer = people("preparer").patch(f"/scorecards/{card}/items/survey", LEVEL, version=1, key=key)
    assert code_of(answer) == "invalid"
    assert list(answer.get_json()["errors"]) == ["Idempotency-Key"]


def test_a_signature_told_three_times_is_given_once(people: People, card: str) -> None:
    preparer = people("preparer")
    edits = [{"card": card, "version": 1, "item": code, "input": entered} for code, entered in FULL_CUSTOMER.items()]
    for _ in range(3):
        results = preparer.post("/edits", {"edits": edits}, key=f"{card}-edits").get_json()["results"]
        assert {(result["ok"], result["version"], result["total"]) for result in results} == {(True, 2, "69.00")}
    signing = {"trigger": "prepare", "password": PASSWORD}
    answers = [
        preparer.post(f"/scorecards/{card}/transitions", signing, version=2, key=f"{card}-sign") for _ in range(3)
    ]
    assert [answer.get_json()["state"] for answer in answers] == ["prepared"] * 3
    assert len(preparer.get(f"/scorecards/{card}").get_json()["signatures"]) == 1


def test_in_a_batch_a_key_holds_for_each_card(people: People, card: str, other_card: str) -> None:
    preparer = people("preparer")
    filled = [{"card": card, "version": 1, "item": code, "input": each} for code, each in FULL_CUSTOMER.items()]
    empty = {"card": other_card, "version": 1, "item": "survey", "input": {"level": "良好"}}
    preparer.post("/edits", {"edits": [*filled, empty]})
    signing = {"trigger": "prepare", "cards": [{"id": card, "version": 2}, {"id": other_card, "version": 2}]}
    first, refused = preparer.post("/transitions", signing, key=card).get_json()["results"]
    assert (first["ok"], refused["problem"]["code"]) == (True, "incomplete")
    preparer.post("/edits", {"edits": [{**each, "card": other_card, "version": 2} for each in filled]})
    signing["cards"] = [{"id": card, "version": 2}, {"id": other_card, "version": 3}]
    again, mended = preparer.post("/transitions", signing, key=card).get_json()["results"]
    assert again == first
    assert (mended["ok"], mended["card"]["state"]) == (True, "prepared")
    other = {**signing, "trigger": "withdraw"}
    codes = [each["problem"]["code"] for each in preparer.post("/transitions", other, key=card).get_json()["results"]]
    assert codes == ["key_reused", "key_reused"]


def test_edits_of_a_card_that_were_partly_refused_are_not_made_again(people: People, card: str) -> None:
    preparer = people("preparer")
    edits = [
        {"card": card, "version": 1, "item": "survey", "input": {"level": "良好"}},
        {"card": card, "version": 1, "item": "credit", "input": {"level": "极好"}},
    ]
    answers = [preparer.post("/edits", {"edits": edits}, key=card).get_json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert [each["ok"] for each in answers[0]["results"]] == [True, False]
    assert preparer.get(f"/scorecards/{card}").get_json()["version"] == 2


def test_something_new_told_twice_is_made_once(people: People, card: str) -> None:
    hr = people("hr")
    joining = {"code": f"N{card[-6:]}", "name": "新人", "unit": "market", "since": "2026-10-01"}
    answers = [hr.post("/people", joining, key=card) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].get_json() == answers[1].get_json()
    assert code_of(hr.post("/people", joining)) == "invalid"


def test_the_same_request_at_the_same_moment_acts_once(people: People, card: str) -> None:
    preparer = people("preparer")
    answers: list[int] = []

    def send() -> None:
        answer = preparer.patch(f"/scorecards/{card}/items/survey", LEVEL, version=1, key=card)
        answers.append(answer.get_json().get("version"))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [2] * 6


def to_people(card: str) -> tuple[str, Any]:
    return "/people", {"code": f"P{card[-6:]}", "name": "新人", "unit": "market", "since": "2026-10-01"}


def to_edits(card: str) -> tuple[str, Any]:
    return "/edits", {"edits": [{"card": card, "version": 1, "item": "survey", **LEVEL}]}


def to_transitions(card: str) -> tuple[str, Any]:
    return f"/scorecards/{card}/transitions", {"trigger": "void", "reason": "本期不考核"}


@pytest.mark.parametrize(
    ("username", "posted", "version"),
    [("hr", to_people, None), ("preparer", to_edits, None), ("admin", to_transitions, 1)],
)
def test_a_post_told_three_times_at_once_acts_once_and_is_answered_the_same(
    people: People, card: str, username: str, posted: Callable[[str], tuple[str, Any]], version: int | None
) -> None:
    caller, (path, body) = people(username), posted(card)
    with ThreadPoolExecutor(3) as pool:
        sent = [pool.submit(caller.post, path, body, version=version, key=card) for _ in range(3)]
        answers = [each.result() for each in sent]
    first = answers[0].get_json()
    assert answers[0].status_code in {200, 201}, first
    assert [each.get_json() for each in answers] == [first] * 3
    assert people("preparer").get(f"/scorecards/{card}").get_json()["version"] == (1 if username == "hr" else 2)


def test_a_token_is_never_kept(app: Flask, people: People) -> None:
    people("preparer")
    wanted = {"username": "triple", "password": PASSWORD}
    tokens = {Caller(app).post("/tokens", wanted, key="one").get_json()["token"] for _ in range(2)}
    assert len(tokens) == 2
    assert sign_in(app, "triple").get("/me").status_code == 200
