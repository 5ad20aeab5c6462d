"""Reading the ledger 加减分台账: one's own entries, and those that one is responsible for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import aliased

from workflow.errors import Denied, not_seen
from workflow.lifecycle import ledger_entry as lifecycle
from workflow.lifecycle.ledger_entry import Trigger
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.ledger import LedgerEntry
from workflow.models.organisation import Unit
from workflow.models.scorecards import Adjustment, Scorecard
from workflow.policy import Actor
from workflow.scoring.rules.adjustments import AdjustmentsRule
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.recorders import evidence, ledger, ledger_scope
from workflow.services.schemes.maintain_schemes import scorer_of

PERSONS_MOVES = (Trigger.ACKNOWLEDGE, Trigger.QUESTION, Trigger.ANSWER, Trigger.VOID)
_Recorder, _Answerer, _Voider = aliased(Account), aliased(Account), aliased(Account)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file of evidence that an entry names; any other reference says in words where the evidence is filed."""

    hash: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as it is read; `worth` is what it adds or takes in points, before the item's caps."""

    id: int
    version: int
    period: str
    scheme: str
    scheme_title: str
    item: str
    item_title: str
    subject: str
    subject_name: str
    unit: str
    unit_name: str
    on: date
    cause: str | None
    cause_title: str
    reason: str
    count: int | None
    points: Decimal | None
    worth: Decimal
    evidence: tuple[str, ...]
    recorded_by: str
    recorded_at: datetime
    counted: bool  # a card counts it that has not been voided or replaced
    state: str
    acknowledged_at: datetime | None
    question: str | None
    questioned_at: datetime | None
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    void_reason: str | None
    voided_by: str | None
    voided_at: datetime | None
    files: tuple[NamedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One entry with the moves that the reader can make, and of the others why not."""

    entry: EntryRow
    allowed: tuple[str, ...]
    denied: Mapping[str, Denied]
    forbidden: Mapping[str, Denied]  # those of them that the reader may not make in any state


@dataclass(frozen=True, slots=True)
class LedgerWanted:
    """What the list is narrowed to; None where it is not. `mine`: only those about the reader."""

    period: str | None = None
    item: str | None = None
    subject: str | None = None
    unit: str | None = None
    state: str | None = None
    recorder: str | None = None
    mine: bool = False


def list_entries(actor: Actor, wanted: LedgerWanted, asked: PageAsked, *, at_once: bool) -> Page[EntryRow]:
    """List the entries that the actor may see, the newest day first; raises Refusal for a bad place to go on from."""
    seen = ledger_scope.is_own if wanted.mine else ledger_scope.seen_by
    query = _told().where(seen(actor, at_once=at_once))
    narrowed = {
        LedgerEntry.period: wanted.period,
        LedgerEntry.item_code: wanted.item,
        LedgerEntry.subject_code: wanted.subject,
        LedgerEntry.state: wanted.state,
        Unit.code: wanted.unit,
        _Recorder.username: wanted.recorder,
    }
    for column, value in narrowed.items():
        if value:
            query = query.where(column == value)
    found = page(query, (LedgerEntry.happened_on, LedgerEntry.id), asked, _row, newest_first=True)
    return replace(found, rows=_with_files(found.rows))


def find_entry(actor: Actor, entry_id: int, *, at_once: bool) -> EntryDetail:
    """Read one entry; raises Refusal (not seen) for one that the actor may not see."""
    seen = ledger_scope.seen_by(actor, at_once=at_once)
    row = db.session.execute(_told().where(LedgerEntry.id == entry_id, seen)).first()
    if row is None:
        raise not_seen()
    facts = ledger.facts_of(row[0], ledger.counting_of([entry_id]).get(entry_id, ()), at_once=at_once)
    answers = {str(trigger): lifecycle.explain(trigger, facts, actor) for trigger in PERSONS_MOVES}
    return EntryDetail(
        entry=_with_files([_row(row)])[0],
        allowed=tuple(trigger for trigger, denied in answers.items() if denied is None),
        denied={trigger: denied for trigger, denied in answers.items() if denied is not None},
        forbidden={each: denied for each in answers if (denied := lifecycle.forbidden(each, actor, facts))},
    )


def _told() -> Select[*tuple[Any, ...]]:
    counts = and_(
        Adjustment.ledger_entry_id == LedgerEntry.id,
        Adjustment.voided_at.is_(None),
        Scorecard.id == Adjustment.scorecard_id,
        Scorecard.state.not_in(ledger.GONE),
    )
    return (
        select(LedgerEntry, Unit, _Recorder.name, _Answerer.name, _Voider.name, exists().where(counts))
        .join(Unit, Unit.id == LedgerEntry.unit_id)
        .join(_Recorder, _Recorder.id == LedgerEntry.entered_by)
        .outerjoin(_Answerer, _Answerer.id == LedgerEntry.answered_by)
        .outerjoin(_Voider, _Voider.id == LedgerEntry.voided_by)
    )


def _row(row: AnyRow) -> EntryRow:
    entry, unit, recorder, answerer, voider, counted = tuple(row)[:6]
    scheme = scorer_of(entry.scheme_version_id).scheme
    item = scheme.items[entry.item_code]
    causes = {cause.code: cause for cause in item.rule.causes} if isinstance(item.rule, AdjustmentsRule) else {}
    cause = causes.get(entry.cause)
    return EntryRow(
        id=entry.id,
        version=entry.version,
        period=entry.period,
        scheme=entry.scheme_code,
        scheme_title=scheme.title,
        item=entry.item_code,
        item_title=item.title,
        subject=entry.subject_code,
        subject_name=entry.subject_name,
        unit=unit.code,
        unit_name=unit.title,
        on=entry.happened_on,
        cause=entry.cause,
        cause_title=cause.title if cause else "",
        reason=entry.reason,
        count=entry.count,
        points=entry.points,
        worth=_worth(item.rule, entry),
        evidence=tuple(entry.evidence),
        recorded_by=recorder,
        recorded_at=entry.entered_at,
        counted=bool(counted),
        state=entry.state,
        acknowledged_at=entry.acknowledged_at,
        question=entry.question,
        questioned_at=entry.questioned_at,
        answer=entry.answer,
        answered_by=answerer,
        answered_at=entry.answered_at,
        void_reason=entry.void_reason,
        voided_by=voider,
        voided_at=entry.voided_at,
    )


def _worth(rule: object, entry: LedgerEntry) -> Decimal:
    """Give the signed points of an entry that its rule took."""
    return rule.worth(entry.cause, entry.count, entry.points) if isinstance(rule, AdjustmentsRule) else Decimal(0)


def _with_files(rows: Sequence[EntryRow]) -> tuple[EntryRow, ...]:
    """Add what the files are called that the entries name, in one query."""
    files = evidence.files_named({each for row in rows for each in row.evidence if evidence.is_hash(each)})
    return tuple(
        replace(
            row,
            files=tuple(
                NamedFile(each, files[each].file_name, files[each].media_type, files[each].size)
                for each in row.evidence
                if each in files
            ),
        )
        for row in rows
    )
