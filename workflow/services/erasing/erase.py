"""Erasing a person's content by order: what the record says of them goes, that it said something stays (source: records.md)."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from workflow.errors import FieldError, Reason, invalid, not_seen, refuse
from workflow.models.accounts import Access, Account, CodeMaker, Credential, KeptAnswer, SignInFailure
from workflow.models.database import db
from workflow.models.erasures import ErasedContent, Erasure
from workflow.models.evidence import EvidenceContent, EvidenceFile
from workflow.models.imports import ImportContent
from workflow.models.organisation import Person
from workflow.models.personal import ERASED, Whom
from workflow.models.record import RecordContent
from workflow.models.types import new_id
from workflow.models.verify_runs import VerifyRun
from workflow.policy import COMPANY, SYSTEM, Action, Actor, Role, decide_unit
from workflow.records.canonical import Json, canonical_text
from workflow.services.accounts.identify import Proof
from workflow.services.chunks import chunks
from workflow.services.clock import Clock
from workflow.services.erasing import reach_of_erasure
from workflow.services.erasing.imports_about import imports_about
from workflow.services.erasing.reach_of_erasure import Foreseen, Reached
from workflow.services.fields import permit
from workflow.services.unit_of_work import Kept, Part, Work, unit_of_work
from workflow.wording import Phrase

UNPROVED = Proof(None)
"""What the command has: it asks nobody for a password."""

ERASED_BEFORE = Phrase("已按令删除", "has been erased already")
LEAST_ORDER, LONGEST_ORDER = 4, 512
ORDER_TOO_SHORT = Phrase("请写明依据的命令,如文号", "name the order, such as its number")
ORDER_TOO_LONG = Phrase("最多 {most} 个字", "has at most {most} characters")


def may_erase(actor: Actor, person_id: int, name: str) -> bool:
    """Say whether the actor may carry out an order about a person who stands here under this name."""
    others = person_id != actor.person_id and name != ERASED
    return others and decide_unit(actor, Action.PEOPLE_ERASE, COMPANY) is None


def foresee(actor: Actor, person_code: str) -> Foreseen:
    """Say what an order would erase of a person and what would stay, before it is given; raises Refusal."""
    return reach_of_erasure.foresee(_find(actor, person_code))


def erase_person(
    actor: Actor, clock: Clock, person_code: str, order: str, proof: Proof = UNPROVED, kept: Kept | None = None
) -> Erasure:
    """Erase what the database holds of a person in words, the name with it, and what their records say; raises Refusal.

    The envelopes stay, so the tree and every chain still hold. Of each entity one record says anew how it stands now, so that
    what comes later is proved as before. What they signed in office under what is another's is that one's proof and stays.
    """
    with unit_of_work(actor, clock, kept) as work:
        person = _find(actor, person_code)
        _check_order(order)
        _check_proof(actor, proof)
        unfinished = reach_of_erasure.unfinished_cards(person)
        if unfinished:
            raise refuse(Reason.CARDS_UNFINISHED, cards="、".join(unfinished))
        whom, reached = reach_of_erasure.whom_of(person), list(reach_of_erasure.reached_by(person))
        if not any(each.says_something for each in reached):
            raise invalid(FieldError("person", ERASED_BEFORE))
        records = reach_of_erasure.records_of(reached)
        erasure = _order(work, person, order.strip(), records)
        _destroy(work, person, whom, reached)
        for each in reached:
            event = f"{each.kind}.erase"
            work.restate(
                each.entity, event, each.values, parts=each.parts, role=Role.ADMINISTRATOR, reason=order.strip()
            )
        for part in chunks(records):
            work.session.execute(delete(RecordContent).where(RecordContent.record_id.in_(part)))
        work.finish(erasure)
        return erasure


def _find(actor: Actor, person_code: str) -> Person:
    """Find whom an order is about; raises Refusal: not permitted, oneself, or not there."""
    if actor is not SYSTEM:
        permit(decide_unit(actor, Action.PEOPLE_ERASE, COMPANY))
    person = db.session.scalars(select(Person).where(Person.code == person_code)).one_or_none()
    if person is None:
        raise not_seen()
    if person.id == actor.person_id:
        raise refuse(Reason.OWN_ERASURE)
    return person


def _check_order(order: str) -> None:
    if len(order.strip()) < LEAST_ORDER:
        raise invalid(FieldError("order", ORDER_TOO_SHORT))
    if len(order) > LONGEST_ORDER:
        raise invalid(FieldError("order", ORDER_TOO_LONG, {"most": LONGEST_ORDER}))


def _check_proof(actor: Actor, proof: Proof) -> None:
    """Who carries an order out from a door proves themselves; whoever runs the command has the machine itself."""
    if proof.wrong:
        raise refuse(Reason.PROOF_WRONG)
    if actor is not SYSTEM and proof.method is None:
        raise refuse(Reason.PROOF_NEEDED)


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


def _destroy(work: Work, person: Person, whom: Whom, reached: Sequence[Reached]) -> None:
    """Take what stands beside the record: files, ways in, kept answers, and verdicts that quote the person."""
    files = [each.entity.hash for each in reached if isinstance(each.entity, EvidenceFile)]
    accounts = [each.entity for each in reached if isinstance(each.entity, Account)]
    ids, said = [each.id for each in accounts], [person.name, person.code, *(each.username for each in accounts)]
    work.session.execute(update(EvidenceContent).where(EvidenceContent.hash.in_(files)).values(content=b""))
    for import_id in imports_about(whom, person.code):
        of_import = update(ImportContent).where(ImportContent.import_id == import_id)
        work.session.execute(of_import.values(file=b"", effects=[]))
    for ways_in in (Access, Credential, CodeMaker):
        work.session.execute(delete(ways_in).where(ways_in.account_id.in_(ids)))
    names = [each.username for each in accounts]
    work.session.execute(delete(SignInFailure).where(SignInFailure.username.in_(names)))
    for run in db.session.scalars(select(VerifyRun)):
        if _says(run.verdict, said):
            work.session.delete(run)
    # The same request told again must not act again: what it was answered goes, that it was answered stays.
    about = [*said, *(str(each.entity.id) for each in reached)]
    for kept in db.session.scalars(select(KeptAnswer)):
        if kept.account_id in ids or _says(kept.answer, about):
            kept.answer = {}
    work.session.flush()


def _says(document: Json, words: Sequence[str]) -> bool:
    text = canonical_text(document)
    return any(each in text for each in words)
