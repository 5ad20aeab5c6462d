"""What an order of erasure reaches: the entities that speak of a person, what takes the place of their words, and what stays."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, and_, cast, func, or_, select

from workflow.lifecycle import plan
from workflow.models.accounts import Account
from workflow.models.database import Base, db
from workflow.models.evidence import EvidenceFile
from workflow.models.organisation import Person
from workflow.models.personal import ERASABLE, ERASED, Speaks, Whom, erased_value
from workflow.models.plans import Plan
from workflow.models.record import Record, RecordContent
from workflow.models.recorded import RECORDED, Entity, Recorded
from workflow.models.reports import ReportSignature
from workflow.models.schemes import SchemeSignature
from workflow.models.scorecards import Scorecard, Signature
from workflow.policy import State
from workflow.services.chunks import chunks
from workflow.services.erasing.imports_about import imports_about
from workflow.services.paying.pay import scheme_of

_SIGNATURES = (Signature, SchemeSignature, ReportSignature)
_LAST = ("person",)
"""Kinds that go after all others: words elsewhere are known by the name that stands here."""

_SETTLED = frozenset({State.APPROVED, State.PUBLISHED, State.SUPERSEDED, State.VOID})
_PAID = frozenset({State.APPROVED, State.PUBLISHED})
_FINISHED = (plan.State.FINAL, plan.State.ARCHIVED, plan.State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Reached:
    """One entity that speaks of the person: what takes the place of its values, and its parts, each with what changes."""

    kind: str
    entity: Entity
    values: Mapping[str, object]
    parts: Sequence[tuple[Recorded, Mapping[str, object]]]

    @property
    def says_something(self) -> bool:
        """Whether there is anything in its rows for an order to take."""
        return bool(self.values) or any(changed for _, changed in self.parts)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an order would erase, for whoever is to give it: entities by kind, records, files, imports; and what stays.

    `signed` counts signatures that the person gave in office under what is another's; `named` the records of others that
    still name them, which are theirs; `unfinished` names the cards that have to be approved or voided first.
    """

    person: Person
    entities: Mapping[str, int]
    records: int
    files: int
    imports: int
    signed: int
    named: int
    unfinished: tuple[str, ...]


def whom_of(person: Person) -> Whom:
    """Say of whom everything goes; words elsewhere are taken to mean them unless somebody else bears the same name."""
    same = select(func.count()).select_from(Person).where(Person.name == person.name)
    return Whom(person.id, person.name if person.name != ERASED and db.session.scalar(same) == 1 else None)


def reached_by(person: Person) -> Iterator[Reached]:
    """Give what speaks of a person, the person's own entry last."""
    whom = whom_of(person)
    tables = [name for name, tie in RECORDED.items() if tie.parent_table is None and name in ERASABLE]
    for name in sorted(tables, key=lambda each: each in _LAST):
        model, speaks = _model(name), ERASABLE[name]
        if speaks.rows is not None:
            for row in db.session.scalars(select(model).where(speaks.rows(model.__table__, whom)).order_by(model.id)):
                yield Reached(RECORDED[name].kind, row, _values(speaks, row, whom), list(_parts(name, row, whom)))


def records_of(reached: Sequence[Reached]) -> list[int]:
    """Give the records of these entities whose content is still there, notes of what changed nothing too."""
    found: list[int] = []
    by_kind: dict[str, list[int]] = {}
    for each in reached:
        by_kind.setdefault(each.kind, []).append(each.entity.id)
    for kind, ids in by_kind.items():
        query = select(RecordContent.record_id).join(Record, Record.id == RecordContent.record_id)
        for some in chunks(ids):
            found += db.session.scalars(query.where(Record.entity_kind == kind, Record.entity_id.in_(some)))
    return sorted(found)


def unfinished_cards(person: Person) -> tuple[str, ...]:
    """Name the cards of a person that are still worked on, and those whose inputs the pay is yet to be worked out from."""
    query = (
        select(Scorecard, Plan.state)
        .join(Plan, Plan.id == Scorecard.plan_id)
        .where(Scorecard.subject_kind == "person", Scorecard.subject_id == person.id)
        .where(or_(Scorecard.state.not_in(_SETTLED), and_(Scorecard.state.in_(_PAID), Plan.state.not_in(_FINISHED))))
    )
    found = db.session.execute(query.order_by(Scorecard.number))
    return tuple(card.number for card, _ in found if card.state not in _SETTLED or _pays_by_input(card))


def _pays_by_input(card: Scorecard) -> bool:
    pay = scheme_of(card).pay
    return pay is not None and pay.benefit is not None


def foresee(person: Person) -> Foreseen:
    """Say what an order would erase; changes nothing."""
    reached = list(reached_by(person))
    records = records_of(reached)
    whom = whom_of(person)
    accounts = select(Account.id).where(Account.person_id == person.id)
    signed = sum(
        db.session.scalar(select(func.count()).where(model.account_id.in_(accounts))) or 0 for model in _SIGNATURES
    )
    return Foreseen(
        person=person,
        entities=Counter(each.kind for each in reached),
        records=len(records),
        files=sum(isinstance(each.entity, EvidenceFile) for each in reached),
        imports=len(imports_about(whom, person.code)),
        signed=signed,
        named=_named_elsewhere(person.name, set(records)),
        unfinished=unfinished_cards(person),
    )


def _named_elsewhere(name: str, going: set[int]) -> int:
    query = select(RecordContent.record_id).where(cast(RecordContent.content, String).contains(name, autoescape=True))
    return sum(each not in going for each in db.session.scalars(query))


def _values(speaks: Speaks, row: Recorded, whom: Whom) -> dict[str, object]:
    """Give the values of a row that change, with what takes their place."""
    new = {
        name: erased_value(way, row, name, whom.called)
        for name, way in speaks.columns.items()
        if speaks.goes(name, row, whom)
    }
    if isinstance(row, Account):
        new["disabled"] = True
    return {name: value for name, value in new.items() if value != getattr(row, name)}


def _parts(own: str, row: Entity, whom: Whom) -> Iterator[tuple[Recorded, Mapping[str, object]]]:
    """Give the parts of an entity, each with the values that change."""
    for name, tie in RECORDED.items():
        if tie.parent_table != own:
            continue
        model, speaks = _model(name), ERASABLE.get(name)
        query = select(model).where(getattr(model, str(tie.parent_column)) == row.id).order_by(model.id)
        for part in db.session.scalars(query):
            yield part, {} if speaks is None else _values(speaks, part, whom)


def _model(table: str) -> Any:
    return next(each.class_ for each in Base.registry.mappers if each.class_.__tablename__ == table)
