"""The way in: signing in, telling who calls, proving it again, being locked out, signing out."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config import Settings
from tests.support.founders import PASSWORD, SINCE, TODAY, employ, settle, unit_of
from tests.support.settable_clock import SettableClock
from workflow.errors import Denied, Reason, Refusal
from workflow.models.accounts import Access, Credential
from workflow.models.database import db
from workflow.models.record import Record
from workflow.policy import Actor, Grant, Role
from workflow.services.accounts import identify
from workflow.services.accounts.administer_accounts import NewAccount, create_account, disable_account, reset_password
from workflow.services.accounts.give_grants import NewGrant, change_grant, give_grant
from workflow.services.accounts.identify import BROWSER, TOKEN, Identity
from workflow.services.people.maintain_organisation import Appointment, appoint

HERE = "10.0.0.7"
NEW = "quite-Another-1949"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"KAOGONG_INSTANCE": str(tmp_path)})


class Door:
    """Signs in and tells who calls, as a browser of one address does."""

    def __init__(self, clock: SettableClock, settings: Settings) -> None:
        self.clock = clock
        self.settings = settings

    def enter(self, username: str, password: str = PASSWORD, *, address: str = HERE, kind: str = BROWSER) -> Identity:
        self.secret, entered = identify.sign_in(
            username, password, address=address, kind=kind, clock=self.clock, settings=self.settings
        )
        return entered

    def who(self, kind: str = BROWSER, secret: str | None = None) -> Identity | Denied:
        return identify.identify(secret or self.secret, kind=kind, clock=self.clock, settings=self.settings)

    def refusal(self, username: str, password: str, *, address: str = HERE) -> Reason:
        with pytest.raises(Refusal) as refused:
            self.enter(username, password, address=address)
        return refused.value.denied.reason


@pytest.fixture
def door(clock: SettableClock, settings: Settings, preparer: Actor) -> Door:  # noqa: ARG001 — who enters
    return Door(clock, settings)


@pytest.fixture
def preparer(operator: Actor, clock: SettableClock) -> Actor:
    return employ(operator, clock, "preparer", Role.PREPARER)


def denied(answer: Identity | Denied) -> Reason:
    assert isinstance(answer, Denied)
    return answer.reason


def known(answer: Identity | Denied) -> Identity:
    assert isinstance(answer, Identity)
    return answer


def test_whoever_gives_name_and_password_is_known_by_the_secret(door: Door, preparer: Actor) -> None:
    entered = door.enter(" Preparer ")
    assert entered.actor == replace(preparer, person_id=None)
    assert (entered.kind, entered.must_change_password, entered.is_demo) == (BROWSER, False, False)
    assert door.who() == entered


def test_the_secret_is_long_random_and_kept_only_as_a_hash(door: Door) -> None:
    door.enter("preparer")
    first = door.secret
    door.enter("preparer")
    assert re.fullmatch(r"[\w-]{43}", first)
    assert first != door.secret
    assert all(len(kept) == 32 for kept in db.session.scalars(select(Access.secret_hash)))


def test_a_wrong_password_an_unknown_name_and_a_disabled_account_are_refused_alike(
    door: Door, operator: Actor, clock: SettableClock
) -> None:
    employ(operator, clock, "leaver")
    disable_account(operator, clock, "leaver", seen_version=1)
    answers = {door.refusal("preparer", "wrong"), door.refusal("unknown", PASSWORD), door.refusal("leaver", PASSWORD)}
    assert answers == {Reason.SIGN_IN_FAILED}


def test_known_and_unknown_names_cost_one_hash_each(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bool] = []
    matches = identify.passwords.matches

    def counting(kept: str | None, password: str) -> bool:
        compared.append(kept is not None)
        return matches(kept, password)

    monkeypatch.setattr(identify.passwords, "matches", counting)
    door.refusal("preparer", "wrong")
    door.refusal("unknown", "wrong")
    assert compared == [True, False]


@pytest.mark.parametrize("username", ["", "\x00", "a\x00b", "\ud800", "x" * 5000, "' OR 1=1 --"])
def test_hostile_names_are_only_unknown(door: Door, username: str) -> None:
    assert door.refusal(username, PASSWORD) is Reason.SIGN_IN_FAILED


def test_signing_in_is_noted_in_the_record_of_the_account(door: Door, preparer: Actor) -> None:
    door.enter("preparer")
    noted = db.session.scalars(select(Record).where(Record.event == "account.sign_in")).one()
    assert (noted.entity_id, noted.actor_id, noted.version) == (preparer.account_id, preparer.account_id, None)


class TestLock:
    def test_five_failures_lock_a_quarter_of_an_hour_even_for_the_right_password(
        self, door: Door, clock: SettableClock
    ) -> None:
        for _ in range(5):
            assert door.refusal("preparer", "wrong") is Reason.SIGN_IN_FAILED
        with pytest.raises(Refusal) as refused:
            door.enter("preparer")
        assert refused.value.denied == Denied(Reason.TOO_MANY, {"minutes": 15})
        clock.advance(minutes=14, seconds=59)
        assert door.refusal("preparer", PASSWORD) is Reason.TOO_MANY
        clock.advance(seconds=1)
        assert door.enter("preparer").actor.username == "preparer"

    def test_unknown_names_are_locked_alike(self, door: Door) -> None:
        reasons = [door.refusal("unknown", "wrong") for _ in range(6)]
        assert reasons == [Reason.SIGN_IN_FAILED] * 5 + [Reason.TOO_MANY]

    def test_another_address_and_another_name_are_free(self, door: Door) -> None:
        for _ in range(5):
            door.refusal("preparer", "wrong")
        assert door.enter("preparer", address="10.0.0.8")
        assert door.enter("operator")

    def test_slow_failures_do_not_add_up(self, door: Door, clock: SettableClock) -> None:
        for _ in range(6):
            assert door.refusal("preparer", "wrong") is Reason.SIGN_IN_FAILED
            clock.advance(minutes=4)
        assert door.enter("preparer")

    def test_a_right_password_starts_the_count_anew(self, door: Door) -> None:
        for _ in range(2):
            for _ in range(4):
                door.refusal("preparer", "wrong")
            door.enter("preparer")

    def test_wrong_proofs_count_like_failed_sign_ins(self, door: Door, clock: SettableClock) -> None:
        entered = door.enter("preparer")
        for _ in range(5):
            assert identify.prove(entered, "wrong", clock, 5).wrong
        with pytest.raises(Refusal) as refused:
            identify.prove(entered, PASSWORD, clock, 5)
        assert refused.value.denied.reason is Reason.TOO_MANY


class TestEnding:
    def test_a_browser_is_signed_out_when_idle(self, door: Door, clock: SettableClock) -> None:
        door.enter("preparer")
        for _ in range(5):
            clock.advance(minutes=59)
            known(door.who())
        clock.advance(minutes=60)
        assert denied(door.who()) is Reason.SIGN_IN

    def test_a_browser_is_signed_out_after_hours_in_any_case(self, door: Door, clock: SettableClock) -> None:
        entered = door.enter("preparer")
        assert entered.expires_at == clock() + timedelta(hours=12)
        for _ in range(12 * 2 - 1):
            clock.advance(minutes=30)
            known(door.who())
        clock.advance(minutes=30)
        assert denied(door.who()) is Reason.SIGN_IN

    def test_a_token_lives_its_hours_and_then_says_that_it_expired(self, door: Door, clock: SettableClock) -> None:
        door.enter("preparer", kind=TOKEN)
        clock.advance(hours=11, minutes=59)
        known(door.who(TOKEN))
        clock.advance(minutes=1)
        assert denied(door.who(TOKEN)) is Reason.TOKEN_EXPIRED

    def test_a_secret_counts_only_for_what_it_was_given_for(self, door: Door) -> None:
        door.enter("preparer")
        assert denied(door.who(TOKEN)) is Reason.SIGN_IN
        assert denied(door.who(secret="made-up")) is Reason.SIGN_IN

    def test_disabling_an_account_ends_its_sessions_at_the_next_request(
        self, door: Door, operator: Actor, clock: SettableClock
    ) -> None:
        door.enter("preparer")
        disable_account(operator, clock, "preparer", seen_version=1)
        assert denied(door.who()) is Reason.SIGN_IN

    def test_being_seen_is_written_once_a_minute_at_most(self, door: Door, clock: SettableClock) -> None:
        door.enter("preparer")
        entered_at = clock()
        clock.advance(seconds=59)
        door.who()
        assert db.session.scalars(select(Access.seen_at)).one() == entered_at
        clock.advance(seconds=1)
        door.who()
        assert db.session.scalars(select(Access.seen_at)).one() == clock()

    def test_signing_out_ends_this_session_alone(self, door: Door, clock: SettableClock) -> None:
        entered = door.enter("preparer")
        first = door.secret
        door.enter("preparer")
        identify.sign_out(entered, clock)
        assert denied(door.who(secret=first)) is Reason.SIGN_IN
        known(door.who())

    def test_all_other_sessions_can_be_ended(self, door: Door, clock: SettableClock) -> None:
        door.enter("preparer")
        first = door.secret
        entered = door.enter("preparer", kind=TOKEN)
        assert [row.is_this for row in identify.list_sessions(entered, clock)].count(True) == 1
        identify.end_all_sessions(entered, clock)
        assert denied(door.who(secret=first)) is Reason.SIGN_IN
        assert [row.kind for row in identify.list_sessions(entered, clock)] == [TOKEN]

    def test_nobody_ends_the_session_of_somebody_else(self, door: Door, clock: SettableClock) -> None:
        mine = door.enter("preparer")
        others = door.enter("operator")
        with pytest.raises(Refusal) as refused:
            identify.end_session(others, mine.access_id, clock)
        assert refused.value.denied.reason is Reason.NOT_SEEN


class TestGrants:
    def test_grants_count_on_their_days_in_the_company_s_time_zone(
        self, door: Door, operator: Actor, clock: SettableClock
    ) -> None:
        give_grant(operator, clock, NewGrant("preparer", Role.HEAD, TODAY + timedelta(1), TODAY + timedelta(1)))
        begins = clock.moment.replace(hour=16, minute=0)  # midnight in Shanghai, still the day before in UTC
        held = []
        for moment in (begins - timedelta(seconds=1), begins, begins + timedelta(hours=24)):
            clock.moment = moment
            held.append(Grant(Role.HEAD) in door.enter("preparer").actor.grants)
        assert held == [False, True, False]

    def test_a_grant_taken_back_is_gone_at_the_next_request(
        self, door: Door, operator: Actor, clock: SettableClock
    ) -> None:
        grant = give_grant(operator, clock, NewGrant("preparer", Role.REVIEWER, TODAY))
        door.enter("preparer")
        assert Grant(Role.REVIEWER) in known(door.who()).actor.grants
        change_grant(operator, clock, grant.id, ends_on=TODAY - timedelta(1), seen_version=1)
        assert Grant(Role.REVIEWER) not in known(door.who()).actor.grants

    def test_a_grant_reaches_its_unit_and_names_a_recorder_s_items(
        self, door: Door, operator: Actor, hr: Actor, clock: SettableClock
    ) -> None:
        settle(hr, clock, [("hq", None), ("cards", "hq")], [])
        employ(operator, clock, "recorder", Role.RECORDER, unit="cards")
        entered = door.enter("recorder")
        assert entered.actor.grants == (Grant(Role.RECORDER, unit_of("cards").path, frozenset({"quality"})),)

    def test_whoever_is_responsible_for_a_unit_is_its_head_and_belongs_to_their_unit(
        self, door: Door, operator: Actor, hr: Actor, clock: SettableClock
    ) -> None:
        settle(hr, clock, [("hq", None), ("cards", "hq")], [("E001", "刘洋", "cards")])
        appoint(hr, clock, "cards", Appointment("head", "E001", SINCE), seen_version=1)
        appoint(hr, clock, "hq", Appointment("hr", "E001", SINCE), seen_version=1)
        create_account(operator, clock, NewAccount("head", "刘洋", person="E001"), PASSWORD)
        actor = door.enter("head").actor
        assert actor.grants == (Grant(Role.HEAD, unit_of("cards").path),)
        assert actor.unit_path == unit_of("cards").path


class TestProof:
    def test_signing_in_is_a_proof_for_some_minutes(self, door: Door, clock: SettableClock) -> None:
        entered = door.enter("preparer")
        clock.advance(minutes=5)
        assert identify.prove(entered, None, clock, 5).method == "sign-in"
        clock.advance(seconds=1)
        assert identify.prove(entered, None, clock, 5) == identify.Proof(None)

    def test_the_password_again_is_a_proof_from_now_on(self, door: Door, clock: SettableClock) -> None:
        door.enter("preparer")
        clock.advance(minutes=30)
        assert identify.prove(known(door.who()), PASSWORD, clock, 5) == identify.Proof("password")
        clock.advance(minutes=4)
        assert identify.prove(known(door.who()), None, clock, 5).method == "sign-in"

    def test_a_wrong_password_is_no_proof_even_after_a_recent_one(self, door: Door, clock: SettableClock) -> None:
        entered = door.enter("preparer")
        assert identify.prove(entered, "wrong", clock, 5) == identify.Proof(None, wrong=True)


class TestChangingThePassword:
    def test_a_first_password_must_be_changed_before_anything_else(
        self, door: Door, operator: Actor, clock: SettableClock
    ) -> None:
        create_account(operator, clock, NewAccount("joiner", "新人"), PASSWORD)
        entered = door.enter("joiner")
        with pytest.raises(Refusal) as refused:
            identify.require_own_password(entered)
        assert refused.value.denied.reason is Reason.PASSWORD_CHANGE_FIRST
        identify.change_password(entered, PASSWORD, NEW, clock)
        identify.require_own_password(known(door.who()))
        assert door.enter("joiner", NEW)

    def test_other_sessions_end_and_the_record_tells_it_without_the_password(
        self, door: Door, clock: SettableClock
    ) -> None:
        door.enter("preparer")
        other = door.secret
        entered = door.enter("preparer")
        identify.change_password(entered, PASSWORD, NEW, clock)
        assert denied(door.who(secret=other)) is Reason.SIGN_IN
        known(door.who())
        assert db.session.scalars(select(Record).where(Record.event == "account.change_password")).one()
        assert door.refusal("preparer", PASSWORD) is Reason.SIGN_IN_FAILED

    @pytest.mark.parametrize(
        ("old", "new", "path"),
        [("wrong", NEW, "old_password"), (PASSWORD, "short", "new_password"), (PASSWORD, PASSWORD, "new_password")],
    )
    def test_what_is_wrong_is_named(self, door: Door, clock: SettableClock, old: str, new: str, path: str) -> None:
        entered = door.enter("preparer")
        with pytest.raises(Refusal) as refused:
            identify.change_password(entered, old, new, clock)
        assert [error.path for error in refused.value.errors] == [path]
        assert door.enter("preparer")

    def test_a_reset_password_is_a_first_one_and_ends_all_sessions(
        self, door: Door, operator: Actor, clock: SettableClock
    ) -> None:
        door.enter("preparer")
        reset_password(operator, clock, "preparer", NEW)
        assert denied(door.who()) is Reason.SIGN_IN
        assert door.enter("preparer", NEW).must_change_password

    def test_a_password_changed_while_another_is_tried_does_not_let_in(
        self, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        matches = identify.passwords.matches

        def changed_meanwhile(kept: str | None, password: str) -> bool:
            answer = matches(kept, password)
            db.session.query(Credential).update({"password_hash": identify.passwords.keep(NEW)})
            db.session.commit()
            return answer

        monkeypatch.setattr(identify.passwords, "matches", changed_meanwhile)
        assert door.refusal("preparer", PASSWORD) is Reason.SIGN_IN_FAILED


class TestDemoAccounts:
    @pytest.fixture(autouse=True)
    def demo_account(self, operator: Actor, clock: SettableClock) -> None:
        create_account(operator, clock, NewAccount("visitor", "演示", is_demo=True), PASSWORD, must_change=False)

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8"])
    def test_they_work_on_this_machine(self, door: Door, host: str) -> None:
        door.settings = replace(door.settings, host=host)
        assert door.enter("visitor").is_demo

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "kaogong.example"])  # noqa: S104 — what is refused
    def test_they_are_refused_on_any_other_address(self, door: Door, host: str) -> None:
        door.settings = replace(door.settings, host=host)
        assert door.refusal("visitor", PASSWORD) is Reason.DEMO_ACCOUNT
        assert door.refusal("visitor", "wrong") is Reason.SIGN_IN_FAILED
        assert door.enter("preparer")

    def test_a_session_ends_where_the_address_changes(self, door: Door) -> None:
        door.enter("visitor")
        door.settings = replace(door.settings, host="10.1.2.3")
        assert denied(door.who()) is Reason.DEMO_ACCOUNT

    def test_a_setting_lets_them_in_anywhere(self, door: Door) -> None:
        door.settings = replace(door.settings, host="10.1.2.3", demo=True)
        assert door.enter("visitor")


def test_todays_date_is_the_one_the_tests_mean(clock: SettableClock, settings: Settings) -> None:
    assert clock().astimezone(settings.timezone).date() == TODAY == date(2026, 11, 5)
