"""The fields of the API's schemas: what comes in is checked and refused in both languages, what goes out is exact."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

import marshmallow
from marshmallow import ValidationError, fields
from werkzeug.datastructures import FileStorage

from workflow.errors import FieldError
from workflow.scoring.periods import Period, PeriodError, parse_day
from workflow.wording import Phrase

CODE_LENGTH = 64
REASON_LENGTH = 1000

UNKNOWN = Phrase("没有这个字段", "there is no such field")
NOT_AN_OBJECT = Phrase("须是一个对象", "must be an object")
WORDS: Mapping[str, Phrase] = {
    "required": Phrase("必填", "is required"),
    "null": Phrase("不能为空", "must not be null"),
    "type": NOT_AN_OBJECT,
    "invalid": Phrase("类型不对", "is of the wrong type"),
    "text": Phrase("须是文字", "must be text"),
    "length": Phrase("须有 {least} 到 {most} 个字符", "must have {least} to {most} characters"),
    "whole": Phrase("须是 {least} 到 {most} 的整数", "must be a whole number from {least} to {most}"),
    "flag": Phrase("须是 true 或 false", "must be true or false"),
    "choice": Phrase("须是 {choices} 之一", "must be one of {choices}"),
    "period": Phrase("须是 2026-11、2026-Q4 这样的期间", "must be a period like 2026-11 or 2026-Q4"),
    "day": Phrase("须是 2026-11-05 这样的日期", "must be a day like 2026-11-05"),
    "moment": Phrase(
        "须是 2026-11-05T08:00:00Z 这样的时刻,或一个日期", "must be a moment like 2026-11-05T08:00:00Z, or a day"
    ),
    "number": Phrase("须是数字", "must be a number"),
    "file": Phrase("须是一个文件", "must be a file"),
    "count": Phrase("须有 {least} 到 {most} 个", "must be {least} to {most} of them"),
}


class Schema(marshmallow.Schema):
    """A schema whose refusals are said in both languages; an unknown field is refused."""

    sent_as: ClassVar[str] = "json"  # or "files": as multipart/form-data

    error_messages: dict[str, Any] = {"unknown": UNKNOWN, "type": NOT_AN_OBJECT}  # noqa: RUF012 — marshmallow's own


class Spoken(fields.Field[Any]):
    """A field whose refusals are said in both languages."""

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        """Make the error that carries the sentence of `WORDS`."""
        return ValidationError([FieldError("", WORDS[key], kwargs)])


class Text(Spoken, fields.String):
    """Text of `least` to `most` characters, NFC."""

    def __init__(self, most: int = CODE_LENGTH, *, least: int = 0, **options: Any) -> None:
        described = {"maxLength": most, **({"minLength": least} if least else {}), **options.pop("metadata", {})}
        super().__init__(metadata=described, **options)
        self.most, self.least = most, least

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> str:  # noqa: ARG002 — marshmallow's signature
        if not isinstance(value, str):
            raise self.make_error("text")
        text = unicodedata.normalize("NFC", value)
        if not self.least <= len(text) <= self.most:
            raise self.make_error("length", least=self.least, most=self.most)
        return text


class Whole(Spoken, fields.Integer):
    """A whole number from `least` to `most`; in an address it comes as text."""

    def __init__(self, least: int = 1, most: int = 2**31 - 1, **options: Any) -> None:
        super().__init__(metadata={"minimum": least, "maximum": most, **options.pop("metadata", {})}, **options)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> int:  # noqa: ARG002 — marshmallow's signature
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise self.make_error("whole", least=self.least, most=self.most)
        return value


class WholeInAddress(Whole):
    """The same in the query of an address."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> int:
        digits = value.isascii() and value.isdigit() and len(value) <= len(str(self.most))
        return super()._deserialize(int(value) if digits else value, attr, data, **options)


class Flag(Spoken, fields.Boolean):
    """Yes or no in a body: true or false and nothing else."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> bool:  # noqa: ARG002 — marshmallow's signature
        if not isinstance(value, bool):
            raise self.make_error("flag")
        return value


class FlagInAddress(Spoken, fields.Boolean):
    """Yes or no in the query of an address: `1`, `true`, `0` or `false`."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> bool:  # noqa: ARG002 — marshmallow's signature
        if value not in {"0", "1", "false", "true"}:
            raise self.make_error("flag")
        return value in {"1", "true"}


