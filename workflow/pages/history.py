"""What happened, as pages tell it: the steps of a card's approval and the changes of fields."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workflow import web
from workflow.pages.views.cards import Change, HistoryLine, TimelineStep
from workflow.pages.views.shell import OrderLine
from workflow.pages.words import gettext as _
from workflow.policy import CARD_ROLES, MOVES, ROLE_NAMES, Role
from workflow.services.look_up_erasures import OrderTold
from workflow.services.look_up_records import ErasedBy, FieldChange
from workflow.services.time_line import ItemChange, TimeLine, TimeLineStep

ENTERED = ("level", "value", "points", "baseline", "reason")


def steps(line: TimeLine) -> tuple[TimelineStep, ...]:
    """Show what has been done with a card, and who can do what comes next."""
    ahead = [
        TimelineStep(trigger, "current" if place == 0 else "waiting", who_can=_who_can(trigger))
        for place, trigger in enumerate(line.ahead)
    ]
    return (*(_done(each) for each in line.steps), *ahead)


def lines(changes: Iterable[ItemChange]) -> tuple[HistoryLine, ...]:
    """Show the changes of an item, newest first."""
    shown = [
        HistoryLine(
            at=each.at,
            event=each.event,
            actor=each.name or _("系统"),
            role=each.role or "",
            on_behalf_of=each.on_behalf_of or "",
            reason=each.reason,
            changes=field_changes(each.changes),
        )
        for each in changes
    ]
    return tuple(reversed(shown))


def field_changes(changes: Sequence[FieldChange]) -> tuple[Change, ...]:
    """Show how fields changed, as a person would write their values."""
    return tuple(Change(each.field, value_text(each.before), value_text(each.after)) for each in changes)


def order_line(order: OrderTold | ErasedBy | None) -> OrderLine | None:
    """Show the order by which somebody's content was erased."""
    return None if order is None else OrderLine(order.number, order.at, order.order)


def value_text(value: Any) -> str | None:
    """Write a recorded value in a few words; nothing stays nothing."""
    match value:
        case None | "":
            return None
        case bool():
            return _("是") if value else _("否")
        case Mapping():
            return _mapping_text(value)
        case list():
            return "、".join(filter(None, map(value_text, value))) or _("无")
    return str(value)


def _mapping_text(value: Mapping[str, Any]) -> str:
    if "adjustments" in value:
        count = len(value["adjustments"])
        return _("%(n)s 笔加减分", n=count) if count else _("无加减分")
    known = [str(value[key]) for key in ENTERED if value.get(key) is not None]
    return " · ".join(known) or "、".join(f"{key}:{value_text(each) or '—'}" for key, each in value.items())


def _done(step: TimeLineStep) -> TimelineStep:
    status = "voided" if step.voided else "returned" if step.trigger in {"return", "withdraw"} else "done"
    return TimelineStep(
        trigger=step.trigger,
        status=status,
        name=step.name or "",
        role=step.role or "",
        on_behalf_of=step.on_behalf_of or "",
        at=step.at,
        took=step.took,
        method=step.method or "",
        reason=step.reason,
    )


def _who_can(trigger: str) -> str:
    roles = CARD_ROLES[MOVES[trigger]]
    return "、".join(ROLE_NAMES[role].say(web.language()) for role in Role if role in roles)
