"""Every sentence of the pages, written in Chinese, has its English."""

import polib
import pytest
from babel.messages.extract import extract_from_dir

from config import ROOT

CATALOGUE = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("templates/**.html", "jinja2"), ("workflow/**.py", "python")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}


@pytest.fixture(scope="module")
def english() -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete}


def marked() -> dict[str, str]:
    """Every marked sentence, with the place where it stands."""
    found = {}
    for name in ("templates", "workflow"):
        for file, line, message, *_ in extract_from_dir(
            ROOT / name, [(pattern.partition("/")[2], method) for pattern, method in METHODS if pattern.startswith(name)],
            keywords=KEYWORDS,
        ):  # fmt: skip
            found[message if isinstance(message, str) else message[0]] = f"{name}/{file}:{line}"
    return found


def test_every_sentence_of_the_pages_is_translated(english: dict[str, polib.POEntry]) -> None:
    missing = [f"{where}: {text}" for text, where in marked().items() if text not in english or not says(english[text])]
    assert missing == []


def test_the_catalogue_holds_nothing_that_no_page_says(english: dict[str, polib.POEntry]) -> None:
    assert sorted(set(english) - set(marked())) == []


def test_no_translation_is_a_guess(english: dict[str, polib.POEntry]) -> None:
    assert [entry.msgid for entry in english.values() if entry.fuzzy] == []


def says(entry: polib.POEntry) -> bool:
    return bool(entry.msgstr or (entry.msgstr_plural and all(entry.msgstr_plural.values())))