class Choice(Spoken, fields.String):
    """One of the values of an enumeration."""

    def __init__(self, choices: type[StrEnum] | tuple[str, ...], **options: Any) -> None:
        self.choices = tuple(str(choice) for choice in choices)
        super().__init__(metadata={"enum": list(self.choices), **options.pop("metadata", {})}, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> str:  # noqa: ARG002 — marshmallow's signature
        if not isinstance(value, str) or value not in self.choices:
            raise self.make_error("choice", choices=", ".join(self.choices))
        return value


class PeriodLabel(Spoken, fields.String):
    """A period by its label."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> str:  # noqa: ARG002 — marshmallow's signature
        try:
            return Period.parse(value).label if isinstance(value, str) else self._refuse()
        except PeriodError:
            return self._refuse()

    def _refuse(self) -> str:
        raise self.make_error("period")


class Day(Spoken, fields.Date):
    """A calendar day."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> date:  # noqa: ARG002 — marshmallow's signature
        try:
            return parse_day(value)
        except PeriodError as error:
            raise self.make_error("day") from error


class Moment(Spoken, fields.String):
    """An instant as RFC 3339, or a calendar day."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> Any:  # noqa: ARG002 — marshmallow's signature
        try:
            return parse_day(value)
        except PeriodError:
            return self._instant(value)

    def _instant(self, value: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise self.make_error("moment") from error
        if moment.tzinfo is None:
            raise self.make_error("moment")
        return moment


class Number(Spoken, fields.Field[Any]):
    """An exact number as text or as a JSON number; whether it is in range is said where it is used."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"type": ["string", "number"], **options.pop("metadata", {})}, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> Any:  # noqa: ARG002 — marshmallow's signature
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise self.make_error("number")
        return value


class Entered(Spoken, fields.Field[Any]):
    """An item's input as scoring.md has it, null to clear it; `[]` alone says that nothing happened."""

    def __init__(self, **options: Any) -> None:
        described = {"type": ["object", "array"], **options.pop("metadata", {})}
        super().__init__(metadata=described, allow_none=True, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> Any:  # noqa: ARG002 — marshmallow's signature
        if value == []:
            return {"adjustments": []}
        if not isinstance(value, dict):
            raise self.make_error("type")
        return value


class Several(Spoken, fields.List[Any]):
    """A list of `least` to `most` entries."""

    def __init__(self, inner: Any, *, least: int = 0, most: int = 1000, **options: Any) -> None:
        described = {"minItems": least, "maxItems": most, **options.pop("metadata", {})}
        super().__init__(inner, metadata=described, **options)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> list[Any]:
        if isinstance(value, list) and not self.least <= len(value) <= self.most:
            raise self.make_error("count", least=self.least, most=self.most)
        return super()._deserialize(value, attr, data, **options)


class File(Spoken, fields.Field[Any]):
    """A file of a form, as its name and its content."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"type": "string", "format": "binary", **options.pop("metadata", {})}, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> tuple[str, bytes]:  # noqa: ARG002 — marshmallow's signature
        if not isinstance(value, FileStorage):
            raise self.make_error("file")
        return value.filename or "", value.read()


class Part(Spoken, fields.Nested):
    """An object within an object."""


class Anything(Spoken, fields.Dict):
    """An object whose form another page describes."""


class Shown(fields.String):
    """Text as it is shown; ids too, which are larger than a JSON number can hold exactly."""


class Points(fields.String):
    """Points or a value: an exact decimal as text, printed in full."""

    def _serialize(self, value: Any, attr: Any, obj: Any, **_: Any) -> str | None:  # noqa: ARG002 — marshmallow's signature
        return format(value, "f") if isinstance(value, Decimal) else value


class Instant(fields.String):
    """A moment as RFC 3339 in UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"format": "date-time"}, **options)

    def _serialize(self, value: Any, attr: Any, obj: Any, **_: Any) -> str | None:  # noqa: ARG002 — marshmallow's signature
        return instant(value)


def instant(value: datetime | None) -> str | None:
    """Write a moment as RFC 3339 in UTC, to the second where it has no parts of one."""
    if value is None:
        return None
    whole = "seconds" if value.microsecond == 0 else "microseconds"
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=whole) + "Z"


def faults(messages: Any, path: str = "") -> Iterator[FieldError]:
    """Give what marshmallow found wrong, each with its path: `edits[3].input`."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from faults(inner, _step(path, key))
    elif isinstance(messages, list):
        for each in messages:
            yield from faults(each, path)
    elif isinstance(messages, FieldError):
        yield replace(messages, path=path)
    else:
        yield FieldError(path, messages)


def _step(path: str, key: object) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    if key == marshmallow.exceptions.SCHEMA:
        return path
    return f"{path}.{key}" if path else str(key)
