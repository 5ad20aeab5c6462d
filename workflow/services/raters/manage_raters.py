"""Managing raters: asking by rule or by hand, asking somebody no longer, or again."""

from dataclasses import dataclass

from sqlalchemy import select

from workflow.errors import FieldError, Reason, invalid, not_seen, refuse
from workflow.lifecycle import rating as lifecycle
from workflow.lifecycle.machine import MoveRequest
from workflow.lifecycle.rating import State, Trigger
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.organisation import Person
from workflow.models.plans import Plan
from workflow.models.ratings import Rating
from workflow.models.scorecards import Scorecard
from workflow.policy import Action, Actor, Role, decide_unit
from workflow.policy import State as CardState
from workflow.services.clock import Clock
from workflow.services.plans import plan
from workflow.services.raters.ask_raters import ask_by_rule, ask_one, asked_before, groups_of
from workflow.services.raters.rate import LockedRatings, decided
from workflow.services.raters.ratings_taken import key_of
from workflow.services.scorecards import cards, derive
from workflow.services.unit_of_work import Kept, Work, unit_of_work
from workflow.wording import Phrase

MOST_ASKED = 50
"""The most peers, or subordinates, who can be asked about one person by rule."""

NO_SUCH_CARD = Phrase("本计划没有 {code} 的草稿评分表", "the plan has no draft card of {code}")
NO_SUCH_PERSON = Phrase("没有可登录的人员 {code}", "there is nobody {code} who can sign in")
NAME_SCHEME = Phrase("请用 scheme 指明考核方案:{choices}", "say in scheme which card is meant: {choices}")
NO_SUCH_GROUP = Phrase("须是该方案的评价人类别之一:{choices}", "must be a group of raters of the scheme: {choices}")
ONESELF = Phrase("不能评价自己", "nobody rates themselves")
ASKED_ALREADY = Phrase("此人已是评价人,如已撤销请恢复", "is a rater already; ask again if revoked")
OUT_OF_RANGE = Phrase("须是 1 到 {most}", "must be 1 to {most}")


@dataclass(frozen=True, slots=True)
class ByHand:
    """One person who is to rate one subject of a plan; `scheme` where the subject has several cards in it."""

    subject: str
    rater: str
    group: str
    scheme: str | None = None


def check_plan(actor: Actor, code: str, *, lock: bool = False) -> Plan:
    """Find a plan whose raters the actor manages; raises Refusal: not seen for who sees no plans."""
    found = plan.find_plan(code, lock=lock)
    if decide_unit(actor, Action.PLANS_SEE):
        raise not_seen()
    cards.check(decide_unit(actor, Action.RATERS_MANAGE, plan.facts_of(found).unit_path))
    return found


def ask(actor: Actor, clock: Clock, code: str, wanted: ByHand | int, kept: Kept | None = None) -> list[Rating]:
    """Ask one rater by hand, or by rule at most so many peers for each draft of the plan; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        found = check_plan(actor, code, lock=True)
        asked = [_ask_by_hand(work, found, wanted)] if isinstance(wanted, ByHand) else _ask_all(work, found, wanted)
        work.finish(asked)
        return asked


def move(
    actor: Actor,
    clock: Clock,
    rating_id: int,
    trigger: str,
    *,
    seen_version: int | None,
    reason: str | None = None,
    instead: str | None = None,
    kept: Kept | None = None,
) -> Rating:
    """Ask somebody no longer, with a reason, and if wanted another person `instead`; or ask again; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        rating = decided(LockedRatings({rating_id}), rating_id, trigger, MoveRequest(actor, seen_version, reason))
        if trigger == Trigger.RATE:  # giving has a door of its own
            raise refuse(Reason.UNKNOWN_TRIGGER, trigger=trigger)
        _write(work, rating, trigger, reason)
        asked = [_ask_instead(work, rating, instead)] if instead and trigger == Trigger.REVOKE else []
        derive.follow_ratings(work, [rating, *asked])
        work.finish(rating)
        return rating


