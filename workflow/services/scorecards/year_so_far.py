"""What adds up over a year: the actuals of the earlier periods behind cumulative items."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import or_, select

from workflow.lifecycle.plan import State as PlanState
from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.policy import State
from workflow.scoring.periods import Period
from workflow.scoring.rules.attainment import AttainmentRule
from workflow.scoring.scheme import Scheme

EarlierActuals = Mapping[tuple[int, str], Mapping[str, Decimal | None]]
"""By card and item: the earlier periods of the year with their actual, None where it is not settled."""


class _Wanted(NamedTuple):
    card: Scorecard
    code: str
    first: Period
    last: Period

    def covers(self, label: str) -> bool:
        period = Period.parse(label)
        return period.frequency is self.first.frequency and self.first <= period <= self.last


def earlier_actuals(cards: Iterable[tuple[Scorecard, Scheme]]) -> EarlierActuals:
    """Give what the earlier periods achieved, in two queries for all cards; none where nothing adds up.

    A period in which the subject has a card of the scheme and no settled actual is known to be missing; one without a
    card, as of somebody who came later, does not count.
    """
    wanted = [each for card, scheme in cards for each in _wanted(card, scheme)]
    found: dict[tuple[int, str], dict[str, Decimal | None]] = {(each.card.id, each.code): {} for each in wanted}
    if not any(wanted):
        return found
    settled, appraised = _settled(wanted), _appraised(wanted)
    for each in wanted:
        card = each.card
        labels = {label for label in appraised.get(_subject(card), ()) if each.covers(label)}
        values = settled.get((card.subject_kind, card.subject_id, each.code), {})
        of_item = {label: value for label, value in values.items() if each.covers(label)}
        found[card.id, each.code] = dict.fromkeys(sorted(labels), None) | of_item
    return found


def _wanted(card: Scorecard, scheme: Scheme) -> Iterable[_Wanted]:
    for code, item in scheme.items.items():
        window = item.rule.window_before(Period.parse(card.period)) if isinstance(item.rule, AttainmentRule) else None
        if window is not None:
            yield _Wanted(card, code, *window)


def _subject(card: Scorecard) -> tuple[str, int, str]:
    return card.subject_kind, card.subject_id, card.scheme_code


def _settled(wanted: list[_Wanted]) -> dict[tuple[str, int, str], dict[str, Decimal]]:
    query = select(
        Measurement.subject_kind, Measurement.subject_id, Measurement.item, Measurement.period, Measurement.value
    ).where(
        Measurement.item.in_({each.code for each in wanted}),
        Measurement.subject_id.in_({each.card.subject_id for each in wanted}),
        Measurement.period >= min(each.first.label for each in wanted),
        Measurement.period <= max(each.last.label for each in wanted),
        Measurement.withdrawn.is_(False),
    )
    found: dict[tuple[str, int, str], dict[str, Decimal]] = {}
    for kind, subject_id, item, period, value in db.session.execute(query):
        found.setdefault((kind, subject_id, item), {})[period] = value
    return found


def _appraised(wanted: list[_Wanted]) -> dict[tuple[str, int, str], set[str]]:
    """Give in which periods each subject has a card of the scheme that is neither void nor of a cancelled plan."""
    spans = {(each.first.label, each.last.label) for each in wanted}
    query = (
        select(Scorecard.subject_kind, Scorecard.subject_id, Scorecard.scheme_code, Scorecard.period)
        .join(Plan, Plan.id == Scorecard.plan_id)
        .where(
            Scorecard.subject_id.in_({each.card.subject_id for each in wanted}),
            Scorecard.scheme_code.in_({each.card.scheme_code for each in wanted}),
            or_(*(Scorecard.period.between(first, last) for first, last in sorted(spans))),
            Scorecard.state != State.VOID,
            Plan.state != PlanState.CANCELLED,
        )
    )
    found: dict[tuple[str, int, str], set[str]] = {}
    for kind, subject_id, scheme, period in db.session.execute(query):
        found.setdefault((kind, subject_id, scheme), set()).add(period)
    return found
