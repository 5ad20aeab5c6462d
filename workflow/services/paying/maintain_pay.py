"""Bonus bases of people 奖金基数, and writing the differences that late facts make."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from workflow.errors import not_seen
from workflow.models.database import db
from workflow.models.organisation import Membership, Person, Unit
from workflow.models.payroll import BonusBase, PayrollBatch
from workflow.models.plans import Plan
from workflow.models.types import new_id
from workflow.numbers import NumberError, parse_number
from workflow.policy import Action, Actor, Role, decide_unit, unit_scope
from workflow.services.clock import Clock
from workflow.services.fields import Fields, permit
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.paying import payroll
from workflow.services.people.look_up_organisation import within
from workflow.services.plans import plan
from workflow.services.unit_of_work import Kept, unit_of_work
from workflow.wording import Phrase

REASON_LENGTH = 1000
MOST = Decimal(10_000_000)
"""The greatest bonus base: beyond it somebody mistyped."""

NO_PERSON = Phrase("没有工号为 {code} 的人员", "there is no person with the staff number {code}")
NO_AMOUNT = Phrase(
    "须是 0 到 {most} 的金额,至多两位小数", "must be an amount from 0 to {most} with at most two decimals"
)


@dataclass(frozen=True, slots=True)
class NewBonusBase:
    """An amount for a person from a day on, and by which decision."""

    person: str
    amount: object
    since: date
    reason: str


@dataclass(frozen=True, slots=True)
class BonusBaseRow:
    """One bonus base as it was entered."""

    id: int
    person: str
    person_name: str
    amount: Decimal
    since: date
    reason: str
    version: int


def set_bonus_base(actor: Actor, clock: Clock, new: NewBonusBase, kept: Kept | None = None) -> BonusBase:
    """Record a person's bonus base from a day on; what was recorded before stays. Raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.PAY_WRITE))
        fields = Fields()
        person_id = _find_person(actor, new.person, fields)
        reason = fields.text("reason", new.reason, REASON_LENGTH)
        row = BonusBase(id=new_id(), amount=_amount(new.amount, fields), starts_on=new.since, reason=reason)
        row.person_id = person_id
        fields.check()
        work.create(row, "bonus-base.set", role=Role.HR, reason=reason)
        work.finish(row)
        return row


def list_bonus_bases(actor: Actor, person: str | None, asked: PageAsked) -> Page[BonusBaseRow]:
    """List the bonus bases of people in the actor's scope, the newest first; raises Refusal for who sees none."""
    permit(decide_unit(actor, Action.PAY_SEE))
    query = _told().where(_has_post_within(BonusBase.person_id, unit_scope(actor, Action.PAY_SEE)))
    if person:
        query = query.where(Person.code == person)
    return page(query, (BonusBase.id,), asked, _row, newest_first=True)


def find_bonus_base(row: BonusBase) -> BonusBaseRow:
    """Give a bonus base that has just been set as a list shows it."""
    return _row(db.session.execute(_told().where(BonusBase.id == row.id)).one())


def correct(actor: Actor, clock: Clock, code: str, kept: Kept | None = None) -> PayrollBatch | None:
    """Write what level, attendance or bonus base, recorded late, change in a final plan's pay; None where nothing."""
    with unit_of_work(actor, clock, kept) as work:
        found = plan.find_plan(code, lock=True)
        check_correct(actor, found)
        batch = payroll.settle(work, found, Role.HR) if found.state in payroll.SETTLED else None
        work.finish(batch)
        return batch


def check_correct(actor: Actor, found: Plan) -> None:
    """Raise Refusal for who may not write the differences of a plan's payroll; who sees no pay is not told of it."""
    if decide_unit(actor, Action.PAY_SEE):
        raise not_seen()
    permit(decide_unit(actor, Action.PAY_WRITE, plan.facts_of(found).unit_path))


def _find_person(actor: Actor, code: str, fields: Fields) -> int:
    """Find the person, who has or had a post in the actor's scope; one out of scope is not told to exist."""
    query = select(Person.id).where(
        Person.code == code, _has_post_within(Person.id, unit_scope(actor, Action.PAY_WRITE))
    )
    found = db.session.scalar(query)
    if found is None:
        fields.wrong("person", NO_PERSON, code=code)
    return found or 0


def _has_post_within(person_id: InstrumentedAttribute[int], paths: tuple[str, ...]) -> ColumnElement[bool]:
    """Say in SQL that somebody has or had a post in one of these units or below it."""
    held = select(Membership.id).join(Unit, Unit.id == Membership.unit_id)
    return held.where(Membership.person_id == person_id, within(paths)).exists()


def _amount(value: object, fields: Fields) -> Decimal:
    try:
        amount = parse_number(value)
    except NumberError as error:
        fields.wrong("amount", error.phrase)
        return Decimal(0)
    if not 0 <= amount <= MOST or amount != round(amount, 2):
        fields.wrong("amount", NO_AMOUNT, most=MOST)
    return amount


def _told() -> Select[*tuple[Any, ...]]:
    return select(BonusBase, Person.code, Person.name).join(Person, Person.id == BonusBase.person_id)


def _row(row: AnyRow) -> BonusBaseRow:
    base, code, name = tuple(row)[:3]
    return BonusBaseRow(base.id, code, name, base.amount, base.starts_on, base.reason, base.version)
