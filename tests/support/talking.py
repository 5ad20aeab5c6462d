"""A talk that is proposed, confirmed and held."""

from datetime import date

from tests.support.proposals import propose
from tests.support.settable_clock import SettableClock
from tests.support.world import World
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.interviews import Interview
from workflow.models.scorecards import Scorecard
from workflow.services.following import follow_up
from workflow.services.following.follow_up import Outcome
from workflow.services.following.interviews import Held

SAID = "逐条复盘十月的扣分"
HELD = Outcome(interview=Held("会谈室"))


def to_talk(world: World, clock: SettableClock, card: Scorecard, kind: str = "talk") -> ActionItem:
    """Propose a talk (or another kind of action) with whom a card appraises, and confirm it."""
    item = propose(card, clock, kind=kind, person_id=card.appraised_person_id)
    return follow_up.move(world.actor("hr"), clock, item.id, "confirm", seen_version=item.version)


def hold(world: World, clock: SettableClock, item: ActionItem, held: Held | None = None) -> Interview:
    """Complete a confirmed talk as HR; gives its record."""
    held = held or Held("会谈室", "14:30", "E001", "班组长")
    outcome = Outcome(date(2026, 11, 4), "每周复听两通录音", interview=held)
    hr = world.actor("hr")
    follow_up.move(hr, clock, item.id, "complete", seen_version=item.version, reason=SAID, outcome=outcome)
    return db.session.query(Interview).filter_by(action_item_id=item.id).one()
