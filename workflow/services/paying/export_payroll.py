"""A plan's payroll as a workbook, for the payroll office."""

from collections.abc import Mapping
from decimal import Decimal

from workflow.policy import Actor
from workflow.scoring.basis import render_basis
from workflow.scoring.pay_gaps import say_gap
from workflow.services.importing.workbooks import write_table
from workflow.services.paying import look_up_payroll
from workflow.services.paying.look_up_payroll import PayrollRow
from workflow.wording import Language, Phrase

HEADERS = (
    Phrase("批次", "Batch"),
    Phrase("评分表编号", "Card number"),
    Phrase("工号", "Staff number"),
    Phrase("姓名", "Name"),
    Phrase("单位", "Unit"),
    Phrase("方案", "Scheme"),
    Phrase("级别", "Level"),
    Phrase("总分", "Total points"),
    Phrase("考核等级", "Grade"),
    Phrase("出勤率", "Attended share"),
    Phrase("奖金基数", "Bonus base"),
    Phrase("基本工资", "Base wage"),
    Phrase("效益工资", "Benefit wage"),
    Phrase("绩效奖金", "Bonus"),
    Phrase("合计", "Total"),
    Phrase("此前应发", "Told before"),
    Phrase("本批应发", "To pay now"),
    Phrase("计算过程", "Arithmetic"),
    Phrase("未能计算的原因", "Why there is no amount"),
    Phrase("评分表摘要", "Digest of the card"),
)
PART_NAMES: Mapping[str, Phrase] = {
    "base": Phrase("基本工资", "base wage"),
    "benefit": Phrase("效益工资", "benefit wage"),
    "bonus": Phrase("绩效奖金", "bonus"),
}
GAP = Phrase("{part}:{why}", "{part}: {why}")
BETWEEN = Phrase(";", "; ")


def workbook_of_payroll(actor: Actor, code: str) -> bytes:
    """Give every line of a plan's payroll that the actor may see, frozen batch and differences; raises Refusal."""
    rows = look_up_payroll.all_lines(actor, code)
    return write_table(
        [phrase.say(actor.language) for phrase in HEADERS], (_cells(row, actor.language) for row in rows)
    )


def say_gaps(gaps: Mapping[str, str], language: Language) -> list[str]:
    """Say which parts have no amount, and why."""
    return [
        GAP.say(language, part=PART_NAMES[part].say(language), why=say_gap(gap, language)) for part, gap in gaps.items()
    ]


def _cells(row: PayrollRow, language: Language) -> list[str | int | Decimal | None]:
    between = BETWEEN.say(language)
    return [
        row.batch,
        row.number if not row.revision else f"{row.number}-R{row.revision}",
        row.subject,
        row.subject_name,
        row.unit_name,
        row.scheme_title,
        row.level,
        row.points,
        row.grade,
        row.attendance,
        row.bonus_base,
        row.base,
        row.benefit,
        row.bonus,
        row.total,
        row.before,
        row.to_pay,
        between.join(step["text"] for step in render_basis(row.arithmetic, language)),
        between.join(say_gaps(row.gaps, language)),
        row.digest,
    ]
