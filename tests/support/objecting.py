"""People who object to a published card of 信用卡组, and those who deal with it."""

from tests.support.agents import fill_month, publish_month
from tests.support.settable_clock import SettableClock
from tests.support.world import World, card_of
from workflow.models.objections import Objection
from workflow.models.scorecards import Scorecard
from workflow.services.objections import handle_objections
from workflow.services.objections.handle_objections import NewObjection

MONTH = "2026-08"
WHY = "质检扣分与录音不符,请复核"
BECAUSE = "经复核录音,原扣分依据成立"


def publish_card(world: World, clock: SettableClock, total: int = 95) -> Scorecard:
    """Publish August 2026 of the card team, in which 吴霞 lost points in processing; gives her card."""
    fill_month(world, clock, MONTH, {"E101": total})
    publish_month(world, clock, MONTH)
    return card_of("E101", MONTH)


def object_to(
    world: World,
    clock: SettableClock,
    card: Scorecard,
    kind: str = "appeal",
    item: str | None = "processing",
    username: str = "employee",
) -> Objection:
    """Object to a card as somebody."""
    return handle_objections.submit(world.actor(username), clock, card.id, NewObjection(kind, WHY, item))


def act(
    world: World, clock: SettableClock, objection: Objection, username: str, trigger: str, reason: str | None = BECAUSE
) -> Objection:
    """Move an objection as somebody who has just seen it."""
    seen = objection.version
    return handle_objections.move(world.actor(username), clock, objection.id, trigger, seen_version=seen, reason=reason)
