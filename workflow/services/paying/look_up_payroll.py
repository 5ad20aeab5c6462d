"""Reading pay: a plan's payroll 工资批次 within the reader's scope, and what one published card pays."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from workflow.errors import not_seen
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.payroll import PayrollBatch, PayrollLine
from workflow.models.plans import Plan
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Scorecard
from workflow.policy import Action, Actor, State, unit_scope
from workflow.policy.pay import sees_pay
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.paying import pay, payroll
from workflow.services.paying.payroll import PARTS
from workflow.services.people.look_up_organisation import within
from workflow.services.scorecards import cards
from workflow.services.scorecards.cards import OpenCard

MOST_PLANS = 60
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class PayrollRow:
    """One line: what it was worked out from, the amounts by part, and why a part has none; `number` is the card's."""

    batch: int
    at: datetime
    card_id: int
    number: str
    revision: int
    digest: str
    scheme: str
    scheme_version: int
    scheme_title: str
    period: str
    subject: str
    subject_name: str
    unit: str
    unit_name: str
    points: Decimal | None
    grade: str | None
    level: str | None
    attendance: Decimal | None
    bonus_base: Decimal | None
    stopped_by: int | None
    stopped_title: str | None
    base: Decimal | None
    benefit: Decimal | None
    bonus: Decimal | None
    total: Decimal | None
    gaps: Mapping[str, str]
    arithmetic: tuple[Mapping[str, Any], ...]
    before: Decimal | None
    difference: Decimal | None

    @property
    def to_pay(self) -> Decimal | None:
        """What the line tells to pay: all of it in the frozen batch, later the difference."""
        return self.total if self.batch == payroll.FROZEN else self.difference


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch as far as the reader sees it: how many lines, how many of them without an amount, and what they tell to pay."""

    number: int
    at: datetime
    lines: int
    without_amount: int
    to_pay: Decimal


@dataclass(frozen=True, slots=True)
class PlanPayroll:
    """The batches of a plan, the first one frozen, the later ones differences; none before the plan is final."""

    plan: str
    title: str
    period: str
    state: str
    batches: tuple[BatchRow, ...]


@dataclass(frozen=True, slots=True)
class ShownPay:
    """What a card pays: as payroll was told in a batch, or as it stands while its plan is not final (`batch` None).

    `parts` holds the parts that the scheme knows, those without an amount too.
    """

    batch: int | None
    parts: Mapping[str, Decimal | None]
    total: Decimal | None
    gaps: Mapping[str, str]
    arithmetic: tuple[Mapping[str, Any], ...]


def paid_plans(actor: Actor) -> tuple[Plan, ...]:
    """Give the plans in whose payroll the actor sees anything, the newest period first; at most 60."""
    paid = select(PayrollBatch.id).where(PayrollBatch.plan_id == Plan.id)
    query = select(Plan).where(_has_cards_reached(actor), paid.exists()).order_by(Plan.period.desc(), Plan.id.desc())
    return tuple(db.session.scalars(query.limit(MOST_PLANS)))


def plan_payroll(actor: Actor, code: str) -> PlanPayroll:
    """Give a plan's batches as far as the actor sees them; raises Refusal (not seen) for who sees no pay there."""
    plan = _find_plan(actor, code)
    query = _joined(select(PayrollBatch, PayrollLine.total, PayrollLine.difference))
    found: dict[int, list[Decimal | None]] = defaultdict(list)
    batches: dict[int, PayrollBatch] = {}
    mine = (PayrollBatch.plan_id == plan.id, _reached(actor))
    for batch, total, difference in db.session.execute(query.where(*mine).order_by(PayrollBatch.number)):
        batches[batch.number] = batch
        found[batch.number].append(total if batch.number == payroll.FROZEN else difference)
    rows = (_batch_row(batch, found[number]) for number, batch in batches.items())
    return PlanPayroll(plan.code, plan.title, plan.period, plan.state, tuple(rows))


def list_lines(actor: Actor, code: str, batch: int | None, asked: PageAsked) -> Page[PayrollRow]:
    """List the lines of a plan's payroll in the actor's scope, batch by batch; raises Refusal for who sees no pay there."""
    plan = _find_plan(actor, code)
    return page(_lines_of(actor, plan, batch), (PayrollLine.id,), asked, _row)


