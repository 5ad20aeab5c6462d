"""What cards take from other cards: a team's results from its members', a longer period's from those of the shorter ones."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, false, or_, select

from workflow.lifecycle.plan import State as PlanState
from workflow.lifecycle.scorecard import LOCKED
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.policy import State
from workflow.scoring.periods import Frequency, Period
from workflow.scoring.rules.base import Rule
from workflow.scoring.rules.periods import PeriodsRule
from workflow.scoring.rules.team import TeamRule
from workflow.scoring.scheme import Scheme
from workflow.services.schemes.maintain_schemes import scorer_of

FROM_CARDS = (TeamRule, PeriodsRule)
"""The rules that nobody fills in: what they score comes from other cards."""


class Taker(NamedTuple):
    """A card that takes from others, the path of its unit and its scheme."""

    card: Scorecard
    unit_path: str
    scheme: Scheme


class OtherCard(NamedTuple):
    """What another card may give."""

    number: str
    revision: int
    subject_kind: str
    subject_id: int
    subject_code: str
    scheme_code: str
    scheme_version_id: int
    period: str
    unit_path: str
    state: str
    total: Decimal | None
    sections: dict[str, str]

    @property
    def shown(self) -> str | None:
        """The total with the decimals of its scheme, however the database keeps it."""
        return None if self.total is None else scorer_of(self.scheme_version_id).scheme.rounding.show(self.total)


class OtherCards:
    """Cards that have been read to be taken from: of each number the newest revision that is not void."""

    def __init__(self, rows: Iterable[OtherCard]) -> None:
        self._rows = list(
            {row.number: row for row in sorted(rows, key=lambda row: (row.number, row.revision))}.values()
        )

    def given_to(self, taker: Taker, rule: Rule) -> dict[str, Any]:
        """Give what an item of this rule draws on, as scoring takes it; nothing for a rule that takes from no card."""
        if isinstance(rule, TeamRule):
            return {"members": [_member(row) for row in self._rows if _is_member(row, taker, rule)]}
        if isinstance(rule, PeriodsRule):
            return {"totals": [row.shown for row in self._of_periods(taker.card, Frequency(rule.of.value))]}
        return {}

    def _of_periods(self, card: Scorecard, frequency: Frequency) -> list[OtherCard]:
        """Give the subject's own published cards inside the card's period, oldest first."""
        first, last = _bounds(Period.parse(card.period), frequency)
        mine = (
            row
            for row in self._rows
            if (row.subject_kind, row.subject_id) == (card.subject_kind, card.subject_id)
            and row.state == State.PUBLISHED
            and first <= row.period <= last
            and Period.parse(row.period).frequency is frequency
        )
        return sorted(mine, key=lambda row: row.period)


def taken_from_cards(scheme: Scheme) -> list[str]:
    """Give the items of a scheme whose points come from other cards."""
    return [code for code, item in scheme.items.items() if isinstance(item.rule, FROM_CARDS)]


def others_behind(takers: Iterable[Taker]) -> OtherCards:
    """Read the cards from which these take, in one query; in none where they take from no card."""
    wanted = [
        condition
        for taker in takers
        for rule in (taker.scheme.items[code].rule for code in taken_from_cards(taker.scheme))
        for condition in _wanted(taker, rule)
    ]
    if not wanted:
        return OtherCards(())
    query = (
        select(
            Scorecard.number,
            Scorecard.revision,
            Scorecard.subject_kind,
            Scorecard.subject_id,
            Scorecard.subject_code,
            Scorecard.scheme_code,
            Scorecard.scheme_version_id,
            Scorecard.period,
            Unit.path,
            Scorecard.state,
            Scorecard.total,
            Scorecard.sections,
        )
        .join(Unit, Unit.id == Scorecard.unit_id)
        .join(Plan, Plan.id == Scorecard.plan_id)
        .where(Scorecard.state != State.VOID, Plan.state != PlanState.CANCELLED, or_(false(), *wanted))
    )
    return OtherCards(OtherCard._make(row) for row in db.session.execute(query))


def _wanted(taker: Taker, rule: Rule) -> Iterable[ColumnElement[bool]]:
    """Say in SQL which cards a rule may take from."""
    card = taker.card
    if isinstance(rule, TeamRule):
        of_schemes = (
            Scorecard.scheme_code.in_(rule.schemes) if rule.schemes else Scorecard.scheme_code != card.scheme_code
        )
        below = Unit.path.startswith(taker.unit_path, autoescape=True)
        yield and_(Scorecard.subject_kind == "person", Scorecard.period == card.period, of_schemes, below)
    elif isinstance(rule, PeriodsRule):
        first, last = _bounds(Period.parse(card.period), Frequency(rule.of.value))
        mine = and_(Scorecard.subject_kind == card.subject_kind, Scorecard.subject_id == card.subject_id)
        yield and_(mine, Scorecard.period >= first, Scorecard.period <= last)


def _bounds(period: Period, frequency: Frequency) -> tuple[str, str]:
    """Give the first and the last period of a frequency inside a longer one."""
    return Period.holding(period.first_day, frequency).label, Period.holding(period.last_day, frequency).label


def _is_member(row: OtherCard, taker: Taker, rule: TeamRule) -> bool:
    """Say whether a card is one of the team's: a person's of the taker's unit and period, under the schemes that count.

    Where the rule names no schemes, every scheme counts but the taker's own.
    """
    card = taker.card
    if row.subject_kind != "person" or row.period != card.period or not row.unit_path.startswith(taker.unit_path):
        return False
    if (row.subject_kind, row.subject_id) == (card.subject_kind, card.subject_id):
        return False
    return row.scheme_code in rule.schemes if rule.schemes else row.scheme_code != card.scheme_code


def _member(row: OtherCard) -> dict[str, Any]:
    """Give a member's results; none while the card is not approved."""
    if row.state not in LOCKED:
        return {"subject": row.subject_code}
    return {"subject": row.subject_code, "total": row.shown, "sections": dict(row.sections)}
