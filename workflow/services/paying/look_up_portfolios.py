"""Reading portfolios 客户组合: customers with who looks after them and the figures of a year, within the reader's scope."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, or_, select

from workflow.models.database import db
from workflow.models.dated import in_force
from workflow.models.organisation import Membership, Person, Unit
from workflow.models.portfolios import Customer, CustomerFigure, CustomerManager, GrowthTarget
from workflow.policy import Action, Actor, unit_scope
from workflow.services.paging import Page, PageAsked, page
from workflow.services.people.look_up_organisation import within


@dataclass(frozen=True, slots=True)
class ManagerTime:
    """Who looked after a customer, and for which days."""

    manager: str
    manager_name: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One part of a year in one currency."""

    part: str
    currency: str
    base: Decimal
    growth: Decimal


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer with those who have looked after it, the last one last, and the figures of a year."""

    id: int
    code: str
    name: str
    managers: tuple[ManagerTime, ...]
    figures: tuple[FigureRow, ...]
    version: int


@dataclass(frozen=True, slots=True)
class GrowthRow:
    """What a manager is to add in a year beyond the customers' own growth."""

    manager: str
    manager_name: str
    part: str
    currency: str
    growth: Decimal


@dataclass(frozen=True, slots=True)
class PortfoliosWanted:
    """What the list is narrowed to: a manager by staff number, a part of a customer's code or name; the figures' year."""

    year: int
    manager: str | None = None
    q: str = ""


def list_customers(actor: Actor, wanted: PortfoliosWanted, day: date, asked: PageAsked) -> Page[CustomerRow]:
    """List customers whose manager at any time lies in the reader's scope or is the reader, in four queries."""
    held = select(CustomerManager.customer_id).where(
        CustomerManager.customer_id == Customer.id, CustomerManager.person_id.in_(_people(actor, wanted.manager, day))
    )
    query = select(Customer).where(held.exists(), _named(wanted.q))
    found = page(query, (Customer.code, Customer.id), asked, lambda row: row[0])
    ids = [customer.id for customer in found.rows]
    managers, figures = _managers(ids), _figures(ids, wanted.year)
    rows = tuple(
        CustomerRow(each.id, each.code, each.name, managers[each.id], figures[each.id], each.version)
        for each in found.rows
    )
    return Page(rows, found.after, found.total)


def list_growth(actor: Actor, wanted: PortfoliosWanted, day: date) -> tuple[GrowthRow, ...]:
    """Give the managers' own growth targets of a year within the reader's scope."""
    query = (
        select(GrowthTarget, Person.code, Person.name)
        .join(Person, Person.id == GrowthTarget.person_id)
        .where(GrowthTarget.year == wanted.year, GrowthTarget.person_id.in_(_people(actor, wanted.manager, day)))
        .order_by(Person.code, GrowthTarget.part, GrowthTarget.currency)
    )
    rows = db.session.execute(query)
    return tuple(GrowthRow(code, name, each.part, each.currency, each.growth) for each, code, name in rows)


def _people(actor: Actor, manager: str | None, day: date) -> Select[int]:
    """Give whose portfolios the actor sees: of people of the units in scope, and one's own."""
    mine = Person.id == (actor.person_id or 0)
    units = select(Unit.id).where(within(unit_scope(actor, Action.PORTFOLIO_SEE)))
    belongs = select(Membership.person_id).where(Membership.unit_id.in_(units), in_force(Membership, day))
    query = select(Person.id).where(or_(mine, Person.id.in_(belongs)))
    return query if manager is None else query.where(Person.code == manager)


def _named(q: str) -> ColumnElement[bool]:
    text = "".join(character for character in q.strip() if character.isprintable())
    return or_(Customer.code.startswith(text, autoescape=True), Customer.name.contains(text, autoescape=True))


def _managers(customer_ids: Collection[int]) -> Mapping[int, tuple[ManagerTime, ...]]:
    found: dict[int, list[ManagerTime]] = defaultdict(list)
    query = (
        select(CustomerManager, Person.code, Person.name)
        .join(Person, Person.id == CustomerManager.person_id)
        .where(CustomerManager.customer_id.in_(customer_ids))
        .order_by(CustomerManager.starts_on)
    )
    for row, code, name in db.session.execute(query):
        found[row.customer_id].append(ManagerTime(code, name, row.starts_on, row.ends_on))
    return {customer_id: tuple(found[customer_id]) for customer_id in customer_ids}


def _figures(customer_ids: Collection[int], year: int) -> Mapping[int, tuple[FigureRow, ...]]:
    found: dict[int, list[FigureRow]] = defaultdict(list)
    query = select(CustomerFigure).where(
        and_(CustomerFigure.customer_id.in_(customer_ids), CustomerFigure.year == year)
    )
    for row in db.session.scalars(query.order_by(CustomerFigure.part, CustomerFigure.currency)):
        found[row.customer_id].append(FigureRow(row.part, row.currency, row.last_year, row.growth))
    return {customer_id: tuple(found[customer_id]) for customer_id in customer_ids}
