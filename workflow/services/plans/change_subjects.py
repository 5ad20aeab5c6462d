"""Joiners, leavers and transfers of a plan under way: who has no card yet, whose card no longer fits, and a card made for one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from workflow.errors import FieldError, invalid
from workflow.lifecycle import plan as lifecycle
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.policy import Actor, State
from workflow.services.clock import Clock
from workflow.services.plans.plan import STILL_OPEN, facts_of, find_plan
from workflow.services.scorecards import cards, derive
from workflow.services.scorecards.make_cards import Subject, create_part, subjects_of
from workflow.services.unit_of_work import Kept, unit_of_work
from workflow.wording import Phrase

_NOT_AMONG = Phrase(
    "{code} 在考核期末不属于本计划的单位与岗位;请先登记其任职",
    "{code} belongs to no unit and post of this plan at the period's end; enter the post first",
)
_HAS_CARD = Phrase(
    "{code} 在本计划中已有评分表;须重新建立时请先作废", "{code} has a card in this plan; to make it anew void it first"
)

_Key = tuple[str, str, int]
"""A scheme, and the kind and id of whom it appraises."""


class ChangeKind(StrEnum):
    """What has become of a subject since the plan was opened."""

    JOINED = "joined"  # appraised by the plan's rule, without a card
    LEFT = "left"  # has a card, and is appraised no more
    MOVED = "moved"  # has a card of another unit


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """A subject whose card is missing or no longer fits; the unit is the present one, for a leaver the card's."""

    kind: ChangeKind
    subject: str
    name: str
    scheme: str
    unit: str
    unit_name: str
    card_id: int | None = None
    number: str | None = None


def join(actor: Actor, clock: Clock, code: str, subject: str, kept: Kept | None = None) -> Plan:
    """Make the cards that somebody lacks in an open plan, also in place of voided ones; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        plan = find_plan(code, lock=True)
        cards.check(lifecycle.decide_join(facts_of(plan), actor))
        wanted = subject.strip()
        held, created, known = _cards_by_subject(plan), [], False
        for part in plan.contents:
            found = [each for each in subjects_of(plan, part) if each.code == wanted]
            known = known or bool(found)
            lacking = [each for each in found if _key(part, each) not in held]
            held |= {_key(part, each): None for each in lacking}
            created += create_part(work, plan, part, lacking, _numbered(plan), "scorecard.join") if lacking else []
        if not created:
            raise invalid(FieldError("subject", _HAS_CARD if known else _NOT_AMONG, {"code": wanted}))
        derive.follow_cards(work, created)
        work.finish(plan)
        return plan


def changes_of(plan: Plan) -> tuple[SubjectChange, ...]:
    """Compare the cards of an open plan with whom it would appraise if it were opened now."""
    if plan.state not in lifecycle.TAKES_SUBJECTS:
        return ()
    held = _cards_by_subject(plan)
    units = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    return tuple(_changes(plan, held, units))


def _changes(plan: Plan, held: Mapping[_Key, Scorecard | None], units: Mapping[int, Unit]) -> Iterator[SubjectChange]:
    seen: set[_Key] = set()
    for part in plan.contents:
        for subject in subjects_of(plan, part):
            key, unit = _key(part, subject), units[subject.unit_id]
            card = held.get(key)
            if key not in seen and key not in held:
                yield SubjectChange(
                    ChangeKind.JOINED, subject.code, subject.name, part["scheme"], unit.code, unit.title
                )
            elif key not in seen and card is not None and card.unit_id != unit.id and card.state in STILL_OPEN:
                yield _of_card(ChangeKind.MOVED, card, unit)
            seen.add(key)
    for key, card in held.items():
        if key not in seen and card is not None and card.state in STILL_OPEN:
            yield _of_card(ChangeKind.LEFT, card, units[card.unit_id])


def _of_card(kind: ChangeKind, card: Scorecard, unit: Unit) -> SubjectChange:
    return SubjectChange(
        kind, card.subject_code, card.subject_name, card.scheme_code, unit.code, unit.title, card.id, card.number
    )


def _key(part: Mapping[str, Any], subject: Subject) -> _Key:
    return part["scheme"], subject.kind, subject.id


def _cards_by_subject(plan: Plan) -> dict[_Key, Scorecard | None]:
    """Give the card that somebody has under each scheme, the newest revision; a void one is none."""
    query = select(Scorecard).where(Scorecard.plan_id == plan.id, Scorecard.state != State.VOID)
    found = db.session.scalars(query.order_by(Scorecard.revision))
    return {(card.scheme_code, card.subject_kind, card.subject_id): card for card in found}


def _numbered(plan: Plan) -> int:
    """Give the last number of the plan's cards, void ones too: none is given twice."""
    query = select(Scorecard.number).where(Scorecard.plan_id == plan.id)
    longest = query.order_by(func.length(Scorecard.number).desc(), Scorecard.number.desc()).limit(1)
    last = db.session.scalar(longest)
    return int(last.rsplit("-", 1)[1]) if last else 0