def revoke_open(actor: Actor, clock: Clock, code: str, reason: str, kept: Kept | None = None) -> list[Rating]:
    """Ask nobody of a plan any longer who has not rated yet, so that its cards go on with what was given; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        found = check_plan(actor, code)
        query = select(Rating.id).where(Rating.plan_id == found.id, Rating.state == State.OPEN)
        locked = LockedRatings(db.session.scalars(query).all())
        revoked = []
        for rating in locked.rows.values():
            facts = locked.facts_of(rating)
            if facts.hindrance is None and lifecycle.decide_see(actor, facts) is None:
                decided(locked, rating.id, Trigger.REVOKE, MoveRequest(actor, rating.version, reason))
                _write(work, rating, Trigger.REVOKE, reason)
                revoked.append(rating)
        derive.follow_ratings(work, revoked)
        work.finish(revoked)
        return revoked


def _ask_all(work: Work, found: Plan, most: int) -> list[Rating]:
    if not 1 <= most <= MOST_ASKED:
        raise invalid(FieldError("most_peers", OUT_OF_RANGE, {"most": MOST_ASKED}))
    return ask_by_rule(work, found, _drafts(found), most)


def _ask_by_hand(work: Work, found: Plan, wanted: ByHand) -> Rating:
    """Ask one person; raises Refusal (invalid) naming what does not fit."""
    card = _card(work.actor, found, wanted)
    groups = groups_of(card)
    if wanted.group not in groups:
        raise invalid(FieldError("group", NO_SUCH_GROUP, {"choices": "、".join(groups)}))
    made = _ask(work, found, card, wanted.group, ("rater", wanted.rater))
    derive.follow_ratings(work, [made])
    return made


def _ask_instead(work: Work, revoked: Rating, rater: str) -> Rating:
    """Ask somebody in the place of one who is asked no longer, in the same group."""
    found = db.session.get_one(Plan, revoked.plan_id)
    card = next(each for each in _drafts(found) if key_of(each) == key_of(revoked))
    return _ask(work, found, card, revoked.rater_group, ("instead", rater))


def _ask(work: Work, found: Plan, card: Scorecard, group: str, told: tuple[str, str]) -> Rating:
    """Ask the person of this staff number, told in this field, about the subject of a draft."""
    field, code = told
    rater = _rater(field, code)
    if rater.id == card.appraised_person_id:
        raise invalid(FieldError(field, ONESELF))
    before = asked_before(found)[card.scheme_code, card.subject_kind, card.subject_id]
    if rater.id in {each.rater_id for each in before}:
        raise invalid(FieldError(field, ASKED_ALREADY))
    return ask_one(work, found, card, group, rater.id, "hand")


def _rater(field: str, code: str) -> Person:
    can_sign_in = select(Account.id).where(Account.person_id == Person.id, Account.disabled.is_(False)).exists()
    rater = db.session.scalar(select(Person).where(Person.code == code, can_sign_in))
    if rater is None:
        raise invalid(FieldError(field, NO_SUCH_PERSON, {"code": code}))
    return rater


def _drafts(found: Plan) -> list[Scorecard]:
    query = select(Scorecard).where(Scorecard.plan_id == found.id, Scorecard.state == CardState.DRAFT)
    return list(db.session.scalars(query.order_by(Scorecard.number)))


def _card(actor: Actor, found: Plan, wanted: ByHand) -> Scorecard:
    """Find the draft that is meant, never one about the actor."""
    fitting = [
        card
        for card in _drafts(found)
        if card.subject_code == wanted.subject
        and wanted.scheme in {None, card.scheme_code}
        and (actor.person_id is None or card.appraised_person_id != actor.person_id)
    ]
    if not fitting:
        raise invalid(FieldError("subject", NO_SUCH_CARD, {"code": wanted.subject}))
    if len(fitting) > 1:
        raise invalid(FieldError("scheme", NAME_SCHEME, {"choices": "、".join(card.scheme_code for card in fitting)}))
    return fitting[0]


def _write(work: Work, rating: Rating, trigger: str, reason: str | None) -> None:
    text = (reason or "").strip()
    told: dict[str, object] = {"state": State.REVOKED, "revoke_reason": text}
    if trigger == Trigger.RESTORE:
        told = {"state": State.OPEN, "revoke_reason": None, "given": {}, "comment": "", "given_at": None}
    work.change(rating, f"rating.{trigger}", told, role=Role.ADMINISTRATOR, reason=text)
