"""Who counts as absent in a period: by where they stood on its days, and by how many of them they attended.

The source names the reasons and not the measure (scoring.md, Ranking), so two assumptions hold here: a standing keeps
somebody out of a period when it takes more than half of its days, and where no attendance has been told, every working
day on post counts as attended.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from workflow.numbers import Rounding
from workflow.scoring.terms import Absence

_SHARE = Rounding(step=Decimal("0.0001"))


@dataclass(frozen=True, slots=True)
class Presence:
    """One person in a period: all its days, on which of them a standing held, and the working days with a post."""

    days: Sequence[date]
    stood: Mapping[date, Absence]
    with_post: frozenset[date] = frozenset()

    def attended(self) -> int:
        """Count the working days on post; who is on probation is on post."""
        return sum(1 for day in self.with_post if self.stood.get(day) in {None, Absence.PROBATION})


def absence(presence: Presence, min_days: int | None = None, told: Decimal | None = None) -> Absence | None:
    """Give why somebody is not ranked, None for who is; `told` are the days attended where they have been recorded."""
    held = Counter(presence.stood[day] for day in presence.days if day in presence.stood)
    if 2 * held.total() > len(presence.days):
        return held.most_common(1)[0][0]
    if min_days is None:
        return None
    attended = presence.attended() if told is None else told
    return Absence.PARTIAL if attended < min_days else None


def attended_share(told: Decimal, working: int) -> Decimal | None:
    """Give the share of a period's working days that somebody attended, at most 1, rounded to 0.0001; None where it has none."""
    return _SHARE.round(min(Fraction(told) / working, Fraction(1))) if working else None
