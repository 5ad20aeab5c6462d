"""Writes the parts of the documents that are made from the code; `make docs` runs it, and guard tests compare."""

import re
from pathlib import Path

from config import ROOT, declared, variable
from tests.support.scheme_pages import write_schemes_page

OPERATIONS = ROOT / "docs" / "operations.md"


def settings_table() -> str:
    """Every setting with what it is for, in both languages, as a Markdown table."""
    rows = [f"| `{variable(name)}` | {setting.zh} | {setting.en} |" for name, setting in declared().items()]
    return "\n".join(["| 设置 / Setting | 含义 | Meaning |", "|---|---|---|", *rows])


def replace_part(path: Path, part: str, text: str) -> None:
    """Put `text` between the marks of `part` in a document."""
    begin, end = f"<!-- {part}: made by `make docs` -->", f"<!-- end of {part} -->"
    marks = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    document = path.read_text(encoding="utf-8")
    path.write_text(marks.sub(lambda _: f"{begin}\n{text}\n{end}", document), encoding="utf-8")


if __name__ == "__main__":
    replace_part(OPERATIONS, "settings", settings_table())
    write_schemes_page()
