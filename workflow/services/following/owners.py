"""Who sees to an action: the nearest holder of the function that it names."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.dated import in_force
from workflow.models.organisation import Unit, UnitFunction


class Owners:
    """Who holds which of these functions of which unit on a day."""

    def __init__(self, day: date, functions: Collection[str]) -> None:
        query = (
            select(UnitFunction.function, Unit.path, UnitFunction.person_id)
            .join(Unit, Unit.id == UnitFunction.unit_id)
            .where(UnitFunction.function.in_(sorted(functions)), in_force(UnitFunction, day))
        )
        self._holders: list[tuple[str, str, int]] = [
            (name, path, holder) for name, path, holder in db.session.execute(query)
        ]
        self._paths: Mapping[int, str] = dict(db.session.execute(select(Unit.id, Unit.path)).all())

    def of(self, unit_id: int, concerned_id: int | None, function: str) -> int | None:
        """Give the nearest holder at or above the unit, never the person whom the action concerns."""
        path = self._paths[unit_id]
        above = [
            (len(of_unit), person_id)
            for name, of_unit, person_id in self._holders
            if name == function and path.startswith(of_unit) and person_id != concerned_id
        ]
        return max(above)[1] if above else None
