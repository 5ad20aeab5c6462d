"""Bad input and the order of refusals: each its code, nothing changed, never the server's fault."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.api.conftest import People
from tests.support.api import Caller, code_of, sign_in
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories


@pytest.fixture(scope="module")
def stories(module_stories: Stories) -> Stories:
    """Both kinds of database: what one of them takes, the other may stumble over."""
    return module_stories


LEVEL = {"input": {"level": "良好"}}
VALUE = {"input": {"value": "1.9", "baseline": "2.9", "reason": "首月"}}
DEEP = b'{"input":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


def item(code: str, input: Any) -> dict[str, Any]:  # noqa: A002 — the field's name
    return {"path": f"/scorecards/{{card}}/items/{code}", "body": {"input": input}}


WRONG: dict[str, tuple[dict[str, Any], str, int]] = {
    "an unknown level": (item("survey", {"level": "极好"}), "invalid", 422),
    "text for a number": (item("churn", {"value": "低"}), "invalid", 422),
    "a truth for a number": (item("churn", {"value": True}), "invalid", 422),
    "a list for a number": (item("churn", {"value": ["1"]}), "invalid", 422),
    "a number for a level": (item("survey", {"level": 3}), "invalid", 422),
    "NaN as text": (item("churn", {"value": "NaN"}), "invalid", 422),
    "1e400 as text": (item("churn", {"value": "1e400"}), "invalid", 422),
    "a number of 400 digits": (item("churn", {"value": 10**400}), "invalid", 422),
    "an unknown key": (item("survey", {"level": "良好", "by": "我"}), "invalid", 422),
    "a text for an input": (item("survey", "良好"), "invalid", 422),
    "a list for an input": (item("survey", [1]), "invalid", 422),
    "a zero byte": (item("churn", {"value": "1.9", "baseline": "2", "reason": "a\0b"}), "invalid", 422),
    "half a character": (item("churn", {"value": "1.9", "baseline": "2", "reason": "\ud800"}), "invalid", 422),
    "adjustments all at once": (
        {"path": "/scorecards/{card}/items/survey/adjustments", "method": "POST", "body": {"on": "2026-10-05"}},
        "invalid",
        422,
    ),
    "no input": ({"path": "/scorecards/{card}/items/survey", "body": {}}, "invalid", 422),
    "an unknown field": (
        {"path": "/scorecards/{card}/items/survey", "body": {**LEVEL, "total": "100"}},
        "invalid",
        422,
    ),
    "a list for a body": ({"path": "/scorecards/{card}/items/survey", "body": [LEVEL]}, "invalid", 422),
    "a note too long": (
        {"path": "/scorecards/{card}/items/survey", "body": {**LEVEL, "note": "长" * 1001}},
        "invalid",
        422,
    ),
    "NaN": ({"path": "/scorecards/{card}/items/churn", "raw": b'{"input": {"value": NaN}}'}, "bad_request", 400),
    "infinity": (
        {"path": "/scorecards/{card}/items/churn", "raw": b'{"input": {"value": -Infinity}}'},
        "bad_request",
        400,
    ),
    "1e400": ({"path": "/scorecards/{card}/items/churn", "raw": b'{"input": {"value": 1e400}}'}, "invalid", 422),
    "an exponent beyond all": (
        {"path": "/scorecards/{card}/items/churn", "raw": b'{"input": {"value": 1e99999999999999999999}}'},
        "invalid",
        422,
    ),
    "digits without end": (
        {"path": "/scorecards/{card}/items/churn", "raw": b'{"input": {"value": ' + b"9" * 100_000 + b"}}"},
        "invalid",
        422,
    ),
    "no JSON": ({"path": "/scorecards/{card}/items/churn", "raw": b"{input: 1}"}, "bad_request", 400),
    "nothing": ({"path": "/scorecards/{card}/items/churn", "raw": b""}, "bad_request", 400),
    "no UTF-8": ({"path": "/scorecards/{card}/items/churn", "raw": b'{"input": "\xff"}'}, "bad_request", 400),
    "a key twice": (
        {"path": "/scorecards/{card}/items/churn", "raw": b'{"input": null, "input": {}}'},
        "bad_request",
        400,
    ),
    "nested without end": ({"path": "/scorecards/{card}/items/churn", "raw": DEEP}, "bad_request", 400),
    "nested too deep": (
        item("churn", {"value": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["1"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}),
        "bad_request",
        400,
    ),
    "a form": (
        {"path": "/scorecards/{card}/items/churn", "raw": b"input=1", "headers": {"Content-Type": "text/plain"}},
        "unsupported_media_type",
        415,
    ),
    "ten megabytes": ({"path": "/scorecards/{card}/items/churn", "raw": b" " * 10 * 1024**2}, "too_large", 413),
    "a card that is no number": ({"path": "/scorecards/abc/items/churn", "body": VALUE}, "not_found", 404),
    "a card beyond all numbers": ({"path": f"/scorecards/{10**400}/items/churn", "body": VALUE}, "not_found", 404),
    "a card beyond the greatest": ({"path": f"/scorecards/{2**63}/items/churn", "body": VALUE}, "not_found", 404),
    "a negative card": ({"path": "/scorecards/-1/items/churn", "body": VALUE}, "not_found", 404),
    "a zero byte in an address": ({"path": "/scorecards/{card}/items/a%00b", "body": VALUE}, "not_found", 404),
    "an unknown item": ({"path": "/scorecards/{card}/items/luck", "body": VALUE}, "not_found", 404),
    "an unknown address": ({"path": "/scorecards/{card}/luck", "body": VALUE}, "not_found", 404),
    "a wrong method": ({"path": "/scorecards/{card}", "body": VALUE}, "method_not_allowed", 405),
}


@pytest.mark.parametrize("name", WRONG)
def test_bad_input_has_its_code_and_changes_nothing(name: str, people: People, card: str) -> None:
    asked, code, status = WRONG[name]
    options = {key: value for key, value in asked.items() if key in {"raw", "headers"}}
    preparer = people("preparer")
    answer = preparer.call(
        asked.get("method", "PATCH"), asked["path"].format(card=card), asked.get("body"), version=1, **options
    )
    assert (code_of(answer), answer.status_code) == (code, status)
    assert preparer.get(f"/scorecards/{card}").headers["ETag"] == '"1"'


def test_a_wrong_value_is_named_by_its_path(people: People, card: str) -> None:
    preparer = people("preparer")
    answer = preparer.patch(f"/scorecards/{card}/items/survey", {"input": {"level": "极好"}}, version=1)
    assert list(answer.get_json()["errors"]) == ["input.level"]
    answer = preparer.post("/edits", {"edits": [{"card": card, "item": "survey", "input": 3}, 7]})
    assert list(answer.get_json()["errors"]) == ["edits[0].input", "edits[1]"]


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "填写有误"), ("en", "not valid")])
def test_a_problem_speaks_the_readers_language(language: str, word: str, people: People, card: str) -> None:
    answer = people("preparer").patch(
        f"/scorecards/{card}/items/survey", {}, version=1, headers={"Accept-Language": language}
    )
    assert word in answer.get_json()["title"]
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_card_of_another_unit_is_not_there(people: People, card: str) -> None:
    answer = people("market-preparer").patch(f"/scorecards/{card}/items/survey", LEVEL, version=1)
    assert code_of(answer) == "not_found"


def test_a_stale_version_is_told_the_newest_and_its_value(people: People, card: str) -> None:
    preparer = people("preparer")
    assert preparer.patch(f"/scorecards/{card}/items/survey", LEVEL, version=1).status_code == 200
    answer = preparer.patch(f"/scorecards/{card}/items/survey", {"input": {"level": "一般"}}, version=1)
    assert code_of(answer) == "stale"
    assert answer.get_json()["current"] == {"version": 2, "value": {"level": "良好"}}


def test_a_stale_grant_is_told_its_days(people: People) -> None:
    operator = people("operator")
    (grant,) = operator.get("/grants?username=auditor").get_json()
    answer = operator.patch(f"/grants/{grant['id']}", {"ends_on": None}, version=grant["version"] + 1)
    assert code_of(answer) == "stale"
    assert answer.get_json()["current"]["value"] == {"starts_on": grant["starts_on"], "ends_on": None}


@pytest.mark.parametrize("tag", ["*", 'W/"1"', "1", '"1", "2"', '"one"', '""'])
def test_only_one_strong_version_counts(tag: str, people: People, card: str) -> None:
    answer = people("preparer").patch(f"/scorecards/{card}/items/survey", LEVEL, headers={"If-Match": tag})
    assert code_of(answer) == "version_required"


def test_refusals_come_in_their_order(app: Flask, people: People, card: str) -> None:
    """One request that is wrong in every way is mended one thing after the other."""
    path = f"/scorecards/{card}/items/survey"
    bad, nobody = {"input": {"level": "极好"}, "extra": 1}, Caller(app)
    assert code_of(nobody.patch(path, bad)) == "not_authenticated"
    assert code_of(people("market-preparer").patch(path, bad)) == "not_found"
    assert code_of(people("admin").patch(path, bad)) == "forbidden"
    preparer = people("preparer")
    assert code_of(preparer.patch(path, bad)) == "version_required"
    assert code_of(preparer.patch(path, bad, version=7)) == "invalid"
    assert code_of(preparer.patch(path, LEVEL, version=7)) == "stale"
    assert preparer.patch(path, LEVEL, version=1).status_code == 200


def test_refusals_of_a_signature_come_in_their_order(people: People, card: str) -> None:
    path = f"/scorecards/{card}/transitions"
    assert code_of(people("reviewer").post(path, {"trigger": "prepare"})) == "not_found"
    assert code_of(people("admin").post(path, {"trigger": "prepare"})) == "forbidden"
    preparer = people("preparer")
    wrong = {"trigger": "prepare", "password": "not-the-password"}
    assert code_of(preparer.post(path, wrong)) == "version_required"
    assert code_of(preparer.post(path, {**wrong, "trigger": "dance"}, version=1)) == "invalid"
    assert code_of(preparer.post(path, {"trigger": "withdraw"}, version=1)) == "wrong_state"
    assert code_of(preparer.post(path, wrong, version=7)) == "stale"
    assert code_of(preparer.post(path, wrong, version=1)) == "incomplete"


def test_an_expired_token_says_so(app: Flask, people: People, card: str, clock: SettableClock) -> None:
    people("preparer")
    token = sign_in(app, "approver-2")
    clock.advance(hours=12)
    answer = token.get(f"/scorecards/{card}")
    assert (code_of(answer), answer.headers["WWW-Authenticate"]) == ("not_authenticated", "Bearer")
    assert "过期" in answer.get_json()["detail"]
    clock.advance(hours=-12)


def test_a_wrong_password_says_nothing_of_the_name(app: Flask) -> None:
    known = Caller(app).post("/tokens", {"username": "auditor", "password": "wrong"})
    unknown = Caller(app).post("/tokens", {"username": "stranger", "password": "wrong"})
    assert code_of(known) == "not_authenticated"
    assert known.get_data() == unknown.get_data()


def test_guessing_is_slowed_down(app: Flask, world: object) -> None:  # noqa: ARG001 — the accounts are there
    for _ in range(5):
        Caller(app).post("/tokens", {"username": "reviewer-2", "password": "wrong"})
    answer = Caller(app).post("/tokens", {"username": "reviewer-2", "password": "wrong"})
    assert (code_of(answer), answer.status_code) == ("too_many_requests", 429)


QUERIES = [
    *(f"/scorecards?{query}" for query in ("per_page=0", "per_page=201", "per_page=x", "sort=luck", "state=luck")),
    *(f"/scorecards?{query}" for query in ("period=2026-13", "mine=perhaps", "revisions=some", "plan=a%00b", "luck=1")),
    *(f"/scorecards?after={place}" for place in ("%00", "bm8", "WzEsIngiXQ", "WzEsMTAwMDAwMDAwMDAwMDAwMDAwMDAwMF0")),
    "/scorecards?sort=number&after=WzEsMV0",
    "/scorecards?sort=total&after=WyJ4IiwxXQ",
    *(f"/plans?{query}" for query in ("per_page=201", "state=luck", "period=x", "after=x")),
    *(
        f"/people?{query}"
        for query in ("per_page=-1", "standing=luck", "q=%00", "after=WzFd", "after=WyJcdWQ4MDAiLDFd")
    ),
    *(f"/records?{query}" for query in ("entity=luck", "entity=scorecard:x", "from=yesterday", "to=2026-02-30")),
    "/records?from=2026-01-01T00:00:00",
    "/measurements?period=luck",
    "/measurements?after=!",
    "/schemes?state=luck",
]


@pytest.mark.parametrize("path", QUERIES)
def test_a_query_that_makes_no_sense_is_refused(path: str, people: People) -> None:
    assert code_of(people("auditor").get(path)) == "invalid"


def bodies() -> list[tuple[str, Callable[[str], str], Any]]:
    fields: list[tuple[str, Callable[[str], str], dict[str, Any]]] = [
        ("admin", lambda _: "/plans", {"code": "p", "title": "t", "period": "2026-11", "contents": []}),
        ("hr", lambda _: "/people", {"code": "E9", "name": "n", "unit": "hq", "since": "2026-01-01"}),
        ("hr", lambda _: "/units", {"code": "u9", "title": "t", "parent": "hq"}),
        ("operator", lambda _: "/grants", {"username": "nobody", "role": "hr", "starts_on": "2026-01-01"}),
        ("preparer", lambda card: f"/scorecards/{card}/transitions", {"trigger": "prepare"}),
        ("preparer", lambda _: "/transitions", {"trigger": "prepare", "cards": [{"id": "1", "version": 1}]}),
        ("preparer", lambda _: "/edits", {"edits": [{"card": "1", "version": 1, "item": "x", "input": {}}]}),
    ]
    odd: list[Any] = [None, True, 1, -1, 1.5, 10**400, "", "\0", "x" * 5000, [], [[]], {}, {"": None}]
    return [(who, path, {**body, name: value}) for who, path, body in fields for name in body for value in odd]


def test_odd_values_anywhere_are_never_the_servers_fault(people: People, card: str) -> None:
    for who, path, body in bodies():
        answer = people(who).post(path(card), body, version=1)
        assert answer.status_code < 500, (path(card), body)
