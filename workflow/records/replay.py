"""Playing an entity's records from the first to the last: what they give is what every field has to be now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflow.records.canonical import Json


@dataclass(slots=True)
class PartTold:
    """What the records tell of one part of an entity: its fields, and the last record that changed it."""

    fields: dict[str, Json] = field(default_factory=dict)
    record_id: int = 0


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A record names another value before its change than the records before it led to."""

    field: str
    told: Json
    found: Json


@dataclass(slots=True)
class Replay:
    """An entity as its records have told it so far; parts are known by their table and id."""

    fields: dict[str, Json] = field(default_factory=dict)
    parts: dict[tuple[str, int], PartTold] = field(default_factory=dict)

    def take(self, record_id: int, content: Mapping[str, Any]) -> Contradiction | None:
        """Play one more record; raises KeyError, TypeError or ValueError for a content that is none."""
        parts = {place: self._part(row[0], row[1]) for place, row in content["parts"].items()}
        fields, last = self.fields, ""
        for change in content["changes"]:
            place, _, name = change["field"].rpartition("/")
            if place != last:  # the changes of a part stand together
                fields, last = parts[place].fields if place else self.fields, place
            before = fields.get(name)
            if before != change["from"]:
                return Contradiction(change["field"], change["from"], before)
            fields[name] = change["to"]
        for place, part in parts.items():
            _, _, *stands_on = content["parts"][place]
            part.record_id = int(stands_on[0]) if stands_on else record_id
        return None

    def forget(self) -> None:
        """Begin anew: what was told is erased by order, and a later record says again how everything stands."""
        self.fields.clear()
        self.parts.clear()

    def _part(self, table: str, row_id: str) -> PartTold:
        place = (table, int(row_id))
        if place not in self.parts:
            self.parts[place] = PartTold()
        return self.parts[place]
