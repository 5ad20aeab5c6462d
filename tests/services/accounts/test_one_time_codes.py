"""One-time codes: put in place by their owner, asked for at the door and for signing, each accepted once only."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select

from config import Settings
from tests.support.founders import PASSWORD, employ
from tests.support.settable_clock import SettableClock
from workflow.errors import Reason, Refusal
from workflow.models.accounts import CodeMaker
from workflow.models.database import db
from workflow.models.record import Record, RecordContent
from workflow.policy import Actor, Role
from workflow.services.accounts import enrol_codes, identify
from workflow.services.accounts.administer_accounts import reset_code
from workflow.services.accounts.enrol_codes import Enrolment
from workflow.services.accounts.identify import BROWSER, Identity, Proof

WRONG = "12 345"


@dataclass
class Owner:
    """Somebody with a device beside them, which shows the code of the moment or of one nearby."""

    clock: SettableClock
    settings: Settings
    secret: str = ""

    def enter(self, otp: str | None = None, password: str = PASSWORD) -> Identity:
        return identify.sign_in(
            "preparer", password, otp, address="10.0.0.7", kind=BROWSER, clock=self.clock, settings=self.settings
        )[1]

    def enrol(self) -> Identity:
        entered = self.enter()
        enrol_codes.begin(entered, PASSWORD, self.clock, self.settings)
        offer = self.look_up(entered).offer
        assert offer is not None
        self.secret = offer.secret
        enrol_codes.confirm(entered, self.code(), self.clock, self.settings)
        self.clock.advance(seconds=30)
        return entered

    def look_up(self, entered: Identity) -> Enrolment:
        db.session.rollback()
        return enrol_codes.look_up(entered, self.clock, self.settings)

    def code(self, seconds: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(self.clock() + timedelta(seconds=seconds))

    def prove(self, entered: Identity, otp: str) -> Proof:
        return identify.prove_by_code(entered, otp, self.clock, self.settings)


@pytest.fixture
def owner(operator: Actor, clock: SettableClock, tmp_path: Path) -> Owner:
    employ(operator, clock, "preparer", Role.PREPARER)
    return Owner(clock, Settings.from_environment({"KAOGONG_INSTANCE": str(tmp_path), "KAOGONG_SECRET_KEY": "x" * 32}))


def refused(act: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.denied.reason


class TestEnrolling:
    def test_it_counts_from_the_first_code_on_and_is_recorded_without_the_secret(self, owner: Owner) -> None:
        entered = owner.enrol()
        assert owner.look_up(entered) == Enrolment(since=owner.clock() - timedelta(seconds=30))
        told = db.session.execute(
            select(Record.event, RecordContent.content)
            .join(RecordContent, RecordContent.record_id == Record.id)
            .where(Record.event.endswith("_code"))
        ).all()
        assert [(event, content["changes"]) for event, content in told] == [("account.enrol_code", [])]

    def test_the_secret_is_kept_encrypted_for_this_account_and_this_key_alone(self, owner: Owner) -> None:
        entered = owner.enrol()
        kept = db.session.scalars(select(CodeMaker)).one()
        assert owner.secret.encode() not in kept.secret
        owner.settings = replace(owner.settings, secret_key="y" * 32)
        assert owner.prove(entered, owner.code()).wrong
        owner.settings = replace(owner.settings, secret_key="x" * 32)
        assert owner.prove(entered, owner.code()) == Proof("otp")

    def test_it_asks_for_the_password_and_for_a_right_first_code(self, owner: Owner) -> None:
        entered, clock, settings = owner.enter(), owner.clock, owner.settings
        assert refused(lambda: enrol_codes.begin(entered, "wrong", clock, settings)) is Reason.INVALID_INPUT
        enrol_codes.begin(entered, PASSWORD, clock, settings)
        assert refused(lambda: enrol_codes.confirm(entered, WRONG, clock, settings)) is Reason.INVALID_INPUT
        assert owner.enter()

    def test_what_is_not_confirmed_in_ten_minutes_is_offered_no_more(self, owner: Owner) -> None:
        entered, clock, settings = owner.enter(), owner.clock, owner.settings
        enrol_codes.begin(entered, PASSWORD, clock, settings)
        offer = owner.look_up(entered).offer
        assert offer is not None
        assert f"secret={offer.secret}" in offer.address
        clock.advance(minutes=10, seconds=1)
        assert owner.look_up(entered) == Enrolment()
        late = pyotp.TOTP(offer.secret).at(clock())
        assert refused(lambda: enrol_codes.confirm(entered, late, clock, settings)) is Reason.INVALID_INPUT

    def test_a_device_in_place_is_not_replaced_unasked(self, owner: Owner) -> None:
        entered = owner.enrol()
        assert refused(lambda: enrol_codes.begin(entered, PASSWORD, owner.clock, owner.settings)) is Reason.STALE

    def test_removing_it_takes_the_password_and_a_code(self, owner: Owner) -> None:
        entered, clock, settings = owner.enrol(), owner.clock, owner.settings
        for password, code in (("wrong", owner.code()), (PASSWORD, WRONG)):
            assert refused(lambda p=password, c=code: enrol_codes.remove(entered, p, c, clock, settings))  # type: ignore[misc]
        enrol_codes.remove(entered, PASSWORD, owner.code(), clock, settings)
        assert owner.enter().has_device is False

    def test_the_operator_resets_it_and_nobody_else(self, owner: Owner, operator: Actor) -> None:
        entered = owner.enrol()
        assert refused(lambda: reset_code(entered.actor, owner.clock, "preparer")) is Reason.NOT_SEEN
        reset_code(operator, owner.clock, "preparer")
        assert owner.enter().has_device is False
        assert refused(lambda: reset_code(operator, owner.clock, "preparer")) is Reason.INVALID_INPUT


class TestAtTheDoor:
    def test_only_who_knows_the_password_is_asked_for_a_code(self, owner: Owner) -> None:
        owner.enrol()
        assert refused(lambda: owner.enter(owner.code(), "wrong")) is Reason.SIGN_IN_FAILED
        assert refused(owner.enter) is Reason.CODE_NEEDED
        assert owner.enter(owner.code()).has_device

    def test_the_same_code_does_not_let_in_twice(self, owner: Owner) -> None:
        owner.enrol()
        owner.enter(owner.code())
        assert refused(lambda: owner.enter(owner.code())) is Reason.CODE_WRONG
        owner.clock.advance(seconds=30)
        assert owner.enter(owner.code())

    def test_wrong_codes_lock_like_wrong_passwords(self, owner: Owner) -> None:
        owner.enrol()
        reasons = [refused(lambda: owner.enter(WRONG)) for _ in range(5)]
        assert reasons == [Reason.CODE_WRONG] * 5
        assert refused(lambda: owner.enter(owner.code())) is Reason.TOO_MANY


class TestForSigning:
    def test_a_code_is_a_proof_that_renews_the_sign_in(self, owner: Owner) -> None:
        entered = owner.enrol()
        owner.clock.advance(hours=1)
        assert owner.prove(entered, owner.code()) == Proof("otp")
        proved = db.session.scalars(select(identify.Access.proved_at)).one()
        assert proved == owner.clock()

    def test_it_is_accepted_once_even_after_a_restart(self, owner: Owner) -> None:
        entered = owner.enrol()
        assert owner.prove(entered, owner.code()) == Proof("otp")
        assert owner.prove(entered, owner.code()).wrong
        db.session.remove()
        db.engine.dispose()
        assert owner.prove(entered, owner.code()).wrong

    @pytest.mark.parametrize(("seconds", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
    def test_a_device_may_be_half_a_minute_off(self, owner: Owner, seconds: int, right: bool) -> None:
        entered = owner.enrol()
        owner.clock.advance(minutes=5)
        assert owner.prove(entered, owner.code(seconds)).wrong is not right

    def test_an_earlier_code_is_used_up_with_a_later_one(self, owner: Owner) -> None:
        entered = owner.enrol()
        owner.clock.advance(minutes=5)
        assert owner.prove(entered, owner.code(30)) == Proof("otp")
        assert owner.prove(entered, owner.code()).wrong

    def test_it_is_read_as_people_type_it(self, owner: Owner) -> None:
        entered = owner.enrol()
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in owner.code())
        assert owner.prove(entered, f" {wide[:3]} {wide[3:]} ") == Proof("otp")

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\ud800", "\x00" * 6])
    def test_what_is_no_code_is_only_wrong(self, owner: Owner, code: str) -> None:
        assert owner.prove(owner.enrol(), code) == Proof(None, wrong=True)

    def test_who_has_no_device_proves_nothing_by_a_code(self, owner: Owner) -> None:
        assert owner.prove(owner.enter(), "123456").wrong

    def test_wrong_codes_are_counted(self, owner: Owner) -> None:
        entered = owner.enrol()
        for _ in range(5):
            assert owner.prove(entered, WRONG).wrong
        assert refused(lambda: owner.prove(entered, owner.code())) is Reason.TOO_MANY
