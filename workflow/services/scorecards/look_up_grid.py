"""Reading a team's cards side by side: one unit of a plan and a scheme × all items, in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from workflow.errors import Denied, not_seen
from workflow.lifecycle import scorecard as lifecycle
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Scorecard
from workflow.policy import ALL, Actor, Items, State, card_scope, editable_items, visible_items
from workflow.scoring.scheme import Scheme
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.scorecards import cards
from workflow.services.scorecards.cards import OpenCard


@dataclass(frozen=True, slots=True)
class GridLine:
    """One card of the grid: what it holds, which items the reader may change in it, and why not."""

    opened: OpenCard
    editable: Items
    denied: Denied | None


@dataclass(frozen=True, slots=True)
class Grid:
    """The cards of one unit under one scheme version of a plan."""

    plan: Plan
    unit: Unit
    scheme: Scheme
    visible: Items
    lines: tuple[GridLine, ...]
    schemes: Mapping[str, str]  # the plan's schemes in this unit, by code


def read_grid(actor: Actor, plan_code: str, unit_code: str, scheme_code: str | None = None) -> Grid:
    """Read a team's grid; raises Refusal (not seen) where the reader sees none of its cards."""
    plan = db.session.scalar(select(Plan).where(Plan.code == plan_code))
    unit = db.session.scalar(select(Unit).where(Unit.code == unit_code))
    if plan is None or unit is None:
        raise not_seen()
    versions = _versions(actor, plan, unit)
    wanted = scheme_code if scheme_code in versions else next(iter(versions), None)
    if wanted is None:
        raise not_seen()
    version_id, _ = versions[wanted]
    lines = _lines(actor, plan, unit, version_id)
    scheme = scorer_of(version_id).scheme
    visible = visible_items(actor, cards.facts_of(lines[0].opened)) if lines else ALL
    return Grid(plan, unit, scheme, visible, lines, {code: title for code, (_, title) in versions.items()})


def _versions(actor: Actor, plan: Plan, unit: Unit) -> dict[str, tuple[int, str]]:
    """Give the scheme versions under which the unit has cards in the plan that the reader sees."""
    query = (
        select(SchemeVersion.code, SchemeVersion.id, SchemeVersion.title)
        .join(Scorecard, Scorecard.scheme_version_id == SchemeVersion.id)
        .where(Scorecard.plan_id == plan.id, Scorecard.unit_id == unit.id)
        .where(card_queries.within(card_scope(actor), actor.account_id))
        .distinct()
        .order_by(SchemeVersion.code, SchemeVersion.id)
    )
    return {code: (version_id, title) for code, version_id, title in db.session.execute(query)}


def _lines(actor: Actor, plan: Plan, unit: Unit, version_id: int) -> tuple[GridLine, ...]:
    query = (
        card_queries.found_cards()
        .where(Scorecard.plan_id == plan.id, Scorecard.unit_id == unit.id, Scorecard.scheme_version_id == version_id)
        .where(Scorecard.state.not_in([State.SUPERSEDED, State.VOID]))
        .where(card_queries.within(card_scope(actor), actor.account_id))
        .order_by(Scorecard.number, Scorecard.revision)
    )
    found = [card_queries.FoundCard(*row) for row in db.session.execute(query)]
    items = card_queries.items_of([each.card.id for each in found])
    scorer = scorer_of(version_id)
    return tuple(_line(actor, OpenCard(each, items[each.card.id], scorer)) for each in found)


def _line(actor: Actor, opened: OpenCard) -> GridLine:
    facts = cards.facts_of(opened)
    denied = lifecycle.decide_edit(facts, facts.version)
    editable = frozenset() if denied is not None else editable_items(actor, facts)
    return GridLine(opened, editable, denied)
