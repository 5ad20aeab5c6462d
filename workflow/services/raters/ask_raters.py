"""Who rates whom: superiors, peers and subordinates are found by rule when the administrator of a plan asks them."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from workflow.lifecycle.rating import State
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.dated import in_force
from workflow.models.organisation import UnitFunction
from workflow.models.plans import Plan
from workflow.models.ratings import Rating
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import Role
from workflow.scoring.periods import Period, parse_day
from workflow.services.following.owners import Owners
from workflow.services.people.look_up_organisation import RESPONSIBLE, members
from workflow.services.raters.ratings_taken import rated_items
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.scorecards import derive
from workflow.services.unit_of_work import Work

MOST_PEERS = 5
"""How many peers, and how many subordinates, are asked about one person where nobody says otherwise."""

SUPERIORS = (RESPONSIBLE, "room-manager", "department-head")
"""The functions whose holder is somebody's superior, in the order in which they are looked for."""

SUPERIOR, PEER, SUBORDINATE = "superior", "peer", "subordinate"
"""The groups of raters who are found by rule; any other is asked by hand."""


def ask_by_rule(work: Work, plan: Plan, drafts: Iterable[Scorecard], most: int = MOST_PEERS) -> list[Rating]:
    """Ask whom the rules find for these cards and who is not asked yet; those who can't sign in are left out."""
    rated = [card for card in drafts if rated_items(scorer_of(card.scheme_version_id).scheme)]
    if not rated:
        return []
    people, asked = _People(rated, plan.period), asked_before(plan)
    made = []
    for card in rated:
        before = asked[card.scheme_code, card.subject_kind, card.subject_id]
        for group, at_least in groups_of(card).items():
            standing = sum(each.rater_group == group and each.state != State.REVOKED for each in before)
            free = [each for each in people.found(card, group) if each not in {one.rater_id for one in before}]
            number = 1 if group == SUPERIOR else max(most, at_least)
            for rater_id in free[: max(number - standing, 0)]:
                rating = ask_one(work, plan, card, group, rater_id, "rule")
                before.append(rating)
                made.append(rating)
    derive.follow_ratings(work, made)
    return made


class _People:
    """Who may rate the subjects of some cards on the last day of the period: superiors, peers, subordinates."""

    def __init__(self, rated: Sequence[Scorecard], period: str) -> None:
        day = Period.parse(period).last_day
        accounts = select(Account.person_id).where(Account.disabled.is_(False), Account.person_id.is_not(None))
        self._able = set(db.session.scalars(accounts))
        self._owners = Owners(day, SUPERIORS)
        heads = select(UnitFunction.person_id, UnitFunction.unit_id).where(
            UnitFunction.function.in_(SUPERIORS), in_force(UnitFunction, day)
        )
        self._headed: dict[int, set[int]] = defaultdict(set)
        for person_id, unit_id in db.session.execute(heads):
            self._headed[person_id].add(unit_id)
        headed = (self._headed[card.appraised_person_id or 0] for card in rated)
        units = {card.unit_id for card in rated}.union(*headed)
        self._circles: dict[int, list[int]] = defaultdict(list)
        for person, unit in members(units, day):
            if person.id in self._able:
                self._circles[unit.id].append(person.id)
        for circle in self._circles.values():
            secrets.SystemRandom().shuffle(circle)

    def found(self, card: Scorecard, group: str) -> list[int]:
        """Give the people of a group for a card; peers by lot, so that nobody can work out who was asked."""
        about = card.appraised_person_id
        if group == SUPERIOR:
            holders = (self._owners.of(card.unit_id, about, function) for function in SUPERIORS)
            return [each for each in holders if each is not None and each in self._able][:1]
        if group == PEER and card.subject_kind == "person":
            superiors = {self._owners.of(card.unit_id, about, function) for function in SUPERIORS}
            return [each for each in self._after(self._circles[card.unit_id], about) if each not in superiors]
        if group == SUBORDINATE:
            units = sorted(self._headed[about or 0])
            return [each for unit_id in units for each in self._after(self._circles[unit_id], about)]
        return []

    @staticmethod
    def _after(circle: list[int], person_id: int | None) -> list[int]:
        """Give the circle from behind a person on, without them: each rates as many as rate them."""
        at = circle.index(person_id) + 1 if person_id in circle else 0
        return [each for each in circle[at:] + circle[:at] if each != person_id]


def groups_of(card: Scorecard) -> Mapping[str, int]:
    """Give the groups of raters of a card, each with the greatest number that one of its items needs."""
    needed: dict[str, int] = {}
    for rule in rated_items(scorer_of(card.scheme_version_id).scheme).values():
        for group in rule.groups:
            needed[group] = max(needed.get(group, 0), rule.at_least.get(group, 1))
    return needed


def asked_before(plan: Plan) -> dict[tuple[str, str, int], list[Rating]]:
    """Give all ratings of a plan, revoked ones as well, by scheme and subject."""
    found: dict[tuple[str, str, int], list[Rating]] = defaultdict(list)
    for row in db.session.scalars(select(Rating).where(Rating.plan_id == plan.id).order_by(Rating.id)):
        found[row.scheme_code, row.subject_kind, row.subject_id].append(row)
    return found


def ask_one(work: Work, plan: Plan, card: Scorecard, group: str, rater_id: int, way: str) -> Rating:
    """Ask one person about the subject of a card, in one of its groups of raters."""
    due = plan.calendar.get("inputs")
    names = ("plan_id", "scheme_version_id", "scheme_code", "period", "subject_kind", "subject_id")
    rating = Rating(
        id=new_id(),
        **{name: getattr(card, name) for name in (*names, "subject_code", "subject_name", "unit_id")},
        person_id=card.appraised_person_id,
        rater_group=group,
        rater_id=rater_id,
        way=way,
        due_on=parse_day(due) if due else None,
    )
    work.create(rating, "rating.ask", role=Role.ADMINISTRATOR)
    return rating
