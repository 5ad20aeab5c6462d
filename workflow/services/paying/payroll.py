"""The payroll 工资批次 of a plan: frozen when it becomes final; what is corrected later follows as differences, once."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select

from workflow.lifecycle.plan import State as PlanState
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.payroll import PayrollBatch, PayrollLine
from workflow.models.personal import ERASED
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard, Signature
from workflow.models.types import new_id
from workflow.policy import Grant, Meaning, Role, State
from workflow.scoring.periods import Period
from workflow.services.chunks import chunks
from workflow.services.paying import pay
from workflow.services.paying.pay import CardPay
from workflow.services.unit_of_work import Part, Work

SETTLED = (PlanState.FINAL, PlanState.ARCHIVED)
"""The states of a plan that has a payroll."""

FROZEN = 1
"""The number of the batch that was frozen when the plan became final."""

PARTS = ("base", "benefit", "bonus")
"""The parts of the pay, in the order in which they are shown."""


def settle(work: Work, plan: Plan, role: Grant | Role | None = Role.ADMINISTRATOR) -> PayrollBatch | None:
    """Write what the plan's published cards pay and no batch has told yet: at first all, later only what differs.

    The caller holds the plan's row; gives None where there is nothing to tell.
    """
    query = select(Scorecard).where(Scorecard.plan_id == plan.id, Scorecard.state == State.PUBLISHED)
    pays = pay.pays_of(Period.parse(plan.period), db.session.scalars(query.order_by(Scorecard.number)))
    told = newest_lines(plan.id)
    fresh = [each for each in pays if not _is_told(each, told.get(each.card.number))]
    return _write(work, plan, fresh, told, role) if fresh else None


def settle_again(work: Work, plans: Iterable[Plan], role: Grant | Role | None = Role.ADMINISTRATOR) -> None:
    """Write the differences that a revision made in these plans, of which those not yet final wait until they are."""
    for plan in plans:
        if plan.state in SETTLED:
            settle(work, plan, role)


def follow_confirmed(work: Work, item: ActionItem, role: Grant | Role | None) -> None:
    """Take back the bonus where a consequence is confirmed after the periods that it covers have become final."""
    if item.bonus is None or item.person_id is None:
        return
    decided = Period.parse(item.period)
    covered = [decided] if item.lasts is None else [decided.next(count) for count in range(1, item.lasts + 1)]
    theirs = select(Scorecard.plan_id).where(Scorecard.subject_kind == "person", Scorecard.subject_id == item.person_id)
    labels = [period.label for period in covered]
    query = select(Plan).where(Plan.state.in_(SETTLED), Plan.period.in_(labels), Plan.id.in_(theirs))
    settle_again(work, list(db.session.scalars(query.order_by(Plan.id).with_for_update())), role)


def newest_line(card: Scorecard) -> tuple[PayrollLine, int] | None:
    """Give the newest line that tells what this revision of a card pays, with the number of its batch."""
    query = (
        select(PayrollLine, PayrollBatch.number)
        .join(PayrollBatch, PayrollBatch.id == PayrollLine.payroll_batch_id)
        .where(PayrollLine.card_number == card.number, PayrollLine.card_revision <= card.revision)
        .order_by(PayrollBatch.number.desc())
    )
    found = db.session.execute(query.limit(1)).first()
    return None if found is None else (found[0], found[1])


def newest_lines(plan_id: int) -> dict[str, PayrollLine]:
    """Give the newest line of each of the plan's cards, by the card's number."""
    query = (
        select(PayrollLine)
        .join(PayrollBatch, PayrollBatch.id == PayrollLine.payroll_batch_id)
        .where(PayrollBatch.plan_id == plan_id)
        .order_by(PayrollBatch.number)
    )
    return {line.card_number: line for line in db.session.scalars(query)}


def _is_told(found: CardPay, line: PayrollLine | None) -> bool:
    """Say whether the newest line gives the same amounts, and the same reasons where there are none.

    What was paid for a card stands once an order has erased what it was worked out from.
    """
    if line is None or found.card.subject_name == ERASED:
        return line is not None
    amounts = {name: getattr(line, name) for name in PARTS}
    parts = found.settled.pay.parts
    return amounts == {name: parts.get(name) for name in PARTS} and line.gaps == _gaps(found)


def _write(
    work: Work, plan: Plan, pays: Sequence[CardPay], told: Mapping[str, PayrollLine], role: Grant | Role | None
) -> PayrollBatch:
    newest = db.session.scalar(select(func.max(PayrollBatch.number)).where(PayrollBatch.plan_id == plan.id)) or 0
    batch = PayrollBatch(id=new_id(), plan_id=plan.id, number=newest + 1, at=work.now)
    digests = _digests_of([each.card.id for each in pays])
    parts = []
    for each in pays:
        row = PayrollLine(id=new_id(), payroll_batch_id=batch.id, scorecard_id=each.card.id)
        values = {**_facts(each), "card_digest": digests[each.card.id], **_amounts(each)}
        if newest:
            values |= _difference(each, told.get(each.card.number))
        parts.append(Part(row, f"lines/{each.card.number}", values, is_new=True))
    work.create(batch, "payroll.correct" if newest else "payroll.freeze", parts=parts, role=role)
    return batch


def _facts(each: CardPay) -> dict[str, object]:
    """Give what the pay was worked out from."""
    card, facts = each.card, each.facts
    return {
        "card_number": card.number,
        "card_revision": card.revision,
        "scheme_code": card.scheme_code,
        "scheme_version_id": card.scheme_version_id,
        "person_id": card.subject_id,
        "person_code": card.subject_code,
        "person_name": card.subject_name,
        "unit_id": card.unit_id,
        "points": card.total,
        "grade": each.grade,
        "level": facts.level,
        "attendance": facts.attendance,
        "bonus_base": facts.bonus_base,
        "stopped_by": each.stopped_by,
    }


def _amounts(each: CardPay) -> dict[str, object]:
    """Give what the pay comes to, step by step, and why a part has no amount."""
    found = each.settled.pay
    return {
        **{name: found.parts.get(name) for name in PARTS},
        "total": found.total,
        "gaps": _gaps(each),
        "arithmetic": [{"step": step.step, "values": dict(step.values)} for step in found.basis],
    }


def _gaps(each: CardPay) -> dict[str, str]:
    return {part: str(gap) for part, gap in each.settled.gaps.items()}


def _difference(each: CardPay, line: PayrollLine | None) -> dict[str, object]:
    """Give what is to be paid beyond all that was told before; a line without an amount has paid nothing."""
    before, total = None if line is None else line.paid, each.settled.pay.total
    return {"paid_before": before, "difference": None if total is None else total - (before or 0)}


def _digests_of(card_ids: Sequence[int]) -> dict[int, str]:
    """Give the digests that the approving signatures bind: after them nothing of a card changes."""
    found: dict[int, str] = {}
    for some in chunks(card_ids):
        query = select(Signature.scorecard_id, Signature.digest).where(
            Signature.scorecard_id.in_(some), Signature.meaning == Meaning.APPROVE
        )
        found |= dict(db.session.execute(query).all())
    return found
