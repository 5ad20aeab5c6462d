"""One-time codes over the interface: for a token, and in place of the password for signing."""

import pyotp
import pytest
from flask import Flask

from config import Settings
from tests.api.conftest import People
from tests.support.api import Caller, code_of
from tests.support.settable_clock import SettableClock
from tests.support.world import FULL_CUSTOMER, PASSWORD
from workflow.services.accounts import enrol_codes, identify
from workflow.services.accounts.identify import TOKEN


@pytest.fixture(scope="module")
def device(app: Flask, people: People, clock: SettableClock) -> pyotp.TOTP:
    """The device of `preparer`, who had signed in before."""
    people("preparer")
    settings: Settings = app.config["SETTINGS"]
    with app.app_context():
        entered = identify.sign_in("preparer", PASSWORD, address="", kind=TOKEN, clock=clock, settings=settings)[1]
        enrol_codes.begin(entered, PASSWORD, clock, settings)
        offer = enrol_codes.look_up(entered, clock, settings).offer
        assert offer is not None
        shown = pyotp.TOTP(offer.secret)
        enrol_codes.confirm(entered, shown.at(clock()), clock, settings)
    return shown


@pytest.fixture(autouse=True)
def next_code(clock: SettableClock) -> None:
    """Every test has a code of its own."""
    clock.advance(minutes=1)


def test_a_token_takes_a_code_as_well(app: Flask, clock: SettableClock, device: pyotp.TOTP) -> None:
    asked = {"username": "preparer", "password": PASSWORD}
    for wrong in (asked, {**asked, "otp": "000000x"}):
        assert code_of(Caller(app).post("/tokens", wrong)) == "credential_required"
    right = {**asked, "otp": device.at(clock())}
    assert Caller(app).post("/tokens", right).status_code == 201
    assert code_of(Caller(app).post("/tokens", right)) == "credential_required"


def test_a_code_signs_in_place_of_the_password_and_the_signature_says_so(
    people: People, card: str, clock: SettableClock, device: pyotp.TOTP
) -> None:
    preparer = people("preparer")
    edits = [{"card": card, "version": 1, "item": code, "input": each} for code, each in FULL_CUSTOMER.items()]
    preparer.post("/edits", {"edits": edits})
    signing = {"trigger": "prepare", "otp": device.at(clock())}
    signed = preparer.post(f"/scorecards/{card}/transitions", signing, version=2).get_json()
    assert [each["method"] for each in signed["signatures"]] == ["otp"]
    again = {"trigger": "prepare", "otp": signing["otp"], "cards": [{"id": card, "version": 3}]}
    assert preparer.post("/transitions", again).get_json()["results"][0]["ok"] is False
