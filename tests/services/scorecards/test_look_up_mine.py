"""我的成绩: one's own published cards and nobody else's; of what is not published only the step."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from tests.support.months import AGENTS, customer_month, open_month, sign_up_to
from tests.support.rating import DAY_CARD, LEADER, asked, make_team, open_day, rater
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.world import World, card_of, fill, move
from workflow.errors import Reason
from workflow.models.database import db
from workflow.models.organisation import Membership, Person
from workflow.models.record import Record
from workflow.models.scorecards import Acknowledgement, Scorecard
from workflow.models.types import new_id
from workflow.policy import SYSTEM, Role, State
from workflow.services.paging import PageAsked
from workflow.services.plans import plan
from workflow.services.raters import rate
from workflow.services.raters.rate import Given
from workflow.services.scorecards import appraise
from workflow.services.scorecards.look_up_mine import Progress, acknowledge, my_cards, my_progress, my_score, who_am_i
from workflow.services.unit_of_work import Part, unit_of_work

NOTHING_HAPPENED = {code: {"adjustments": []} for code in ("processing", "floor", "satisfaction")}


def agents_month(world: World, clock: SettableClock, period: str, quality: Mapping[str, str]) -> None:
    """Open a month of the card team and publish the cards named, each with this deduction from quality."""
    open_month(world, clock, period, AGENTS)
    for subject, points in quality.items():
        card = card_of(subject, period)
        fill(world, clock, card, NOTHING_HAPPENED)
        entry = {"on": f"{period}-12", "reason": "录入差错", "points": points}
        appraise.add_adjustment(world.actor("preparer"), clock, card.id, "quality", entry, seen_version=card.version)
        sign_up_to(world, clock, card, "publish")


def test_who_am_i_tells_account_person_and_grants(world: World) -> None:
    me = who_am_i(world.actor("head"))
    assert (me.username, me.name, me.person, me.person_name) == ("head", "刘洋", "E001", "刘洋")
    assert (me.unit, me.unit_name) == ("customer", "客户部")
    assert [(grant.role, grant.unit, grant.unit_name) for grant in me.grants] == [
        (Role.HEAD, "customer", "客户部"),
        (Role.PREPARER, "customer", "客户部"),
    ]
    recorder = who_am_i(world.actor("recorder"))
    assert (recorder.person, recorder.unit) == (None, None)
    assert [(grant.unit, grant.items) for grant in recorder.grants] == [(None, ("churn", "quality"))]


def test_progress_tells_the_step_of_ones_unpublished_card_and_nothing_else(world: World, clock: SettableClock) -> None:
    agents_month(world, clock, "2026-09", {"E101": "-1"})
    open_month(world, clock, "2026-10", AGENTS)
    assert my_progress(world.actor("employee")) == (Progress("2026-10", "2026-10 月度考核", State.DRAFT),)
    card = card_of("E101")
    fill(world, clock, card, {**NOTHING_HAPPENED, "quality": {"adjustments": []}})
    sign_up_to(world, clock, card, "review")
    assert my_progress(world.actor("employee")) == (Progress("2026-10", "2026-10 月度考核", State.REVIEWED),)
    assert Progress.__slots__ == ("period", "plan_title", "state")
    assert my_progress(world.actor("preparer")) == ()


def test_a_cancelled_plan_is_no_progress(world: World, clock: SettableClock) -> None:
    open_month(world, clock, "2026-10", AGENTS)
    plan.move(world.actor("admin"), clock, "2026-10", "cancel", seen_version=2, reason="重复")
    assert my_progress(world.actor("employee")) == ()


def test_ones_published_cards_come_the_newest_first(world: World, clock: SettableClock) -> None:
    for period in ("2026-08", "2026-09", "2026-10"):
        agents_month(world, clock, period, {"E101": "-1", "E102": "-2"})
    open_month(world, clock, "2026-11", AGENTS)
    first = my_cards(world.actor("employee"), PageAsked(2))
    rest = my_cards(world.actor("employee"), PageAsked(2, first.after))
    told = [(mine.card.period, mine.card.subject) for mine in (*first.rows, *rest.rows)]
    assert told == [("2026-10", "E101"), ("2026-09", "E101"), ("2026-08", "E101")]
    assert {mine.published_at for mine in first.rows} == {clock()}
    assert my_cards(world.actor("preparer"), PageAsked()).rows == ()


def test_a_score_is_shown_with_its_trend_and_what_moved(world: World, clock: SettableClock) -> None:
    agents_month(world, clock, "2026-08", {"E101": "-9"})
    agents_month(world, clock, "2026-09", {"E101": "-1"})
    agents_month(world, clock, "2026-10", {"E101": "-3"})
    score = my_score(world.actor("employee"))
    assert score is not None
    assert (score.mine.card.period, score.change) == ("2026-10", Decimal(-2))
    assert [month.period for month in score.months[-3:]] == ["2026-08", "2026-09", "2026-10"]
    assert [month.total for month in score.months[-4:]] == [None, Decimal(91), Decimal(99), Decimal(97)]
    assert (len(score.months), score.months[0].period) == (12, "2025-11")
    assert [(move.code, move.title, move.change) for move in score.items] == [
        ("processing", "业务处理", Decimal(0)),
        ("quality", "品质监控", Decimal(-2)),
        ("floor", "现场管理", Decimal(0)),
        ("satisfaction", "客户满意度", Decimal(0)),
    ]
    older = my_score(world.actor("employee"), card_of("E101", "2026-08").id)
    assert older is not None
    assert (older.change, older.items, older.months[-1].period) == (None, (), "2026-08")


def test_the_months_card_is_shown_before_the_days_and_each_kind_can_be_had(world: World, clock: SettableClock) -> None:
    agents_month(world, clock, "2026-09", {"E101": "-1"})
    make_team(world, clock, DAY_CARD)
    open_day(world, clock, date(2026, 10, 13))
    given = asked(LEADER, "E101", world, "2026-10-13")
    rate.rate(rater(world, LEADER), clock, [Given(given.id, given.version, {"daily": "80"}, "")])
    sign_up_to(world, clock, card_of("E101", "2026-10-13"), "publish")
    for frequency, period in ((None, "2026-09"), ("month", "2026-09"), ("day", "2026-10-13"), ("year", "2026-09")):
        score = my_score(world.actor("employee"), frequency=frequency)
        assert score is not None
        assert (score.mine.card.period, score.frequencies) == (period, ("day", "month"))


def test_the_units_average_is_told_over_five_people_or_more(world: World, clock: SettableClock) -> None:
    for code in ("E104", "E105"):
        join_card_team(world, code)
    people = {"E101": "-1", "E102": "-2", "E103": "-3", "E104": "-4"}
    agents_month(world, clock, "2026-09", people)
    agents_month(world, clock, "2026-10", {**people, "E105": "-8"})
    score = my_score(world.actor("employee"))
    assert score is not None
    assert [month.unit_average for month in score.months[-2:]] == [None, Decimal(96)], "18 from 500, rounded as points"


def join_card_team(world: World, code: str) -> None:
    with unit_of_work(SYSTEM, SettableClock()) as work:
        person = Person(id=new_id(), code=code, name=code, name_key=code)
        start = world.people["E101"]
        since = db.session.scalars(select(Membership.starts_on).where(Membership.person_id == start.id)).one()
        values = {"unit_id": world.units["card-team"].id, "post": "员工", "starts_on": since, "ends_on": None}
        part = Part(Membership(person_id=person.id), "memberships/1", values, is_new=True)
        work.create(person, "person.create", parts=[part])


def test_another_persons_card_is_not_there(world: World, clock: SettableClock) -> None:
    agents_month(world, clock, "2026-10", {"E101": "-1", "E102": "-2"})
    for username in ("head", "preparer", "nobody"):
        with refused(Reason.NOT_SEEN):
            my_score(world.actor(username), card_of("E101").id)
        assert my_score(world.actor(username)) is None
    with refused(Reason.NOT_SEEN):
        my_score(world.actor("employee"), card_of("E102").id)


def test_an_unpublished_card_is_not_there(world: World, clock: SettableClock) -> None:
    open_month(world, clock, "2026-10", AGENTS)
    assert my_score(world.actor("employee")) is None
    with refused(Reason.NOT_SEEN):
        my_score(world.actor("employee"), card_of("E101").id)


def test_the_person_responsible_for_a_unit_sees_its_card_as_their_own(world: World, clock: SettableClock) -> None:
    card = customer_month(world, clock, "2026-10")
    score = my_score(world.actor("head"))
    assert score is not None
    assert score.mine.card.id == card.id
    assert {month.unit_average for month in score.months} == {None}


def test_a_revision_takes_the_place_of_the_card_it_corrects(world: World, clock: SettableClock) -> None:
    old = customer_month(world, clock, "2026-10")
    move(world, clock, old, "admin", "revise", reason="流失率口径有误")
    assert [mine.card.revision for mine in my_cards(world.actor("head"), PageAsked()).rows] == [0]
    sign_up_to(world, clock, card_of("customer"), "publish")
    assert [mine.card.revision for mine in my_cards(world.actor("head"), PageAsked()).rows] == [1]


def test_acknowledging_is_recorded_once(world: World, clock: SettableClock) -> None:
    agents_month(world, clock, "2026-10", {"E101": "-1"})
    card, employee = card_of("E101"), world.actor("employee")
    version = card.version
    given = acknowledge(employee, clock, card.id)
    first = clock()
    clock.advance(days=1)
    again = acknowledge(employee, clock, card.id)
    assert (again.id, again.at) == (given.id, first)
    assert my_cards(employee, PageAsked()).rows[0].acknowledged_at == first
    record = db.session.scalars(select(Record).where(Record.entity_kind == "acknowledgement")).one()
    assert (record.event, record.actor_id, record.version) == ("acknowledgement.give", employee.account_id, 1)
    assert db.session.scalars(select(Scorecard.version).where(Scorecard.id == card.id)).one() == version


def test_only_ones_own_published_card_can_be_acknowledged(world: World, clock: SettableClock) -> None:
    agents_month(world, clock, "2026-10", {"E102": "-1"})
    department = customer_month(world, clock, "2026-09")
    draft, other = card_of("E101").id, card_of("E102").id
    for username, card_id, reason in (
        ("employee", draft, Reason.NOT_SEEN),
        ("employee", other, Reason.NOT_SEEN),
        ("preparer", other, Reason.NOT_YOURS),
        ("preparer", draft, Reason.NOT_YOURS),
        ("employee", department.id, Reason.NOT_SEEN),
        ("employee", 1, Reason.NOT_SEEN),
    ):
        with refused(reason):
            acknowledge(world.actor(username), clock, card_id)
    assert db.session.scalars(select(Acknowledgement)).all() == []


def test_a_superseded_card_can_no_longer_be_acknowledged(world: World, clock: SettableClock) -> None:
    old = customer_month(world, clock, "2026-10")
    move(world, clock, old, "admin", "revise", reason="流失率口径有误")
    sign_up_to(world, clock, card_of("customer"), "publish")
    with refused(Reason.WRONG_STATE):
        acknowledge(world.actor("head"), clock, old.id)


def test_a_long_history_takes_as_many_statements_as_a_short_one(world: World, clock: SettableClock) -> None:
    employee = world.actor("employee")
    agents_month(world, clock, "2026-08", {"E101": "-1", "E102": "-2"})
    agents_month(world, clock, "2026-09", {"E101": "-1", "E102": "-2"})
    my_score(employee)
    few = statements_of(world)
    agents_month(world, clock, "2026-10", {"E101": "-1", "E102": "-2", "E103": "-3"})
    assert statements_of(world) == few == (5, 3, 1)


def statements_of(world: World) -> tuple[int, int, int]:
    employee = world.actor("employee")
    with statements() as score:
        my_score(employee)
    with statements() as listed:
        my_cards(employee, PageAsked())
    with statements() as progress:
        my_progress(employee)
    return len(score), len(listed), len(progress)
