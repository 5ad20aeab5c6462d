"""Levels 等级 of customer managers and how they are gained (source: 客户经理考核管理办法, articles 3, 4 and 9).

The examination sets the level. Who failed it and whose average daily deposits reach a threshold is 初级 provisionally.
The pass mark and the threshold come with the evidence of each decision: the source leaves both to the bank and the year.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from workflow.wording import Phrase


class Level(StrEnum):
    """The levels, highest first; a scheme's pay names them so."""

    SENIOR = "高级"
    INTERMEDIATE = "中级"
    JUNIOR = "初级"


class Way(StrEnum):
    """How a level is gained: by examination, by deposits (provisionally), or by a decision that changes it."""

    EXAMINATION = "examination"
    DEPOSITS = "deposits"
    DECISION = "decision"


class Employment(StrEnum):
    """Whether somebody is on the staff or an agent 业务代办员, who has a contract for services only (article 4)."""

    STAFF = "staff"
    AGENT = "agent"


LEVEL_NAMES: Mapping[Level, Phrase] = {
    Level.SENIOR: Phrase("高级", "senior"),
    Level.INTERMEDIATE: Phrase("中级", "intermediate"),
    Level.JUNIOR: Phrase("初级", "junior"),
}
WAY_NAMES: Mapping[Way, Phrase] = {
    Way.EXAMINATION: Phrase("考试", "examination"),
    Way.DEPOSITS: Phrase("日均存款(暂定)", "average deposits (provisional)"),
    Way.DECISION: Phrase("决定调整", "by decision"),
}
EMPLOYMENT_NAMES: Mapping[Employment, Phrase] = {
    Employment.STAFF: Phrase("在册员工", "staff"),
    Employment.AGENT: Phrase("业务代办员", "agent"),
}

_NEEDED = Phrase("请填写", "is required")
_NOT_TAKEN = Phrase("此途径不需要", "does not belong to this way")
_FAILED = Phrase(
    "笔试或面试低于及格线 {mark},不能按考试定级;日均存款达到标准的可暂定为初级",
    "written or oral is below the pass mark {mark}: no level by examination; enough deposits give 初级 provisionally",
)
_PASSED = Phrase(
    "笔试和面试都已及格,请按考试结果定级", "written and oral are passed: give the level that the examination sets"
)
_ONLY_JUNIOR = Phrase("凭日均存款只能暂定为初级", "deposits give 初级 only, provisionally")
_TOO_LITTLE = Phrase("未达到标准 {threshold}", "does not reach the threshold {threshold}")

_TAKEN: Mapping[Way, tuple[str, ...]] = {
    Way.EXAMINATION: ("written", "oral", "pass_mark"),
    Way.DEPOSITS: ("written", "oral", "pass_mark", "average_deposits", "deposit_threshold"),
    Way.DECISION: (),
}
FIGURES = _TAKEN[Way.DEPOSITS]
"""Every figure that the evidence of a level can hold."""

Fault = tuple[str, Phrase, Mapping[str, object]]
"""What is wrong: the field, the sentence, what the sentence tells."""


@dataclass(frozen=True, slots=True)
class Qualification:
    """What is said to earn a level: the way and the figures that prove it, the marks by which they are judged included."""

    level: Level
    way: Way
    figures: Mapping[str, Decimal]

    @property
    def is_provisional(self) -> bool:
        """Whether the level is held for the time being only."""
        return self.way is Way.DEPOSITS

    def faults(self) -> Iterator[Fault]:
        """Say why the figures don't earn the level; nothing where they do."""
        for name in FIGURES:
            if (name in self.figures) != (name in _TAKEN[self.way]):
                yield f"evidence.{name}", _NOT_TAKEN if name in self.figures else _NEEDED, {}
        if all(name in self.figures for name in _TAKEN[self.way]):
            yield from self._judged()

    def _judged(self) -> Iterator[Fault]:
        if self.way is Way.EXAMINATION and not self._has_passed():
            yield "way", _FAILED, {"mark": self.figures["pass_mark"]}
        if self.way is not Way.DEPOSITS:
            return
        if self._has_passed():
            yield "way", _PASSED, {}
        if self.level is not Level.JUNIOR:
            yield "level", _ONLY_JUNIOR, {}
        if self.figures["average_deposits"] < self.figures["deposit_threshold"]:  # 以上 includes the number itself
            yield "evidence.average_deposits", _TOO_LITTLE, {"threshold": self.figures["deposit_threshold"]}

    def _has_passed(self) -> bool:
        return min(self.figures["written"], self.figures["oral"]) >= self.figures["pass_mark"]
