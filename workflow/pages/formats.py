"""How days, instants, periods and numbers are written: template filters, one way everywhere (source: pages.md)."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from flask import Flask
from flask_babel import get_locale

from workflow.records.event_naming import name_of_event
from workflow.records.naming import FIELD_NAMES, KIND_NAMES
from workflow.scoring.basis_wording import STEP_NAMES
from workflow.wording import Language, Phrase

QUARTER = re.compile(r"(\d{4})-Q([1-4])")
HALF = re.compile(r"(\d{4})-H([12])")
MONTH = re.compile(r"(\d{4})-(\d{2})")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
MINUS = "\N{MINUS SIGN}"


def in_chinese() -> bool:
    """Whether the reader of this request reads Chinese."""
    locale = get_locale()
    return locale is None or locale.language == "zh"


def day(value: date | None) -> str:
    """A day in a table: 2026-11-05; empty for None."""
    return value.isoformat() if value else ""


def day_text(value: date | None) -> str:
    """A day in a sentence: 2026年11月5日, or 5 Nov 2026."""
    if value is None:
        return ""
    return f"{value.year}年{value.month}月{value.day}日" if in_chinese() else f"{value.day} {value:%b %Y}"


def period_text(label: str) -> str:
    """A period in a sentence: 2026年10月, 2026年第4季度, 2026年下半年; the label itself in English."""
    if not label or not in_chinese():
        return label
    if found := QUARTER.fullmatch(label):
        return f"{found[1]}年第{found[2]}季度"
    if found := HALF.fullmatch(label):
        return f"{found[1]}年{'上' if found[2] == '1' else '下'}半年"
    if found := MONTH.fullmatch(label):
        return f"{found[1]}年{int(found[2])}月"
    if found := DAY.fullmatch(label):
        return f"{found[1]}年{int(found[2])}月{int(found[3])}日"
    return f"{label}年"


def number(text: str | None) -> str:
    """A decimal text with a true minus sign; a dash for None, which is never zero."""
    return "—" if text is None else text.replace("-", MINUS)


def short(text: str | None) -> str:
    """A decimal text without the zeros at its end, for labels: 5, 0.5."""
    shown = number(text)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def signed(text: str | None) -> str:
    """A change with its sign: +1.00, −2.00, 0.00; a dash for None."""
    if text is None:
        return "—"
    bare = text.lstrip("+-")
    if not bare.strip("0."):
        return bare
    return f"{MINUS}{bare}" if text.startswith("-") else f"+{bare}"


def money(amount: Decimal | None, *, sign: bool = False) -> str:
    """An amount with two decimals, its thousands apart: 12,150.00; with `sign` also +90.00. A dash for None, which is never zero."""
    if amount is None:
        return "—"
    shown = f"{amount:+,.2f}" if sign and amount else f"{amount:,.2f}"
    return shown.replace("-", MINUS)


def took(value: timedelta | None) -> str:
    """How long a step took, in its largest unit: 3 天, 2 小时, 5 分钟."""
    if value is None:
        return ""
    minutes = max(1, round(value.total_seconds() / 60))
    amount, zh, en = next(
        (minutes // size, zh, en)
        for size, zh, en in ((1440, "天", "d"), (60, "小时", "h"), (1, "分钟", "min"))
        if minutes >= size
    )
    return f"{amount} {zh if in_chinese() else en}"


def kind_name(code: str) -> str:
    """What people call a kind of entity; the code itself for an unknown one."""
    name = KIND_NAMES.get(code)
    return code if name is None else _label(name)


def field_name(code: str) -> str:
    """What people call a recorded field; empty for one that is no column."""
    name = FIELD_NAMES.get(code)
    return "" if name is None else _label(name)


def event_name(event: str) -> str:
    """What people call an event, as it stands after the name of whoever did it; its code where nobody named it."""
    name = name_of_event(event)
    return event if name is None else name.say(_language())


def step_name(code: str) -> str:
    """What people call a step of the way to an item's points."""
    return _label(STEP_NAMES[code])


def _label(name: Phrase) -> str:
    """Write a name as a label, which begins with a capital letter in English."""
    text = name.say(_language())
    return f"{text[:1].upper()}{text[1:]}"


def _language() -> Language:
    return Language.ZH if in_chinese() else Language.EN


def instants(zone: tzinfo) -> Mapping[str, Callable[[datetime | None], str]]:
    """The filters that show an instant in the company's `zone`: `stamp` for tables, `iso` for machines."""

    def stamp(value: datetime | None) -> str:
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M") if value else ""

    def iso(value: datetime | None) -> str:
        return value.isoformat() if value else ""

    return {"stamp": stamp, "iso": iso}


def register(app: Flask, zone: tzinfo) -> None:
    """Give `app` the filters, and templates the reader's locale and the steps that have names."""
    plain = (
        day,
        day_text,
        period_text,
        number,
        short,
        signed,
        money,
        took,
        kind_name,
        event_name,
        field_name,
        step_name,
    )
    app.jinja_env.filters.update({each.__name__: each for each in plain})
    app.jinja_env.filters.update(instants(zone))
    app.jinja_env.globals["get_locale"] = get_locale
    app.jinja_env.globals["step_codes"] = tuple(STEP_NAMES)
