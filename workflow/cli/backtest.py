"""`kaogong backtest`: past plans under a changed scheme."""

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import click

from workflow.cli.application import on_database
from workflow.cli.saying import saying_refusals
from workflow.cli.score import EXISTING_FILE, LANGUAGE, read_scheme
from workflow.policy import COMPANY, SYSTEM, Grant, Role
from workflow.services.schemes.backtest import BackTest, ConsequenceChange, Line, Standing, back_test, count_cards
from workflow.wording import Language, Phrase

SUMMARY = Phrase(
    "共 {cards} 张评分表:{total} 张总分有变,{rank} 张名次有变,{grade} 张等级有变,{missing} 张不完整",
    "{cards} cards: {total} change their total, {rank} their rank, {grade} their grade, {missing} become incomplete",
)
MOVES = Phrase(
    "{period} {subject} {name}:总分 {was_total} → {total}({change}),名次 {was_rank} → {rank},等级 {was_grade} → {grade}",
    "{period} {subject} {name}: total {was_total} → {total} ({change}), rank {was_rank} → {rank}, grade {was_grade} → {grade}",
)
LACKS = Phrase(";缺 {items}", "; lacks {items}")
COMES = Phrase(
    "+ {period} {subject} {name}:{title}({code}),名次 {ranks}",
    "+ {period} {subject} {name}: {title} ({code}), ranks {ranks}",
)
GOES = Phrase(
    "- {period} {subject} {name}:{title}({code}),名次 {ranks}",
    "- {period} {subject} {name}: {title} ({code}), ranks {ranks}",
)
NOTHING = "—"


@click.command("backtest")
@click.option("--scheme", "scheme_file", type=EXISTING_FILE, required=True, help="The changed scheme, as YAML or JSON.")
@click.option("--plan", "plans", multiple=True, required=True, help="A published plan; may be given several times.")
@click.option(
    "--language", type=LANGUAGE, default=Language.ZH.value, show_default=True, help="Language of the sentences."
)
@on_database
def backtest(scheme_file: Path, plans: tuple[str, ...], language: str) -> None:
    """Score the cards of past plans anew under a changed scheme and print who moves; nothing is written."""
    scheme = read_scheme(scheme_file)
    tester = SYSTEM.granted(Grant(Role.ADMINISTRATOR, COMPANY))
    with saying_refusals():
        count = count_cards(tester, scheme, plans)
        with click.progressbar(length=count, file=sys.stderr) as bar:
            found = back_test(tester, scheme, plans, bar.update)
    for line in told(found, Language(language)):
        click.echo(line)


def told(found: BackTest, language: Language) -> Iterator[str]:
    """Tell who moves, what would be proposed and what would not, and the sums."""
    yield from (_moved(line, language) for line in found.moved)
    yield from (_consequence(each, language) for each in found.consequences)
    counts = {what: found.count(what) for what in ("total", "rank", "grade")}
    missing = sum(bool(line.missing) for line in found.lines)
    yield SUMMARY.say(language, cards=len(found.lines), missing=missing, **counts)


def _moved(line: Line, language: Language) -> str:
    change = NOTHING if line.change is None else f"{line.change:+f}"
    who = {"period": line.period, "subject": line.subject, "name": line.name}
    was = {f"was_{name}": text for name, text in _texts(line.before).items()}
    said = MOVES.say(language, **who, **was, **_texts(line.after), change=change)
    return said + LACKS.say(language, items=", ".join(line.missing)) if line.missing else said


def _texts(standing: Standing) -> dict[str, str]:
    return {name: _text(getattr(standing, name)) for name in ("total", "rank", "grade")}


def _text(value: Decimal | int | str | None) -> str:
    if value is None:
        return NOTHING
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _consequence(each: ConsequenceChange, language: Language) -> str:
    phrase = COMES if each.comes else GOES
    ranks = ", ".join(str(rank) for rank in each.ranks)
    return phrase.say(
        language,
        period=each.period,
        subject=each.subject,
        name=each.name,
        title=each.title,
        code=each.code,
        ranks=ranks,
    )
