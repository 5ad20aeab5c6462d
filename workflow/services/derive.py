"""What drafts derive: from measurements values and baselines, from other cards the results of a team or of shorter periods."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.organisation import Unit
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import Action, Actor, State, decide_card
from workflow.scoring.card import ItemOutcome
from workflow.scoring.periods import Period
from workflow.scoring.rules.bands import BandsRule
from workflow.scoring.rules.baseline import BaselineRule
from workflow.scoring.rules.linear import LinearRule
from workflow.services import cards
from workflow.services.cards import OpenCard
from workflow.services.clock import Clock
from workflow.services.maintain_schemes import scorer_of
from workflow.services.roll_up import taken_from_cards
from workflow.services.unit_of_work import Part, Work, unit_of_work

MEASURED = (BaselineRule, LinearRule, BandsRule)
"""The rules whose input is one measured value."""

NOTHING: Mapping[str, Measurement] = {}


def follow(work: Work, moved: Sequence[Measurement]) -> None:
    """Let the subjects' drafts follow what has been measured, corrected or taken back, as one derived change of each card.

    Those of the same period take the value, later ones a new baseline. A person's own entry stands; who signs is shown
    that the source differs. Prepared and locked cards never move (source: lifecycle.md, Lock).
    """
    if not moved:
        return
    by_subject: dict[tuple[str, int], list[Measurement]] = defaultdict(list)
    for row in moved:
        by_subject[row.subject_kind, row.subject_id].append(row)
    for opened in _drafts(_reached_by(moved)):
        card, frequency = opened.card, opened.period.frequency
        rows = [
            row
            for row in by_subject[card.subject_kind, card.subject_id]
            if row.frequency == frequency and row.period <= card.period and row.item in opened.items
        ]
        _rescore(work, opened, {row.item for row in rows}, {row.item: row for row in rows if row.period == card.period})


def follow_cards(work: Work, moved: Sequence[Scorecard]) -> None:
    """Let drafts follow the cards from which they take, once these are approved, revised, voided, published or new.

    Prepared and locked cards never move; those who sign them are shown that the source has changed.
    """
    settled = [card for card in moved if card.state not in {State.PREPARED, State.REVIEWED}]
    for opened in _drafts(Scorecard.id.in_(_taking_from(settled))) if settled else ():
        _rescore(work, opened, taken_from_cards(opened.scorer.scheme))


def refresh_drafts(actor: Actor, clock: Clock, card_ids: Collection[int]) -> None:
    """Score drafts that the actor may prepare anew where their sources give something else than they show."""
    wanted = _outdated(actor, card_ids)
    if not wanted:
        return
    with unit_of_work(actor, clock) as work:
        for opened in _drafts(Scorecard.id.in_(sorted(wanted))):
            _rescore(work, opened, _derived(opened))


def measured_in(period: Period, kind: str, subject_ids: Collection[int]) -> dict[int, dict[str, Measurement]]:
    """Give what has been measured of each subject in a period, by item."""
    query = select(Measurement).where(
        Measurement.frequency == period.frequency,
        Measurement.period == period.label,
        Measurement.subject_kind == kind,
        Measurement.subject_id.in_(sorted(subject_ids)),
        Measurement.withdrawn.is_(False),
    )
    found: dict[int, dict[str, Measurement]] = {subject_id: {} for subject_id in subject_ids}
    for row in db.session.scalars(query):
        found[row.subject_id][row.item] = row
    return found


def feed(opened: OpenCard, code: str, measured: Measurement | None) -> tuple[dict[str, object], ItemOutcome] | None:
    """Give the values of an item's row that a measurement feeds, with their outcome; none where it feeds nothing."""
    if measured is None or not isinstance(opened.scorer.scheme.items[code].rule, MEASURED):
        return None
    if measured.withdrawn:
        fed: dict[str, Any] = {"input": None, "source": "", "is_fed": False}
    else:
        entered = {"value": format(measured.value, "f")}
        fed = {"input": entered, "source": measured.source, "is_fed": True}
    outcome = cards.score(opened, code, fed["input"], fed["source"])
    return {**fed, **cards.outcome_as_values(outcome)}, outcome


