"""The life of an import 数据导入 (source: lifecycle.md, The others): checked, applied in one transaction, undone until used."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Edge, Lifecycle, Move, MoveRequest
from workflow.policy import COMPANY, Action, Actor, decide_unit
from workflow.wording import Phrase


class Kind(StrEnum):
    """What a file brings in."""

    PEOPLE = "people"
    MEASUREMENTS = "measurements"


class State(StrEnum):
    """The states of an import."""

    UPLOADED = "uploaded"
    VALIDATED = "validated"
    APPLIED = "applied"
    UNDONE = "undone"


class Trigger(StrEnum):
    """The moves of an import."""

    VALIDATE = "validate"
    APPLY = "apply"
    UNDO = "undo"


KIND_NAMES: Mapping[Kind, Phrase] = {
    Kind.PEOPLE: Phrase("人员", "people"),
    Kind.MEASUREMENTS: Phrase("指标数据", "measurements"),
}
STATE_NAMES: Mapping[State, Phrase] = {
    State.UPLOADED: Phrase("已上传", "uploaded"),
    State.VALIDATED: Phrase("已检查", "checked"),
    State.APPLIED: Phrase("已导入", "applied"),
    State.UNDONE: Phrase("已撤销", "undone"),
}
TRIGGER_NAMES: Mapping[Trigger, Phrase] = {
    Trigger.VALIDATE: Phrase("检查", "check"),
    Trigger.APPLY: Phrase("导入", "apply"),
    Trigger.UNDO: Phrase("撤销", "undo"),
}

_SEEN_BY: Mapping[Kind, Action] = {Kind.PEOPLE: Action.PEOPLE_WRITE, Kind.MEASUREMENTS: Action.IMPORTS_SEE}
MADE_BY: Mapping[Kind, Action] = {Kind.PEOPLE: Action.PEOPLE_WRITE, Kind.MEASUREMENTS: Action.IMPORTS_WRITE}
"""What one must be allowed to do to bring in a file of a kind."""


@dataclass(frozen=True, slots=True)
class ImportFacts:
    """What policy and lifecycle need to know of an import."""

    kind: Kind
    state: str
    version: int
    uploaded_by: int
    wrong_rows: int = 0  # rows that can't be brought in, when every row is wanted
    used_by: tuple[str, ...] = ()  # what rests on it already


def _every_row_is_right(facts: ImportFacts, _request: MoveRequest) -> Denied | None:
    return Denied(Reason.INVALID_INPUT, {"count": facts.wrong_rows}) if facts.wrong_rows else None


def _unused(facts: ImportFacts, _request: MoveRequest) -> Denied | None:
    if not facts.used_by:
        return None
    used = Phrase("、".join(facts.used_by), ", ".join(facts.used_by))
    return Denied(Reason.IMPORT_USED, {"used": used})


LIFECYCLE: Final = Lifecycle[ImportFacts](
    initial=State.UPLOADED,
    state_names=STATE_NAMES,
    trigger_names=TRIGGER_NAMES,
    edges=(
        Edge(Trigger.VALIDATE, State.UPLOADED, State.VALIDATED),
        Edge(Trigger.VALIDATE, State.VALIDATED, State.VALIDATED),
        Edge(Trigger.APPLY, State.VALIDATED, State.APPLIED, completeness=(_every_row_is_right,)),
        Edge(Trigger.UNDO, State.APPLIED, State.UNDONE, guards=(_unused,)),
    ),
)


def decide(trigger: str, facts: ImportFacts, request: MoveRequest) -> Move | Denied:
    """Answer the whole question of a move, policy first, refusals in the order of interfaces.md; changes nothing."""
    return forbidden(request.actor, facts) or LIFECYCLE.decide(trigger, facts, request)


def decide_see(actor: Actor, kind: Kind, uploaded_by: int) -> Denied | None:
    """Whoever brought a file in sees it, and whoever may see all of its kind in the whole company."""
    if uploaded_by == actor.account_id:
        return None
    return Denied(Reason.NOT_SEEN) if decide_unit(actor, _SEEN_BY[kind], COMPANY) else None


def offered(facts: ImportFacts, actor: Actor) -> tuple[str, ...]:
    """The moves that this actor can make of the import now."""
    return () if forbidden(actor, facts) else LIFECYCLE.leaving(facts.state)


def forbidden(actor: Actor, facts: ImportFacts) -> Denied | None:
    """One's own file, while one still may; another's only with the role for the whole company."""
    unseen = decide_see(actor, facts.kind, facts.uploaded_by)
    mine = facts.uploaded_by == actor.account_id
    return unseen or decide_unit(actor, MADE_BY[facts.kind], None if mine else COMPANY)
