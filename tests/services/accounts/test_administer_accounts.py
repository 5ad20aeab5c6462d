"""The operator makes accounts; nobody else does, and nobody is told of what they may not see."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.support.founders import PASSWORD, SINCE, actor_of, employ, settle
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from workflow.errors import Reason
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.record import Record, RecordContent
from workflow.policy import Actor, Role
from workflow.services.accounts import administer_accounts
from workflow.services.accounts.administer_accounts import NewAccount, create_account
from workflow.services.accounts.look_up_accounts import find_account_row, list_accounts
from workflow.services.paging import PageAsked


def test_there_is_only_one_first_operator(operator: Actor, clock: SettableClock) -> None:
    assert operator.username == "operator"
    with refused(Reason.INVALID_INPUT, "username"):
        administer_accounts.create_first_operator(clock, NewAccount("second", "二号"), PASSWORD, SINCE)


def test_what_the_product_itself_did_has_no_actor(operator: Actor) -> None:
    born = db.session.scalars(select(Record).where(Record.entity_id == operator.account_id)).one()
    assert (born.event, born.version, born.actor_id) == ("account.create", 1, None)


def test_the_record_of_an_account_tells_its_fields_but_never_its_password(
    operator: Actor, clock: SettableClock
) -> None:
    account = create_account(operator, clock, NewAccount("li.na", "李娜"), PASSWORD)
    record = db.session.scalars(select(Record).where(Record.entity_id == account.id)).one()
    content = db.session.get_one(RecordContent, record.id).content
    assert {change["field"]: change["to"] for change in content["changes"]} == {
        "username": "li.na",
        "name": "李娜",
        "language": "zh-CN",
        "disabled": False,
        "is_demo": False,
    }
    assert (record.actor_id, record.role) == (operator.account_id, Role.OPERATOR)


@pytest.mark.parametrize(
    ("new", "password", "paths"),
    [
        (NewAccount("operator", "又一个"), PASSWORD, ("username",)),
        (NewAccount("OPERATOR ", "又一个"), PASSWORD, ("username",)),
        (NewAccount("李娜", "李娜"), PASSWORD, ("username",)),
        (NewAccount("a/b", "x"), PASSWORD, ("username",)),
        (NewAccount("li.na", ""), PASSWORD, ("name",)),
        (NewAccount("li.na", "x" * 65), PASSWORD, ("name",)),
        (NewAccount("li.na", "a\x00b"), PASSWORD, ("name",)),
        (NewAccount("li.na", "李娜", language="fr"), PASSWORD, ("language",)),
        (NewAccount("li.na", "李娜", person="E404"), PASSWORD, ("person",)),
        (NewAccount("li.na", "李娜"), "short", ("password",)),
        (NewAccount("", "", person="E404"), "", ("username", "name", "person", "password")),
    ],
)
def test_everything_that_is_wrong_is_named_at_once(
    operator: Actor, clock: SettableClock, new: NewAccount, password: str, paths: tuple[str, ...]
) -> None:
    with refused(Reason.INVALID_INPUT, *paths):
        create_account(operator, clock, new, password)


def test_a_person_has_one_account(operator: Actor, hr: Actor, clock: SettableClock) -> None:
    settle(hr, clock, [("hq", None)], [("E001", "刘洋", "hq")])
    create_account(operator, clock, NewAccount("liu", "刘洋", person="E001"), PASSWORD)
    with refused(Reason.INVALID_INPUT, "person"):
        create_account(operator, clock, NewAccount("liu-2", "刘洋", person="E001"), PASSWORD)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_only_an_operator_makes_accounts(operator: Actor, clock: SettableClock, role: Role) -> None:
    somebody = employ(operator, clock, "somebody", role)
    with refused(Reason.NO_GRANT):
        create_account(somebody, clock, NewAccount("li.na", "李娜"), PASSWORD)
    with refused(Reason.NOT_SEEN):
        administer_accounts.disable_account(somebody, clock, "operator", seen_version=1)
    with refused(Reason.NOT_SEEN):
        find_account_row(somebody, "operator")
    with refused(Reason.NO_GRANT):
        list_accounts(somebody, PageAsked())


def test_an_operator_of_one_unit_sees_accounts_but_changes_none(
    operator: Actor, hr: Actor, clock: SettableClock
) -> None:
    settle(hr, clock, [("hq", None)], [])
    local = employ(operator, clock, "local", Role.OPERATOR, unit="hq")
    with refused(Reason.NO_GRANT):
        administer_accounts.rename_account(local, clock, "hr", name="别名", seen_version=1)


class TestChanging:
    def test_a_change_needs_the_version_that_was_seen(self, operator: Actor, clock: SettableClock) -> None:
        employ(operator, clock, "li.na")
        with refused(Reason.NO_VERSION):
            administer_accounts.rename_account(operator, clock, "li.na", name="", seen_version=None)
        with refused(Reason.INVALID_INPUT, "name"):
            administer_accounts.rename_account(operator, clock, "li.na", name="", seen_version=7)
        with refused(Reason.STALE):
            administer_accounts.rename_account(operator, clock, "li.na", name="李娜", seen_version=7)
        renamed = administer_accounts.rename_account(operator, clock, "li.na", name="李娜", seen_version=1)
        assert (renamed.name, renamed.version) == ("李娜", 2)

    def test_an_unknown_account_is_not_there(self, operator: Actor, clock: SettableClock) -> None:
        with refused(Reason.NOT_SEEN):
            administer_accounts.enable_account(operator, clock, "nobody", seen_version=1)

    def test_disabled_and_enabled_again(self, operator: Actor, clock: SettableClock) -> None:
        employ(operator, clock, "li.na")
        assert administer_accounts.disable_account(operator, clock, "li.na", seen_version=1).disabled
        assert not administer_accounts.enable_account(operator, clock, "li.na", seen_version=2).disabled
        events = db.session.scalars(
            select(Record.event)
            .join(Account, Account.id == Record.entity_id)
            .where(Account.username == "li.na")
            .order_by(Record.version)
        ).all()
        assert events == ["account.create", "account.disable", "account.enable"]

    def test_nobody_locks_themselves_out(self, operator: Actor, clock: SettableClock) -> None:
        with refused(Reason.INVALID_INPUT, "username"):
            administer_accounts.disable_account(operator, clock, "operator", seen_version=1)

    def test_a_weak_new_password_is_named(self, operator: Actor, clock: SettableClock) -> None:
        with refused(Reason.INVALID_INPUT, "password"):
            administer_accounts.reset_password(operator, clock, "operator", "123456789012")


def test_accounts_are_listed_a_page_at_a_time(operator: Actor, clock: SettableClock) -> None:
    for number in range(7):
        employ(operator, clock, f"clerk-{number}")
    first = list_accounts(operator, PageAsked(per_page=5))
    second = list_accounts(operator, PageAsked(per_page=5, after=first.after))
    names = [row.username for row in (*first.rows, *second.rows)]
    assert names == sorted([*(f"clerk-{number}" for number in range(7)), "operator"])
    assert (first.total, second.after) == (8, None)
    assert [row.username for row in list_accounts(operator, PageAsked(), q="K-3").rows] == ["clerk-3"]


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        (PageAsked(per_page=0), "per_page"),
        (PageAsked(per_page=201), "per_page"),
        (PageAsked(after="nonsense"), "after"),
        (PageAsked(after="WyJhIiwgMV0"), "after"),
        (PageAsked(after="中"), "after"),
    ],
)
def test_an_impossible_page_is_named(operator: Actor, asked: PageAsked, path: str) -> None:
    with refused(Reason.INVALID_INPUT, path):
        list_accounts(operator, asked)


def test_an_account_shows_whose_it_is(operator: Actor, hr: Actor, clock: SettableClock) -> None:
    settle(hr, clock, [("hq", None)], [("E001", "刘洋", "hq")])
    create_account(operator, clock, NewAccount("liu", "刘洋", person="E001"), PASSWORD)
    row = find_account_row(operator, "liu")
    assert (row.person_code, row.must_change_password, row.version) == ("E001", True, 1)
    assert actor_of("liu").person_id is not None
    assert date(2026, 1, 1) == SINCE