def _reached_by(moved: Sequence[Measurement]) -> ColumnElement[bool]:
    """Say in SQL which cards may have to follow: no measured one is missing, some may have nothing to do with it."""
    has_item = select(ScorecardItem.id).where(
        ScorecardItem.scorecard_id == Scorecard.id, ScorecardItem.code.in_({row.item for row in moved})
    )
    return and_(
        Scorecard.subject_id.in_({row.subject_id for row in moved}),
        Scorecard.period >= min(row.period for row in moved),
        has_item.exists(),
    )


def _drafts(condition: ColumnElement[bool], *, lock: bool = True) -> list[OpenCard]:
    query = select(Scorecard.id).where(condition, Scorecard.state == State.DRAFT)
    opened = cards.open_many(db.session.scalars(query).all(), lock=lock)
    return [each for each in opened.values() if each.card.state == State.DRAFT]


def _outdated(actor: Actor, card_ids: Collection[int]) -> list[int]:
    """Give the drafts that show something else than their sources give now, among those that the actor may prepare."""
    found = []
    for opened in _drafts(Scorecard.id.in_(sorted(card_ids)), lock=False):
        facts = cards.facts_of(opened)
        if facts.takes_entries and decide_card(actor, Action.CARD_PREPARE, facts) is None:
            changed = (_rescored(opened, code) for code in _derived(opened))
            found += [opened.card.id] if any(changed) else []
    db.session.rollback()  # the reading is over; the writer begins anew
    return found


def _derived(opened: OpenCard) -> list[str]:
    """Give the items that draw on something else than what was put in."""
    items = opened.scorer.scheme.items
    by_history = [code for code in opened.items if isinstance(items[code].rule, BaselineRule)]
    return by_history + taken_from_cards(opened.scorer.scheme)


def _taking_from(moved: Sequence[Scorecard]) -> list[int]:
    """Give the drafts that may take from these cards: of units above them, of the same subject, or themselves."""
    paths = db.session.scalars(select(Unit.path).where(Unit.id.in_({card.unit_id for card in moved})))
    above = {int(step) for path in paths for step in path.strip("/").split("/")}
    query = select(Scorecard.id, Scorecard.scheme_version_id).where(
        Scorecard.state == State.DRAFT,
        or_(
            and_(Scorecard.period.in_({card.period for card in moved}), Scorecard.unit_id.in_(sorted(above))),
            Scorecard.subject_id.in_({card.subject_id for card in moved}),
        ),
    )
    rows = db.session.execute(query).all()
    return [card_id for card_id, version_id in rows if taken_from_cards(scorer_of(version_id).scheme)]


def _rescored(
    opened: OpenCard, code: str, measured: Measurement | None = None
) -> tuple[dict[str, object], ItemOutcome] | None:
    """Give the values of an item's row as they follow now, with their outcome; none where they stand already."""
    item = opened.items[code]
    fed = feed(opened, code, measured) if item.input is None or item.is_fed else None
    if fed is None:
        outcome = cards.score(opened, code, item.input, item.source)
        fed = cards.outcome_as_values(outcome), outcome
    return fed if any(value != getattr(item, name) for name, value in fed[0].items()) else None


def _rescore(work: Work, opened: OpenCard, codes: Iterable[str], measured: Mapping[str, Measurement] = NOTHING) -> None:
    """Score items anew from their inputs, or from what feeds them, as one derived change of the card."""
    found = {code: _rescored(opened, code, measured.get(code)) for code in sorted(codes)}
    moved = {code: each for code, each in found.items() if each is not None}
    if not moved:
        return
    parts = [Part(opened.items[code], f"items/{code}", values) for code, (values, _) in moved.items()]
    totals = cards.totals_as_values(cards.add_up(opened, {code: outcome for code, (_, outcome) in moved.items()}))
    work.change(opened.card, "scorecard.derive", totals, parts=parts)
