"""The two ways in, a token and the browser's session, and what happens when the service itself can't."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.conftest import People
from tests.support.api import PREFIX, code_of
from tests.support.settable_clock import SettableClock
from tests.support.world import PASSWORD, World
from workflow.errors import Reason, refuse
from workflow.services.accounts import identify
from workflow.services.scorecards import appraise, look_up_cards
from workflow.web import SECRET_IN_SESSION

LEVEL = {"input": {"level": "良好"}}


@pytest.fixture
def browser(app: Flask, world: World, clock: SettableClock) -> FlaskClient:  # noqa: ARG001 — the accounts are there
    """A browser in which the preparer is signed in."""
    with app.app_context():
        secret, _ = identify.sign_in(
            "preparer", PASSWORD, address="127.0.0.1", kind="browser", clock=clock, settings=app.config["SETTINGS"]
        )
    client = app.test_client()
    with client.session_transaction() as session:
        session[SECRET_IN_SESSION] = secret
    return client


def token_of(browser: FlaskClient) -> str:
    """The token against other sites' requests, from a page."""
    page = browser.get("/", follow_redirects=True).get_data(as_text=True)
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    return found[1]


def test_the_browsers_session_with_its_token_does_what_a_token_does(browser: FlaskClient, card: str) -> None:
    assert browser.get(f"{PREFIX}/me").get_json()["signed_in_by"] == "browser"
    headers = {"X-CSRF-Token": token_of(browser), "If-Match": '"1"'}
    answer = browser.patch(f"{PREFIX}/scorecards/{card}/items/survey", json=LEVEL, headers=headers)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')


@pytest.mark.parametrize("headers", [{}, {"X-CSRF-Token": "guessed"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_sites_request_is_refused(headers: dict[str, str], browser: FlaskClient, card: str) -> None:
    answer = browser.patch(
        f"{PREFIX}/scorecards/{card}/items/survey", json=LEVEL, headers={"If-Match": '"1"', **headers}
    )
    assert code_of(answer) == "forbidden"
    assert browser.get(f"{PREFIX}/scorecards/{card}").headers["ETag"] == '"1"'


def test_a_made_up_token_is_nobodys(app: Flask, world: World) -> None:  # noqa: ARG001 — there are accounts to be taken for
    answer = app.test_client().get(f"{PREFIX}/me", headers={"Authorization": "Bearer made-up"})
    assert code_of(answer) == "not_authenticated"


def test_a_busy_database_is_said_to_be(people: People, card: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> None:
        raise refuse(Reason.BUSY)

    monkeypatch.setattr(appraise, "edit_item", busy)
    answer = people("preparer").patch(f"/scorecards/{card}/items/survey", LEVEL, version=1)
    assert (code_of(answer), answer.status_code, answer.headers["Retry-After"]) == ("unavailable", 503, "1")


def test_what_nobody_expected_tells_no_more_than_where_to_look(
    app: Flask, people: People, card: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(card)

    monkeypatch.setattr(look_up_cards, "card_detail", broken)
    preparer = people("preparer")
    app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False
    try:
        answer = preparer.get(f"/scorecards/{card}")
    finally:
        app.testing, app.config["PROPAGATE_EXCEPTIONS"] = True, None
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert answer.headers["X-Request-Id"] in answer.get_json()["detail"]
    assert card not in answer.get_data(as_text=True)
