"""Vetoes 一票否决: entered and lifted with a reason; each time the card is added up anew, and both stay in the record."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.support.company_fixtures import Company, company_after
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories
from tests.support.world import SCHEMES, World, approve_scheme, card_of, fill, move, open_plan
from workflow.errors import Reason, Refusal
from workflow.models.scorecards import Scorecard
from workflow.scoring.loading import load_scheme
from workflow.services.plans.plan import PlanContents
from workflow.services.scorecards import veto

PLAN = "vetoed"
FRAUD = {"code": "fraud", "on": "2026-10-12", "reason": "虚报客户流失率"}
COMPLAINT = {"code": "complaint", "on": "2026-10-20", "reason": "客户投诉经查属实"}
VETOES = [
    {"code": "fraud", "title": "弄虚作假", "total_max": "0"},
    {"code": "complaint", "title": "重大投诉", "grade": "不合格"},
]


def filled_in(world: World, clock: SettableClock) -> None:
    """Tell of a 客户部 card of 69 points, 合格, under a scheme with two vetoes."""
    data = load_scheme(SCHEMES / "customer-department.yaml").to_data()
    approve_scheme(world, clock, {**data, "code": "with-vetoes", "vetoes": VETOES})
    open_plan(world, clock, PLAN, contents=(PlanContents("with-vetoes", ("customer",)),))
    fill(world, clock, card_of("customer", PLAN))


@pytest.fixture
def company(stories: Stories) -> Iterator[Company]:
    with company_after(filled_in, stories) as company:
        yield company


@pytest.fixture
def card(company: Company) -> Scorecard:  # noqa: ARG001 — it is the company's
    return card_of("customer", PLAN)


def enter(company: Company, card: Scorecard, entry: dict[str, Any], by: str = "preparer") -> Scorecard:
    return veto.enter_veto(company.actor(by), company.clock, card.id, entry, seen_version=card.version)


def lift(company: Company, card: Scorecard, code: str, reason: str = "查无此事") -> Scorecard:
    return veto.lift_veto(company.actor("preparer"), company.clock, card.id, code, reason, seen_version=card.version)


def test_a_veto_cuts_the_total_and_sets_the_grade_at_once(company: Company, card: Scorecard) -> None:
    assert (card.total, card.grade) == (Decimal("69.00"), "合格")
    enter(company, card, COMPLAINT)
    assert (card.total, card.grade) == (Decimal("69.00"), "不合格")
    enter(company, card, FRAUD)
    assert (card.total, card.provisional_total, card.grade) == (Decimal("0.00"), Decimal("0.00"), "不合格")


def test_lifting_it_gives_back_what_it_took_and_keeps_both_in_the_record(company: Company, card: Scorecard) -> None:
    enter(company, card, FRAUD)
    lift(company, card, "fraud")
    assert (card.total, card.grade, card.vetoes) == (Decimal("69.00"), "合格", [])
    entered, lifted = company.records(card.id)[-2:]
    assert [entered[0].event, lifted[0].event] == ["scorecard.veto", "scorecard.lift_veto"]
    assert (entered[1]["reason"], lifted[1]["reason"]) == (FRAUD["reason"], "查无此事")


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ({**FRAUD, "code": "lateness"}, "code"),
        ({**FRAUD, "reason": " "}, "reason"),
        ({**FRAUD, "on": "2026-11-01"}, "on"),
        ({**FRAUD, "on": "soon"}, "on"),
        (COMPLAINT, "code"),
    ],
)
def test_a_wrong_entry_is_named_and_changes_nothing(
    company: Company, card: Scorecard, entry: dict[str, Any], path: str
) -> None:
    enter(company, card, COMPLAINT)
    before = len(company.records(card.id))
    with refused(Reason.INVALID_INPUT, path):
        enter(company, card, entry)
    assert len(company.records(card.id)) == before


def test_only_who_fills_in_the_whole_card_may_veto_it(company: Company, card: Scorecard) -> None:
    with refused(Reason.NOT_SEEN):
        enter(company, card, FRAUD, by="recorder")
    with refused(Reason.NO_GRANT):
        enter(company, card, FRAUD, by="admin")


def test_a_signed_card_takes_no_veto_and_a_stale_version_is_told_the_newest(company: Company, card: Scorecard) -> None:
    seen = card.version
    enter(company, card, COMPLAINT)
    with pytest.raises(Refusal) as caught:
        veto.enter_veto(company.actor("preparer"), company.clock, card.id, FRAUD, seen_version=seen)
    assert caught.value.denied.reason is Reason.STALE
    assert caught.value.current == {"version": card.version, "value": [COMPLAINT]}
    move(company.world, company.clock, card, "preparer", "prepare")
    with refused(Reason.WRONG_STATE):
        enter(company, card, FRAUD)
    with refused(Reason.WRONG_STATE):
        lift(company, card, "complaint")
