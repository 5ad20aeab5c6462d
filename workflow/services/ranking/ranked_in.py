"""Among whom a card is ranked, and why there: for who moved between units within the period the card says which counts.

A card belongs to the unit that its subject held on the period's last day when the card was made (source: lifecycle.md,
Plan); a move that was entered later does not take a card along: it is voided and made anew in the other unit.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.dated import overlap
from workflow.models.organisation import Membership, Unit
from workflow.models.plans import Plan
from workflow.services.ranking.placing import Group, group_of
from workflow.services.scorecards.cards import OpenCard
from workflow.wording import Language, Phrase


class Because(StrEnum):
    """Why a card is ranked where it is."""

    ONLY_UNIT = "only-unit"
    LAST_DAY = "last-day"
    AS_ASSIGNED = "as-assigned"
    GONE = "gone"
    OF_UNITS = "of-units"


SENTENCES = {
    Because.ONLY_UNIT: Phrase("考核期内在{unit},在{group}排名。", "In {unit} during the period; ranked in {group}."),
    Because.LAST_DAY: Phrase(
        "{since} 起在{unit}(此前在{before})。按考核期最后一天所在单位,在{group}排名。",
        "In {unit} since {since}, in {before} before. The unit of the period's last day counts: ranked in {group}.",
    ),
    Because.AS_ASSIGNED: Phrase(
        "按开表时所在的{unit},在{group}排名;考核期最后一天在{now}。如应改到新单位排名,请作废本表后在新单位重开。",
        "Ranked in {group} by {unit}, where the card was made; on the period's last day in {now}. "
        "To rank it there, void this card and make it anew in that unit.",
    ),
    Because.GONE: Phrase(
        "考核期最后一天已不在岗;按开表时所在的{unit},在{group}排名。",
        "Left before the period's last day; ranked in {group} by {unit}, where the card was made.",
    ),
    Because.OF_UNITS: Phrase("与同级单位一起,在{group}排名。", "Ranked in {group} with the units beside it."),
}


@dataclass(frozen=True, slots=True)
class UnitInPeriod:
    """A unit that the subject belonged to within the period, and from when to when in all."""

    unit: str
    unit_name: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class RankedIn:
    """The group that a card is ranked in, why, and the units that its subject held within the period, oldest first."""

    group: Group
    because: Because
    unit_name: str
    posts: tuple[UnitInPeriod, ...]

    def sentence(self, language: Language) -> str:
        """Say where the card is ranked and why."""
        facts = {"unit": self.unit_name, "group": self.group.title}
        if self.posts:
            facts |= {"since": self.posts[-1].starts_on.isoformat(), "now": self.posts[-1].unit_name}
        if len(self.posts) > 1:
            facts["before"] = self.posts[-2].unit_name
        return SENTENCES[self.because].say(language, **facts)


def ranked_in(opened: OpenCard) -> RankedIn:
    """Say among whom a card is or will be ranked."""
    card = opened.card
    plan = db.session.get_one(Plan, card.plan_id)
    unit = db.session.get_one(Unit, card.unit_id)
    posts = _posts(opened) if card.subject_kind == "person" else ()
    return RankedIn(group_of(plan, card, opened.scorer.scheme), _why(opened, unit, posts), unit.title, posts)


def _why(opened: OpenCard, unit: Unit, posts: tuple[UnitInPeriod, ...]) -> Because:
    if opened.card.subject_kind == "unit":
        return Because.OF_UNITS
    last_day = opened.period.last_day
    if not posts or (posts[-1].ends_on is not None and posts[-1].ends_on < last_day):
        return Because.GONE
    if posts[-1].unit != unit.code:
        return Because.AS_ASSIGNED
    return Because.ONLY_UNIT if {post.unit for post in posts} == {unit.code} else Because.LAST_DAY


def _posts(opened: OpenCard) -> tuple[UnitInPeriod, ...]:
    query = (
        select(Membership, Unit)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(
            Membership.person_id == opened.card.subject_id,
            overlap(Membership, opened.period.first_day, opened.period.last_day),
        )
        .order_by(Membership.starts_on)
    )
    return tuple(
        UnitInPeriod(unit.code, unit.title, post.starts_on, post.ends_on)
        for post, unit in db.session.execute(query)
        if post.ends_on is None or post.ends_on >= post.starts_on
    )
