"""Consequences proposed from the ranks of successive periods, each with its evidence. Nothing here happens to anybody."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.scoring.periods import Period
from workflow.scoring.terms import Absence, Consequence, Gap, Protect

# The absences that `gap: skip` passes over.
PASSED_OVER = frozenset({Absence.LEAVE, Absence.PARTIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The ranks of one group in one period, and why the others of the group are not ranked."""

    period: str
    group: str
    ranks: Mapping[str, int]
    absences: Mapping[str, Absence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One period of a run: the subject's rank among how many."""

    period: str
    group: str
    rank: int
    ranked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A consequence proposed for a subject, with the periods it rests on, oldest first."""

    code: str
    subject: str
    evidence: tuple[Evidence, ...]


def propose(consequences: Sequence[Consequence], rounds: Sequence[Round]) -> list[list[Proposal]]:
    """The proposals of each round, in the order of the rounds, which must be of one frequency.

    Runs follow a subject over the distinct periods in order, whatever group it is in. Services that need the proposals
    of one plan give the earlier rounds too and take those of the plan's own.
    """
    watches = [_Watch(consequence) for consequence in consequences]
    proposals: list[list[Proposal]] = [[] for _ in rounds]
    places_of: dict[str, list[int]] = {}
    for place, one in enumerate(rounds):
        places_of.setdefault(one.period, []).append(place)
    for label in sorted(places_of):
        for place in places_of[label]:
            proposals[place] = _proposals(watches, consequences, rounds[place])
        seen = frozenset(name for place in places_of[label] for name in (*rounds[place].ranks, *rounds[place].absences))
        for watch in watches:
            watch.forget_others(seen)
    return proposals


def holds_in(period: Period, decided: Period, lasts: int | None) -> bool:
    """Whether a consequence of one period holds in another: in as many as it lasts directly after its own, else in its own."""
    if decided.frequency is not period.frequency:
        return False
    return period == decided if lasts is None else 0 < period.ordinal - decided.ordinal <= lasts


def _proposals(watches: Sequence["_Watch"], consequences: Sequence[Consequence], one: Round) -> list[Proposal]:
    places = sorted(one.ranks.values())
    found = [proposal for watch in watches for proposal in watch.proposals(one, places)]
    return _without_replaced(found, consequences)


def _without_replaced(found: Sequence[Proposal], consequences: Sequence[Consequence]) -> list[Proposal]:
    """A replacement holds even where the one that replaces is itself replaced."""
    replaces = {one.code: one.replaces for one in consequences}
    dropped = {(replaces[proposal.code], proposal.subject) for proposal in found}
    return [proposal for proposal in found if (proposal.code, proposal.subject) not in dropped]


class _Watch:
    """One consequence over time: every subject's run, and who came back from the absence that it waits for."""

    def __init__(self, consequence: Consequence) -> None:
        self._consequence = consequence
        self._runs: dict[str, list[Evidence]] = {}
        self._returning: set[str] = set()

    def proposals(self, one: Round, places: Sequence[int]) -> Iterator[Proposal]:
        """Take in a round and give what it leads to, best rank first."""
        for subject, absence in one.absences.items():
            self._note_absence(subject, absence)
        for subject, place in sorted(one.ranks.items(), key=lambda pair: (pair[1], pair[0])):
            is_first = subject in self._returning
            self._returning.discard(subject)
            if not self._is_hit(place, places):
                self._runs.pop(subject, None)
                continue
            run = self._runs.setdefault(subject, [])
            run.append(Evidence(period=one.period, group=one.group, rank=place, ranked=len(places)))
            if evidence := self._evidence(run, is_first=is_first):
                yield Proposal(code=self._consequence.code, subject=subject, evidence=tuple(evidence))

    def forget_others(self, seen: frozenset[str]) -> None:
        """Break the runs of those who have no card in the period."""
        self._runs = {subject: run for subject, run in self._runs.items() if subject in seen}

    def _note_absence(self, subject: str, absence: Absence) -> None:
        if absence is self._consequence.first_month_after:
            self._returning.add(subject)
        if self._consequence.gap is not Gap.SKIP or absence not in PASSED_OVER:
            self._runs.pop(subject, None)

    def _is_hit(self, place: int, places: Sequence[int]) -> bool:
        """Whether the rank is at the bottom or top that the consequence names; all who are tied at the edge are in."""
        if self._consequence.top is not None:
            return place <= self._consequence.top
        if self._consequence.protect is Protect.BETTER_HALF and place * 2 <= len(places):
            return False
        below = len(places) - bisect_right(places, place)
        return self._consequence.bottom is not None and below < self._consequence.bottom

    def _evidence(self, run: Sequence[Evidence], *, is_first: bool) -> Sequence[Evidence]:
        """The periods that prove the consequence; empty where it doesn't follow yet."""
        months = self._consequence.months
        if months is None:
            return run[-1:] if is_first else ()
        is_due = len(run) == months if self._consequence.once_per_run else len(run) >= months
        return run[-months:] if is_due else ()
