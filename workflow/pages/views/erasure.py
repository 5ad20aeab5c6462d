"""What an order of erasure would take of a person, before it is given."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErasurePage:
    """What goes, by kind and count, and what stays; with `unfinished` cards no order can be carried out yet."""

    number: str
    name: str
    entities: tuple[tuple[str, int], ...]
    records: int
    files: int
    imports: int
    signed: int
    named: int
    unfinished: tuple[str, ...]
    longest_order: int
