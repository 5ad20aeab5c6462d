"""Portfolios 客户组合: who looks after which customer since when, and the figures of their years. Taken in row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from sqlalchemy import select

from workflow.errors import FieldError, invalid
from workflow.models.database import db
from workflow.models.organisation import Person
from workflow.models.portfolios import Customer, CustomerFigure, CustomerManager, GrowthTarget
from workflow.models.types import new_id
from workflow.numbers import NumberError, parse_number
from workflow.policy import COMPANY, UNIT_ROLES, Action, Actor, decide_unit
from workflow.services.clock import Clock
from workflow.services.fields import Fields, permit
from workflow.services.measurements.measure import Subject, find_subjects
from workflow.services.paying.maintain_rates import read_currency
from workflow.services.scorecards import derive
from workflow.services.unit_of_work import Kept, Part, Work, unit_of_work
from workflow.wording import Phrase

MOST_ROWS = 5000
CODE_LENGTH = 64
NAME_LENGTH = 128
FIRST_YEAR, LAST_YEAR = 2000, 2100

NO_SUCH_MANAGER = Phrase("没有工号为 {code} 的客户经理", "there is no manager with the staff number {code}")
UNKNOWN_CUSTOMER = Phrase("新客户须有名称和客户经理", "a new customer needs a name and a manager")
NEEDS_MANAGER = Phrase("请填写客户经理", "is required where no customer is named")
NEEDS_PART = Phrase("请填写分项", "is required with a figure")
NO_YEAR = Phrase("须是 2000 至 2100 的年份", "must be a year from 2000 to 2100")
NO_BASE = Phrase("客户经理本人只有增量目标,没有基数", "belongs to a customer: a manager's own row has growth alone")
HELD_LATER = Phrase(
    "该客户从 {day} 起已另有安排", "somebody has been appointed for this customer from {day} on already"
)
TWICE = Phrase("与前面的行重复", "says the same as a row before")
NEEDS_START = Phrase("请填写起始日", "is required with a manager")


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One row as it is told: a customer with the manager since a day, a part's figures of a year; or a manager's growth.

    A row that names no customer is the manager's own growth target.
    """

    customer: str = ""
    name: str = ""
    manager: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    year: int | None = None
    part: str = ""
    currency: str = "CNY"
    base: object = None
    growth: object = None


@dataclass(frozen=True, slots=True)
class _Read:
    """A row that has been checked; `path` is its place in the request."""

    path: str
    row: PortfolioRow
    manager: Subject | None
    year: int | None
    part: str
    currency: str
    base: Decimal | None
    growth: Decimal | None


@dataclass(slots=True)
class _Known:
    """What is stored of the customers and managers of the rows, kept up as the rows are taken in."""

    customers: dict[str, Customer]
    held: dict[int, list[CustomerManager]] = field(default_factory=dict)
    figures: dict[tuple[int, int, str, str], CustomerFigure] = field(default_factory=dict)
    growth: dict[tuple[int, int, str, str], GrowthTarget] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)  # managers whose drafts follow

    def managers_of(self, customer: Customer) -> list[CustomerManager]:
        """Give who has looked after a customer, the last one last."""
        return self.held.setdefault(customer.id, [])


def put_portfolio(
    actor: Actor, clock: Clock, rows: Sequence[PortfolioRow], kept: Kept | None = None
) -> list[PortfolioRow]:
    """Take in rows in one transaction, all or none; the drafts of their managers follow. Raises Refusal naming each wrong row."""
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.PORTFOLIO_WRITE))
        put_rows(work, rows)
        work.finish(list(rows))
        return list(rows)


def put_rows(work: Work, rows: Sequence[PortfolioRow]) -> None:
    """Take in rows within a transaction; raises Refusal naming every row that is wrong."""
    known = _known(rows)
    read = read_rows(work.actor, rows, work.now.date(), known.customers)
    faults = [error for each in read if isinstance(each, Fields) for error in each.errors]
    if faults:
        raise invalid(*faults)
    for _, group in groupby((each for each in read if isinstance(each, _Read)), key=_assignment):
        _put(work, known, list(group))
    derive.follow_portfolios(work, known.touched)


def _assignment(read: "_Read") -> tuple[object, ...]:
    """Rows that follow each other and say the same of customer and manager are one change of the customer."""
    row = read.row
    return row.customer, row.name, row.manager, row.starts_on, row.ends_on


