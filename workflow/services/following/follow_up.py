"""What follows from ranks 奖惩: proposals with their evidence when a plan is final, and what people decide about them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from workflow.errors import Denied, Reason, Refusal, not_seen, stale
from workflow.lifecycle import action_item as lifecycle
from workflow.lifecycle import plan as plan_lifecycle
from workflow.lifecycle.machine import MoveRequest
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.rankings import Ranking, RankingEntry
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import UNIT_ROLES, Action, Actor, Role
from workflow.scoring.consequences import Proposal, Round, propose
from workflow.scoring.periods import Period
from workflow.scoring.terms import Absence, ActionKind, Consequence
from workflow.services import working_days
from workflow.services.clock import Clock
from workflow.services.fields import Fields, permit, require_version
from workflow.services.following import follow_through, interviews
from workflow.services.following.interviews import Held
from workflow.services.following.owners import Owners
from workflow.services.paying import payroll
from workflow.services.ranking import rank
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.unit_of_work import Kept, Work, unit_of_work
from workflow.services.working_days import DAYS_TO_ACT, USUAL
from workflow.wording import Phrase

ON_COMPLETION = Phrase("办结时才填写", "belongs to completing it")
PASSED_NEEDED = Phrase("请写明考核是否合格", "say whether the test was passed")
TALK_NEEDED = Phrase("请写明谈话的地点等情况", "say where and by whom the talk was held")
NOT_A_TALK = Phrase("只有谈话才填写", "belongs to a talk only")
NOT_A_TEST = Phrase("只有考核才有是否合格", "belongs to a test only")
IN_THE_FUTURE = Phrase("不能晚于今天", "must not lie in the future")

Key = tuple[str, str, int]
"""What is proposed for whom: the consequence's code, the subject's kind and id."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an action beside what was said or done: the day (today where not given), what was agreed.

    Of a test the result, of a talk how it was held.
    """

    on: date | None = None
    agreed: str | None = None
    passed: bool | None = None
    interview: Held | None = None


NO_OUTCOME = Outcome()


@dataclass(frozen=True, slots=True)
class _Ground:
    """A proposal with the consequence it comes from and the card that it follows."""

    consequence: Consequence
    proposal: Proposal
    card: Scorecard

    @property
    def key(self) -> Key:
        """What is proposed for whom."""
        return self.consequence.code, self.card.subject_kind, self.card.subject_id

    @property
    def evidence(self) -> list[dict[str, Any]]:
        """The periods that it rests on, as they are kept."""
        return [asdict(each) for each in self.proposal.evidence]


def propose_for(work: Work, plan: Plan) -> None:
    """Make what a final plan's ranks lead to into proposals; of those made before only the open ones are made again.

    What follows a confirmed item stands with it, whatever the ranks say later.
    """
    grounds = {ground.key: ground for ground in _grounds(plan)}
    made: dict[Key, ActionItem] = {}
    for item in db.session.scalars(
        select(ActionItem).where(
            ActionItem.plan_id == plan.id, ActionItem.lapsed.is_(False), ActionItem.follows_id.is_(None)
        )
    ):
        made[item.code, item.subject_kind, item.subject_id] = item
    for key, item in made.items():
        if item.state == lifecycle.State.PROPOSED:
            _make_again(work, item, grounds.get(key))
    fresh = [ground for key, ground in grounds.items() if key not in made]
    today = USUAL.day_of(work.now)
    owners = Owners(today, {ground.consequence.by for ground in fresh})
    for ground in fresh:
        _propose(work, plan, ground, owners, working_days.after(today, DAYS_TO_ACT))


def propose_again(work: Work, plans: Iterable[Plan]) -> None:
    """After revisions in these plans propose anew for them and for the later ones whose runs rest on them."""
    final = [plan for plan in plans if plan.state != plan_lifecycle.State.PUBLISHED]
    if not final:
        return
    families = select(Ranking.family).where(Ranking.plan_id.in_([plan.id for plan in final]))
    query = (
        select(Plan)
        .where(
            Plan.state == plan_lifecycle.State.FINAL,
            Plan.period >= min(plan.period for plan in final),
            Plan.id.in_(select(Ranking.plan_id).where(Ranking.family.in_(families))),
        )
        .order_by(Plan.period, Plan.id)
    )
    for plan in db.session.scalars(query):
        propose_for(work, plan)


def move(
    actor: Actor,
    clock: Clock,
    action_id: int,
    trigger: str,
    *,
    seen_version: int | None,
    reason: str | None = None,
    outcome: Outcome = NO_OUTCOME,
    kept: Kept | None = None,
) -> ActionItem:
    """Confirm, dismiss with a reason, or complete with what was said or done as the reason; raises Refusal.

    What a scheme lets follow is proposed in the same transaction.
    """
    with unit_of_work(actor, clock, kept) as work:
        item = db.session.scalar(select(ActionItem).where(ActionItem.id == action_id).with_for_update())
        if item is None:
            raise not_seen()
        facts = facts_of(item)
        permit(lifecycle.forbidden(actor, facts))
        require_version(seen_version)
        came = _read_outcome(item, trigger, outcome, USUAL.day_of(work.now))
        talk = _read_talk(actor, item, trigger, outcome.interview)
        answer = lifecycle.decide(trigger, facts, MoveRequest(actor, seen_version, reason))
        if isinstance(answer, Denied):
            raise stale(item.version, item.state) if answer.reason is Reason.STALE else Refusal(answer)
        text = (reason or "").strip()
        values: dict[str, object] = {"state": answer.target}
        if answer.target == lifecycle.State.DONE:
            values |= {"outcome": text, **came}
        if answer.target == lifecycle.State.DISMISSED:
            values["dismissal"] = text
        role = actor.apart_from(facts.person_id).acts_as(UNIT_ROLES[Action.ACTIONS_DECIDE], facts.unit_path)
        work.change(item, f"action.{trigger}", values, role=role, reason=text)
        if answer.target == lifecycle.State.CONFIRMED:
            payroll.follow_confirmed(work, item, role)
        if talk is not None:
            interviews.write_down(work, item, talk, role)
        follow_through.go_on(work, item)
        work.finish(item)
        return item


def _read_outcome(item: ActionItem, trigger: str, outcome: Outcome, today: date) -> dict[str, object]:
    """Check what came of an action, field by field; gives the values to keep beside what was said or done."""
    fields = Fields()
    if trigger != lifecycle.Trigger.COMPLETE:
        for name in Outcome.__slots__:
            if getattr(outcome, name) is not None:
                fields.wrong(name, ON_COMPLETION)
    elif (item.kind == ActionKind.TEST) != (outcome.passed is not None):
        fields.wrong("passed", PASSED_NEEDED if item.kind == ActionKind.TEST else NOT_A_TEST)
    if outcome.on is not None and outcome.on > today:
        fields.wrong("on", IN_THE_FUTURE)
    fields.check()
    agreed = (outcome.agreed or "").strip() or None
    return {"done_on": outcome.on or today, "agreed": agreed, "passed": outcome.passed}


def _read_talk(actor: Actor, item: ActionItem, trigger: str, held: Held | None) -> interviews.Read | None:
    """Check how a talk was held that is completed; of anything else nothing is told of that."""
    if trigger != lifecycle.Trigger.COMPLETE:
        return None
    fields = Fields()
    is_talk = item.kind == ActionKind.TALK
    if is_talk is (held is None):
        fields.wrong("interview", TALK_NEEDED if is_talk else NOT_A_TALK)
    found = interviews.read(fields, actor, held, item.person_id) if is_talk and held else None
    fields.check()
    return found


def facts_of(item: ActionItem) -> lifecycle.ActionFacts:
    """Give what policy and lifecycle need to know of an action item."""
    path = db.session.scalar(select(Unit.path).where(Unit.id == item.unit_id))
    return lifecycle.ActionFacts(item.state, item.version, path or "", item.person_id)


def _grounds(plan: Plan) -> Iterator[_Ground]:
    """Give what the schemes of the plan propose for those whom its final ranks show, family by family."""
    query = (
        select(Scorecard)
        .join(RankingEntry, RankingEntry.scorecard_id == Scorecard.id)
        .join(Ranking, Ranking.id == RankingEntry.ranking_id)
        .where(Ranking.plan_id == plan.id, rank.is_newest(), RankingEntry.rank.is_not(None))
        .order_by(Scorecard.number)
    )
    by_scheme: dict[int, dict[str, Scorecard]] = defaultdict(dict)
    for card in db.session.scalars(query):
        by_scheme[card.scheme_version_id][_subject(card.subject_kind, card.subject_id)] = card
    rounds: dict[str, list[tuple[int, Round]]] = {}
    for version_id, found in by_scheme.items():
        scheme = scorer_of(version_id).scheme
        consequences = {each.code: each for each in scheme.consequences}
        if consequences and scheme.family not in rounds:
            rounds[scheme.family] = _rounds(scheme.family, Period.parse(plan.period))
        for proposal in _of_plan(plan, scheme.consequences, rounds.get(scheme.family, ())):
            if proposal.subject in found:
                yield _Ground(consequences[proposal.code], proposal, found[proposal.subject])


def _of_plan(
    plan: Plan, consequences: Sequence[Consequence], rounds: Sequence[tuple[int, Round]]
) -> Iterator[Proposal]:
    proposals = propose(consequences, [each for _, each in rounds])
    for (plan_id, _), found in zip(rounds, proposals, strict=True):
        if plan_id == plan.id:
            yield from found


def _rounds(family: str, last: Period) -> list[tuple[int, Round]]:
    """Give the family's final rankings up to a period of its frequency, oldest first, each with its plan."""
    query = (
        select(Ranking.id, Ranking.plan_id, Plan.period, Ranking.group_title)
        .add_columns(RankingEntry.rank, RankingEntry.absence, Scorecard.subject_kind, Scorecard.subject_id)
        .join(Plan, Plan.id == Ranking.plan_id)
        .join(RankingEntry, RankingEntry.ranking_id == Ranking.id)
        .join(Scorecard, Scorecard.id == RankingEntry.scorecard_id)
        .where(Ranking.family == family, Ranking.state == rank.FINAL, rank.is_newest(), Plan.period <= last.label)
        .order_by(Plan.period, Ranking.id, RankingEntry.id)
    )
    found: dict[int, tuple[int, Round]] = {}
    ranks: dict[int, dict[str, int]] = defaultdict(dict)
    absences: dict[int, dict[str, Absence]] = defaultdict(dict)
    for ranking_id, plan_id, period, group, place, absence, kind, subject_id in db.session.execute(query):
        if Period.parse(period).frequency is not last.frequency:
            continue
        one = Round(period=period, group=group, ranks=ranks[ranking_id], absences=absences[ranking_id])
        found[ranking_id] = plan_id, one
        if place is None:
            absences[ranking_id][_subject(kind, subject_id)] = Absence(absence)
        else:
            ranks[ranking_id][_subject(kind, subject_id)] = place
    return list(found.values())


