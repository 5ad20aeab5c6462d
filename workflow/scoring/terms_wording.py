"""What a scheme says after the points are known, in words: grades, vetoes, ranking, consequences, pay."""

from collections.abc import Iterator
from decimal import Decimal

from workflow.numbers import plain
from workflow.scoring.scheme import Scheme
from workflow.scoring.terms import (
    ABSENCE_NAMES,
    Benefit,
    BenefitOf,
    Bonus,
    BonusBase,
    BonusBy,
    BonusEffect,
    Consequence,
    Gap,
    Grade,
    Pay,
    Protect,
    Ranking,
    Step,
    Veto,
    Within,
)
from workflow.wording import Language, Phrase

GRADE = Phrase("{name}:{at_least} 分起", "{name}: from {at_least}")
SHARE = Phrase(",至多占考核单元的 {share}", ", at most {share} of the group")
CUT = Phrase(",总分至多 {total_max} 分", ", the total is at most {total_max}")
GRADED = Phrase(",考核等级定为{grade}", ", the grade is {grade}")
WITHIN = {
    Within.UNIT: Phrase("在本单位内排名", "ranked within the unit"),
    Within.GROUP: Phrase("在考核单元内排名", "ranked within the ranking group"),
    Within.PLAN: Phrase("在整个考核计划内排名", "ranked within the whole plan"),
}
FAMILY = Phrase(",与同族方案 {family} 一起排", ", together with all schemes of the family {family}")
TIE_BREAK = Phrase(",同分依次比 {sections}", ", equal totals are told apart by {sections} in turn")
MIN_DAYS = Phrase(",出勤不足 {days} 天不参加排名", ", fewer than {days} days attended are not ranked")
BOTTOM = Phrase("末 {places} 名", "last {places}")
TOP = Phrase("前 {places} 名", "first {places}")
RUN = Phrase("连续 {months} 期", "in {months} consecutive periods")
ONCE = Phrase("当期", "in the period")
AFTER = Phrase("{absence}后的第一期", "in the first period after {absence}")
LASTS = Phrase(",为期 {periods} 期", ", for {periods} period(s)")
NO_BONUS = Phrase(",停发绩效奖金", ", no bonus")
REPLACES = Phrase(",替代 {code}", ", replaces {code}")
PROTECTED = Phrase(",名次在前一半的除外", ", except for the better half")
SKIPPED = Phrase(",请假或出勤不足的各期略过", ", periods on leave or partly attended are passed over")
ONCE_PER_RUN = Phrase(",每次连续只提一次", ", once in each run")
CONSEQUENCE = Phrase(
    "{title}({code}):{when}{places}{more};由 {by} 办理{then}", "{title} ({code}): {places} {when}{more}; by {by}{then}"
)
THEN = Phrase(";确认后依次为{steps}", "; once confirmed followed by {steps}")
STEP = Phrase("{title}({code},由 {by} 办理{failed})", "{title} ({code}, by {by}{failed})")
FAILED = Phrase(",不合格的再延 {periods} 期", ", failing it prolongs it by {periods} period(s)")
BASE_PAY = Phrase("基本工资:{levels}", "base wage: {levels}")
BENEFIT_OF = {
    BenefitOf.ACTUAL: Phrase("实际完成额", "the actual amount"),
    BenefitOf.INCREMENT: Phrase("超出基数的部分", "what exceeds the base"),
    BenefitOf.COMPLETION: Phrase("完成比例", "the completion ratio"),
}
BENEFIT = Phrase("效益工资:{item} 的{of} × {rate}", "benefit wage: {of} of {item} × {rate}")
BONUS_BASE = {
    BonusBase.LEVEL: Phrase("本级基本工资", "the wage of the level"),
    BonusBase.PERSON: Phrase("本人奖金基数", "the person's own base"),
}
BY_SCORE = Phrase("绩效奖金:{base} × 总分 ÷ 100", "bonus: {base} × total ÷ 100")
BY_GRADE = Phrase(
    "绩效奖金:{base} × 等级系数({coefficients})", "bonus: {base} × the grade's coefficient ({coefficients})"
)
BY_ATTENDANCE = Phrase(" × 出勤比例", " × share of days attended")
SEPARATOR = {Language.ZH: "、", Language.EN: ", "}


