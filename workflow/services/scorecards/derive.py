"""What drafts derive: from measurements values and baselines, from other cards a team's results, from rates and portfolios targets."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, or_, select

from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.organisation import Unit
from workflow.models.rates import ExchangeRate
from workflow.models.ratings import Rating
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import SYSTEM, Action, Actor, State, decide_card
from workflow.scoring.periods import Period
from workflow.scoring.rules.attainment import AttainmentRule
from workflow.scoring.rules.baseline import BaselineRule
from workflow.services.clock import Clock
from workflow.services.raters.ratings_taken import is_one_of, rated_items
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.scorecards import cards, feeding
from workflow.services.scorecards.cards import OpenCard
from workflow.services.scorecards.completing import Completer, completed_items
from workflow.services.scorecards.feeding import Measured
from workflow.services.scorecards.roll_up import taken_from_cards
from workflow.services.unit_of_work import Part, Work, unit_of_work


def follow(work: Work, moved: Sequence[Measurement]) -> None:
    """Let the subjects' drafts follow what has been measured, corrected or taken back, as one derived change of each card.

    Those of the same period take the value, later ones a new baseline or sum. A person's own entry stands; who signs is
    shown that the source differs. Prepared and locked cards never move (source: lifecycle.md, Lock).
    """
    if not moved:
        return
    by_subject: dict[tuple[str, int], list[Measurement]] = defaultdict(list)
    for row in moved:
        by_subject[row.subject_kind, row.subject_id].append(row)
    drafts = _drafts(_reached_by(moved))
    measured, completer = Measured(drafts), Completer(drafts)
    for opened in drafts:
        rows = by_subject[opened.card.subject_kind, opened.card.subject_id]
        fed = {code for code in opened.items if any(feeding.feeds(row, opened, code) for row in rows)}
        behind = {code for code in opened.items if any(feeding.lies_behind(row, opened, code) for row in rows)}
        _rescore(work, opened, {code: measured if code in fed else None for code in fed | behind}, completer)


def follow_cards(work: Work, moved: Sequence[Scorecard]) -> None:
    """Let drafts follow the cards from which they take, once these are approved, revised, voided, published or new.

    Prepared and locked cards never move; those who sign them are shown that the source has changed.
    """
    settled = [card for card in moved if card.state not in {State.PREPARED, State.REVIEWED}]
    drafts = _drafts(Scorecard.id.in_(_taking_from(settled))) if settled else []
    _follow_each(work, drafts, lambda opened: taken_from_cards(opened.scorer.scheme))


def follow_rate(work: Work, rate: ExchangeRate) -> None:
    """Let drafts follow a rate that was entered or corrected, those of periods that end when it has begun."""
    query = select(Scorecard.id, Scorecard.scheme_version_id, Scorecard.period).where(Scorecard.state == State.DRAFT)
    reached = [
        card_id
        for card_id, version_id, period in db.session.execute(query)
        if completed_items(scorer_of(version_id).scheme) and rate.starts_on <= Period.parse(period).last_day
    ]
    _follow_each(work, _drafts(Scorecard.id.in_(reached)), lambda opened: completed_items(opened.scorer.scheme))


def follow_portfolios(work: Work, person_ids: Collection[int]) -> None:
    """Let managers' drafts follow the portfolios of customers."""
    mine = and_(Scorecard.subject_kind == "person", Scorecard.subject_id.in_(sorted(person_ids)))
    _follow_each(work, _drafts(mine), lambda opened: completed_items(opened.scorer.scheme))


def follow_ratings(work: Work, moved: Sequence[Rating]) -> None:
    """Let drafts take what raters have given once nobody is still asked, as the product's own change.

    Whoever rated stands in the record of their rating alone: the card's must not tell who gave what, nor who was last.
    """
    if not moved:
        return
    own = Work(work.session, SYSTEM, work.now)
    drafts = _drafts(is_one_of(Scorecard, moved))
    _follow_each(own, drafts, lambda opened: rated_items(opened.scorer.scheme))


def refresh_drafts(actor: Actor, clock: Clock, card_ids: Collection[int]) -> None:
    """Score drafts that the actor may prepare anew where their sources give something else than they show."""
    wanted = _outdated(actor, card_ids)
    if not wanted:
        return
    with unit_of_work(actor, clock) as work:
        _follow_each(work, _drafts(Scorecard.id.in_(sorted(wanted))), _derived)


def _follow_each(work: Work, drafts: list[OpenCard], derived: Callable[[OpenCard], Iterable[str]]) -> None:
    """Score the derived items of drafts anew."""
    completer = Completer(drafts)
    for opened in drafts:
        _rescore(work, opened, dict.fromkeys(derived(opened)), completer)


def _reached_by(moved: Sequence[Measurement]) -> ColumnElement[bool]:
    """Say in SQL which cards may have to follow: no measured one is missing, some may have nothing to do with it."""
    codes = {code for row in moved for code in feeding.codes_of(row)}
    has_item = select(ScorecardItem.id).where(ScorecardItem.scorecard_id == Scorecard.id, ScorecardItem.code.in_(codes))
    return and_(
        Scorecard.subject_id.in_({row.subject_id for row in moved}),
        Scorecard.period >= min(feeding.first_label(row) for row in moved),
        has_item.exists(),
    )


def _drafts(condition: ColumnElement[bool], *, lock: bool = True) -> list[OpenCard]:
    query = select(Scorecard.id).where(condition, Scorecard.state == State.DRAFT)
    opened = cards.open_many(db.session.scalars(query).all(), lock=lock)
    return [each for each in opened.values() if each.card.state == State.DRAFT]


def _outdated(actor: Actor, card_ids: Collection[int]) -> list[int]:
    """Give the drafts that show something else than their sources give now, among those that the actor may prepare."""
    found = []
    drafts = _drafts(Scorecard.id.in_(sorted(card_ids)), lock=False)
    completer = Completer(drafts)
    for opened in drafts:
        facts = cards.facts_of(opened)
        if facts.takes_entries and decide_card(actor, Action.CARD_PREPARE, facts) is None:
            changed = (feeding.rescored(opened, code, None, completer) for code in _derived(opened))
            found += [opened.card.id] if any(changed) else []
    db.session.rollback()  # the reading is over; the writer begins anew
    return found


def _derived(opened: OpenCard) -> list[str]:
    """Give the items that draw on something else than what was put in."""
    drawing = (BaselineRule, AttainmentRule)
    own = [code for code, item in opened.scorer.scheme.items.items() if isinstance(item.rule, drawing)]
    return [*own, *rated_items(opened.scorer.scheme), *taken_from_cards(opened.scorer.scheme)]


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


def _rescore(work: Work, opened: OpenCard, codes: Mapping[str, Measured | None], completer: Completer) -> None:
    """Score items anew from their inputs, or from the measurements that feed them, as one derived change of the card."""
    found = {code: feeding.rescored(opened, code, codes[code], completer) for code in sorted(codes)}
    moved = {code: each for code, each in found.items() if each is not None}
    if not moved:
        return
    parts = [Part(opened.items[code], f"items/{code}", values) for code, (values, _) in moved.items()]
    totals = cards.totals_as_values(cards.add_up(opened, {code: outcome for code, (_, outcome) in moved.items()}))
    work.change(opened.card, "scorecard.derive", totals, parts=parts)
