"""What holds for every file of the project."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from config import ROOT
from tests.support.tree import place, tracked

LINES = 450
TEXT = {
    ".py",
    ".md",
    ".html",
    ".css",
    ".js",
    ".yaml",
    ".yml",
    ".toml",
    ".txt",
    ".in",
    ".po",
    ".json",
    ".typ",
    ".cfg",
    ".go",
    ".mako",
    "",
}
# Hosts that packages come from: whoever installs brings their own.
REGISTRIES = re.compile(r"\b(?:pypi|pythonhosted|npmjs|yarnpkg|debian|crates)\.(?:org|com|io|net)\b")
# Brought in from others, or written by a generator and never changed again.
NOT_READ = ("static/vendor/", "migrations/versions/")
# Requirements that no module imports: a program, a font, data, a driver that its address names.
NOT_IMPORTED = {"setuptools", "manimgx-fonts-cjk", "tzdata", "psycopg"}


def text_files() -> list[Path]:
    return [path for path in tracked() if path.suffix in TEXT and "static/vendor" not in place(path)]


def test_no_file_names_a_package_registry() -> None:
    naming = [place(path) for path in text_files() if REGISTRIES.search(path.read_text(encoding="utf-8"))]
    assert naming == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    elsewhere = re.compile(r"(?<![\w.])/(?:work|home|root)/\w")
    naming = [place(path) for path in text_files() if elsewhere.search(path.read_text(encoding="utf-8"))]
    assert naming == []


def test_files_stay_short_enough_to_read() -> None:
    long = {place(path): count for path in tracked("*.py", "*.js", "*.css", "*.html") if (count := lines(path)) > LINES}
    assert {name: count for name, count in long.items() if not name.startswith(NOT_READ)} == {}


def test_the_package_itself_does_nothing_on_import() -> None:
    assert (ROOT / "workflow" / "__init__.py").read_text(encoding="utf-8").strip() == ""


def test_requirements_are_pinned_by_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9][^\n]*?==[^\n]*", text, re.MULTILINE)
        assert pins
        assert all(pin.endswith("\\") for pin in pins), "each pin is followed by its hashes"


def test_the_service_imports_what_it_requires_and_requires_what_it_imports() -> None:
    required = set(re.findall(r"^([a-z0-9-]+)", (ROOT / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE))
    providers = packages_distributions()
    imported = {
        normal(distribution)
        for path in tracked("workflow/*.py", "migrations/*.py", "config.py", "wsgi.py")
        for module in imports(path)
        for distribution in providers.get(module, [])
    }
    assert sorted(imported - required - {"kaogong"}) == []
    assert sorted(required - imported - NOT_IMPORTED) == []


@pytest.mark.parametrize("path", tracked("tests/*/test_*.py"), ids=place)
def test_tests_neither_sleep_nor_skip(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not calls & {
        "time.sleep",
        "pytest.skip",
        "pytest.mark.skip",
        "pytest.mark.skipif",
        "pytest.mark.xfail",
        "pytest.xfail",
    }


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    whence = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in plain | whence} - sys.stdlib_module_names
