"""Who is not ranked in a period, and why: by standings 岗位状态, by days attended, by confirmed consequences."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from workflow.lifecycle import action_item, personnel
from workflow.lifecycle.standing import Kind, Span, as_held
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.dated import overlap
from workflow.models.measurements import Measurement
from workflow.models.organisation import Membership
from workflow.models.personnel import Standing
from workflow.models.scorecards import Scorecard
from workflow.scoring.attendance import Presence, absence
from workflow.scoring.consequences import holds_in
from workflow.scoring.periods import Period
from workflow.scoring.terms import Absence
from workflow.services import working_days
from workflow.services.chunks import chunks
from workflow.services.ranking.placing import ResultOf, published

ATTENDANCE = "attendance-days"
"""The indicator that tells on how many days of a period a person was there."""

_NAMES = frozenset(Absence)


def absences_of(period: Period, cards: Iterable[Scorecard], result_of: ResultOf = published) -> dict[int, Absence]:
    """Give the cards, by id, whose subjects are absent in the period; `result_of` names the scheme with its `min_days`.

    A confirmed consequence that lasts and is named like an absence, such as `off-post`, keeps its subject away in the
    periods that directly follow its own, until a standing has been entered for it: then the days of that count.
    """
    found = list(cards)
    least = {card.id: result_of(card).scheme.ranking.min_days for card in found if card.subject_kind == "person"}
    stood = _standings(period, [card.subject_id for card in found if card.id in least])
    counted = sorted({card.subject_id for card in found if least.get(card.id) is not None})
    posts, told = _posts(period, counted), days_attended(period, counted)
    worked = working_days.between(period.first_day, period.last_day)
    absent = {}
    for card in found:
        if card.id in least and (card.subject_id in stood or least[card.id] is not None):
            presence = _presence(period, worked, stood.get(card.subject_id, ()), posts.get(card.subject_id, ()))
            absent[card.id] = absence(presence, least[card.id], told.get(card.subject_id))
    given = {card_id: reason for card_id, reason in absent.items() if reason is not None}
    return given | dict(_confirmed(period, found))


def _presence(period: Period, worked: Sequence[date], standings: Sequence[Span], posts: Sequence[Span]) -> Presence:
    days = [period.first_day + timedelta(days=count) for count in range((period.last_day - period.first_day).days + 1)]
    away = [span for span in as_held(standings) if span.kind is not Kind.ON_POST]
    stood = {day: Absence(span.kind) for span in away for day in days if _holds(span, day)}
    return Presence(days, stood, frozenset(day for day in worked if any(_holds(post, day) for post in posts)))


def _holds(span: Span, day: date) -> bool:
    return span.starts_on <= day and (span.ends_on is None or day <= span.ends_on)


def _standings(period: Period, person_ids: Collection[int]) -> dict[int, list[Span]]:
    """Give the standings of people that touch the period, by person; a return to post before it is among them."""
    spans: dict[int, list[Span]] = defaultdict(list)
    for some in chunks(sorted(set(person_ids))):
        query = select(Standing).where(
            Standing.person_id.in_(some),
            Standing.state == personnel.State.VALID,
            overlap(Standing, period.first_day, period.last_day),
        )
        for each in db.session.scalars(query):
            spans[each.person_id].append(Span(Kind(each.kind), each.starts_on, each.ends_on))
    return spans


def _posts(period: Period, person_ids: Sequence[int]) -> dict[int, list[Span]]:
    """Give when these people had a post in the period."""
    spans: dict[int, list[Span]] = defaultdict(list)
    for some in chunks(person_ids):
        here = overlap(Membership, period.first_day, period.last_day)
        for each in db.session.scalars(select(Membership).where(Membership.person_id.in_(some), here)):
            spans[each.person_id].append(Span(Kind.ON_POST, each.starts_on, each.ends_on))
    return spans


def days_attended(period: Period, person_ids: Sequence[int]) -> dict[int, Decimal]:
    """Give the days attended of whom they have been recorded for."""
    told: dict[int, Decimal] = {}
    for some in chunks(person_ids):
        query = select(Measurement.subject_id, Measurement.value).where(
            Measurement.item == ATTENDANCE,
            Measurement.subject_kind == "person",
            Measurement.subject_id.in_(some),
            Measurement.frequency == period.frequency,
            Measurement.period == period.label,
            Measurement.withdrawn.is_(False),
        )
        told |= dict(db.session.execute(query).all())
    return told


def _confirmed(period: Period, cards: Sequence[Scorecard]) -> Iterator[tuple[int, Absence]]:
    """Give the cards of those whom a confirmed consequence keeps away, as long as no standing says from when to when."""
    by_subject: Mapping[tuple[str, int], list[int]] = defaultdict(list)
    for card in cards:
        by_subject[card.subject_kind, card.subject_id].append(card.id)
    entered = select(Standing.id).where(Standing.action_id == ActionItem.id, Standing.state == personnel.State.VALID)
    query = select(ActionItem).where(
        ActionItem.state.in_([action_item.State.CONFIRMED, action_item.State.DONE]),
        ActionItem.lasts.is_not(None),
        ActionItem.code.in_(sorted(_NAMES)),
        ActionItem.period < period.label,
        ActionItem.subject_id.in_({subject_id for _, subject_id in by_subject}),
        ~entered.exists(),
    )
    for item in db.session.scalars(query.order_by(ActionItem.period)):
        if holds_in(period, Period.parse(item.period), item.lasts):
            for card_id in by_subject.get((item.subject_kind, item.subject_id), ()):
                yield card_id, Absence(item.code)
