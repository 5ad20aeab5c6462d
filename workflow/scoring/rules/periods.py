"""`periods`: the subject's own results of shorter periods, rolled up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from workflow.numbers import EXACT, Exact, Rounding, divide, multiply, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import SchemeError
from workflow.scoring.inputs import numbers_at, present
from workflow.scoring.missing import Missing
from workflow.scoring.parts import Positive
from workflow.scoring.periods import FREQUENCY_NAMES, Frequency
from workflow.scoring.rules.base import Evaluate, ItemContext, Rule
from workflow.wording import Language, Phrase

NOT_SHORTER = Phrase("必须短于方案的考核周期", "must be shorter than the periods of the scheme")
DESCRIBED = Phrase("期内各{of}评分表{take} ÷ {out_of} × {full} 分", "{take} of the {of} cards ÷ {out_of} × {full}")


class Of(StrEnum):
    """Which cards are rolled up."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"


class Take(StrEnum):
    """What is taken of the totals."""

    AVERAGE = "average"
    SUM = "sum"
    LAST = "last"


TAKES = {
    Take.AVERAGE: Phrase("总分的均值", "average of the totals"),
    Take.SUM: Phrase("总分之和", "sum of the totals"),
    Take.LAST: Phrase("最后一张的总分", "last total"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodsRule(Rule):
    """Average, sum or last of the published totals inside the period, ÷ `out_of` × `full`."""

    kind: ClassVar[str] = "periods"
    keys: ClassVar[frozenset[str]] = frozenset({"totals"})
    derived_from: ClassVar[str | None] = "totals"

    of: Of
    take: Take
    out_of: Positive
    full: Positive

    @property
    def most(self) -> Decimal:
        """Full marks."""
        return self.full

    def check_frequency(self, frequency: Frequency) -> None:
        """Only shorter periods lie inside a period of the scheme."""
        order = list(Frequency)
        if order.index(Frequency(self.of.value)) >= order.index(frequency):
            raise SchemeError("of", NOT_SHORTER)

    def compile(self, _: Rounding, /) -> Evaluate:
        """What is taken of the totals, in proportion to `out_of`."""

        def evaluate(data: Mapping[str, Any], _: ItemContext, trace: Trace | None) -> Exact | Missing:
            data = present(data, self.keys)
            totals = numbers_at(data, "totals") if data else []
            if not totals:
                return Missing.NO_INPUT
            amount, count = self._taken(totals)
            points = multiply(self.full, divide(amount, EXACT.multiply(self.out_of, count)))
            if trace is not None:
                added = " + ".join(plain(total) for total in totals)
                trace.add("totals", how=self.take.value, totals=added, taken=divide(amount, count))
                ratio = plain(amount) if count == 1 else f"{plain(amount)} ÷ {count}"
                expression = f"{ratio} ÷ {plain(self.out_of)} × {plain(self.full)}"
                trace.add("arithmetic", expression=expression, result=points)
            return points

        return evaluate

    def _taken(self, totals: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
        """What is taken, as an amount and the count by which it is divided."""
        if self.take is Take.LAST:
            return totals[-1], Decimal(1)
        return sum(totals, Decimal(0)), Decimal(len(totals) if self.take is Take.AVERAGE else 1)

    def describe(self, language: Language) -> str:
        """What is taken of which cards."""
        return DESCRIBED.say(
            language,
            of=FREQUENCY_NAMES[Frequency(self.of.value)].say(language),
            take=TAKES[self.take].say(language),
            out_of=plain(self.out_of),
            full=plain(self.full),
        )
