"""Reading what a person or an import supplies for an item; every refusal is an InputError with its path."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any

from workflow.numbers import NumberError, NumberText, parse_number
from workflow.scoring.errors import InputError
from workflow.scoring.parts import (
    IS_REQUIRED,
    MUST_BE_LIST,
    MUST_BE_MAPPING,
    MUST_BE_TEXT,
    MUST_NOT_BE_EMPTY,
    UNKNOWN_KEY,
)
from workflow.scoring.periods import PeriodError, parse_day
from workflow.wording import Phrase

NEEDS_REASON = Phrase("必须说明理由", "needs a reason")
NOT_A_DAY = Phrase("必须是日期,如 2026-10-05", "must be a day like 2026-10-05")


def present(data: Mapping[str, Any], allowed: AbstractSet[str]) -> dict[str, Any]:
    """What was really put in: keys set to null are left out; an unknown key raises InputError."""
    for key in data:
        if key not in allowed:
            raise InputError(str(key), UNKNOWN_KEY)
    return {key: value for key, value in data.items() if value is not None}


def number_at(data: Mapping[str, Any], key: str) -> Decimal:
    """The number under a key; a missing one or one out of range raises InputError."""
    try:
        return parse_number(data[key])
    except KeyError:
        raise InputError(key, IS_REQUIRED) from None
    except NumberError as error:
        raise InputError(key, error.phrase) from None


def number(data: object) -> Decimal:
    """A number on its own; raises InputError with an empty path."""
    try:
        return parse_number(data)
    except NumberError as error:
        raise InputError("", error.phrase) from None


def numbers_at(data: Mapping[str, Any], key: str) -> list[Decimal]:
    """The numbers listed under a key; raises InputError naming the place."""
    found = []
    for place, value in enumerate(list_at(data, key)):
        try:
            found.append(parse_number(value))
        except NumberError as error:
            raise InputError(f"{key}[{place}]", error.phrase) from None
    return found


def text_at(data: Mapping[str, Any], key: str, missing: Phrase = IS_REQUIRED) -> str:
    """The text under a key, not empty and not a bare number; raises InputError."""
    value = data.get(key)
    if value is None:
        raise InputError(key, missing)
    if not isinstance(value, str) or isinstance(value, NumberText):
        raise InputError(key, MUST_BE_TEXT)
    if not value.strip():
        raise InputError(key, MUST_NOT_BE_EMPTY)
    return value


def list_at(data: Mapping[str, Any], key: str) -> Sequence[Any]:
    """The list under a key; raises InputError."""
    value = data.get(key)
    if value is None:
        raise InputError(key, IS_REQUIRED)
    if not isinstance(value, list | tuple):
        raise InputError(key, MUST_BE_LIST)
    return value


def mapping_at(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The mapping under a key; raises InputError."""
    if key not in data:
        raise InputError(key, IS_REQUIRED)
    return mapping(data[key], key)


def mapping(data: object, path: str = "") -> Mapping[str, Any]:
    """The data as a mapping; raises InputError."""
    if data.__class__ is dict or isinstance(data, Mapping):
        return data
    raise InputError(path, MUST_BE_MAPPING)


def day_at(data: Mapping[str, Any], key: str) -> str:
    """The calendar day under a key, as its label; raises InputError."""
    try:
        parse_day(data[key])
    except KeyError:
        raise InputError(key, IS_REQUIRED) from None
    except PeriodError:
        raise InputError(key, NOT_A_DAY) from None
    return str(data[key])


def reason_at(data: Mapping[str, Any], *, required: bool) -> str | None:
    """The reason given with an input; a required one that is absent raises InputError."""
    if "reason" in data or required:
        return text_at(data, "reason", NEEDS_REASON)
    return None
