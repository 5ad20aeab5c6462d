"""Back-testing 回溯试算: past plans' published cards scored anew under a changed scheme. It writes nothing."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from workflow.errors import FieldError, invalid
from workflow.models.database import db
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.policy import COMPANY, Action, Actor, State, decide_unit
from workflow.scoring.engine import compile_scheme
from workflow.scoring.periods import Period
from workflow.scoring.scheme import Scheme
from workflow.scoring.terms import Consequence
from workflow.services.fields import permit
from workflow.services.ranking.placing import Placed, Result, competing, published
from workflow.services.ranking.rank import RANKED
from workflow.services.schemes.backtest_ranks import Ranked, Tested, subject_of
from workflow.services.schemes.replay import Replayed, replay
from workflow.wording import Phrase

PERIODS_BEFORE = 12
"""How many periods before the first plan are looked at, since a run may have begun there."""

MOST_PLANS = 24
"""On how many plans a scheme is tried at once."""

NO_PLANS = Phrase("请至少选择一个考核计划", "choose a plan at least")
NO_SUCH_PLAN = Phrase("没有已发布的考核计划 {code}", "there is no published plan {code}")
NOT_APPRAISED = Phrase(
    "考核计划 {code} 中没有按方案 {scheme} 评分的表", "the plan {code} has no cards of the scheme {scheme}"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a card stands: total, rank and grade, each None where there is none."""

    total: Decimal | None
    rank: int | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One card before and after; `missing` lacks points under the changed scheme, `unread` has an input it does not take."""

    card_id: int
    plan: str
    period: str
    subject: str
    name: str
    before: Standing
    after: Standing
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def change(self) -> Decimal | None:
        """By how many points the total moves; None where there is none to compare."""
        if self.before.total is None or self.after.total is None:
            return None
        return self.after.total - self.before.total

    @property
    def moves(self) -> bool:
        """Whether anything of it changes."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class ConsequenceChange:
    """A consequence that would be proposed (`comes`) or would not be any more, with the ranks it rests on."""

    plan: str
    period: str
    subject: str
    name: str
    code: str
    title: str
    comes: bool
    ranks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a changed scheme would have made of past plans; lines by period and rank before."""

    scheme: str
    plans: tuple[str, ...]
    lines: tuple[Line, ...]
    consequences: tuple[ConsequenceChange, ...]

    @property
    def moved(self) -> tuple[Line, ...]:
        """The cards of which anything changes."""
        return tuple(line for line in self.lines if line.moves)

    def count(self, what: str) -> int:
        """Say of how many cards the `total`, `rank` or `grade` changes."""
        return sum(getattr(line.before, what) != getattr(line.after, what) for line in self.lines)


Progress = Callable[[int], None]
"""Told how many cards have been scored since the last time."""


def testable_plans(actor: Actor, scheme: Scheme) -> list[Plan]:
    """Give the newest plans on which a scheme can be tried, the newest first; raises Refusal."""
    permit(decide_unit(actor, Action.SCHEMES_MANAGE, COMPANY))
    query = select(Plan).where(Plan.state.in_(RANKED)).order_by(Plan.period.desc(), Plan.id.desc())
    return [plan for plan in db.session.scalars(query) if _has_scheme(plan, scheme)][:MOST_PLANS]


def count_cards(actor: Actor, scheme: Scheme, plan_codes: Sequence[str]) -> int:
    """Say how many cards a back-test would score; raises Refusal as `back_test` does."""
    return sum(len(_of_scheme(scheme, competing(plan))) for plan in _plans(actor, scheme, plan_codes))


def back_test(actor: Actor, scheme: Scheme, plan_codes: Sequence[str], progress: Progress = lambda _: None) -> BackTest:
    """Score the plans' cards of this scheme anew, rank all who compete with them, and compare; raises Refusal.

    Ranks and consequences before are reckoned from what is published, in the same way as those after.
    """
    plans = _plans(actor, scheme, plan_codes)
    tested = [_test(plan, scheme, progress) for plan in plans]
    every = [*_earlier(scheme, plans), *tested]
    before, after = Ranked(every, changed=False), Ranked(every, changed=True)
    lines = [line for each in tested for line in _lines(each, before, after)]
    changes = [
        change
        for each in tested
        for change in _consequence_changes(each, each.consequences, scheme.consequences, before, after)
    ]
    return BackTest(scheme.code, tuple(plan.code for plan in plans), tuple(lines), tuple(changes))


def _plans(actor: Actor, scheme: Scheme, codes: Sequence[str]) -> list[Plan]:
    """Find the plans to test on, oldest first; raises Refusal."""
    permit(decide_unit(actor, Action.SCHEMES_MANAGE, COMPANY))
    if not codes:
        raise invalid(FieldError("plans", NO_PLANS))
    query = select(Plan).where(Plan.code.in_(codes), Plan.state.in_(RANKED)).order_by(Plan.period, Plan.id)
    found = {plan.code: plan for plan in db.session.scalars(query)}
    faults = []
    for place_, code in enumerate(codes):
        if code not in found:
            faults.append(FieldError(f"plans[{place_}]", NO_SUCH_PLAN, {"code": code}))
        elif not _has_scheme(found[code], scheme):
            faults.append(FieldError(f"plans[{place_}]", NOT_APPRAISED, {"code": code, "scheme": scheme.code}))
    if faults:
        raise invalid(*faults)
    return list(found.values())


def _has_scheme(plan: Plan, scheme: Scheme) -> bool:
    parts = [part for part in plan.contents if part["scheme"] == scheme.code]
    return bool(parts) and Period.parse(plan.period).frequency is scheme.frequency


def _of_scheme(scheme: Scheme, cards: Iterable[Scorecard]) -> list[Scorecard]:
    return [card for card in cards if card.scheme_code == scheme.code and card.state == State.PUBLISHED]


def _test(plan: Plan, scheme: Scheme, progress: Progress) -> Tested:
    """Score a plan's cards of this scheme anew."""
    cards = competing(plan)
    replayed: dict[int, Replayed] = {}
    for each in replay([card.id for card in _of_scheme(scheme, cards)], compile_scheme(scheme)):
        replayed[each.card.id] = each
        progress(1)
    return Tested(plan, cards, replayed, scheme)


