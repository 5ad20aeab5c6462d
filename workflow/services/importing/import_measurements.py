"""Measurements from a file: which values are new or changed, which look odd, and how all of it is taken back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import and_, select

from workflow.errors import Refusal
from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.scorecards import Scorecard, ScorecardItem, Signature
from workflow.numbers import plain
from workflow.policy import Actor, Meaning, State
from workflow.services.chunks import chunks
from workflow.services.importing.import_rows import (
    Change,
    CheckedRow,
    Column,
    Effects,
    FileRow,
    Importer,
    Outcome,
    mark_repeated,
)
from workflow.services.measurements.measure import Measured, ReadValue, put_measurements, read_values, take_back
from workflow.services.unit_of_work import Work
from workflow.wording import Phrase

COLUMNS = (
    Column("item", Phrase("指标编码", "Item"), aliases=("指标", "指标代码")),
    Column("subject", Phrase("对象编码", "Subject"), aliases=("考核对象", "工号", "单位编码", "对象")),
    Column("period", Phrase("期间", "Period"), aliases=("考核期间", "月份")),
    Column("value", Phrase("数值", "Value"), aliases=("值", "指标值")),
    Column("source", Phrase("来源", "Source"), required=False, aliases=("数据来源",)),
)
SOURCE_LENGTH = 256
FAR_OFF = 50
"""A share (0 to 1) beside values of the same indicator that are this many times larger is probably a percentage."""

_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?")
_AS_PERCENT = Phrase("{text} 按 {value} 计", "{text} is taken as {value}")
_ODD_SHARE = Phrase(
    "与同一指标的其他数值({other})相差悬殊,是否应为 {percent}",
    "far from the indicator's other values ({other}): should it be {percent}?",
)
_AS_MONTH = Phrase("日期 {text} 按 {period} 计", "the date {text} is taken as {period}")
_SOURCE_TOO_LONG = Phrase("最多 {most} 个字符", "has at most {most} characters")

_Key = tuple[str, str, int, str, str]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a row does: a value to put, and the measurement that it moves on."""

    measured: Measured
    key: _Key
    before: Measurement | None


def check(actor: Actor, rows: Sequence[FileRow], today: date) -> list[CheckedRow]:
    """Compare each row with what has been measured; a subject out of the actor's reach is not told to exist."""
    checked = [CheckedRow(row.number, row.shown, label=f"{row.text('subject')} {row.text('item')}") for row in rows]
    measured = [_measured(row, each) for row, each in zip(rows, checked, strict=True)]
    answers = read_values(actor, measured, today)
    known = _known([answer for answer in answers if isinstance(answer, ReadValue)])
    for each, told, answer in zip(checked, measured, answers, strict=True):
        if isinstance(answer, Refusal):
            for error in answer.errors:
                each.wrong_once(error.path.rpartition(".")[2], error.phrase, **error.facts)
        else:
            _compare(each, told, answer, known)
    mark_repeated(checked, [each.plan.key if each.plan else None for each in checked], "subject")
    _warn_of_shares(checked, answers, known)
    return checked


def apply(work: Work, rows: Sequence[CheckedRow], reason: str) -> Effects:  # noqa: ARG001 — the source tells it
    """Write the values, and let drafts follow; gives what they changed."""
    moving = [row.plan for row in rows if row.outcome is not Outcome.SAME]
    was = [_standing(plan.before) for plan in moving]
    stored = put_measurements(work, work.actor, [plan.measured for plan in moving])
    return [{"id": row.id, "version": row.version, "was": each} for row, each in zip(stored, was, strict=True)]


def used_by(effects: Effects, since: datetime) -> tuple[str, ...]:
    """Name what rests on the values of an import: newer values, and cards prepared since that could have used them."""
    versions = {each["id"]: each["version"] for each in effects}
    rows = list(_rows(list(versions)))
    newer = {f"{row.subject_code} {row.item} {row.period}" for row in rows if row.version != versions[row.id]}
    return (*sorted(newer), *sorted(_prepared_since(rows, since)))


def undo(work: Work, effects: Effects, reason: str) -> None:  # noqa: ARG001 — one shape for each kind
    """Give the values back that stood before; what was new counts for nothing."""
    rows = {row.id: row for row in _rows([each["id"] for each in effects])}
    for each in effects:
        was = each["was"]
        take_back(work, rows[each["id"]], Decimal(was["value"]) if was else None, was["source"] if was else "")


MEASUREMENTS = Importer(COLUMNS, check, apply, used_by, undo)


