"""Ranks inside one ranking group 考核单元, and grades that only a part of the group may have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from workflow.scoring.scheme import Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Competitor:
    """The total with which a subject competes, and the section points that settle equal totals, in turn."""

    subject: str
    total: Decimal
    tie_break: tuple[Decimal | None, ...] = ()


def rank(competitors: Sequence[Competitor], tie_breaks: int = 0) -> dict[str, int]:
    """Ranks by subject, best first: 1 is best, equals share a rank, and the next rank is skipped (1, 2, 2, 4).

    Of each tie break the first `tie_breaks` values count; higher is better, missing is lowest.
    """
    keyed = sorted(((_key(one, tie_breaks), one.subject) for one in competitors), reverse=True)
    ranks: dict[str, int] = {}
    for _, equals in groupby(keyed, key=lambda pair: pair[0]):
        place = len(ranks) + 1
        ranks.update((subject, place) for subject in sorted(subject for _, subject in equals))
    return ranks


def _key(one: Competitor, tie_breaks: int) -> tuple[Decimal | tuple[bool, Decimal], ...]:
    if not tie_breaks:
        return (one.total,)
    values = (*one.tie_break, *(None,) * tie_breaks)[:tie_breaks]
    return (one.total, *((value is not None, value or Decimal(0)) for value in values))


def grade_by_quota(scheme: Scheme, totals: Mapping[str, Decimal], ranks: Mapping[str, int]) -> dict[str, str | None]:
    """The grade of each ranked subject: by threshold, and where a grade has a `share`, for at most that part of the group.

    The share is cut to whole people, best first; all who are equal at its edge fall to the next grade together.
    None is who reaches no grade.
    """
    grades: dict[str, str | None] = dict.fromkeys(ranks)
    waiting = sorted(ranks, key=ranks.__getitem__)
    for grade in scheme.grades:
        room = len(ranks) if grade.share is None else int(grade.share * len(ranks))
        reaching = [subject for subject in waiting if totals[subject] >= grade.at_least]
        taken = _best(reaching, ranks, room)
        grades.update(dict.fromkeys(taken, grade.name))
        waiting = [subject for subject in waiting if subject not in taken]
    return grades


def _best(subjects: Sequence[str], ranks: Mapping[str, int], room: int) -> frozenset[str]:
    """The best subjects that fit, without tearing equals apart."""
    taken: list[str] = []
    for _, equals in groupby(subjects, key=ranks.__getitem__):
        together = list(equals)
        if len(taken) + len(together) > room:
            break
        taken += together
    return frozenset(taken)
