"""Erasing a person's content by order: what the record says of them goes, that it said something stays (source: records.md)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select

from workflow.errors import FieldError, invalid, not_seen
from workflow.models.accounts import Account
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.erasures import ErasedContent, Erasure
from workflow.models.guards import ERASED
from workflow.models.ledger import LedgerEntry, LedgerEvidence
from workflow.models.organisation import Membership, Person
from workflow.models.ratings import Rating
from workflow.models.record import Record, RecordContent
from workflow.models.recorded import Entity, Recorded
from workflow.models.scorecards import Adjustment, Scorecard, ScorecardItem, Signature, SignatureVoid
from workflow.models.types import new_id
from workflow.policy import SYSTEM, Role
from workflow.services.chunks import chunks
from workflow.services.clock import Clock
from workflow.services.identify import end_sessions
from workflow.services.unit_of_work import Part, Work, unit_of_work
from workflow.wording import Phrase

ABOUT_SUBJECTS: tuple[tuple[str, type[Any], Mapping[type[Any], str]], ...] = (
    (
        "scorecard",
        Scorecard,
        dict.fromkeys((ScorecardItem, Adjustment, Signature, SignatureVoid), "scorecard_id"),
    ),
    ("ledger", LedgerEntry, {LedgerEvidence: "ledger_entry_id"}),
    ("rating", Rating, {}),
    ("action", ActionItem, {}),
)
"""The kinds of entities that name whom they are about, with their parts."""

ERASED_NAME = Phrase("已按令删除", "has been erased already")
LEAST_ORDER = 4
ORDER_TOO_SHORT = Phrase("请写明依据的命令,如文号", "name the order, such as its number")


@dataclass(frozen=True, slots=True)
class Cleared:
    """One entity that speaks of the person: the values that take their name's place, and its parts as they stand."""

    kind: str
    entity: Entity
    values: dict[str, object]
    parts: Sequence[Recorded] = ()


def erase_person(clock: Clock, person_code: str, order: str) -> Erasure:
    """Erase what the record holds of a person, their accounts and of what is about them, and the live names; raises Refusal.

    The envelopes stay, so the tree and every chain still hold. Of each entity one record says anew how it stands now, so that
    what comes later is proved as before. Names that others signed with are theirs and stay.
    """
    if len(order.strip()) < LEAST_ORDER:
        raise invalid(FieldError("order", ORDER_TOO_SHORT))
    with unit_of_work(SYSTEM, clock) as work:
        person = db.session.scalars(select(Person).where(Person.code == person_code)).one_or_none()
        if person is None:
            raise not_seen()
        if person.name == ERASED:
            raise invalid(FieldError("person", ERASED_NAME))
        cleared = list(_speaking_of(person))
        records = [record_id for each in cleared for record_id in _records_of(each)]
        erasure = _order(work, person, order.strip(), records)
        for each in cleared:
            work.restate(each.entity, f"{each.kind}.erase", each.values, parts=each.parts, role=Role.ADMINISTRATOR)
            if isinstance(each.entity, Account):
                end_sessions(work, each.entity.id)
        for part in chunks(records):
            work.session.execute(delete(RecordContent).where(RecordContent.record_id.in_(part)))
        return erasure


def _order(work: Work, person: Person, order: str, records: Sequence[int]) -> Erasure:
    """Record the order with every record whose content it takes."""
    number = (db.session.scalar(select(func.max(Erasure.number))) or 0) + 1
    erasure = Erasure(id=new_id(), number=number, person_id=person.id, order_text=order, at=work.now)
    parts = [
        Part(
            ErasedContent(id=new_id(), erasure_id=erasure.id),
            f"records/{place}",
            {"erased_record_id": each},
            is_new=True,
        )
        for place, each in enumerate(records, start=1)
    ]
    work.create(erasure, "erasure.order", parts=parts, role=Role.ADMINISTRATOR)
    return erasure


def _speaking_of(person: Person) -> Iterator[Cleared]:
    posts = db.session.scalars(select(Membership).where(Membership.person_id == person.id)).all()
    yield Cleared("person", person, {"name": ERASED, "name_key": ""}, posts)
    for account in db.session.scalars(select(Account).where(Account.person_id == person.id)):
        username = f"erased-{account.id}"
        yield Cleared("account", account, {"name": ERASED, "username": username, "disabled": True})
    for kind, model, parts in ABOUT_SUBJECTS:
        query = select(model).where(model.subject_kind == "person", model.subject_id == person.id)
        for row in db.session.scalars(query.order_by(model.id)):
            yield Cleared(kind, row, {"subject_name": ERASED}, list(_parts_of(row, parts)))


def _parts_of(row: Entity, parts: Mapping[type[Any], str]) -> Iterator[Recorded]:
    """Give the parts of an entity by their models, each with the column that leads to it."""
    for model, parent in parts.items():
        query = select(model).where(getattr(model, parent) == row.id)
        yield from db.session.scalars(query.order_by(model.id))


def _records_of(cleared: Cleared) -> Sequence[int]:
    query = select(RecordContent.record_id).join(Record, Record.id == RecordContent.record_id)
    own = query.where(Record.entity_kind == cleared.kind, Record.entity_id == cleared.entity.id)
    return db.session.scalars(own.order_by(Record.id)).all()