def all_lines(actor: Actor, code: str) -> list[PayrollRow]:
    """Give every line of a plan's payroll in the actor's scope; raises Refusal for who sees no pay there."""
    query = _lines_of(actor, _find_plan(actor, code), None).order_by(PayrollLine.id)
    return [_row(row) for row in db.session.execute(query)]


def pay_of_card(actor: Actor, opened: OpenCard) -> ShownPay | None:
    """Give what a published card pays; None for who is not shown it, and where its scheme says nothing about pay."""
    card, terms = opened.card, opened.scorer.scheme.pay
    if card.subject_kind != "person" or terms is None or not sees_pay(actor, cards.facts_of(opened)):
        return None
    known = [name for name in PARTS if getattr(terms, name) is not None]
    line = payroll.newest_line(card)
    if line is not None:
        amounts = {name: getattr(line[0], name) for name in known}
        return ShownPay(line[1], amounts, line[0].total, dict(line[0].gaps), tuple(line[0].arithmetic))
    if card.state != State.PUBLISHED:
        return None
    found = pay.pays_of(opened.period, [card])[0].settled
    steps = tuple({"step": step.step, "values": step.values} for step in found.pay.basis)
    return ShownPay(None, dict(found.pay.parts), found.pay.total, dict(found.gaps), steps)


def _find_plan(actor: Actor, code: str) -> Plan:
    plan = db.session.scalar(select(Plan).where(Plan.code == code, _has_cards_reached(actor)))
    if plan is None:
        raise not_seen()
    return plan


def _has_cards_reached(actor: Actor) -> ColumnElement[bool]:
    cards_of_plan = select(Scorecard.id).join(Unit, Unit.id == Scorecard.unit_id).where(Scorecard.plan_id == Plan.id)
    return cards_of_plan.where(_reached(actor)).exists()


def _reached(actor: Actor) -> ColumnElement[bool]:
    return within(unit_scope(actor, Action.PAY_SEE))


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(PayrollLine)
        .join(PayrollBatch, PayrollBatch.id == PayrollLine.payroll_batch_id)
        .join(Unit, Unit.id == PayrollLine.unit_id)
    )


def _lines_of(actor: Actor, plan: Plan, batch: int | None) -> Select[*tuple[Any, ...]]:
    columns = select(PayrollLine, PayrollBatch, Unit, SchemeVersion.number, SchemeVersion.title, ActionItem.title)
    query = (
        _joined(columns.add_columns(Plan.period))
        .join(Plan, Plan.id == PayrollBatch.plan_id)
        .join(SchemeVersion, SchemeVersion.id == PayrollLine.scheme_version_id)
        .outerjoin(ActionItem, ActionItem.id == PayrollLine.stopped_by)
        .where(Plan.id == plan.id, _reached(actor))
    )
    return query if batch is None else query.where(PayrollBatch.number == batch)


def _batch_row(batch: PayrollBatch, amounts: list[Decimal | None]) -> BatchRow:
    known = [amount for amount in amounts if amount is not None]
    return BatchRow(batch.number, batch.at, len(amounts), len(amounts) - len(known), sum(known, ZERO))


def _row(row: AnyRow) -> PayrollRow:
    line, batch, unit, scheme_version, scheme_title, stopped_title, period = tuple(row)[:7]
    same = ("points", "grade", "level", "attendance", "bonus_base", "stopped_by", *PARTS, "total", "difference")
    return PayrollRow(
        batch=batch.number,
        at=batch.at,
        card_id=line.scorecard_id,
        number=line.card_number,
        revision=line.card_revision,
        digest=line.card_digest,
        scheme=line.scheme_code,
        scheme_version=scheme_version,
        scheme_title=scheme_title,
        period=period,
        subject=line.person_code,
        subject_name=line.person_name,
        unit=unit.code,
        unit_name=unit.title,
        stopped_title=stopped_title,
        gaps=dict(line.gaps),
        arithmetic=tuple(line.arithmetic),
        before=line.paid_before,
        **{name: getattr(line, name) for name in same},
    )