def _subject(kind: str, subject_id: int) -> str:
    return f"{kind}:{subject_id}"


def _make_again(work: Work, item: ActionItem, ground: _Ground | None) -> None:
    """Bring an open proposal to what the ranks say now."""
    if ground is None:
        answer = lifecycle.lapse(facts_of(item))
        if isinstance(answer, Denied):
            raise Refusal(answer)
        work.change(item, "action.lapse", {"state": answer.target, "lapsed": True}, role=Role.ADMINISTRATOR)
    elif item.evidence != ground.evidence:
        work.change(item, "action.propose_again", {"evidence": ground.evidence}, role=Role.ADMINISTRATOR)


def _propose(work: Work, plan: Plan, ground: _Ground, owners: Owners, due_on: date) -> None:
    card, consequence = ground.card, ground.consequence
    item = ActionItem(
        plan_id=plan.id,
        scorecard_id=card.id,
        period=plan.period,
        code=consequence.code,
        title=consequence.title,
        function=consequence.by,
        kind=consequence.kind,
        lasts=consequence.lasts,
        bonus=consequence.bonus,
        subject_kind=card.subject_kind,
        subject_id=card.subject_id,
        subject_code=card.subject_code,
        subject_name=card.subject_name,
        person_id=card.appraised_person_id,
        unit_id=card.unit_id,
        evidence=ground.evidence,
        state=lifecycle.State.PROPOSED,
        owner_id=owners.of(card.unit_id, card.appraised_person_id, consequence.by),
        due_on=due_on,
        lapsed=False,
    )
    item.id = new_id()
    work.create(item, "action.propose", role=Role.ADMINISTRATOR)
