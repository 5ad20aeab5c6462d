"""What every use case on a scorecard shares: finding it, what policy needs to know of it, and scoring it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from workflow.errors import Denied, FieldError, Refusal, invalid, not_seen
from workflow.lifecycle import plan as plan_lifecycle
from workflow.models import card_queries
from workflow.models.card_queries import FoundCard
from workflow.models.database import db
from workflow.models.ledger import LedgerEntry
from workflow.models.measurements import Measurement
from workflow.models.personal import ERASED
from workflow.models.scorecards import Adjustment, Scorecard, ScorecardItem
from workflow.policy import ALL, Action, Actor, CardFacts, decide_card, decide_item, visible_items
from workflow.scoring.card import ItemOutcome, Totals
from workflow.scoring.engine import Scorer
from workflow.scoring.errors import InputError, join
from workflow.scoring.missing import Missing
from workflow.scoring.periods import Period
from workflow.scoring.rules.attainment import AttainmentRule
from workflow.scoring.rules.base import ItemContext
from workflow.scoring.rules.baseline import BaselineRule
from workflow.scoring.rules.baseline import Scope as BaselineScope
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.scorecards import roll_up
from workflow.services.scorecards.roll_up import Taker
from workflow.services.scorecards.year_so_far import earlier_actuals

GREATEST = 2**63 - 1
"""The greatest id."""
MOST_DIGITS = len(str(GREATEST))


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A card with its items and the scheme that scores it, as one transaction sees them."""

    found: FoundCard
    items: Mapping[str, ScorecardItem]
    scorer: Scorer

    @property
    def card(self) -> Scorecard:
        """The card's own row."""
        return self.found.card

    @property
    def period(self) -> Period:
        """The card's period."""
        return Period.parse(self.card.period)


def card_id_of(text: str) -> int:
    """Read a card's id; raises Refusal (not seen) for what can't be one."""
    if not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS or int(text) > GREATEST:
        raise not_seen()
    return int(text)


def open_card(actor: Actor, action: Action, card_id: int, *, lock: bool = False) -> OpenCard:
    """Find a card with its items; raises Refusal when the actor may not see it or not do this with it."""
    opened = open_many([card_id], lock=lock).get(card_id)
    if opened is None:
        raise not_seen()
    denied = decide_card(actor, action, facts_of(opened))
    if denied is not None:
        denied = decide_card(actor, action, facts_with_history(opened, actor))
    if denied is not None:
        raise Refusal(denied)
    return opened


def open_many(card_ids: Collection[int], *, lock: bool = False) -> dict[int, OpenCard]:
    """Find cards with their items, whoever asks, in two queries however many they are; those that are not there are left out."""
    found = card_queries.find_cards(card_ids, lock=lock)
    items = card_queries.items_of(list(found))
    return {
        card_id: OpenCard(each, items[card_id], scorer_of(each.card.scheme_version_id))
        for card_id, each in found.items()
    }


def check_item(actor: Actor, opened: OpenCard, code: str) -> None:
    """Raise Refusal when the actor may not change this item: what they may not see is not there."""
    denied = decide_item(actor, code, facts_of(opened))
    if denied is not None:
        denied = decide_item(actor, code, facts_with_history(opened, actor))
    check(denied)


def is_seen_whole(actor: Actor, opened: OpenCard) -> bool:
    """Say whether the actor sees the card as a whole, and not only the items that they record."""
    return visible_items(actor, facts_of(opened)) is ALL or (
        visible_items(actor, facts_with_history(opened, actor)) is ALL
    )


def facts_of(opened: OpenCard) -> CardFacts:
    """Give what policy needs to know of a card without what happened to it before."""
    card = opened.card
    return CardFacts(
        state=card.state,
        version=card.version,
        unit_path=opened.found.unit_path,
        appraised_person_id=card.appraised_person_id,
        missing=tuple(opened.scorer.scheme.items[code].title for code, _ in card.missing),
        items=frozenset(opened.items),
        member_unit=opened.found.unit_path if card.subject_kind == "unit" else None,
        published=card.published_at is not None,
        plan_cancelled=opened.found.plan_state == plan_lifecycle.State.CANCELLED,
        erased=card.subject_name == ERASED,
        takes_entries=_takes_entries(opened.found),
    )


def _takes_entries(found: FoundCard) -> bool:
    """Say whether the card's plan takes entries for it: a returned card and a revision stay open while it is closing."""
    stays = found.card.revision > 0 or found.stays_editable
    return plan_lifecycle.decide_entries(found.plan_state, stays_editable=stays) is None


def facts_with_history(opened: OpenCard, actor: Actor) -> CardFacts:
    """Give the facts with the standing signatures and whether the actor has had a hand in the card."""
    card_id = opened.card.id
    signatures = card_queries.standing(card_queries.signatures_of([card_id])[card_id])
    return replace(
        facts_of(opened),
        signatures=card_queries.as_facts(signatures),
        handled=card_id in card_queries.handled([card_id], actor.account_id),
    )


def score(opened: OpenCard, code: str, entered: Mapping[str, Any] | None, source: str = "") -> ItemOutcome:
    """Score one item of a card with its history; raises Refusal (invalid) for a wrong input."""
    return score_item(opened.scorer, context_of(opened, code, source), code, entered)


