"""Revisions 更正: a new card beside the locked one, which it supersedes once it is published."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import Company
from tests.support.refusals import refused
from tests.support.stocked import adjust, approve
from tests.support.world import bring_to
from workflow.errors import Reason
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.scorecards import Scorecard
from workflow.policy import Action, decide_card
from workflow.services.paging import PageAsked
from workflow.services.plans import plan
from workflow.services.scorecards import appraise, cards, look_up_cards
from workflow.services.scorecards.appraise import ItemEdit
from workflow.services.scorecards.look_up_cards import CardFilter

REASON = "录入有误"


def approved_agent(company: Company) -> Scorecard:
    """The card of E101, with one standing and one voided adjustment."""
    adjust(company.world, company.clock, company.card("E101"))
    approve(company.world, company.clock, company.card("E101"))
    return company.card("E101")


def revise(company: Company, card: Scorecard) -> Scorecard:
    return company.move(card, "admin", "revise", reason=REASON)


def test_a_revision_begins_as_a_draft_with_the_old_cards_content(company: Company) -> None:
    old = bring_to(company.world, company.clock, company.card("customer"), "published")
    fresh = revise(company, old)
    assert (fresh.number, fresh.revision, fresh.revises_id, fresh.state) == (old.number, 1, old.id, "draft")
    assert (fresh.total, fresh.grade, fresh.complete, fresh.sections) == (Decimal("69"), old.grade, True, old.sections)
    both = card_queries.items_of([old.id, fresh.id])
    for code, item in both[old.id].items():
        same = both[fresh.id][code]
        assert (same.input, same.points, same.basis, same.note) == (item.input, item.points, item.basis, item.note)
    assert fresh.published_at is None
    assert not card_queries.signatures_of([fresh.id])[fresh.id]


def test_it_is_made_in_one_record_that_tells_all_of_it(company: Company) -> None:
    fresh = revise(company, approved_agent(company))
    ((record, content),) = company.records(fresh.id)
    told = {change["field"]: change["to"] for change in content["changes"]}  # type: ignore[attr-defined]
    assert (record.event, record.version, record.role, content["reason"]) == (
        "scorecard.revise", 1, "administrator", REASON,
    )  # fmt: skip
    assert told["adjustments/quality/1/points"] == "-2"
    assert told["items/quality/input"] == {"adjustments": [{"on": "2026-10-12", "reason": "录入差错", "points": "-2"}]}


def test_standing_adjustments_go_along_and_keep_their_numbers(company: Company) -> None:
    old = approved_agent(company)
    fresh = revise(company, old)
    (entry,) = card_queries.adjustments_of([fresh.id])
    assert (entry.number, entry.points, entry.entered_by) == (1, Decimal("-2"), company.world.accounts["preparer"])
    preparer = company.actor("preparer")
    appraise.void_adjustment(preparer, company.clock, fresh.id, "quality", 1, "申诉成立", seen_version=1)
    assert company.card("E101").total == Decimal("100")
    assert db.session.get_one(Scorecard, old.id).total == Decimal("98")


@pytest.mark.parametrize("state", ["draft", "prepared", "reviewed"])
def test_only_a_locked_card_is_revised(company: Company, state: str) -> None:
    card = bring_to(company.world, company.clock, company.card("customer"), state)
    with refused(Reason.WRONG_STATE):
        revise(company, card)


def test_it_needs_the_administrator_and_a_reason(company: Company) -> None:
    card = bring_to(company.world, company.clock, company.card("customer"), "approved")
    with refused(Reason.NO_GRANT):
        company.move(card, "preparer", "revise", reason=REASON)
    with refused(Reason.REASON_TOO_SHORT):
        company.move(card, "admin", "revise")


def test_a_second_one_waits_for_the_first(company: Company) -> None:
    old = bring_to(company.world, company.clock, company.card("customer"), "approved")
    first = revise(company, old)
    with refused(Reason.REVISION_OPEN):
        revise(company, old)
    company.move(first, "admin", "void", reason="不再需要")
    assert revise(company, old).revision == 2


def test_an_old_card_is_not_changed_by_its_revision_until_that_is_published(company: Company) -> None:
    old = bring_to(company.world, company.clock, company.card("customer"), "published")
    before = (old.state, old.version, old.record_id)
    fresh = revise(company, old)
    edit = ItemEdit("survey", {"level": "优秀"})
    appraise.edit_item(company.actor("preparer"), company.clock, fresh.id, edit, seen_version=fresh.version)
    approve(company.world, company.clock, fresh)
    old = db.session.get_one(Scorecard, old.id, populate_existing=True)
    assert (old.state, old.version, old.record_id) == before


def test_publishing_it_supersedes_the_old_one_in_the_same_change(company: Company) -> None:
    old = bring_to(company.world, company.clock, company.card("customer"), "published")
    fresh = revise(company, old)
    approve(company.world, company.clock, fresh)
    company.clock.advance(days=1)
    company.move(fresh, "admin", "publish")
    old = db.session.get_one(Scorecard, old.id, populate_existing=True)
    assert (old.state, old.superseded_by) == ("superseded", fresh.id)
    assert old.published_at == company.clock.moment.replace(day=5)
    assert company.events(old.id)[-1] == "scorecard.supersede"
    revise(company, company.card("customer"))


# Who sees what was never published


def seen_by_the_appraised(company: Company, card: Scorecard) -> bool:
    employee = company.actor("employee")
    found = cards.open_many([card.id])[card.id]
    verdict = decide_card(employee, Action.CARD_SEE, cards.facts_with_history(found, employee)) is None
    listed = look_up_cards.list_cards(employee, CardFilter(all_revisions=True), PageAsked())
    assert verdict == (card.id in {row.id for row in listed.rows})
    return verdict


def test_what_was_superseded_before_it_was_published_stays_hidden_from_the_appraised_person(company: Company) -> None:
    old = approved_agent(company)
    fresh = revise(company, old)
    approve(company.world, company.clock, fresh)
    assert not seen_by_the_appraised(company, fresh)
    company.move(fresh, "admin", "publish")
    old = db.session.get_one(Scorecard, old.id, populate_existing=True)
    assert (old.state, old.published_at) == ("superseded", None)
    assert seen_by_the_appraised(company, fresh)
    assert not seen_by_the_appraised(company, old)


def test_what_was_published_is_still_shown_beside_its_revision(company: Company) -> None:
    old = approved_agent(company)
    company.move(old, "admin", "publish")
    fresh = revise(company, old)
    approve(company.world, company.clock, fresh)
    company.move(fresh, "admin", "publish")
    assert seen_by_the_appraised(company, db.session.get_one(Scorecard, old.id, populate_existing=True))


def test_the_plan_publishes_an_approved_revision_and_never_what_it_replaces(company: Company) -> None:
    old = approved_agent(company)
    fresh = revise(company, old)
    approve(company.world, company.clock, fresh)
    open_cards = select(Scorecard).where(Scorecard.state == "draft")
    for card in db.session.scalars(open_cards).all():
        company.move(card, "admin", "void", reason="本期不考核")
    for trigger in ("close", "publish"):
        version = plan.find_plan("2026-10").version
        plan.move(company.actor("admin"), company.clock, "2026-10", trigger, seen_version=version)
    states = {card.revision: (card.state, card.published_at is not None) for card in both(old.number)}
    assert states == {0: ("superseded", False), 1: ("published", True)}
    assert company.events(old.id)[-2:] == ["scorecard.approve", "scorecard.supersede"]


def both(number: str) -> list[Scorecard]:
    db.session.rollback()
    return list(db.session.scalars(select(Scorecard).where(Scorecard.number == number)))
