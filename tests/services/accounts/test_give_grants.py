"""A grant is account × role × scope × dates, and some roles exclude each other."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.support.founders import SINCE, TODAY, actor_of, employ, settle
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from workflow.errors import Reason
from workflow.models.accounts import RoleGrant
from workflow.models.database import db
from workflow.models.record import Record
from workflow.policy import Actor, Role
from workflow.services.accounts.give_grants import NewGrant, change_grant, give_grant
from workflow.services.accounts.look_up_accounts import GrantStatus, GrantsWanted, find_grant, list_grants, own_grants
from workflow.services.paging import PageAsked

DAY = timedelta(days=1)


@pytest.fixture
def clerk(operator: Actor, hr: Actor, clock: SettableClock) -> Actor:
    settle(hr, clock, [("hq", None), ("cards", "hq")], [])
    return employ(operator, clock, "clerk")


def give(operator: Actor, clock: SettableClock, role: str, starts: date = SINCE, ends: date | None = None) -> RoleGrant:
    return give_grant(operator, clock, NewGrant("clerk", role, starts, ends))


@pytest.mark.usefixtures("clerk")
def test_a_grant_is_an_entity_with_a_record(operator: Actor, clock: SettableClock) -> None:
    grant = give_grant(operator, clock, NewGrant("clerk", "recorder", SINCE, None, "cards", ("quality", "floor")))
    assert (grant.role, grant.items, grant.version) == ("recorder", ["floor", "quality"], 1)
    record = db.session.scalars(select(Record).where(Record.entity_id == grant.id)).one()
    assert (record.entity_kind, record.event, record.actor_id) == ("grant", "grant.give", operator.account_id)


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize(
    ("new", "paths"),
    [
        (NewGrant("nobody", "preparer", SINCE), ("username",)),
        (NewGrant("clerk", "king", SINCE), ("role",)),
        (NewGrant("clerk", "preparer", SINCE, unit="moon"), ("unit",)),
        (NewGrant("clerk", "preparer", TODAY, TODAY - DAY), ("ends_on",)),
        (NewGrant("clerk", "recorder", SINCE), ("items",)),
        (NewGrant("clerk", "preparer", SINCE, items=("quality",)), ("items",)),
        (NewGrant("clerk", "recorder", SINCE, items=("quality", "a b")), ("items[1]",)),
    ],
)
def test_what_is_wrong_is_named(operator: Actor, clock: SettableClock, new: NewGrant, paths: tuple[str, ...]) -> None:
    with refused(Reason.INVALID_INPUT, *paths):
        give_grant(operator, clock, new)


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (Role.OPERATOR, Role.ADMINISTRATOR),
        (Role.ADMINISTRATOR, Role.AUDITOR),
        (Role.AUDITOR, Role.OPERATOR),
        (Role.PREPARER, Role.OPERATOR),
        (Role.APPROVER, Role.AUDITOR),
    ],
)
def test_roles_that_exclude_each_other_are_refused_while_their_days_overlap(
    operator: Actor, clock: SettableClock, held: Role, wanted: Role
) -> None:
    give(operator, clock, held, SINCE, TODAY)
    for starts, ends in ((TODAY, None), (SINCE - DAY, SINCE), (SINCE + DAY, SINCE + DAY), (SINCE - DAY, None)):
        with refused(Reason.ROLES_EXCLUDE):
            give(operator, clock, wanted, starts, ends)
    give(operator, clock, wanted, SINCE - DAY, SINCE - DAY)
    give(operator, clock, wanted, TODAY + DAY)


@pytest.mark.usefixtures("clerk")
def test_roles_at_different_times_do_not_exclude_a_third_that_spans_both(operator: Actor, clock: SettableClock) -> None:
    give(operator, clock, Role.ADMINISTRATOR, SINCE, TODAY)
    give(operator, clock, Role.AUDITOR, TODAY + DAY)
    assert give(operator, clock, Role.HEAD)


@pytest.mark.usefixtures("clerk")
def test_the_three_signing_roles_go_together_since_cards_keep_signers_apart(
    operator: Actor, clock: SettableClock
) -> None:
    for role in (Role.PREPARER, Role.REVIEWER, Role.APPROVER):
        assert give(operator, clock, role)


@pytest.mark.usefixtures("clerk")
def test_the_same_grant_is_not_given_twice(operator: Actor, clock: SettableClock) -> None:
    give(operator, clock, Role.PREPARER, SINCE, TODAY)
    with refused(Reason.INVALID_INPUT, "role"):
        give(operator, clock, Role.PREPARER, TODAY)
    assert give(operator, clock, Role.PREPARER, TODAY + DAY)
    assert give_grant(operator, clock, NewGrant("clerk", "preparer", SINCE, unit="cards"))


class TestChanging:
    @pytest.fixture
    def grant(self, operator: Actor, clerk: Actor, clock: SettableClock) -> RoleGrant:
        assert clerk.username == "clerk"
        return give(operator, clock, Role.PREPARER, TODAY)

    def test_a_grant_ends_on_a_day_with_a_reason(self, operator: Actor, grant: RoleGrant, clock: SettableClock) -> None:
        ended = change_grant(operator, clock, grant.id, ends_on=TODAY + DAY, seen_version=1, reason="调岗")
        assert (ended.starts_on, ended.ends_on, ended.version) == (TODAY, TODAY + DAY, 2)

    def test_a_grant_of_today_is_taken_back_at_once(
        self, operator: Actor, grant: RoleGrant, clock: SettableClock
    ) -> None:
        change_grant(operator, clock, grant.id, ends_on=TODAY - DAY, seen_version=1)
        assert own_grants(actor_of("clerk"), TODAY) == ()
        assert give(operator, clock, Role.OPERATOR, TODAY)

    def test_it_cannot_end_before_that(self, operator: Actor, grant: RoleGrant, clock: SettableClock) -> None:
        with refused(Reason.INVALID_INPUT, "ends_on"):
            change_grant(operator, clock, grant.id, ends_on=TODAY - 2 * DAY, seen_version=1)

    def test_new_days_are_compared_with_other_grants(
        self, operator: Actor, grant: RoleGrant, clock: SettableClock
    ) -> None:
        give(operator, clock, Role.AUDITOR, SINCE, TODAY - DAY)
        with refused(Reason.ROLES_EXCLUDE):
            change_grant(operator, clock, grant.id, starts_on=TODAY - DAY, ends_on=None, seen_version=1)

    def test_a_version_is_needed_and_must_be_the_newest(
        self, operator: Actor, grant: RoleGrant, clock: SettableClock
    ) -> None:
        with refused(Reason.NO_VERSION):
            change_grant(operator, clock, grant.id, ends_on=None, seen_version=None)
        with refused(Reason.STALE):
            change_grant(operator, clock, grant.id, ends_on=None, seen_version=9)

    def test_who_may_not_see_it_is_not_told(self, grant: RoleGrant, hr: Actor, clock: SettableClock) -> None:
        with refused(Reason.NOT_SEEN):
            change_grant(hr, clock, grant.id, ends_on=None, seen_version=1)
        with refused(Reason.NOT_SEEN):
            find_grant(hr, grant.id, TODAY)

    def test_an_auditor_sees_and_does_not_change_it(
        self, operator: Actor, grant: RoleGrant, clock: SettableClock
    ) -> None:
        auditor = employ(operator, clock, "auditor", Role.AUDITOR)
        assert find_grant(auditor, grant.id, TODAY).status is GrantStatus.IN_FORCE
        with refused(Reason.NO_GRANT):
            change_grant(auditor, clock, grant.id, ends_on=None, seen_version=1)

    def test_an_operator_does_not_end_their_own_power(self, operator: Actor, clock: SettableClock) -> None:
        own = own_grants(operator, TODAY)[0]
        with refused(Reason.INVALID_INPUT, "ends_on"):
            change_grant(operator, clock, own.id, ends_on=TODAY, seen_version=1)


@pytest.mark.usefixtures("clerk")
class TestScope:
    def test_an_operator_of_a_unit_gives_and_sees_grants_there_alone(
        self, operator: Actor, clock: SettableClock
    ) -> None:
        local = employ(operator, clock, "local", Role.OPERATOR, unit="cards")
        assert give_grant(local, clock, NewGrant("clerk", "head", SINCE, unit="cards"))
        for unit in ("hq", "moon"):
            with refused(Reason.INVALID_INPUT, "unit"):
                give_grant(local, clock, NewGrant("clerk", "head", SINCE, unit=unit))
        with refused(Reason.NO_GRANT):
            give_grant(local, clock, NewGrant("clerk", "head", SINCE))
        listed = list_grants(local, GrantsWanted(), TODAY, PageAsked())
        assert {(row.username, row.unit_code) for row in listed.rows} == {("clerk", "cards"), ("local", "cards")}

    def test_lists_are_narrowed_by_account_role_name_and_day(self, operator: Actor, clock: SettableClock) -> None:
        give(operator, clock, Role.PREPARER, SINCE, TODAY - DAY)
        give(operator, clock, Role.REVIEWER, TODAY + DAY)
        give(operator, clock, Role.APPROVER)

        def listed(wanted: GrantsWanted) -> list[tuple[str, str]]:
            return [(row.role, row.status) for row in list_grants(operator, wanted, TODAY, PageAsked()).rows]

        assert listed(GrantsWanted(username="clerk")) == [
            ("preparer", "ended"),
            ("reviewer", "coming"),
            ("approver", "in_force"),
        ]
        assert listed(GrantsWanted(q="CLER", only_in_force=True)) == [("approver", "in_force")]
        assert listed(GrantsWanted(role="operator")) == [("operator", "in_force")]