def say_terms(scheme: Scheme, language: Language) -> dict[str, list[str]]:
    """Everything a scheme says beside its sections, as sentences by the scheme's key; keys with nothing to say are left out."""
    said = {
        "grades": [say_grade(each, language) for each in scheme.grades],
        "vetoes": [say_veto(each, language) for each in scheme.vetoes],
        "ranking": [say_ranking(scheme.ranking, language)],
        "consequences": [say_consequence(each, language) for each in scheme.consequences],
        "pay": [] if scheme.pay is None else list(say_pay(scheme.pay, language)),
    }
    return {key: sentences for key, sentences in said.items() if sentences}


def say_grade(grade: Grade, language: Language) -> str:
    """From which total a grade is reached, and by how many."""
    words = GRADE.say(language, name=grade.name, at_least=plain(grade.at_least))
    return words if grade.share is None else words + SHARE.say(language, share=plain(grade.share))


def say_veto(veto: Veto, language: Language) -> str:
    """What a veto cuts and sets."""
    words = f"{veto.title} ({veto.code})"
    if veto.total_max is not None:
        words += CUT.say(language, total_max=plain(veto.total_max))
    return words if veto.grade is None else words + GRADED.say(language, grade=veto.grade)


def say_ranking(ranking: Ranking, language: Language) -> str:
    """Who competes with whom, and how equal totals are told apart."""
    words = WITHIN[ranking.within].say(language)
    if ranking.family is not None:
        words += FAMILY.say(language, family=ranking.family)
    if ranking.tie_break:
        words += TIE_BREAK.say(language, sections=SEPARATOR[language].join(ranking.tie_break))
    return words if ranking.min_days is None else words + MIN_DAYS.say(language, days=ranking.min_days)


def say_consequence(one: Consequence, language: Language) -> str:
    """Whom a consequence meets, when, and what it brings with it."""
    places = BOTTOM.say(language, places=one.bottom) if one.top is None else TOP.say(language, places=one.top)
    more = "".join(_more(one, language))
    when = _when(one, language)
    words = {"title": one.title, "code": one.code, "by": one.by, "when": when, "places": places}
    return CONSEQUENCE.say(language, **words, more=more, then=_then(one, language))


def _then(one: Consequence, language: Language) -> str:
    """Say which steps follow, one after the other."""
    steps = SEPARATOR[language].join(_step(step, language) for step in one.then)
    return THEN.say(language, steps=steps) if steps else ""


def _step(step: Step, language: Language) -> str:
    failed = "" if step.failed is None else FAILED.say(language, periods=step.failed)
    return STEP.say(language, title=step.title, code=step.code, by=step.by, failed=failed)


def _when(one: Consequence, language: Language) -> str:
    if one.first_month_after is not None:
        return AFTER.say(language, absence=ABSENCE_NAMES[one.first_month_after].say(language))
    return ONCE.say(language) if one.months == 1 else RUN.say(language, months=one.months)


def _more(one: Consequence, language: Language) -> Iterator[str]:
    if one.lasts is not None:
        yield LASTS.say(language, periods=one.lasts)
    if one.replaces is not None:
        yield REPLACES.say(language, code=one.replaces)
    switches = (
        (one.bonus is BonusEffect.NONE, NO_BONUS),
        (one.protect is Protect.BETTER_HALF, PROTECTED),
        (one.gap is Gap.SKIP, SKIPPED),
        (one.once_per_run, ONCE_PER_RUN),
    )
    yield from (phrase.say(language) for holds, phrase in switches if holds)


def say_pay(pay: Pay, language: Language) -> Iterator[str]:
    """The parts of the pay, a sentence for each."""
    if pay.base:
        levels = (f"{level} {plain(amount)}" for level, amount in pay.base.items())
        yield BASE_PAY.say(language, levels=SEPARATOR[language].join(levels))
    if pay.benefit is not None:
        yield _benefit(pay.benefit, language)
    if pay.bonus is not None:
        yield _bonus(pay.bonus, language)


def _benefit(benefit: Benefit, language: Language) -> str:
    of = BENEFIT_OF[benefit.of].say(language)
    return BENEFIT.say(language, item=benefit.item, of=of, rate=plain(benefit.rate))


def _bonus(bonus: Bonus, language: Language) -> str:
    base = plain(bonus.base) if isinstance(bonus.base, Decimal) else BONUS_BASE[bonus.base].say(language)
    coefficients = SEPARATOR[language].join(f"{name} {plain(one)}" for name, one in bonus.coefficients.items())
    phrase = BY_SCORE if bonus.by is BonusBy.SCORE else BY_GRADE
    words = phrase.say(language, base=base, coefficients=coefficients)
    return words + BY_ATTENDANCE.say(language) if bonus.attendance else words
