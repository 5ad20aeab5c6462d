"""Pieces of a scheme: frozen, read from plain data by their type hints, and never built invalid."""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, ClassVar, Self, TypeVar, Union, get_args, get_origin, get_type_hints

from workflow.numbers import NumberError, NumberText, Rounding, parse_number
from workflow.scoring.errors import SchemeError
from workflow.wording import Phrase

MUST_BE_POSITIVE = Phrase("必须大于 0", "must be greater than 0")
MUST_NOT_BE_NEGATIVE = Phrase("不得小于 0", "must not be less than 0")
MUST_NOT_BE_EMPTY = Phrase("不得为空", "must not be empty")
MUST_BE_TEXT = Phrase("必须是文字", "must be text")
MUST_BE_WHOLE = Phrase("必须是整数", "must be a whole number")
MUST_BE_SWITCH = Phrase("必须是 true 或 false", "must be true or false")
MUST_BE_LIST = Phrase("必须是列表", "must be a list")
MUST_BE_PAIR = Phrase("必须是两个数", "must be a pair of numbers")
MUST_BE_MAPPING = Phrase("必须是键值结构", "must be a mapping")
MUST_BE_CODE = Phrase(
    "必须是代码(字母、数字、-、_、.,至多 64 个)", "must be a code (letters, digits, - _ . only, up to 64)"
)
MUST_BE_ONE_OF = Phrase("必须是其中之一:{choices}", "must be one of {choices}")
IS_REQUIRED = Phrase("必填", "is required")
UNKNOWN_KEY = Phrase("未知的键", "is an unknown key")

T = TypeVar("T")

_CODE = re.compile(r"\w[\w.-]{0,63}")


class Constraint:
    """What one value must fulfil: `accepts` decides, `phrase` says it."""

    def __init__(self, accepts: Callable[[Any], bool], phrase: Phrase) -> None:
        self.accepts = accepts
        self.phrase = phrase


class Reader:
    """Reads a field from plain data by a function of its own instead of by its type."""

    def __init__(self, read: Callable[[object], Any]) -> None:
        self.read = read


class Key:
    """The key of a field in the data, where Python doesn't allow it as a name."""

    def __init__(self, name: str) -> None:
        self.name = name


POSITIVE = Constraint(lambda number: number > 0, MUST_BE_POSITIVE)
NOT_NEGATIVE = Constraint(lambda number: number >= 0, MUST_NOT_BE_NEGATIVE)
NOT_EMPTY = Constraint(bool, MUST_NOT_BE_EMPTY)

