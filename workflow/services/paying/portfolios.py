"""What a portfolio 客户组合 makes of a manager's year: base and growth by part, as far as the customers were looked after."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.dated import overlap
from workflow.models.portfolios import CustomerFigure, CustomerManager, GrowthTarget
from workflow.numbers import EXACT, plain
from workflow.scoring.periods import Frequency, Period

Entries = list[dict[str, Any]]
PartTargets = Mapping[str, Mapping[str, Entries]]
"""By part: the amounts of its base and of its growth, as an input lists them."""

_Group = tuple[str, str, str, int]  # part, base or growth, currency, months


class Portfolio:
    """One manager's customers in a year: for how many months each, and with which figures."""

    def __init__(self) -> None:
        self._held: list[tuple[CustomerManager, CustomerFigure]] = []
        self._own: list[GrowthTarget] = []

    def take(self, held: CustomerManager, figure: CustomerFigure) -> None:
        """Add one part of a customer who was looked after for a time."""
        self._held.append((held, figure))

    def take_growth(self, target: GrowthTarget) -> None:
        """Add what the manager is to add beyond the customers' own growth."""
        self._own.append(target)

    def targets(self, parts: Iterable[str], last_month: int) -> PartTargets | None:
        """Give base and growth by part, of the year's months up to one; None without any customer.

        Amounts that count with all of those months don't name them.
        """
        if not self._held:
            return None
        sums: dict[_Group, Decimal] = defaultdict(Decimal)
        customers: dict[_Group, set[int]] = defaultdict(set)
        for held, figure in self._held:
            months = months_held(held, figure.year, last_month)
            for key, amount in (("base", figure.last_year), ("growth", figure.growth)):
                if months and amount:
                    group = figure.part, key, figure.currency, months
                    sums[group] = EXACT.add(sums[group], amount)
                    customers[group].add(figure.customer_id)
        for target in self._own:
            group = target.part, "growth", target.currency, last_month
            sums[group] = EXACT.add(sums[group], target.growth)
        found: dict[str, dict[str, Entries]] = {part: {"base": [], "growth": []} for part in parts}
        for group in sorted(sums, key=lambda group: (*group[:3], -group[3])):
            part, key, currency, months = group
            if part in found:
                entry = {"amount": plain(sums[group]), "currency": currency, "customers": len(customers[group])}
                found[part][key].append(entry if months == last_month else entry | {"months": months})
        return found


def portfolios_of(person_ids: Collection[int], year: int) -> dict[int, Portfolio]:
    """Read the portfolios of these managers in a year, in two queries."""
    found = {person_id: Portfolio() for person_id in person_ids}
    query = (
        select(CustomerManager, CustomerFigure)
        .join(CustomerFigure, CustomerFigure.customer_id == CustomerManager.customer_id)
        .where(
            CustomerManager.person_id.in_(sorted(found)),
            overlap(CustomerManager, date(year, 1, 1), date(year, 12, 31)),
            CustomerFigure.year == year,
        )
    )
    for held, figure in db.session.execute(query):
        found[held.person_id].take(held, figure)
    own = select(GrowthTarget).where(GrowthTarget.person_id.in_(sorted(found)), GrowthTarget.year == year)
    for target in db.session.scalars(own):
        found[target.person_id].take_growth(target)
    return found


def months_held(held: CustomerManager, year: int, last_month: int) -> int:
    """Count the months of a year up to one, on whose last day the customer was looked after."""
    months = (Period(Frequency.MONTH, year * 12 + place).last_day for place in range(last_month))
    return sum(held.starts_on <= day and (held.ends_on is None or day <= held.ends_on) for day in months)
