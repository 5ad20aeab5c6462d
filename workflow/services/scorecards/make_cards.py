"""Making the cards of a plan: whom its schemes appraise, and a draft for each with what is known already put in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import select

from workflow.errors import FieldError, invalid
from workflow.models.card_queries import FoundCard
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.models.types import new_id
from workflow.policy import Role, State
from workflow.scoring.card import Card
from workflow.scoring.periods import Period
from workflow.services.people.look_up_organisation import members, subtree
from workflow.services.recorders import entries
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.scorecards import cards, derive, revise
from workflow.services.scorecards.cards import OpenCard
from workflow.services.scorecards.completing import Completer
from workflow.services.scorecards.feeding import Measured, first_fed
from workflow.services.unit_of_work import Part, Work
from workflow.wording import Phrase

NOBODY = Phrase("所选单位中没有被考核人", "there is nobody to appraise in these units")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a scheme of a plan appraises: a unit, or a person with the unit of the period's last day."""

    kind: str
    id: int
    code: str
    name: str
    unit_id: int


def create_all(work: Work, plan: Plan) -> None:
    """Make a card for each subject of each scheme, numbered in the order of the contents, units and codes."""
    created: list[Scorecard] = []
    made: set[tuple[str, str, int]] = set()
    for part in plan.contents:
        subjects = [each for each in subjects_of(plan, part) if (part["scheme"], each.kind, each.id) not in made]
        made |= {(part["scheme"], each.kind, each.id) for each in subjects}
        created += create_part(work, plan, part, subjects, len(created))
    if not created:
        raise invalid(FieldError("contents", NOBODY))
    derive.follow_cards(work, created)


def create_part(
    work: Work,
    plan: Plan,
    part: Mapping[str, Any],
    subjects: Sequence[Subject],
    numbered: int,
    event: str = "scorecard.create",
) -> list[Scorecard]:
    """Make the cards of one scheme, with what has been measured of their subjects and what the ledger says already put in."""
    period, scorer = Period.parse(plan.period), scorer_of(int(part["scheme_version_id"]))
    blank = scorer.score(Card(period=period)).items
    numbers = (f"{plan.code}-{number:04d}" for number in count(numbered + 1))
    fresh = [_new_card(plan, part, subject, number) for subject, number in zip(subjects, numbers, strict=False)]
    opened = [OpenCard(FoundCard(card, "", "", plan.state, plan.code), {}, scorer) for card in fresh]
    measured, completer = Measured(opened), Completer(opened)
    waiting = entries.waiting(part["scheme"], period.label, scorer.scheme.subject, [each.id for each in subjects])
    for each in opened:
        happened = waiting[each.card.subject_id]
        fed = {
            code: first_fed(each, code, measured, completer) or entries.feed(each, code, happened.get(code, ()))
            for code in blank
        }
        outcomes = {code: found[1] if (found := fed[code]) else outcome for code, outcome in blank.items()}
        for name, value in cards.totals_as_values(scorer.add_up(outcomes)).items():
            setattr(each.card, name, value)
        parts = [
            _new_item(
                each.card, code, place, found[0] if (found := fed[code]) else cards.outcome_as_values(outcomes[code])
            )
            for place, code in enumerate(blank)
        ]
        parts += [entry for code in blank for entry in entries.as_adjustments(each.card.id, happened.get(code, ()))]
        work.create(each.card, event, parts=parts, role=Role.ADMINISTRATOR)
    return fresh


def subjects_of(plan: Plan, part: Mapping[str, Any]) -> list[Subject]:
    """Give whom one scheme of the plan appraises: the units themselves, or their members on the period's last day."""
    scheme = scorer_of(int(part["scheme_version_id"])).scheme
    if scheme.subject == "unit":
        query = select(Unit).where(Unit.code.in_(part["units"])).order_by(Unit.code)
        return [Subject("unit", unit.id, unit.code, unit.title, unit.id) for unit in db.session.scalars(query)]
    units = {unit.id for code in part["units"] for unit in subtree(code)}
    belonging = members(units, Period.parse(plan.period).last_day, tuple(part["posts"]))
    return [Subject("person", person.id, person.code, person.name, unit.id) for person, unit in belonging]


def _new_card(plan: Plan, part: Mapping[str, Any], subject: Subject, number: str) -> Scorecard:
    card = Scorecard(
        id=new_id(),
        plan_id=plan.id,
        scheme_version_id=int(part["scheme_version_id"]),
        scheme_code=part["scheme"],
        number=number,
        revision=0,
        period=plan.period,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_code=subject.code,
        subject_name=subject.name,
        unit_id=subject.unit_id,
        state=State.DRAFT,
        vetoes=[],
    )
    card.appraised_person_id = revise.appraised_person(card)
    return card


def _new_item(card: Scorecard, code: str, place: int, values: Mapping[str, object]) -> Part:
    begins = {"code": code, "position": place, "input": None, "note": "", "source": "", "is_fed": False}
    return Part(ScorecardItem(scorecard_id=card.id), f"items/{code}", {**begins, **values}, is_new=True)
