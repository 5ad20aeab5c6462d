"""What somebody's published card pays: the facts that pay takes from elsewhere, and the arithmetic with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from workflow.models.database import db
from workflow.models.payroll import BonusBase
from workflow.models.rankings import RankingEntry
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.scoring.attendance import attended_share
from workflow.scoring.basis import Trace
from workflow.scoring.pay import PayFacts, Result
from workflow.scoring.pay_gaps import Settled, settle
from workflow.scoring.periods import Period
from workflow.scoring.scheme import Scheme
from workflow.services import working_days
from workflow.services.chunks import chunks
from workflow.services.following.stopped_bonus import bonus_stopped
from workflow.services.people.look_up_personnel import levels_on
from workflow.services.ranking.absences import days_attended
from workflow.services.schemes.maintain_schemes import scorer_of


@dataclass(frozen=True, slots=True)
class CardPay:
    """The pay of one card with the facts that it was worked out from; the grade is the one that the ranking gave."""

    card: Scorecard
    grade: str | None
    facts: PayFacts
    stopped_by: int | None  # the action item that stops the bonus
    settled: Settled


def pays_of(period: Period, cards: Iterable[Scorecard]) -> list[CardPay]:
    """Work out the pay of people's cards of a period; those of units and of schemes without pay are left out.

    Asks a fixed number of questions for each 5,000 cards.
    """
    paid = [card for card in cards if card.subject_kind == "person" and scheme_of(card).pay is not None]
    return [pay for some in chunks(paid) for pay in _pays_of(period, some)]


def scheme_of(card: Scorecard) -> Scheme:
    """Give the scheme that scores a card."""
    return scorer_of(card.scheme_version_id).scheme


def _pays_of(period: Period, cards: Sequence[Scorecard]) -> list[CardPay]:
    people = {card.subject_id for card in cards}
    grades, inputs = _grades_of(cards), _inputs_of(cards)
    levels, bases = levels_on(db.session, people, period.last_day), bonus_bases_on(people, period.last_day)
    stopped, attended = bonus_stopped(people, period), days_attended(period, sorted(people))
    due = len(working_days.between(period.first_day, period.last_day))
    found = []
    for card in cards:
        person, grade = card.subject_id, grades.get(card.id, card.grade)
        share = attended_share(attended[person], due) if person in attended else None
        facts = PayFacts(levels.get(person), share, bases.get(person), person in stopped)
        settled = settle(scheme_of(card), Result(card.total, grade), inputs[card.id], facts)
        if settled is not None:
            told = _with_attendance(scheme_of(card), settled, facts, attended.get(person), due)
            found.append(CardPay(card, grade, facts, stopped.get(person), told))
    return found


def _with_attendance(scheme: Scheme, settled: Settled, facts: PayFacts, days: Decimal | None, due: int) -> Settled:
    """Tell first where the attended share comes from, if the bonus goes by it."""
    bonus = scheme.pay.bonus if scheme.pay is not None else None
    if bonus is None or not bonus.attendance or facts.bonus_stopped or facts.attendance is None:
        return settled
    trace = Trace()
    trace.add("pay", how="attendance", days=days, due=str(due), share=facts.attendance)
    return settled._replace(pay=settled.pay._replace(basis=(*trace.steps, *settled.pay.basis)))


def bonus_bases_on(people: Collection[int], day: date) -> dict[int, Decimal]:
    """Give the bonus base of each of these people on a day; who has none is left out."""
    query = (
        select(BonusBase.person_id, BonusBase.amount)
        .where(BonusBase.person_id.in_(sorted(people)), BonusBase.starts_on <= day)
        .order_by(BonusBase.starts_on, BonusBase.id)
    )
    return dict(db.session.execute(query).all())


def _grades_of(cards: Sequence[Scorecard]) -> dict[int, str | None]:
    """Give the grades that the newest ranking gave, quotas counted; who is not ranked is left out."""
    mine = RankingEntry.scorecard_id.in_(sorted(card.id for card in cards))
    newest = select(func.max(RankingEntry.id)).where(mine).group_by(RankingEntry.scorecard_id)
    query = select(RankingEntry.scorecard_id, RankingEntry.grade).where(
        RankingEntry.id.in_(newest), RankingEntry.rank.is_not(None)
    )
    return dict(db.session.execute(query).all())


def _inputs_of(cards: Sequence[Scorecard]) -> dict[int, Mapping[str, Any]]:
    """Give of each card the input of the item by which the benefit wage goes."""
    items = {card.id: pay.benefit.item for card in cards if (pay := scheme_of(card).pay) and pay.benefit is not None}
    query = select(ScorecardItem.scorecard_id, ScorecardItem.code, ScorecardItem.input).where(
        ScorecardItem.scorecard_id.in_(sorted(items)), ScorecardItem.code.in_(sorted(set(items.values())))
    )
    found: dict[int, dict[str, Any]] = {card.id: {} for card in cards}
    for card_id, code, entered in db.session.execute(query):
        if code == items[card_id]:
            found[card_id][code] = entered
    return dict(found)
