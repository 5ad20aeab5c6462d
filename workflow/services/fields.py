"""Reading what people type: each wrong value is named by its field, all of them at once."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from workflow.errors import Denied, FieldError, Reason, Refusal, invalid, refuse, stale
from workflow.models.recorded import Entity
from workflow.wording import Phrase

ONE_DAY = timedelta(days=1)

_NEEDED = Phrase("请填写", "is required")
_TOO_LONG = Phrase("最多 {most} 个字符", "has at most {most} characters")
_UNPRINTABLE = Phrase("含有不可见字符", "holds characters that can't be shown")
_NO_CODE = Phrase("只能含文字、数字和 . _ -", "holds only letters, digits and . _ -")
_NO_SUCH_CHOICE = Phrase("须是 {choices} 之一", "must be one of {choices}")
_ENDS_FIRST = Phrase("结束日期不能早于开始日期", "must not end before it starts")
_CODE = re.compile(r"[\w.-]+")

C = TypeVar("C", bound=StrEnum)


@dataclass(slots=True)
class Fields:
    """Reads the fields of one request and gathers what is wrong with them; `check` raises it."""

    errors: list[FieldError] = field(default_factory=list)

    def wrong(self, path: str, phrase: Phrase, **facts: object) -> None:
        """Say that a field is wrong."""
        self.errors.append(FieldError(path, phrase, facts))

    def text(self, path: str, value: str, most: int, *, least: int = 1) -> str:
        """Read one line of text: NFC, without blanks around it, `least` to `most` characters."""
        text = unicodedata.normalize("NFC", value).strip()
        if len(text) < least:
            self.wrong(path, _NEEDED)
        elif len(text) > most:
            self.wrong(path, _TOO_LONG, most=most)
        elif not text.isprintable():
            self.wrong(path, _UNPRINTABLE)
        return text

    def code(self, path: str, value: str, most: int) -> str:
        """Read a code, which stands in addresses and files; full-width characters become common ones."""
        text = unicodedata.normalize("NFKC", value).strip()
        if not text:
            self.wrong(path, _NEEDED)
        elif len(text) > most:
            self.wrong(path, _TOO_LONG, most=most)
        elif not _CODE.fullmatch(text):
            self.wrong(path, _NO_CODE)
        return text

    def choice(self, path: str, value: str, choices: type[C]) -> C | None:
        """Read one of the values of an enumeration."""
        if value in set(choices):
            return choices(value)
        self.wrong(path, _NO_SUCH_CHOICE, choices="、".join(choices))
        return None

    def in_order(self, starts_on: date, ends_on: date | None) -> None:
        """Check that what ends does so no earlier than it starts."""
        if ends_on is not None and ends_on < starts_on:
            self.wrong("ends_on", _ENDS_FIRST)

    def last_day(self, path: str, starts_on: date, ends_on: date | None) -> None:
        """Check the last day of something that was given: at the earliest the day before, so that it never held."""
        if ends_on is not None and ends_on < starts_on - ONE_DAY:
            self.wrong(path, _ENDS_FIRST)

    def check(self) -> None:
        """Raise Refusal with everything that is wrong, if anything is."""
        if self.errors:
            raise invalid(*self.errors)


def permit(*answers: Denied | None) -> None:
    """Raise the first refusal among policy's answers."""
    for denied in answers:
        if denied is not None:
            raise Refusal(denied)


def require_version(seen_version: int | None) -> None:
    """Raise Refusal when somebody changes an entity without saying which version they saw."""
    if seen_version is None:
        raise refuse(Reason.NO_VERSION)


def check_fresh(entity: Entity, seen_version: int | None, shown: Iterable[str]) -> None:
    """Raise Refusal, with the newest values of the `shown` fields, when the entity has moved on since it was seen."""
    if seen_version != entity.version:
        raise stale(entity.version, {name: getattr(entity, name) for name in shown})