def _earlier(scheme: Scheme, plans: Sequence[Plan]) -> list[Tested]:
    """Give the other plans of the year before and between, whose ranks stand as they are."""
    first = Period.parse(plans[0].period)
    query = select(Plan).where(
        Plan.state.in_(RANKED), Plan.period <= plans[-1].period, Plan.id.not_in([plan.id for plan in plans])
    )
    found = []
    for plan in db.session.scalars(query):
        period = Period.parse(plan.period)
        if period.frequency is first.frequency and first.ordinal - period.ordinal <= PERIODS_BEFORE:
            found.append(Tested(plan, competing(plan), {}, scheme))
    return found


def _lines(tested: Tested, before: Ranked, after: Ranked) -> Iterator[Line]:
    """Compare each card of the scheme, by its rank before."""
    ranked_before, ranked_after = before.placed_in(tested.plan), after.placed_in(tested.plan)
    for card in sorted(
        tested.scored, key=lambda card: (ranked_before[card.id].rank or len(ranked_before), card.number)
    ):
        replayed = tested.replayed[card.id]
        yield Line(
            card_id=card.id,
            plan=tested.plan.code,
            period=tested.plan.period,
            subject=card.subject_code,
            name=card.subject_name,
            before=_standing(published(card), ranked_before.get(card.id)),
            after=_standing(tested.changed(card), ranked_after.get(card.id)),
            missing=tuple(code for code, _ in replayed.totals.missing),
            unread=replayed.unread,
        )


def _place_of(placed: Placed | None) -> int:
    return sys.maxsize if placed is None or placed.rank is None else placed.rank


def _standing(result: Result, placed: Placed | None) -> Standing:
    if placed is None or placed.rank is None:
        return Standing(result.total, None, result.grade)
    return Standing(result.total, placed.rank, placed.grade)


def _consequence_changes(
    tested: Tested, old: Sequence[Consequence], new: Sequence[Consequence], before: Ranked, after: Ranked
) -> Iterator[ConsequenceChange]:
    """Tell what would be proposed for the scheme's subjects that is not proposed now, and the other way round."""
    cards = {subject_of(card): card for card in tested.scored}
    was, would_be = before.proposals(old, tested.plan), after.proposals(new, tested.plan)
    titles = {each.code: each.title for each in (*old, *new)}
    for found, others, comes in ((would_be, was, True), (was, would_be, False)):
        known = {(each.code, each.subject) for each in others}
        for each in found:
            if each.subject in cards and (each.code, each.subject) not in known:
                card = cards[each.subject]
                yield ConsequenceChange(
                    plan=tested.plan.code,
                    period=tested.plan.period,
                    subject=card.subject_code,
                    name=card.subject_name,
                    code=each.code,
                    title=titles[each.code],
                    comes=comes,
                    ranks=tuple(one.rank for one in each.evidence),
                )
