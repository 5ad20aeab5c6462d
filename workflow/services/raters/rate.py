"""Rating: what somebody gives of those about whom they are asked, many at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from workflow.errors import FieldError, Reason, Refusal, invalid, not_seen, stale
from workflow.lifecycle import rating as lifecycle
from workflow.lifecycle import scorecard as card_lifecycle
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.lifecycle.rating import RatingFacts, State, Trigger
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.ratings import Rating
from workflow.models.scorecards import Scorecard
from workflow.policy import Actor, Role
from workflow.records.canonical import plain
from workflow.scoring.engine import UNKNOWN_ITEM
from workflow.scoring.errors import InputError
from workflow.scoring.parts import IS_REQUIRED
from workflow.services.clock import Clock
from workflow.services.raters import ratings_taken
from workflow.services.raters.ratings_taken import Key, items_for, key_of
from workflow.services.recorders.entries import TEXT_LENGTH, TOO_LONG
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.scorecards import cards, derive
from workflow.services.unit_of_work import Kept, Work, unit_of_work


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gives: a level, or a value as text, for each item, and a comment that they alone (and an audit) read."""

    rating_id: int
    seen_version: int | None
    values: Mapping[str, str]
    comment: str = ""


def rate(actor: Actor, clock: Clock, given: Sequence[Given], kept: Kept | None = None) -> list[Rating | Refusal]:
    """Take what somebody gives, each rating on its own, in one transaction; the answers stand in the order of `given`.

    The cards take it once nobody else is asked about them, as a change of the product's own: theirs does not tell who rated.
    """
    with unit_of_work(actor, clock, kept) as work:
        found = LockedRatings({each.rating_id for each in given})
        answers = [_rate_one(work, found, each) for each in given]
        derive.follow_ratings(work, [each for each in answers if isinstance(each, Rating)])
        work.finish(answers)
        return answers


class LockedRatings:
    """Ratings with the cards that take them, all locked: the cards first, as whoever signs them does."""

    def __init__(self, rating_ids: Collection[int]) -> None:
        query = select(Rating).where(Rating.id.in_(sorted(rating_ids))).order_by(Rating.id)
        asked = db.session.scalars(query).all()
        self._cards = _cards_of(asked, lock=True)
        locked = query.with_for_update().execution_options(populate_existing=True)
        self.rows = {row.id: row for row in db.session.scalars(locked)}
        self._paths = _paths(self.rows.values())

    def facts_of(self, rating: Rating) -> RatingFacts:
        """Give what policy and lifecycle need to know of a rating."""
        return _facts(rating, self._paths[rating.unit_id], self._cards.get(key_of(rating), ()))


def facts_of(rating: Rating) -> RatingFacts:
    """Give what policy and lifecycle need to know of one rating, without locking anything."""
    return _facts(rating, _paths([rating])[rating.unit_id], _cards_of([rating]).get(key_of(rating), ()))


def _facts(rating: Rating, unit_path: str, taking: Sequence[cards.OpenCard]) -> RatingFacts:
    facts = [cards.facts_of(opened) for opened in taking]
    hindrances = [card_lifecycle.decide_edit(each, each.version) for each in facts]
    return RatingFacts(
        state=rating.state,
        version=rating.version,
        unit_path=unit_path,
        rater_id=rating.rater_id,
        person_id=rating.person_id,
        hindrance=None if None in hindrances else hindrances[0],
    )


def _paths(ratings: Collection[Rating]) -> dict[int, str]:
    query = select(Unit.id, Unit.path).where(Unit.id.in_({each.unit_id for each in ratings}))
    return dict(db.session.execute(query).all())


def _cards_of(ratings: Sequence[Rating], *, lock: bool = False) -> dict[Key, list[cards.OpenCard]]:
    """Give the cards that these ratings are for, also void ones, the newest first."""
    if not ratings:
        return {}
    query = select(Scorecard.id).where(ratings_taken.is_one_of(Scorecard, ratings))
    found: dict[Key, list[cards.OpenCard]] = {}
    opened = cards.open_many(db.session.scalars(query).all(), lock=lock).values()
    for each in sorted(opened, key=lambda one: one.card.id, reverse=True):
        found.setdefault(key_of(each.card), []).append(each)
    return found


def _rate_one(work: Work, found: LockedRatings, given: Given) -> Rating | Refusal:
    try:
        rating = decided(found, given.rating_id, Trigger.RATE, MoveRequest(work.actor, given.seen_version), given)
    except Refusal as refusal:
        return refusal
    values = {code: plain(str(value).strip()) for code, value in given.values.items()}
    told = {"state": State.GIVEN, "given": values, "comment": plain(given.comment.strip()), "given_at": work.now}
    work.change(rating, "rating.rate", told, role=Role.RATER)
    return rating


def decided(
    found: LockedRatings, rating_id: int, trigger: str, request: MoveRequest, given: Given | None = None
) -> Rating:
    """Give the rating that may be moved so; raises Refusal, for a wrong value before what the card's state forbids."""
    rating = found.rows.get(rating_id)
    if rating is None:
        raise not_seen()
    facts = found.facts_of(rating)
    cards.check(lifecycle.forbidden(trigger, request.actor, facts))
    if given is not None and given.seen_version is not None:
        _check(rating, given)
    answer = lifecycle.decide(trigger, facts, request)
    if not isinstance(answer, Move):
        raise stale(rating.version, rating.state) if answer.reason is Reason.STALE else Refusal(answer)
    if len(request.reason or "") > TEXT_LENGTH:
        raise invalid(FieldError("reason", TOO_LONG, {"most": TEXT_LENGTH}))
    return rating


def _check(rating: Rating, given: Given) -> None:
    """Raise Refusal naming each item that has no value, a wrong one, or is not asked about."""
    rules = items_for(scorer_of(rating.scheme_version_id).scheme, rating.rater_group)
    faults = [FieldError(f"given.{code}", UNKNOWN_ITEM) for code in given.values if code not in rules]
    for code, rule in rules.items():
        try:
            if not str(given.values.get(code, "")).strip():
                raise InputError("", IS_REQUIRED)
            rule.worth(str(given.values[code]).strip())
        except InputError as error:
            faults += [FieldError(f"given.{code}", each.phrase, dict(each.values)) for each in error.problems]
    if len(given.comment) > TEXT_LENGTH:
        faults.append(FieldError("comment", TOO_LONG, {"most": TEXT_LENGTH}))
    if faults:
        raise invalid(*faults)
