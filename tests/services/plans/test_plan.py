"""Plans: opening makes the right cards, closing blocks entries, publishing names what is still open."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import Company
from tests.support.refusals import refused
from tests.support.stocked import FULL_MARKET, approve
from tests.support.world import SINCE, bring_to, fill
from workflow.errors import Reason, Refusal
from workflow.models.accounts import KeptAnswer
from workflow.models.database import db
from workflow.models.organisation import Membership, Person, UnitFunction
from workflow.models.plans import Plan
from workflow.models.record import Record
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import SYSTEM, Grant, Role
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan, PlanContents
from workflow.services.scorecards import appraise
from workflow.services.scorecards.appraise import ItemEdit
from workflow.services.unit_of_work import Part, unit_of_work
from workflow.wording import Language

CUSTOMER = PlanContents("customer-department", ("customer",))
TEAM = PlanContents("csr-card", ("card-team",))
LAST_DAY = date(2026, 11, 30)


def make(company: Company, *contents: PlanContents, code: str = "2026-11", **values: str) -> Plan:
    new = NewPlan(code, f"{code} 月度考核", "2026-11", contents)
    return plan.create(company.actor("admin"), company.clock, replace(new, **values))


def move(
    company: Company, trigger: str, code: str = "2026-10", *, by: str = "admin", reason: str | None = None
) -> Plan:
    version = plan.find_plan(code).version
    return plan.move(company.actor(by), company.clock, code, trigger, seen_version=version, reason=reason)


def cards_of(code: str) -> list[Scorecard]:
    db.session.rollback()
    query = select(Scorecard).join(Plan, Plan.id == Scorecard.plan_id).where(Plan.code == code)
    return list(db.session.scalars(query.order_by(Scorecard.number)))


# Making one


def test_a_plan_is_made_as_a_draft_with_the_scheme_versions_that_will_score_it(company: Company) -> None:
    made = make(company, CUSTOMER)
    ((record, _),) = company.records(made.id)
    assert (made.state, made.version, made.contents[0]["version"]) == ("draft", 1, 1)
    assert (record.event, record.role) == ("plan.create", "administrator")
    assert cards_of("2026-11") == []


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"code": "2026-10"}, "code"),
        ({"code": " "}, "code"),
        ({"code": "x" * 65}, "code"),
        ({"title": ""}, "title"),
        ({"title": "长" * 129}, "title"),
        ({"period": "2026-13"}, "period"),
        ({"period": "2026-Q4"}, "contents[0].scheme"),
        ({"disclosure": "everything"}, "disclosure"),
        ({"calendar": {"prepare": "soon"}}, "calendar.prepare"),
        ({"contents": ()}, "contents"),
        ({"contents": (PlanContents("nothing", ("customer",)),)}, "contents[0].scheme"),
        ({"contents": (PlanContents("customer-department", ("nowhere",)),)}, "contents[0].units[0]"),
        ({"contents": (PlanContents("customer-department", ()),)}, "contents[0].units"),
    ],
)
def test_what_is_wrong_with_a_plan_is_named(company: Company, wrong: dict[str, object], path: str) -> None:
    new = replace(NewPlan("2026-11", "十一月考核", "2026-11", (CUSTOMER,)), **wrong)  # type: ignore[arg-type]
    with refused(Reason.INVALID_INPUT, path):
        plan.create(company.actor("admin"), company.clock, new)


def test_only_the_administrator_makes_and_moves_plans(company: Company) -> None:
    new = NewPlan("2026-11", "十一月考核", "2026-11", (CUSTOMER,))
    with refused(Reason.NO_GRANT):
        plan.create(company.actor("preparer"), company.clock, new)
    with refused(Reason.NO_GRANT):
        move(company, "close", by="preparer")
    with refused(Reason.NOT_SEEN):
        move(company, "close", by="nobody")
    with refused(Reason.NOT_SEEN):
        plan.move(company.actor("admin"), company.clock, "nothing", "open", seen_version=1)


def test_an_administrator_of_a_unit_keeps_to_it(company: Company) -> None:
    own = replace(company.actor("admin"), grants=(Grant(Role.ADMINISTRATOR, company.world.path("market")),))
    plan.create(
        own, company.clock, NewPlan("m", "市场部", "2026-11", (PlanContents("marketing-department", ("market",)),))
    )
    with refused(Reason.NO_GRANT):
        plan.create(own, company.clock, NewPlan("c", "客户部", "2026-11", (CUSTOMER,)))
    with refused(Reason.NO_GRANT):
        plan.move(own, company.clock, "2026-10", "close", seen_version=2)


# Opening it


def test_opening_makes_a_card_for_each_unit_and_each_member(company: Company) -> None:
    make(company, CUSTOMER, TEAM)
    move(company, "open", "2026-11")
    made = [(card.number, card.subject_code, card.subject_kind, card.state) for card in cards_of("2026-11")]
    assert made == [
        ("2026-11-0001", "customer", "unit", "draft"),
        ("2026-11-0002", "E101", "person", "draft"),
        ("2026-11-0003", "E102", "person", "draft"),
        ("2026-11-0004", "E103", "person", "draft"),
    ]
    customer, agent, *_ = cards_of("2026-11")
    assert customer.appraised_person_id == company.world.people["E001"].id
    assert agent.appraised_person_id == agent.subject_id == company.world.people["E101"].id
    assert (customer.version, customer.total, customer.complete) == (1, None, False)
    assert customer.provisional_total == Decimal(0)


def test_a_new_card_has_every_item_of_its_scheme_and_names_what_is_missing(company: Company) -> None:
    make(company, TEAM)
    move(company, "open", "2026-11")
    card = cards_of("2026-11")[0]
    items = db.session.scalars(select(ScorecardItem).where(ScorecardItem.scorecard_id == card.id)).all()
    codes = ["processing", "quality", "floor", "satisfaction"]
    assert [item.code for item in sorted(items, key=lambda each: each.position)] == codes
    assert card.missing == [[code, "no_input"] for code in codes]


def test_each_card_has_a_record_of_its_own(company: Company) -> None:
    for card in cards_of("2026-10"):
        assert company.events(card.id) == ["scorecard.create"]
    assert company.events(plan.find_plan("2026-10").id) == ["plan.create", "plan.open"]


def belong(company: Company, code: str, starts_on: date, ends_on: date | None, post: str = "员工") -> None:
    with unit_of_work(SYSTEM, company.clock) as work:
        person = Person(code=code, name=code, name_key=code)
        work.create(person, "person.create")
        values = {
            "unit_id": company.world.units["card-team"].id,
            "post": post,
            "starts_on": starts_on,
            "ends_on": ends_on,
        }
        part = Part(Membership(person_id=person.id), "memberships/1", values, is_new=True)
        work.change(person, "person.join", {}, parts=[part])


def test_the_members_of_the_periods_last_day_count(company: Company) -> None:
    belong(company, "E201", SINCE, LAST_DAY)
    belong(company, "E202", LAST_DAY, None)
    belong(company, "E203", SINCE, LAST_DAY - timedelta(days=1))
    belong(company, "E204", LAST_DAY + timedelta(days=1), None)
    make(company, TEAM)
    move(company, "open", "2026-11")
    assert [card.subject_code for card in cards_of("2026-11")] == ["E101", "E102", "E103", "E201", "E202"]


def test_only_the_posts_that_are_named_are_appraised(company: Company) -> None:
    belong(company, "E201", SINCE, None, "班长")
    make(company, replace(TEAM, posts=("班长",)))
    move(company, "open", "2026-11")
    assert [card.subject_code for card in cards_of("2026-11")] == ["E201"]


def test_a_unit_stands_for_everything_below_it(company: Company) -> None:
    make(company, PlanContents("csr-card", ("hq",)))
    move(company, "open", "2026-11")
    assert [card.subject_code for card in cards_of("2026-11")] == ["E101", "E102", "E103", "E001", "E002"]


def test_nobody_gets_a_second_card_of_the_same_scheme(company: Company) -> None:
    make(company, TEAM, PlanContents("csr-card", ("card-team", "hq")))
    move(company, "open", "2026-11")
    found = [card.subject_code for card in cards_of("2026-11")]
    assert found == ["E101", "E102", "E103", "E001", "E002"]


def test_the_responsible_person_is_the_one_of_the_periods_last_day(company: Company) -> None:
    function = db.session.scalars(
        select(UnitFunction).where(UnitFunction.unit_id == company.world.units["customer"].id)
    ).one()
    with unit_of_work(SYSTEM, company.clock) as work:
        unit = company.world.units["customer"]
        successor = {"function": "head", "person_id": company.world.people["E002"].id, "starts_on": LAST_DAY}
        parts = [
            Part(function, "functions/head", {"ends_on": LAST_DAY - timedelta(days=1)}),
            Part(UnitFunction(unit_id=unit.id), "functions/head-2", {**successor, "ends_on": None}, is_new=True),
        ]
        work.change(unit, "unit.appoint", {}, parts=parts)
    make(company, CUSTOMER)
    move(company, "open", "2026-11")
    assert cards_of("2026-11")[0].appraised_person_id == company.world.people["E002"].id


def test_a_plan_of_nobody_is_not_opened(company: Company) -> None:
    make(company, replace(TEAM, posts=("没有的岗位",)))
    with refused(Reason.INVALID_INPUT, "contents"):
        move(company, "open", "2026-11")
    assert plan.find_plan("2026-11").state == "draft"


def test_opening_is_all_or_nothing(company: Company) -> None:
    make(company, CUSTOMER, replace(TEAM, posts=("没有的岗位",)))
    move(company, "open", "2026-11")
    with refused(Reason.WRONG_STATE):
        move(company, "open", "2026-11")
    assert len(cards_of("2026-11")) == 1


# Closing, publishing


def test_closing_blocks_entries_and_reopening_permits_them(company: Company) -> None:
    card, preparer = company.card("market"), company.actor("preparer")
    edit = ItemEdit("planning", {"level": "良好"})
    move(company, "close")
    with refused(Reason.PLAN_CLOSED):
        appraise.edit_item(preparer, company.clock, card.id, edit, seen_version=card.version)
    move(company, "reopen")
    appraise.edit_item(preparer, company.clock, card.id, edit, seen_version=card.version)


def test_a_card_that_was_never_prepared_is_not_prepared_in_a_closing_plan(company: Company) -> None:
    fill(company.world, company.clock, company.card("market"), FULL_MARKET)
    move(company, "close")
    with refused(Reason.PLAN_CLOSED):
        company.move(company.card("market"), "preparer", "prepare")


def test_a_revision_stays_open_to_the_end(company: Company) -> None:
    publish_all(company)
    fresh = company.move(company.card("customer"), "admin", "revise", reason="录入有误")
    edit = ItemEdit("survey", {"level": "优秀"})
    appraise.edit_item(company.actor("preparer"), company.clock, fresh.id, edit, seen_version=fresh.version)


def publish_all(company: Company) -> None:
    """Approve the card of 客户部, void the others, publish the plan."""
    bring_to(company.world, company.clock, company.card("customer"), "approved")
    for card in cards_of("2026-10"):
        if card.state == "draft":
            company.move(card, "admin", "void", reason="本期不考核")
    move(company, "close")
    move(company, "publish")


def test_publishing_names_the_cards_that_are_still_open(company: Company) -> None:
    bring_to(company.world, company.clock, company.card("customer"), "approved")
    move(company, "close")
    with pytest.raises(Refusal) as refusal:
        move(company, "publish")
    sentence = refusal.value.denied.sentence(Language.ZH)
    assert refusal.value.denied.reason is Reason.CARDS_OPEN
    assert company.card("market").number in sentence
    assert company.card("customer").number not in sentence
    assert company.card("customer").state == "approved"


def test_publishing_publishes_every_approved_card_and_leaves_void_ones(company: Company) -> None:
    company.clock.advance(days=1)
    publish_all(company)
    states = {card.subject_code: (card.state, card.published_at) for card in cards_of("2026-10")}
    assert states.pop("customer") == ("published", company.clock())
    assert set(states.values()) == {("void", None)}
    assert company.events(company.card("customer").id)[-1] == "scorecard.publish"
    assert plan.find_plan("2026-10").state == "published"


def test_a_plan_is_not_published_while_it_is_open(company: Company) -> None:
    with refused(Reason.WRONG_STATE):
        move(company, "publish")


def test_cancelling_needs_a_reason_and_keeps_the_cards(company: Company) -> None:
    with refused(Reason.REASON_TOO_SHORT):
        move(company, "cancel")
    before = len(cards_of("2026-10"))
    cancelled = move(company, "cancel", reason="改为季度考核")
    assert (cancelled.state, len(cards_of("2026-10"))) == ("cancelled", before)
    assert company.records(cancelled.id)[-1][1]["reason"] == "改为季度考核"


def test_a_stale_move_is_told_the_newest_version_and_state(company: Company) -> None:
    with pytest.raises(Refusal) as refusal:
        plan.move(company.actor("admin"), company.clock, "2026-10", "close", seen_version=1)
    assert (refusal.value.denied.reason, refusal.value.current) == (Reason.STALE, {"version": 2, "value": "open"})


def test_a_refused_move_leaves_nothing(company: Company) -> None:
    make(company, replace(TEAM, posts=("没有的岗位",)))
    before = len(db.session.scalars(select(Record.id)).all())
    with pytest.raises(Refusal):
        move(company, "open", "2026-11")
    db.session.rollback()
    assert len(db.session.scalars(select(Record.id)).all()) == before
    assert db.session.scalars(select(KeptAnswer)).all() == []


def test_approved_people_are_published_too(company: Company) -> None:
    for subject in ("E101", "E102", "E103"):
        fill(company.world, company.clock, company.card(subject), {code: {"adjustments": []} for code in AGENT_ITEMS})
        approve(company.world, company.clock, company.card(subject))
    publish_all(company)
    assert {company.card(subject).state for subject in ("E101", "E102", "E103")} == {"published"}


AGENT_ITEMS = ("processing", "quality", "floor", "satisfaction")
