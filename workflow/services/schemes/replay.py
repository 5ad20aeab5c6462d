"""Scoring published cards anew under a changed scheme, from what was put in and the baselines of their time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workflow.models.personal import ERASED
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.scoring.card import ItemOutcome, Totals
from workflow.scoring.engine import Scorer
from workflow.scoring.errors import InputError
from workflow.scoring.missing import Missing
from workflow.scoring.rules.attainment import AttainmentRule
from workflow.scoring.rules.base import ItemContext
from workflow.scoring.rules.baseline import BaselineRule
from workflow.scoring.scheme import Item, Scheme
from workflow.services.scorecards import cards
from workflow.services.scorecards.cards import OpenCard
from workflow.services.scorecards.drawn_on import context_of_basis, history_of_basis

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Replayed:
    """A card scored anew; `unread` names the items whose input the changed rule does not take."""

    card: Scorecard
    totals: Totals
    unread: tuple[str, ...] = ()


def replay(card_ids: Sequence[int], scorer: Scorer) -> Iterator[Replayed]:
    """Score cards anew, a bounded number at a time; nothing of them is changed."""
    for start in range(0, len(card_ids), AT_ONCE):
        for opened in cards.open_many(card_ids[start : start + AT_ONCE]).values():
            yield _replay(opened, scorer)


def _replay(opened: OpenCard, scorer: Scorer) -> Replayed:
    outcomes: dict[str, ItemOutcome] = {}
    unread: list[str] = []
    for code, item in scorer.scheme.items.items():
        if opened.card.subject_name == ERASED and code in opened.items:
            outcomes[code] = _stored(opened, code)  # what was put in is no more
        elif _is_same(opened.scorer.scheme, scorer.scheme, item):
            outcomes[code] = _stored(opened, code)
        else:
            try:
                outcomes[code] = _anew(opened, scorer, item)
            except InputError:
                outcomes[code] = ItemOutcome(None, Missing.NO_INPUT)
                unread.append(code)
    known = {veto.code for veto in scorer.scheme.vetoes}
    vetoes = [veto["code"] for veto in opened.card.vetoes if veto["code"] in known]
    return Replayed(opened.card, scorer.add_up(outcomes, vetoes), tuple(unread))


def _is_same(before: Scheme, after: Scheme, item: Item) -> bool:
    """Say whether an item gives the same points from the same input."""
    old = before.items.get(item.code)
    if old is None or before.rounding != after.rounding:
        return False
    same = ("rule", "weight", "optional", "holds_for")
    return all(getattr(old, name) == getattr(item, name) for name in same)


def _stored(opened: OpenCard, code: str) -> ItemOutcome:
    missing = {name: Missing(reason) for name, reason in opened.card.missing}
    return ItemOutcome(opened.items[code].points, missing.get(code))


def _anew(opened: OpenCard, scorer: Scorer, item: Item) -> ItemOutcome:
    """Score one item under the changed scheme; raises InputError where it does not take what was put in."""
    row = opened.items.get(item.code)
    entered = None if row is None else row.input
    return scorer.score_item(item.code, entered, _context(opened, scorer, item, row), basis=False)


def _context(opened: OpenCard, scorer: Scorer, item: Item, row: ScorecardItem | None) -> ItemContext:
    """Give what the item draws on; the baseline that the card was signed with holds, whatever has been measured since."""
    if row is not None and _same_baseline(opened.scorer.scheme.items[item.code], item):
        signed = history_of_basis(item.rule, row.basis) if isinstance(item.rule, BaselineRule) else {}
        if signed:
            return ItemContext(period=opened.period, history=signed)
    if row is not None and _same_year(opened.scorer.scheme.items[item.code], item):
        return context_of_basis(item.rule, row.basis, opened.period)
    return cards.context_of(replace(opened, scorer=scorer), item.code)


def _same_year(old: Item, new: Item) -> bool:
    """Say whether both rules add up over the year, so that the months before count as they did then."""
    rules = (old.rule, new.rule)
    return all(isinstance(rule, AttainmentRule) and rule.cumulative is not None for rule in rules)


def _same_baseline(old: Item, new: Item) -> bool:
    """Say whether both rules take their baseline from the same place, so that the one of the time stands."""
    if not isinstance(old.rule, BaselineRule) or not isinstance(new.rule, BaselineRule):
        return False
    same = ("baseline", "window", "since", "scope")
    return all(getattr(old.rule, name) == getattr(new.rule, name) for name in same)