def score_item(scorer: Scorer, context: ItemContext, code: str, entered: Mapping[str, Any] | None) -> ItemOutcome:
    """Score one item with what it draws on; raises Refusal (invalid) for a wrong input."""
    try:
        return scorer.score_item(code, entered, context)
    except InputError as error:
        faults = (FieldError(each.path, each.phrase, dict(each.values)) for each in error.problems)
        raise invalid(*faults) from error


def context_of(opened: OpenCard, code: str, source: str = "") -> ItemContext:
    """Give what an item draws on besides its input."""
    given: dict[str, Any] = {}
    rule = opened.scorer.scheme.items[code].rule
    if isinstance(rule, roll_up.FROM_CARDS):
        taker = taker_of(opened)
        given = roll_up.others_behind([taker]).given_to(taker, rule)
    return ItemContext(period=opened.period, history=history_of(opened, code), source=source or None, **given)


def taker_of(opened: OpenCard) -> Taker:
    """Give the card as one that takes from others."""
    return Taker(opened.card, opened.found.unit_path, opened.scorer.scheme)


@contextmanager
def faults_under(place: str, *, without: str = "") -> Iterator[None]:
    """Name the faults of an input by their place in the request: below `place`, or freed of the place `without`."""
    try:
        yield
    except Refusal as refusal:
        refusal.errors = tuple(
            replace(each, path=join(place, each.path.removeprefix(without).removeprefix(".")))
            for each in refusal.errors
        )
        raise


def history_of(opened: OpenCard, code: str) -> Mapping[str, Any]:
    """Give the earlier values of an item, from which its baseline is taken or which it adds up, by period."""
    rule = opened.scorer.scheme.items[code].rule
    if isinstance(rule, AttainmentRule):
        return earlier_actuals([(opened.card, opened.scorer.scheme)]).get((opened.card.id, code), {})
    window = rule.window_before(opened.period) if isinstance(rule, BaselineRule) else None
    if window is None or not isinstance(rule, BaselineRule):
        return {}
    card, (first, last) = opened.card, window
    query = select(Measurement.period, Measurement.value).where(
        Measurement.item == code,
        Measurement.frequency == opened.period.frequency,
        Measurement.subject_kind == card.subject_kind,
        Measurement.period <= last.label,
        Measurement.withdrawn.is_(False),
    )
    if first is not None:
        query = query.where(Measurement.period >= first.label)
    if not rule.is_listed:
        query = query.where(Measurement.subject_id == card.subject_id)
        return dict(db.session.execute(query).all())
    if rule.scope is BaselineScope.UNIT:
        query = query.where(Measurement.unit_id == card.unit_id)
    values: dict[str, list[Decimal]] = defaultdict(list)
    for period, value in db.session.execute(query.order_by(Measurement.period)):
        values[period].append(value)
    return values


def add_up(
    opened: OpenCard, fresh: Mapping[str, ItemOutcome], vetoes: Sequence[Mapping[str, Any]] | None = None
) -> Totals:
    """Add the card up from the stored points of its items and the fresh outcomes of those just scored.

    `vetoes` stand in place of the card's own where they are just being changed.
    """
    missing = {code: Missing(reason) for code, reason in opened.card.missing}
    outcomes = {
        code: fresh.get(code) or ItemOutcome(points=item.points, missing=missing.get(code), basis=())
        for code, item in opened.items.items()
    }
    standing = opened.card.vetoes if vetoes is None else vetoes
    return opened.scorer.add_up(outcomes, [veto["code"] for veto in standing])


def totals_as_values(totals: Totals) -> dict[str, object]:
    """Give the totals as the values of the card's own row."""
    return {
        "total": totals.total,
        "provisional_total": totals.provisional_total,
        "complete": totals.complete,
        "grade": totals.grade,
        "missing": [[code, str(reason)] for code, reason in totals.missing],
        "sections": {section.code: format(section.points, "f") for section in totals.sections},
    }


def outcome_as_values(outcome: ItemOutcome) -> dict[str, object]:
    """Give what scoring an item gave as the values of the item's row."""
    return {
        "points": outcome.points,
        "basis": [{"step": step.step, "values": dict(step.values)} for step in outcome.basis],
    }


def adjustments_as_input(adjustments: Iterable[Adjustment | LedgerEntry]) -> dict[str, Any]:
    """Give the standing entries of an item as the input that scoring takes."""
    return {"adjustments": [_entry(each) for each in adjustments if each.voided_at is None]}


def _entry(adjustment: Adjustment | LedgerEntry) -> dict[str, Any]:
    entry: dict[str, Any] = {"on": adjustment.happened_on.isoformat()}
    optional = {
        "reason": adjustment.reason or None,
        "cause": adjustment.cause,
        "count": adjustment.count,
        "points": None if adjustment.points is None else format(adjustment.points, "f"),
        "evidence": adjustment.evidence or None,
    }
    entry.update({key: value for key, value in optional.items() if value is not None})
    return entry


def check(denied: Denied | None) -> None:
    """Raise the refusal, if there is one."""
    if denied is not None:
        raise Refusal(denied)
