"""What the documents point at is there, and what is made from the code is up to date."""

import re
from pathlib import Path

import pytest

from config import ROOT
from tests.support.scheme_pages import SCHEMES_PAGE, schemes_page
from tests.support.source_schemes import SCHEMES
from tests.support.tree import place, tracked

SHOWN_BY = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("path", tracked("*.md"), ids=place)
def test_every_link_leads_to_a_file(path: Path) -> None:
    links = LINK.findall(path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_command_of_make_is_listed_in_its_help() -> None:
    makefile = Path(tracked("Makefile")[0]).read_text(encoding="utf-8")
    phony = set(makefile.partition(".PHONY:")[2].partition("\n")[0].split())
    explained = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert phony == explained


def test_the_page_of_the_schemes_is_what_their_files_say() -> None:
    page = SCHEMES_PAGE.read_text(encoding="utf-8")
    assert page == schemes_page(), "run `make docs`"
    missing = [path.stem for path in SCHEMES.glob("*.yaml") if f"`{path.stem}`" not in page]
    assert missing == []


def test_every_test_that_the_page_on_security_names_is_there() -> None:
    named = SHOWN_BY.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8"))
    assert len(named) > 40
    assert [each for each in named if f"def {each[1]}(" not in text_of(ROOT / each[0])] == []


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
