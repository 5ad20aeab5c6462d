"""Writes `docs/schemes.md`: every scheme of `schemes/` in words, as the files say it."""

from collections.abc import Iterator
from pathlib import Path

from config import ROOT
from workflow.numbers import plain
from workflow.scoring.loading import load_scheme
from workflow.scoring.scheme import Item, Scheme, Section
from workflow.scoring.terms_wording import say_terms
from workflow.wording import Language, Phrase

SCHEMES_PAGE = ROOT / "docs" / "schemes.md"

HEADING = """# 考核方案 / Schemes

由 `make docs` 按 `schemes/*.yaml` 生成;请改文件,不改本页。规则以中文、英文各写一遍,标题与出处照原文。
Made by `make docs` from `schemes/*.yaml`: change those, not this page. Rules are given in both languages; titles and sources as they are.
"""
FREQUENCIES = {
    "day": Phrase("每日", "daily"),
    "month": Phrase("每月", "monthly"),
    "quarter": Phrase("每季度", "quarterly"),
    "half-year": Phrase("每半年", "half-yearly"),
    "year": Phrase("每年", "yearly"),
}
SUBJECTS = {"unit": Phrase("考核单位", "appraises units"), "person": Phrase("考核个人", "appraises persons")}
TERMS = {
    "grades": "考核等级 / Grades",
    "vetoes": "一票否决 / Vetoes",
    "ranking": "排名 / Ranking",
    "consequences": "结果运用 / Consequences",
    "pay": "薪酬 / Pay",
}


def schemes_page() -> str:
    """The whole page: a list of the schemes, then each of them."""
    schemes = [load_scheme(path) for path in sorted((ROOT / "schemes").glob("*.yaml"))]
    listed = "\n".join(f"- [{scheme.title}](#{scheme.code}) `{scheme.code}`" for scheme in schemes)
    return "\n".join([HEADING, listed, "", *("\n".join(_scheme(scheme)) for scheme in schemes)])


def write_schemes_page(path: Path = SCHEMES_PAGE) -> None:
    """Write the page anew."""
    path.write_text(schemes_page(), encoding="utf-8")


def _scheme(scheme: Scheme) -> Iterator[str]:
    document, total = scheme.document, scheme.total
    frequency, subject = FREQUENCIES[scheme.frequency], SUBJECTS[scheme.subject]
    yield f'<a id="{scheme.code}"></a>\n\n## {scheme.title}\n'
    yield f"- `{scheme.code}`:{frequency.zh},{subject.zh};{frequency.en}, {subject.en}"
    if document is not None:
        yield f"- 编码 {document.number},版本 {document.version},修改状态 {document.revision}"
    step = plain(scheme.rounding.step)
    yield f"- 总分 {plain(total.min)} 至 {plain(total.max)},取整到 {step} / total {plain(total.min)} to {plain(total.max)}, to {step}"
    yield from _grounds(scheme)
    yield ""
    for section in scheme.sections:
        yield from _section(section)
    for key, sentences in say_terms(scheme, Language.ZH).items():
        yield f"**{TERMS[key]}**\n"
        in_english = say_terms(scheme, Language.EN)[key]
        yield from (f"- {zh}<br>{en}" for zh, en in zip(sentences, in_english, strict=True))
        yield ""


def _section(section: Section) -> Iterator[str]:
    yield f"### {section.title} `{section.code}`{_full(section)}\n"
    grounds = list(_grounds(section))
    yield from [*grounds, ""] if grounds else []
    yield "| 指标 / Item | 规则 / Rule | 满分 / Full | 出处与假定 / Source and assumption |\n|---|---|---|---|"
    yield from (_item(item) for item in section.items)
    yield ""


def _item(item: Item) -> str:
    unit = f"({item.unit})" if item.unit else ""
    weight = "" if item.weight == 1 else f"<br>× {plain(item.weight)}"
    optional = "<br>可不适用 / may not apply" if item.optional else ""
    rule = "<br>".join(item.describe(language) for language in Language)
    full = "" if item.full_marks is None else plain(item.full_marks)
    grounds = "<br>".join(line.removeprefix("- ") for line in _grounds(item))
    cells = (f"{item.title}{unit}<br>`{item.code}`", f"{rule}{weight}{optional}", full, grounds)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _grounds(part: Scheme | Section | Item) -> Iterator[str]:
    if part.source:
        yield f"- 出处 / Source:{part.source}"
    if part.assumption:
        yield f"- 假定 / Assumption:{part.assumption}"


def _full(section: Section) -> str:
    return "" if section.full_marks is None else f":{plain(section.full_marks)}"
