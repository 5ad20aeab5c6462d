"""What happened, as pages tell it: the steps of a card's approval and the changes of fields."""

from collections.abc import Mapping, Sequence

from workflow import web
from workflow.pages.record_words import Described, RecordWords, reason_text
from workflow.pages.views.cards import HistoryLine, TimelineStep
from workflow.pages.views.shell import OrderLine
from workflow.pages.words import gettext as _
from workflow.policy import CARD_ROLES, MOVES, ROLE_NAMES, Role
from workflow.scoring.scheme import Scheme
from workflow.services.erasing.look_up_erasures import OrderTold
from workflow.services.record.told_records import ErasedBy
from workflow.services.scorecards.time_line import ItemChange, TimeLine, TimeLineStep


def steps(line: TimeLine) -> tuple[TimelineStep, ...]:
    """Show what has been done with a card, and who can do what comes next."""
    ahead = [
        TimelineStep(trigger, "current" if place == 0 else "waiting", who_can=_who_can(trigger))
        for place, trigger in enumerate(line.ahead)
    ]
    return (*(_done(each) for each in line.steps), *ahead)


def items(scheme: Scheme, changed: Mapping[str, Sequence[ItemChange]]) -> dict[str, tuple[HistoryLine, ...]]:
    """Show the changes of each item, newest first; what they point at is looked up for all of them at once."""
    words = RecordWords.of(_described(scheme, each) for changes in changed.values() for each in changes)
    return {code: tuple(_line(scheme, words, each) for each in reversed(changes)) for code, changes in changed.items()}


def _line(scheme: Scheme, words: RecordWords, change: ItemChange) -> HistoryLine:
    return HistoryLine(
        at=change.at,
        event=change.event,
        actor=change.name or _("系统"),
        role=change.role or "",
        on_behalf_of=change.on_behalf_of or "",
        reason=reason_text(change.event, change.reason),
        changes=words.changes(_described(scheme, change)),
    )


def order_line(order: OrderTold | ErasedBy | None) -> OrderLine | None:
    """Show the order by which somebody's content was erased."""
    return None if order is None else OrderLine(order.number, order.at, order.order)


def _described(scheme: Scheme, change: ItemChange) -> Described:
    return "scorecard", scheme, change.changes


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
        reason=reason_text(f"scorecard.{step.trigger}", step.reason),
    )


def _who_can(trigger: str) -> str:
    roles = CARD_ROLES[MOVES[trigger]]
    return "、".join(ROLE_NAMES[role].say(web.language()) for role in Role if role in roles)
