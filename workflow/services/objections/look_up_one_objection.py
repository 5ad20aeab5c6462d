"""Reading one query or appeal: what was said, the score then and now, and what the reader can do about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from workflow.errors import Denied, not_seen
from workflow.lifecycle import appeal, query
from workflow.models.database import db
from workflow.models.objections import APPEAL, QUERY, Objection
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.policy import DISCLOSED, Actor, ObjectionFacts, State
from workflow.services.objections import committees
from workflow.services.objections.handle_objections import decide_committee
from workflow.services.objections.look_up_objections import ObjectionRow, as_row, seen_by, told
from workflow.services.objections.objection_facts import facts_of, steps_of
from workflow.services.schemes.maintain_schemes import scorer_of

TRIGGERS: Mapping[str, tuple[str, ...]] = {QUERY: tuple(query.Trigger), APPEAL: tuple(appeal.Trigger)}
EXPLAIN = {QUERY: query.explain, APPEAL: appeal.explain}
FORBIDDEN = {QUERY: query.forbidden, APPEAL: appeal.forbidden}
VOTES = frozenset({appeal.Trigger.UPHOLD, appeal.Trigger.REJECT})


@dataclass(frozen=True, slots=True)
class SaidStep:
    """What somebody did and said: `submit`, `committee`, or a move; as a vote it decides only with the majority's."""

    trigger: str
    name: str
    role: str | None
    text: str
    at: datetime
    is_own: bool  # of who objects
    is_vote: bool


@dataclass(frozen=True, slots=True)
class ScoreOf:
    """One revision of a card: its points are told only once it has been published."""

    card_id: int
    revision: int
    state: str
    total: Decimal | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class ComparedItem:
    """An item before and after the revision; after is none while that is not out."""

    code: str
    title: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class ObjectionDetail:
    """One query or appeal in full; `items` are what was objected to and what the revision changed."""

    row: ObjectionRow
    is_own: bool
    steps: tuple[SaidStep, ...]
    committee: tuple[str, ...]
    voted: int
    old: ScoreOf
    new: ScoreOf | None
    items: tuple[ComparedItem, ...]
    allowed: tuple[str, ...]
    denied: Mapping[str, Denied]
    candidates: tuple[tuple[str, str], ...]  # user names and names for a committee, for who may name one


def find_objection(actor: Actor, objection_id: int, today: date) -> ObjectionDetail:
    """Read one objection; raises Refusal (not seen) for one that the actor may not see."""
    found = db.session.execute(told().where(Objection.id == objection_id, seen_by(actor))).first()
    if found is None:
        raise not_seen()
    objection, card = found[0], found[1]
    facts = facts_of(objection, today)
    explain = EXPLAIN[objection.kind]
    answers = {trigger: explain(trigger, facts, actor) for trigger in TRIGGERS[objection.kind]}
    names_committee = decide_committee(objection, facts, actor) is None
    able = committees.impartial(facts, today) if names_committee else ()
    revised = _revision_of(objection)
    return ObjectionDetail(
        row=as_row(found),
        is_own=facts.is_own(actor),
        steps=tuple(_said(actor, objection, facts)),
        committee=tuple(member.name for member in facts.committee),
        voted=sum(member.vote is not None for member in facts.committee),
        old=_score(card),
        new=_score(revised) if revised else None,
        items=_compared(objection, card, revised),
        allowed=tuple(trigger for trigger, denied in answers.items() if denied is None),
        denied={trigger: denied for trigger, denied in answers.items() if denied is not None},
        candidates=tuple((each.username, each.name) for each in able),
    )


def forbidden(actor: Actor, objection_id: int, trigger: str, today: date) -> Denied | None:
    """Say why the actor may not make this move of an objection at all; raises Refusal (not seen)."""
    objection = _seen(actor, objection_id)
    return FORBIDDEN[objection.kind](trigger, facts_of(objection, today), actor)


def forbidden_committee(actor: Actor, objection_id: int, today: date) -> Denied | None:
    """Say why the actor may not name a committee for an objection now; raises Refusal (not seen)."""
    objection = _seen(actor, objection_id)
    return decide_committee(objection, facts_of(objection, today), actor)


def _seen(actor: Actor, objection_id: int) -> Objection:
    found = db.session.execute(told().where(Objection.id == objection_id, seen_by(actor))).first()
    if found is None:
        raise not_seen()
    objection: Objection = found[0]
    return objection


def _said(actor: Actor, objection: Objection, facts: ObjectionFacts) -> Iterator[SaidStep]:
    """Tell the steps; while a committee votes each member sees only their own vote, so that none follows another."""
    is_voting = False
    for step in steps_of(objection.id):
        is_vote = is_voting and step.trigger in VOTES
        is_voting = is_voting or step.trigger == "committee"
        if is_vote and objection.state == appeal.State.ESCALATED and step.account_id != actor.account_id:
            continue
        is_own = step.person_id is not None and step.person_id == facts.person_id
        yield SaidStep(step.trigger, step.name, step.role, step.text, step.at, is_own, is_vote)


def _revision_of(objection: Objection) -> Scorecard | None:
    """Give what came of an upheld appeal: the published revision, the newest if there were more, else the open one."""
    if objection.revision_id is None:
        return None
    opened = db.session.get_one(Scorecard, objection.revision_id)
    newest = (
        select(Scorecard)
        .where(Scorecard.number == opened.number, Scorecard.revision >= opened.revision)
        .order_by((Scorecard.state == State.PUBLISHED).desc(), Scorecard.revision.desc())
    )
    return db.session.scalar(newest.limit(1))


def _score(card: Scorecard) -> ScoreOf:
    is_out = card.state in DISCLOSED
    return ScoreOf(card.id, card.revision, card.state, card.total if is_out else None, card.grade if is_out else None)


def _compared(objection: Objection, old: Scorecard, new: Scorecard | None) -> tuple[ComparedItem, ...]:
    is_out = new is not None and new.state in DISCLOSED
    ids = [old.id, *([new.id] if new is not None and is_out else [])]
    found = select(ScorecardItem.scorecard_id, ScorecardItem.code, ScorecardItem.points)
    points: dict[int, dict[str, Decimal | None]] = {card_id: {} for card_id in ids}
    for card_id, code, of in db.session.execute(found.where(ScorecardItem.scorecard_id.in_(ids))):
        points[card_id][code] = of
    before, after = points[old.id], points[ids[-1]] if is_out else {}
    return tuple(
        ComparedItem(code, item.title, before.get(code), after.get(code))
        for code, item in scorer_of(old.scheme_version_id).scheme.items.items()
        if code == objection.item or (is_out and before.get(code) != after.get(code))
    )
