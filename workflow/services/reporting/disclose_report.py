"""How much of a report's figures a reader is told: by role those of their units, as the appraised what the plan discloses.

A figure over several cards is told to whom every one of them is told; an average also where it hides enough others.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.policy import Action, Actor, unit_scope
from workflow.policy.ranks import tells_others, tells_own_rank
from workflow.services.reporting.freeze_figures import Figures, FrozenGroup, FrozenLine
from workflow.services.reporting.plan_report import ItemAverage, SchemeReport
from workflow.services.scorecards.look_up_mine import LEAST_FOR_AVERAGE

LEAST_HIDDEN: Final = LEAST_FOR_AVERAGE - 1
"""So many others at least stand behind an average of which a reader is not told every score."""


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One line of a ranking as it stood, with the name that the card bears now."""

    card_id: int
    subject: str
    subject_name: str
    unit: str
    unit_name: str
    total: Decimal | None
    rank: int | None
    absence: str | None
    grade: str | None
    before: int | None
    opens: bool  # the reader is told the whole card: by role, or as the one whom it appraises

    @property
    def climbed(self) -> int | None:
        """By how many places the rank was better than in the period before."""
        return None if self.before is None or self.rank is None else self.before - self.rank


@dataclass(frozen=True, slots=True)
class ToldGroup:
    """A ranking as far as it is told, with the titles of its schemes; `ranked` counts the whole group."""

    family: str
    within: str
    group: str
    group_title: str
    schemes: tuple[str, ...]
    version: int
    state: str
    ranked: int
    entries: tuple[ToldLine, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader is told of a report's figures; `whole` where that is all."""

    whole: bool
    schemes: tuple[SchemeReport, ...]
    groups: tuple[ToldGroup, ...]


@dataclass(frozen=True, slots=True)
class _Card:
    code: str
    name: str
    unit: Unit
    by_role: bool
    is_own: bool


def disclose(actor: Actor, plan: Plan, unit_path: str, figures: Figures) -> Told:
    """Give the figures of a report as far as this reader is told them; `unit_path` holds all units of the plan."""
    cards = _cards(actor, plan)
    lines = {group: _lines(plan, group, cards) for group in figures.groups}
    known = {card_id for card_id, card in cards.items() if card.by_role or card.is_own}
    told = known.union(*({each.card_id for each in found} for found in lines.values()))
    whole = tells_whole(actor, unit_path)
    schemes = [each for each in figures.schemes if not known.isdisjoint(each.card_ids)]
    groups = (_group(group, found, cards, figures.schemes) for group, found in lines.items() if found)
    return Told(whole, tuple(schemes if whole else (_scheme(each, told) for each in schemes)), tuple(groups))


def tells_whole(actor: Actor, unit_path: str) -> bool:
    """Whether the reader is told by role the scores of every unit of the plan."""
    return unit_path.startswith(unit_scope(actor, Action.RANKING_SEE))


def _cards(actor: Actor, plan: Plan) -> dict[int, _Card]:
    paths = unit_scope(actor, Action.RANKING_SEE)
    query = select(Scorecard, Unit).join(Unit, Unit.id == Scorecard.unit_id).where(Scorecard.plan_id == plan.id)
    return {
        card.id: _Card(
            code=card.subject_code,
            name=card.subject_name,
            unit=unit,
            by_role=unit.path.startswith(paths),
            is_own=actor.person_id is not None and card.appraised_person_id == actor.person_id,
        )
        for card, unit in db.session.execute(query)
    }


def _lines(plan: Plan, group: FrozenGroup, cards: Mapping[int, _Card]) -> tuple[FrozenLine, ...]:
    """Leave out the lines that the reader is told neither by role nor by what the plan discloses."""
    competes = any(cards[line.card_id].is_own for line in group.lines)

    def tells(line: FrozenLine) -> bool:
        card = cards[line.card_id]
        own = card.is_own and tells_own_rank(plan.disclosure)
        return card.by_role or own or (competes and tells_others(plan.disclosure, line.rank))

    return tuple(line for line in group.lines if tells(line))


def _scheme(found: SchemeReport, told: Collection[int]) -> SchemeReport:
    """Hide of a scheme's figures what would tell the reader single scores of others; of the period before none is known."""
    known = sum(card_id in told for card_id in found.card_ids)
    knows_all = known == found.cards
    masked = replace(
        found,
        before=found.before if _is_hidden_enough(found.cards_before, known) else None,
        items=tuple(_item(each, known, knows_all=knows_all) for each in found.items),
    )
    if knows_all:
        return masked
    average = found.average if _is_hidden_enough(found.cards, known) else None
    return replace(masked, average=average, highest=None, lowest=None, distribution=(), grades=())


def _item(found: ItemAverage, known: int, *, knows_all: bool) -> ItemAverage:
    now = knows_all or _is_hidden_enough(found.cards, known)
    before = _is_hidden_enough(found.cards_before, known)
    return replace(found, average=found.average if now else None, before=found.before if before else None)


def _is_hidden_enough(cards: int, known: int) -> bool:
    """Whether an average over so many cards, of which so many are known, tells no single one of the others."""
    return cards >= LEAST_FOR_AVERAGE and cards - known >= LEAST_HIDDEN


def _group(
    group: FrozenGroup, lines: tuple[FrozenLine, ...], cards: Mapping[int, _Card], schemes: Iterable[SchemeReport]
) -> ToldGroup:
    ranked = {line.card_id for line in group.lines}
    return ToldGroup(
        family=group.family,
        within=group.within,
        group=group.code,
        group_title=group.title,
        schemes=tuple(each.title for each in schemes if not ranked.isdisjoint(each.card_ids)),
        version=group.number,
        state=group.state,
        ranked=sum(line.rank is not None for line in group.lines),
        entries=tuple(_told(line, cards[line.card_id]) for line in lines),
    )


def _told(line: FrozenLine, card: _Card) -> ToldLine:
    return ToldLine(
        card_id=line.card_id,
        subject=card.code,
        subject_name=card.name,
        unit=card.unit.code,
        unit_name=card.unit.title,
        total=line.total,
        rank=line.rank,
        absence=line.absence,
        grade=line.grade,
        before=line.before,
        opens=card.by_role or card.is_own,
    )
