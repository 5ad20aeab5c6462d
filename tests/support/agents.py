"""Months of 信用卡组: who got how many points, published and made final as in life."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time, timedelta
from functools import cache

from sqlalchemy import select

from tests.support.months import AGENTS
from tests.support.settable_clock import SettableClock
from tests.support.stories import Story
from tests.support.world import BY_PASSWORD, SINCE, START, World
from workflow.models.database import db
from workflow.models.organisation import Membership, Person
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import SYSTEM
from workflow.scoring.periods import Period
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan
from workflow.services.scorecards import appraise, sign
from workflow.services.scorecards.appraise import CardEdit, ItemEdit
from workflow.services.scorecards.asking import Asked
from workflow.services.scorecards.sign import CardVersion
from workflow.services.unit_of_work import Part, unit_of_work

FULL = 100
"""The points of a csr-card when nothing happened."""

ITEMS = ("processing", "quality", "floor", "satisfaction")
UNTIL_FINAL = timedelta(days=10)
SIGNERS = (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"))


def hire(world: World, count: int) -> list[str]:
    """Take on agents, so that 信用卡组 has so many, E101 and on; gives the codes of all."""
    codes = [f"E{number}" for number in range(101, 101 + count)]
    with unit_of_work(SYSTEM, lambda: START) as work:
        for code in codes:
            if code not in world.people:
                person = Person(id=new_id(), code=code, name=f"坐席{code[1:]}", name_key=code)
                values = {"unit_id": world.units["card-team"].id, "post": "员工", "starts_on": SINCE, "ends_on": None}
                work.create(
                    person,
                    "person.create",
                    parts=[Part(Membership(person_id=person.id), "memberships/1", values, is_new=True)],
                )
                world.people[code] = person
    return codes


@cache
def hired(count: int) -> Story:
    """A company whose 信用卡组 has so many agents."""

    def tell(world: World, _: SettableClock) -> None:
        hire(world, count)

    return tell


def fill_month(
    world: World,
    clock: SettableClock,
    period: str,
    totals: Mapping[str, int],
    *,
    in_quality: Collection[str] = (),
    void: Collection[str] = (),
    disclosure: str = "own-rank",
) -> None:
    """Begin the month after `period`; open its plan and enter what gives each agent these points.

    They come from the item processing, or from quality for whom it says so; the cards of `void` are cancelled.
    """
    clock.moment = datetime.combine(Period.parse(period).last_day + timedelta(days=1), time(1), tzinfo=UTC)
    plan.create(
        world.actor("admin"), clock, NewPlan(period, f"{period} 月度考核", period, AGENTS, disclosure=disclosure)
    )
    move_plan(world, clock, period, "open")
    edits: list[CardEdit] = []
    for card in cards_of(period):
        if card.subject_code in void:
            sign.move(
                world.actor("admin"),
                clock,
                card.id,
                Asked("void", BY_PASSWORD, "当月未在岗"),
                seen_version=card.version,
            )
            continue
        nothing = (ItemEdit(code, {"adjustments": []}) for code in ITEMS)
        edits += [CardEdit(card.id, card.version, each) for each in nothing]
    appraise.edit_many(world.actor("preparer"), clock, edits)
    for code, total in totals.items():
        if total != FULL:
            enter(world, clock, period, code, total - FULL, "quality" if code in in_quality else "processing")


def enter(world: World, clock: SettableClock, period: str, code: str, points: int, item: str = "processing") -> None:
    """Enter one addition or deduction of an agent."""
    card = newest(period, code)
    entry = {"on": f"{period}-10", "points": str(points), "reason": "按当月记录"}
    appraise.add_adjustment(world.actor("preparer"), clock, card.id, item, entry, seen_version=card.version)


def publish_month(world: World, clock: SettableClock, period: str) -> None:
    """Have the month's cards signed and its plan published."""
    for username, trigger in SIGNERS:
        drafts = [CardVersion(card.id, card.version) for card in cards_of(period) if card.state != "void"]
        sign.move_many(world.actor(username), clock, drafts, Asked(trigger, BY_PASSWORD))
    move_plan(world, clock, period, "close")
    move_plan(world, clock, period, "publish")


def make_final(world: World, clock: SettableClock, period: str) -> None:
    """Let the time for objections pass and make the month final."""
    clock.moment += UNTIL_FINAL
    move_plan(world, clock, period, "finalize")


def whole_month(
    world: World, clock: SettableClock, period: str, totals: Mapping[str, int], *, void: Collection[str] = ()
) -> None:
    """Fill a month in, publish it and make it final."""
    fill_month(world, clock, period, totals, void=void)
    publish_month(world, clock, period)
    make_final(world, clock, period)


def revise(world: World, clock: SettableClock, period: str, code: str, points: int) -> Scorecard:
    """Correct an agent's published card by so many points in processing, and publish the revision."""
    old = newest(period, code)
    asked = Asked("revise", BY_PASSWORD, "复核后更正")
    fresh = sign.move(world.actor("admin"), clock, old.id, asked, seen_version=old.version)
    enter(world, clock, period, code, points)
    for username, trigger in (*SIGNERS, ("admin", "publish")):
        card = newest(period, code)
        sign.move(world.actor(username), clock, card.id, Asked(trigger, BY_PASSWORD), seen_version=card.version)
    return fresh


def move_plan(world: World, clock: SettableClock, period: str, trigger: str) -> Plan:
    """Move the month's plan."""
    found = plan.find_plan(period)
    return plan.move(world.actor("admin"), clock, period, trigger, seen_version=found.version)


def cards_of(period: str) -> list[Scorecard]:
    """Give the month's cards as they stand now."""
    query = select(Scorecard).where(Scorecard.period == period).order_by(Scorecard.number)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def newest(period: str, code: str) -> Scorecard:
    """Give the newest revision of an agent's card."""
    return max((card for card in cards_of(period) if card.subject_code == code), key=lambda card: card.revision)
