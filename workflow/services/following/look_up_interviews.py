"""Reading interview records 谈话记录: those of the units in the reader's scope, and one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import aliased

from workflow.errors import Denied, not_seen
from workflow.lifecycle import interview as lifecycle
from workflow.lifecycle.interview import UNREAD
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.interviews import Interview, InterviewCorrection
from workflow.models.organisation import Person, Unit
from workflow.policy import Action, Actor, unit_scope
from workflow.services.following.interviews import facts_of
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.people.look_up_organisation import within

_Holder = aliased(Person)


@dataclass(frozen=True, slots=True)
class InterviewRow:
    """One interview record with what was said and agreed, as its action item has it."""

    id: int
    action: int
    title: str
    period: str
    subject: str
    subject_name: str
    unit: str
    unit_name: str
    held_on: date
    held_at: str | None
    place: str
    held_by: str
    held_by_code: str | None
    present: str
    said: str
    agreed: str | None
    state: str
    acknowledged_at: datetime | None
    comment: str | None
    declined: str | None
    version: int


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """What is to be read otherwise, by whom, since when."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InterviewDetail:
    """One interview record with its corrections, oldest first, the moves that the reader can make, and of others why not."""

    interview: InterviewRow
    corrections: tuple[CorrectionRow, ...]
    forbidden: Mapping[str, Denied]
    denied: Mapping[str, Denied]

    @property
    def allowed(self) -> tuple[str, ...]:
        """The moves that the reader can make now."""
        return tuple(str(trigger) for trigger in lifecycle.Trigger if trigger not in self.denied)


@dataclass(frozen=True, slots=True)
class InterviewsWanted:
    """What the list is narrowed to; `own` to those with oneself."""

    state: str | None = None
    subject: str | None = None
    own: bool = False


def list_interviews(actor: Actor, wanted: InterviewsWanted, asked: PageAsked) -> Page[InterviewRow]:
    """List the interview records that the actor may see, the newest first; raises Refusal for a bad place to go on from."""
    query = _told().where(_seen_by(actor))
    if wanted.state:
        query = query.where(Interview.state == wanted.state)
    if wanted.subject:
        query = query.where(Interview.subject_code == wanted.subject)
    if wanted.own:
        query = query.where(_is_own(actor))
    return page(query, (Interview.id,), asked, _row, newest_first=True)


def find_interview(actor: Actor, interview_id: int) -> InterviewDetail:
    """Read one interview record; raises Refusal (not seen) for one that the actor may not see."""
    found = _find(actor, Interview.id == interview_id)
    if found is None:
        raise not_seen()
    return found


def of_action(actor: Actor, action_id: int) -> InterviewDetail | None:
    """Read the record of an action item's talk; none for other items, and for talks from before there were such records."""
    return _find(actor, Interview.action_item_id == action_id)


def count_unread(actor: Actor) -> int:
    """Count the interview records that wait for the actor to read them."""
    query = select(func.count()).select_from(Interview)
    return db.session.scalar(query.where(_is_own(actor), Interview.state.in_(UNREAD))) or 0


def _find(actor: Actor, condition: ColumnElement[bool]) -> InterviewDetail | None:
    row = db.session.execute(_told().where(condition, _seen_by(actor))).first()
    if row is None:
        return None
    interview, unit = row[0], row[2]
    facts = facts_of(interview, unit.path)
    query = select(InterviewCorrection).where(InterviewCorrection.interview_id == interview.id)
    corrections = db.session.scalars(query.order_by(InterviewCorrection.number))
    answers = {str(each): lifecycle.explain(each, facts, actor) for each in lifecycle.Trigger}
    refused = {str(each): lifecycle.forbidden(each, facts, actor) for each in lifecycle.Trigger}
    return InterviewDetail(
        interview=_row(row),
        corrections=tuple(CorrectionRow(each.text, each.name, each.at) for each in corrections),
        forbidden={trigger: denied for trigger, denied in refused.items() if denied is not None},
        denied={trigger: denied for trigger, denied in answers.items() if denied is not None},
    )


def _told() -> Select[*tuple[Any, ...]]:
    return (
        select(Interview, ActionItem, Unit, _Holder.code)
        .join(ActionItem, ActionItem.id == Interview.action_item_id)
        .join(Unit, Unit.id == Interview.unit_id)
        .outerjoin(_Holder, _Holder.id == Interview.held_by_id)
    )


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL what `decide_see` says of one."""
    return or_(_is_own(actor), within(unit_scope(actor, Action.ACTIONS_SEE)))


def _is_own(actor: Actor) -> ColumnElement[bool]:
    return false() if actor.person_id is None else Interview.person_id == actor.person_id


_SAME = (
    *("id", "subject_name", "held_on", "held_at", "place", "held_by", "present", "state", "acknowledged_at"),
    *("comment", "declined", "version"),
)


def _row(row: AnyRow) -> InterviewRow:
    found, item, unit, holder = tuple(row)[:4]
    return InterviewRow(
        **{name: getattr(found, name) for name in _SAME},
        action=item.id,
        title=item.title,
        period=item.period,
        subject=found.subject_code,
        unit=unit.code,
        unit_name=unit.title,
        held_by_code=holder,
        said=item.outcome or "",
        agreed=item.agreed,
    )