def read_rows(
    actor: Actor, rows: Sequence[PortfolioRow], day: date, customers: dict[str, Customer]
) -> list[_Read | Fields]:
    """Check rows without writing anything: for each what it says, or what is wrong with it."""
    managers = find_subjects({row.manager for row in rows if row.manager}, day)
    held_by = _present_managers(customers, day)
    new: set[str] = set()
    seen: set[tuple[object, ...]] = set()
    answers: list[_Read | Fields] = []
    for place, row in enumerate(rows):
        fields = Fields()
        read = _read(fields, row, managers.get(row.manager), f"[{place}]")
        if row.customer and row.customer not in customers and row.customer not in new:
            if not (row.name and row.manager):
                fields.wrong(f"[{place}].customer", UNKNOWN_CUSTOMER)
            new.add(row.customer)
        key = (row.customer or row.manager, row.year, read.part, read.currency)
        if read.part and key in seen:
            fields.wrong(f"[{place}].part", TWICE)
        seen.add(key)
        reached = [read.manager, held_by.get(row.customer)]
        if any(each and decide_unit(actor, Action.PORTFOLIO_WRITE, each.unit_path) for each in reached):
            fields.wrong(f"[{place}].manager", NO_SUCH_MANAGER, code=row.manager)
        answers.append(fields if fields.errors else read)
    return answers


def _read(fields: Fields, row: PortfolioRow, manager: Subject | None, path: str) -> _Read:
    part = fields.code(f"{path}.part", row.part, CODE_LENGTH) if row.part else ""
    currency = read_currency(fields, f"{path}.currency", row.currency)
    base, growth = (_amount(fields, f"{path}.{key}", getattr(row, key)) for key in ("base", "growth"))
    if row.customer:
        fields.code(f"{path}.customer", row.customer, CODE_LENGTH)
        fields.text(f"{path}.name", row.name, NAME_LENGTH, least=0)
    if row.manager and (manager is None or manager.kind != "person"):
        fields.wrong(f"{path}.manager", NO_SUCH_MANAGER, code=row.manager)
    if row.customer and row.manager and row.starts_on is None:
        fields.wrong(f"{path}.starts_on", NEEDS_START)
    if not row.customer and not row.manager:
        fields.wrong(f"{path}.manager", NEEDS_MANAGER)
    if not row.customer and base is not None:
        fields.wrong(f"{path}.base", NO_BASE)
    has_figure = base is not None or growth is not None
    if has_figure and not part:
        fields.wrong(f"{path}.part", NEEDS_PART)
    if has_figure and (row.year is None or not FIRST_YEAR <= row.year <= LAST_YEAR):
        fields.wrong(f"{path}.year", NO_YEAR)
    return _Read(path, row, manager, row.year, part, currency, base, growth)


