"""The printed record of an action item."""

from dataclasses import replace

from workflow.lifecycle.action_item import State
from workflow.lifecycle.interview import State as InterviewState
from workflow.policy import Actor
from workflow.scoring.terms import ActionKind
from workflow.services.clock import Clock
from workflow.services.following import look_up_actions, look_up_interviews
from workflow.services.following.look_up_actions import ActionRow
from workflow.services.following.look_up_interviews import InterviewDetail
from workflow.services.people.maintain_organisation import FUNCTION_NAMES, Function
from workflow.services.printing.action_record import ActionRecord, TalkRecord, render_action
from workflow.services.scorecards.export_plan import Letterhead
from workflow.wording import Language


def form_of_action(actor: Actor, clock: Clock, action_id: int, head: Letterhead) -> bytes:
    """Give the PDF of an action's record, with room to write while it is not done; raises Refusal (not seen)."""
    row = look_up_actions.find_action(actor, action_id).action
    talk = look_up_interviews.of_action(actor, action_id)
    record = replace(_record(row, head.company, actor.language), talk=_talk(talk) if talk else None)
    return render_action(record, printed_at=clock().astimezone(head.timezone), language=actor.language)


def _talk(found: InterviewDetail) -> TalkRecord:
    row = found.interview
    return TalkRecord(
        held_by=row.held_by,
        held_on=row.held_on,
        held_at=row.held_at or "",
        place=row.place,
        present=row.present,
        state=InterviewState(row.state),
        acknowledged_at=row.acknowledged_at,
        comment=row.comment or "",
        declined=row.declined or "",
        corrections=tuple((each.text, each.by, each.at) for each in found.corrections),
    )


def _record(row: ActionRow, company: str, language: Language) -> ActionRecord:
    function = FUNCTION_NAMES[Function(row.by)].say(language) if row.by in set(Function) else row.by
    return ActionRecord(
        organisation=company,
        kind=ActionKind(row.kind) if row.kind else None,
        title=row.title,
        subject_name=row.subject_name,
        unit_name=row.unit_name,
        period=row.period,
        evidence=row.evidence,
        state=State(row.state),
        owner=f"{function} {row.owner_name}" if row.owner_name else function,
        owner_name=row.owner_name or "",
        due_on=row.due_on,
        done_on=row.done_on,
        said=row.outcome or "",
        agreed=row.agreed or "",
        passed=row.passed,
    )