def _measured(row: FileRow, checked: CheckedRow) -> Measured:
    for column in COLUMNS:
        if column.required and not row.text(column.field):
            checked.needed(column.field)
    source = row.text("source")
    if len(source) > SOURCE_LENGTH:
        checked.wrong("source", _SOURCE_TOO_LONG, most=SOURCE_LENGTH)
    return Measured(row.text("item"), row.text("subject"), _period(row, checked), _value(row, checked), source)


def _period(row: FileRow, checked: CheckedRow) -> str:
    """Read a period; a sheet turns 2026-10 into the first of October without asking."""
    cell, text = row.cells.get("period"), row.text("period")
    if isinstance(cell, date) and cell.day == 1:
        checked.warn("period", _AS_MONTH, text=text, period=text[:7])
        return text[:7]
    month = _MONTH.fullmatch(text)
    return f"{month[1]}-{int(month[2]):02d}" if month else text.removesuffix("年")


def _value(row: FileRow, checked: CheckedRow) -> str:
    text = row.text("value")
    if text.endswith("%"):
        value = text[:-1].strip()
        checked.warn("value", _AS_PERCENT, text=text, value=value)
        return value
    return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text


def _known(read: Sequence[ReadValue]) -> Mapping[_Key, Measurement]:
    """Give the measurements of all subjects and items of the file."""
    found: dict[_Key, Measurement] = {}
    items = sorted({each.item for each in read})
    for some in chunks(sorted({each.subject.id for each in read})):
        query = select(Measurement).where(Measurement.subject_id.in_(some), Measurement.item.in_(items))
        for row in db.session.scalars(query):
            found[(row.item, row.subject_kind, row.subject_id, row.frequency, row.period)] = row
    return found


def _compare(checked: CheckedRow, told: Measured, read: ReadValue, known: Mapping[_Key, Measurement]) -> None:
    key = (read.item, read.subject.kind, read.subject.id, str(read.period.frequency), read.period.label)
    before = known.get(key)
    checked.plan = _Plan(told, key, before)
    if checked.errors:
        return
    if before is None or before.withdrawn:
        checked.outcome = Outcome.NEW
        checked.changes = (Change("value", "", plain(read.value)),)
        return
    if before.value != read.value:
        checked.changes += (Change("value", plain(before.value), plain(read.value)),)
    if before.source != read.source:
        checked.changes += (Change("source", before.source, read.source),)
    checked.outcome = Outcome.CHANGED if checked.changes else Outcome.SAME


def _warn_of_shares(
    checked: Sequence[CheckedRow], answers: Sequence[ReadValue | Refusal], known: Mapping[_Key, Measurement]
) -> None:
    """90 % against 0.9: warn of a share where the indicator's other values are percentages."""
    largest: dict[str, Decimal] = {}
    for row in known.values():
        largest[row.item] = max(largest.get(row.item, row.value), row.value)
    read = [(each, answer) for each, answer in zip(checked, answers, strict=True) if isinstance(answer, ReadValue)]
    for _, answer in read:
        largest[answer.item] = max(largest.get(answer.item, answer.value), answer.value)
    for each, answer in read:
        if 0 < answer.value <= 1 and largest[answer.item] >= FAR_OFF * answer.value:
            percent = plain((answer.value * 100).normalize())
            each.warn("value", _ODD_SHARE, other=plain(largest[answer.item]), percent=percent)


def _standing(before: Measurement | None) -> dict[str, str] | None:
    """What stood before a row was applied: a value with its source, or nothing."""
    if before is None or before.withdrawn:
        return None
    return {"value": plain(before.value), "source": before.source}


def _rows(ids: Sequence[int]) -> Iterator[Measurement]:
    for some in chunks(ids):
        yield from db.session.scalars(select(Measurement).where(Measurement.id.in_(some)))


def _prepared_since(rows: Sequence[Measurement], since: datetime) -> set[str]:
    """The numbers of cards with these items, of these subjects, in these or later periods, that were signed since."""
    signed = and_(Signature.scorecard_id == Scorecard.id, Signature.meaning == Meaning.PREPARE, Signature.at >= since)
    query = (
        select(Scorecard.number, Scorecard.subject_kind, Scorecard.subject_id, Scorecard.period, ScorecardItem.code)
        .join(Signature, signed)
        .join(ScorecardItem, ScorecardItem.scorecard_id == Scorecard.id)
        .where(Scorecard.state != State.VOID)
    )
    first: dict[tuple[str, str, int], str] = {}
    for row in rows:
        key = (row.item, row.subject_kind, row.subject_id)
        first[key] = min(first.get(key, row.period), row.period)
    found = set()
    for number, kind, subject_id, period, code in db.session.execute(query):
        begins = first.get((code, kind, subject_id))
        if begins is not None and period >= begins:
            found.add(number)
    return found
