"""The figures of a period's report 考核报告: totals and their distribution, and each item's average against the period before."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

from sqlalchemy import ColumnElement, and_, select

from workflow.errors import not_seen
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import Action, Actor, unit_scope
from workflow.policy import State as CardState
from workflow.scoring.periods import Period
from workflow.scoring.scheme import Item
from workflow.services.people.look_up_organisation import within
from workflow.services.ranking import rank
from workflow.services.schemes.maintain_schemes import scorer_of

CENT: Final = Decimal("0.01")
"""To which averages are rounded."""

BAND: Final = 10
"""How many points a band of the distribution is wide."""

MOST_PLANS: Final = 60


@dataclass(frozen=True, slots=True)
class Band:
    """How many cards have a total from `least` on, and below `least` + 10."""

    least: int
    cards: int


@dataclass(frozen=True, slots=True)
class ItemAverage:
    """The average of an item over the published cards, and over those of the period before; None where nobody has points.

    `cards` and `cards_before` count those that have points.
    """

    code: str
    title: str
    full: Decimal | None
    average: Decimal | None
    before: Decimal | None
    cards: int
    cards_before: int

    @property
    def change(self) -> Decimal | None:
        """How much the average has moved."""
        return None if self.average is None or self.before is None else self.average - self.before


@dataclass(frozen=True, slots=True)
class SchemeReport:
    """What the published cards of one scheme say together; grades in the order of how many have them."""

    scheme: str
    title: str
    card_ids: tuple[int, ...]
    cards_before: int
    average: Decimal | None
    before: Decimal | None
    highest: Decimal | None
    lowest: Decimal | None
    distribution: tuple[Band, ...]
    grades: tuple[tuple[str, int], ...]
    items: tuple[ItemAverage, ...]

    @property
    def cards(self) -> int:
        """How many published cards there are."""
        return len(self.card_ids)

    @property
    def change(self) -> Decimal | None:
        """How much the average total has moved."""
        return None if self.average is None or self.before is None else self.average - self.before


@dataclass(frozen=True, slots=True)
class PlanReport:
    """The figures of one plan by scheme, over the cards of the units in the reader's scope."""

    plan: str
    title: str
    period: str
    state: str
    schemes: tuple[SchemeReport, ...]


def reported_plans(actor: Actor) -> tuple[Plan, ...]:
    """Give the published plans with cards in the reader's scope, the newest period first; at most 60."""
    cards = select(Scorecard.id).join(Unit, Unit.id == Scorecard.unit_id)
    there = cards.where(Scorecard.plan_id == Plan.id, _told_to(actor)).exists()
    query = select(Plan).where(Plan.state.in_(rank.RANKED), there)
    return tuple(db.session.scalars(query.order_by(Plan.period.desc(), Plan.id.desc()).limit(MOST_PLANS)))


def report_on(actor: Actor, code: str) -> PlanReport:
    """Work out a plan's figures; raises Refusal (not seen) where none of its published cards is in the reader's scope."""
    plan = db.session.scalar(select(Plan).where(Plan.code == code, Plan.state.in_(rank.RANKED)))
    if plan is None:
        raise not_seen()
    schemes = _schemes(plan, _told_to(actor))
    if not schemes:
        raise not_seen()
    return PlanReport(plan=plan.code, title=plan.title, period=plan.period, state=plan.state, schemes=schemes)


def figures_of(plan: Plan, unit_path: str) -> tuple[SchemeReport, ...]:
    """Work out the figures of a whole plan, whose units all lie below `unit_path`, for whoever reads them."""
    return _schemes(plan, and_(_PUBLISHED, within((unit_path,))))


def _schemes(plan: Plan, counted: ColumnElement[bool]) -> tuple[SchemeReport, ...]:
    """Work out the figures over the cards that are counted, scheme by scheme."""
    now = and_(counted, Scorecard.plan_id == plan.id)
    cards = _cards(now)
    schemes = sorted({card.scheme_code for card in cards})
    earlier = Period.parse(plan.period).previous().label
    then = and_(counted, Scorecard.period == earlier, Scorecard.scheme_code.in_(schemes))
    before = _cards(then)
    points = _averages(now), _averages(then)
    return tuple(_scheme(scheme, cards, before, points) for scheme in schemes)


Averages = dict[tuple[str, str], tuple[Decimal, int]]
"""The average points by scheme and item, and of how many cards."""

_PUBLISHED: Final = Scorecard.state == CardState.PUBLISHED
_NONE: Final = (None, 0)


def _cards(counted: ColumnElement[bool]) -> list[Scorecard]:
    query = select(Scorecard).join(Unit, Unit.id == Scorecard.unit_id).where(counted)
    return list(db.session.scalars(query.order_by(Scorecard.number)))


def _told_to(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL that a card is published and of a unit whose scores the reader is told by role."""
    return and_(_PUBLISHED, within(unit_scope(actor, Action.RANKING_SEE)))


def _averages(counted: ColumnElement[bool]) -> Averages:
    query = (
        select(Scorecard.scheme_code, ScorecardItem.code, ScorecardItem.points)
        .join(Scorecard, Scorecard.id == ScorecardItem.scorecard_id)
        .join(Unit, Unit.id == Scorecard.unit_id)
        .where(counted)
    )
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for scheme, code, points in db.session.execute(query):
        if points is not None:
            found[scheme, code].append(points)
    return {key: (_mean(values), len(values)) for key, values in found.items()}


def _scheme(
    code: str, cards: Sequence[Scorecard], before: Sequence[Scorecard], points: tuple[Averages, Averages]
) -> SchemeReport:
    own = [card for card in cards if card.scheme_code == code]
    totals = [card.total for card in own if card.total is not None]
    earlier = [card.total for card in before if card.scheme_code == code and card.total is not None]
    scheme = scorer_of(max(card.scheme_version_id for card in own)).scheme
    now, then = points
    return SchemeReport(
        scheme=code,
        title=scheme.title,
        card_ids=tuple(card.id for card in own),
        cards_before=len(earlier),
        average=_mean(totals) if totals else None,
        before=_mean(earlier) if earlier else None,
        highest=max(totals, default=None),
        lowest=min(totals, default=None),
        distribution=_bands(totals),
        grades=tuple(Counter(card.grade for card in own if card.grade is not None).most_common()),
        items=tuple(
            _item(item, now.get((code, item.code), _NONE), then.get((code, item.code), _NONE))
            for item in scheme.items.values()
        ),
    )


def _item(item: Item, now: tuple[Decimal | None, int], before: tuple[Decimal | None, int]) -> ItemAverage:
    return ItemAverage(item.code, item.title, item.full_marks, now[0], before[0], now[1], before[1])


def _bands(totals: Sequence[Decimal]) -> tuple[Band, ...]:
    """Count the totals in bands of ten points, from the lowest to the highest that has any, empty ones between included."""
    counted = Counter(int((total / BAND).to_integral_value(ROUND_FLOOR)) for total in totals)
    if not counted:
        return ()
    return tuple(Band(place * BAND, counted[place]) for place in range(min(counted), max(counted) + 1))


def _mean(values: Sequence[Decimal]) -> Decimal:
    return (sum(values, Decimal()) / len(values)).quantize(CENT, ROUND_HALF_UP)