def _amount(fields: Fields, path: str, value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return parse_number(value)
    except NumberError as error:
        fields.wrong(path, error.phrase)
        return None


def _known(rows: Sequence[PortfolioRow]) -> _Known:
    codes = sorted({row.customer for row in rows if row.customer})
    found = db.session.scalars(select(Customer).where(Customer.code.in_(codes)).with_for_update())
    known = _Known({customer.code: customer for customer in found})
    ids = [customer.id for customer in known.customers.values()]
    held = select(CustomerManager).where(CustomerManager.customer_id.in_(ids))
    for row in db.session.scalars(held.order_by(CustomerManager.starts_on)):
        known.held.setdefault(row.customer_id, []).append(row)
    for figure in db.session.scalars(select(CustomerFigure).where(CustomerFigure.customer_id.in_(ids))):
        known.figures[figure.customer_id, figure.year, figure.part, figure.currency] = figure
    own = sorted({row.manager for row in rows if not row.customer})
    growth = select(GrowthTarget).join(Person, Person.id == GrowthTarget.person_id).where(Person.code.in_(own))
    for target in db.session.scalars(growth):
        known.growth[target.person_id, target.year, target.part, target.currency] = target
    return known


def _present_managers(customers: dict[str, Customer], day: date) -> dict[str, Subject]:
    """Give who looks after each of these customers now, with their unit."""
    by_id = {customer.id: code for code, customer in customers.items()}
    query = select(CustomerManager.customer_id, Person.code).join(Person, Person.id == CustomerManager.person_id)
    rows = db.session.execute(
        query.where(CustomerManager.customer_id.in_(sorted(by_id))).order_by(CustomerManager.starts_on)
    )
    held = {by_id[customer_id]: code for customer_id, code in rows}
    people = find_subjects(set(held.values()), day)
    return {customer: people[code] for customer, code in held.items() if code in people}


def _put(work: Work, known: _Known, group: Sequence[_Read]) -> None:
    """Take in rows of one customer as one change of it, or a manager's own targets."""
    first = group[0]
    if not first.row.customer:
        for read in group:
            _put_growth(work, known, read)
        return
    customer = known.customers.get(first.row.customer)
    is_new = customer is None
    if customer is None:
        customer = Customer(id=new_id(), code=first.row.customer, name=first.row.name)
        known.customers[customer.code] = customer
    parts = [*_assign(known, customer, first), *(part for read in group for part in _figure(known, customer, read))]
    renamed = {"name": first.row.name} if first.row.name and first.row.name != customer.name else {}
    role = work.actor.acts_as(UNIT_ROLES[Action.PORTFOLIO_WRITE], first.manager.unit_path if first.manager else COMPANY)
    if is_new:
        work.create(customer, "customer.create", parts=parts, role=role)
    elif parts or renamed:
        work.change(customer, "customer.put", renamed, parts=parts, role=role)
    if parts:
        known.touched |= {each.person_id for each in known.managers_of(customer)}


def _assign(known: _Known, customer: Customer, read: _Read) -> list[Part]:
    """Give what changes in who looks after a customer: a handover ends the one before on the day before."""
    row, manager = read.row, read.manager
    if manager is None or row.starts_on is None:
        return []
    held = known.managers_of(customer)
    last = held[-1] if held else None
    if last is not None and last.starts_on > row.starts_on:
        raise invalid(FieldError(f"{read.path}.starts_on", HELD_LATER, {"day": last.starts_on.isoformat()}))
    if last is not None and last.person_id == manager.id and (last.ends_on is None or last.ends_on >= row.starts_on):
        return [] if last.ends_on == row.ends_on else [_part(last, len(held), {"ends_on": row.ends_on})]
    parts = []
    if last is not None and (last.ends_on is None or last.ends_on >= row.starts_on):
        parts.append(_part(last, len(held), {"ends_on": row.starts_on - timedelta(days=1)}))
    fresh = CustomerManager(id=new_id(), customer_id=customer.id)
    held.append(fresh)
    values = {"person_id": manager.id, "starts_on": row.starts_on, "ends_on": row.ends_on}
    return [*parts, _part(fresh, len(held), values, is_new=True)]


def _part(row: CustomerManager, number: int, values: dict[str, object], *, is_new: bool = False) -> Part:
    return Part(row, f"managers/{number}", values, is_new=is_new)


def _figure(known: _Known, customer: Customer, read: _Read) -> list[Part]:
    """Give what changes in the figures of a customer's year; what a row leaves out stays as it is."""
    told = {key: value for key, value in (("last_year", read.base), ("growth", read.growth)) if value is not None}
    if not told or read.year is None:
        return []
    key = (customer.id, read.year, read.part, read.currency)
    place = f"figures/{read.year}/{read.part}/{read.currency}"
    figure = known.figures.get(key)
    if figure is not None:
        changed = {name: value for name, value in told.items() if getattr(figure, name) != value}
        return [Part(figure, place, dict(changed))] if changed else []
    fresh = known.figures[key] = CustomerFigure(id=new_id(), customer_id=customer.id)
    named = {"year": read.year, "part": read.part, "currency": read.currency}
    return [Part(fresh, place, {"last_year": Decimal(0), "growth": Decimal(0), **told, **named}, is_new=True)]


def _put_growth(work: Work, known: _Known, read: _Read) -> None:
    if read.manager is None or read.growth is None or read.year is None:
        return
    role = work.actor.acts_as(UNIT_ROLES[Action.PORTFOLIO_WRITE], read.manager.unit_path)
    key = (read.manager.id, read.year, read.part, read.currency)
    target = known.growth.get(key)
    known.touched.add(read.manager.id)
    if target is None:
        target = GrowthTarget(person_id=read.manager.id, year=read.year, part=read.part, currency=read.currency)
        known.growth[key] = target
        target.growth = read.growth
        work.create(target, "growth.put", role=role)
    elif target.growth != read.growth:
        work.change(target, "growth.put", {"growth": read.growth}, role=role)
