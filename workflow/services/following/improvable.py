"""What an improvement plan can be about: the items of somebody's newest published card, with what they gave."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import Action, Actor, decide_unit
from workflow.policy import State as CardState
from workflow.services.people.look_up_organisation import responsible_person
from workflow.services.people.subjects import Subject, find_subject
from workflow.services.schemes.maintain_schemes import scorer_of


@dataclass(frozen=True, slots=True)
class ImprovableItem:
    """An item of a published card, with the points of its period and the most there are."""

    scheme: str
    scheme_title: str
    code: str
    title: str
    period: str
    points: Decimal | None
    full: Decimal | None


@dataclass(frozen=True, slots=True)
class Improvable:
    """Somebody, or a unit, with the items of the newest card under each scheme; `owner` is who is responsible for the unit."""

    code: str
    name: str
    unit_name: str
    owner: str | None
    items: tuple[ImprovableItem, ...]


def find(actor: Actor, code: str, today: date) -> Improvable | None:
    """Find a person or unit for whom the actor proposes improvements; None where there is none."""
    subject = find_subject(code, today)
    if subject is None or decide_unit(actor, Action.IMPROVEMENTS_PROPOSE, subject.unit.path):
        return None
    head = responsible_person(subject.unit.id, today)
    items = tuple(each for card in _newest_cards(subject) for each in _items(card))
    return Improvable(subject.code, subject.name, subject.unit.title, head.code if head else None, items)


def _newest_cards(subject: Subject) -> list[Scorecard]:
    query = (
        select(Scorecard)
        .where(
            Scorecard.subject_kind == subject.kind,
            Scorecard.subject_id == subject.id,
            Scorecard.state == CardState.PUBLISHED,
        )
        .order_by(Scorecard.period, Scorecard.revision)
    )
    return list({card.scheme_code: card for card in db.session.scalars(query)}.values())


def _items(card: Scorecard) -> list[ImprovableItem]:
    scheme = scorer_of(card.scheme_version_id).scheme
    query = select(ScorecardItem).where(ScorecardItem.scorecard_id == card.id).order_by(ScorecardItem.position)
    return [
        ImprovableItem(
            scheme=scheme.code,
            scheme_title=scheme.title,
            code=row.code,
            title=scheme.items[row.code].title,
            period=card.period,
            points=row.points,
            full=scheme.items[row.code].full_marks,
        )
        for row in db.session.scalars(query)
    ]