Text = Annotated[str, Constraint(lambda text: bool(text.strip()), MUST_NOT_BE_EMPTY)]
Code = Annotated[str, Constraint(lambda text: _CODE.fullmatch(text) is not None, MUST_BE_CODE)]
Positive = Annotated[Decimal, POSITIVE]
NotNegative = Annotated[Decimal, NOT_NEGATIVE]
Count = Annotated[int, POSITIVE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a scheme; raises SchemeError, with the path from here on, when it is built from invalid values."""

    def __post_init__(self) -> None:
        cls: Any = type(self)
        for name, constraints in _constraints(cls).items():
            value = getattr(self, name)
            for constraint in constraints:
                if value is not None and not constraint.accepts(value):
                    raise SchemeError(_key_of(cls, name), constraint.phrase)
        self.check()

    def check(self) -> None:
        """Refuse what only several fields together show to be wrong."""

    @classmethod
    def from_data(cls, data: object) -> Self:
        """Read from plain data (mappings, lists, texts, numbers as text, int or Decimal); raises SchemeError."""
        return read_part(cls, data)

    def to_data(self) -> dict[str, Any]:
        """The canonical plain data: decimals as text, defaults left out."""
        return write_part(self)


class Tagged(Part):
    """A part that is one kind of several and says which under `kind`."""

    __slots__ = ()
    kind: ClassVar[str]


@cache
def _hints(cls: Any) -> Mapping[str, Any]:
    hints = get_type_hints(cls, include_extras=True)
    return {field.name: hints[field.name] for field in _fields(cls)}


def _fields(cls: Any) -> tuple[Field[Any], ...]:
    return fields(cls)


@cache
def _constraints(cls: Any) -> Mapping[str, tuple[Constraint, ...]]:
    found = {name: tuple(_extras(hint, Constraint)) for name, hint in _hints(cls).items()}
    return {name: constraints for name, constraints in found.items() if constraints}


def _extras(hint: Any, wanted: type) -> list[Any]:
    """The annotations of a kind on a hint, also on the not-None side of an optional one."""
    if get_origin(hint) is Annotated:
        return [extra for extra in hint.__metadata__ if isinstance(extra, wanted)] + _extras(hint.__origin__, wanted)
    if get_origin(hint) in (Union, UnionType):
        return [extra for side in get_args(hint) for extra in _extras(side, wanted)]
    return []


def _key_of(cls: Any, name: str) -> str:
    keys = _extras(_hints(cls)[name], Key)
    return str(keys[0].name) if keys else name


def as_mapping(data: object) -> Mapping[str, Any]:
    """The data as a mapping with texts as keys; raises SchemeError."""
    if not isinstance(data, Mapping):
        raise SchemeError("", MUST_BE_MAPPING)
    for key in data:
        if not isinstance(key, str) or isinstance(key, NumberText):
            raise SchemeError(str(key), MUST_BE_TEXT)
    return data


def read_part(cls: Callable[..., T], data: object) -> T:
    """Build a dataclass from plain data by its hints; an unknown or missing key raises SchemeError."""
    keys = {_key_of(cls, name): name for name in _hints(cls)}
    mapping = as_mapping(data)
    for key in mapping:
        if key not in keys:
            raise SchemeError(key, UNKNOWN_KEY)
    required = {field.name for field in _fields(cls) if field.default is MISSING and field.default_factory is MISSING}
    values = {}
    for key, name in keys.items():
        if key in mapping:
            values[name] = _read_at(key, _hints(cls)[name], mapping[key])
        elif name in required:
            raise SchemeError(key, IS_REQUIRED)
    return cls(**values)


def _read_at(place: str, hint: Any, data: object) -> Any:
    try:
        return _read(hint, data)
    except SchemeError as error:
        raise error.under(place) from None


def _read(hint: Any, data: object) -> Any:
    readers = _extras(hint, Reader)
    if get_origin(hint) is Annotated:
        return readers[0].read(data) if readers else _read_items_checked(hint, data)
    if get_origin(hint) in (Union, UnionType):
        return _read_optional(hint, data)
    if get_origin(hint) is tuple:
        return _read_tuple(get_args(hint), data)
    if get_origin(hint) is Mapping:
        value_hint = get_args(hint)[1]
        return MappingProxyType({key: _read_at(key, value_hint, value) for key, value in as_mapping(data).items()})
    return _read_plain(hint, data)


def _read_items_checked(hint: Any, data: object) -> Any:
    """Read below the annotation and check it here, so that values inside lists and mappings are held to it too."""
    value = _read(hint.__origin__, data)
    for constraint in _extras(hint, Constraint):
        if not constraint.accepts(value):
            raise SchemeError("", constraint.phrase)
    return value


def _read_optional(hint: Any, data: object) -> Any:
    sides = get_args(hint)
    if data is None and NoneType in sides:
        return None
    return _read(next(side for side in sides if side is not NoneType), data)


def _read_tuple(sides: tuple[Any, ...], data: object) -> Any:
    if not isinstance(data, list | tuple):
        raise SchemeError("", MUST_BE_LIST)
    if Ellipsis in sides:
        return tuple(_read_at(f"[{place}]", sides[0], item) for place, item in enumerate(data))
    if len(data) != len(sides):
        raise SchemeError("", MUST_BE_PAIR)
    return tuple(_read_at(f"[{place}]", side, item) for place, (side, item) in enumerate(zip(sides, data, strict=True)))


def _read_plain(hint: Any, data: object) -> Any:
    for base, read in _PLAIN.items():
        if issubclass(hint, base):
            return read(hint, data)
    return read_part(hint, data)


def read_number(data: object) -> Decimal:
    """An exact decimal; raises SchemeError."""
    try:
        return parse_number(data)
    except NumberError as error:
        raise SchemeError("", error.phrase) from None


def read_text(data: object) -> str:
    """A text that is not a bare number; raises SchemeError."""
    if not isinstance(data, str) or isinstance(data, NumberText):
        raise SchemeError("", MUST_BE_TEXT)
    return data


def _read_switch(_: type, data: object) -> bool:
    if not isinstance(data, bool):
        raise SchemeError("", MUST_BE_SWITCH)
    return data


def _read_whole(_: type, data: object) -> int:
    number = read_number(data)
    if number != number.to_integral_value():
        raise SchemeError("", MUST_BE_WHOLE)
    return int(number)


def _read_choice(hint: type[StrEnum], data: object) -> StrEnum:
    for choice in hint:
        if data == choice.value:
            return choice
    raise SchemeError("", MUST_BE_ONE_OF, choices=" / ".join(hint))


def _read_rounding(_: type, data: object) -> Rounding:
    if isinstance(data, Mapping) and "step" in data and _read_at("step", Decimal, data["step"]) <= 0:
        raise SchemeError("step", MUST_BE_POSITIVE)
    return read_part(Rounding, data)


# By the first base that fits: bool before int, whose subclass it is, and choices before plain text.
_PLAIN: Mapping[type, Callable[[Any, object], Any]] = {
    bool: _read_switch,
    int: _read_whole,
    Decimal: lambda _, data: read_number(data),
    StrEnum: _read_choice,
    str: lambda _, data: read_text(data),
    Rounding: _read_rounding,
}


def write_part(part: Any) -> dict[str, Any]:
    """The plain data of a dataclass: fields at their default left out, `kind` first where it has one."""
    data: dict[str, Any] = {"kind": part.kind} if isinstance(part, Tagged) else {}
    for field in _fields(type(part)):
        value = getattr(part, field.name)
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if value != default:
            data[_key_of(type(part), field.name)] = _write(value)
    return data


def _write(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if is_dataclass(value):
        return value.to_data() if isinstance(value, Part) else write_part(value)
    if isinstance(value, Mapping):
        return {key: _write(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_write(item) for item in value]
    return value.value if isinstance(value, StrEnum) else value
