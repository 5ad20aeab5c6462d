"""What the browser gets keeps to the Content-Security-Policy and comes from this server alone."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from config import ROOT
from tests.support.tree import place, tracked

VENDOR = ROOT / "static" / "vendor"

REFUSED = {
    "hx-on needs eval": r"\bhx-on\b",
    "js: values need eval": r"""hx-(?:vals|headers)\s*=\s*["']\s*js(?:avascript)?:""",
    "a filter in hx-trigger needs eval, and fails open": r"""hx-trigger\s*=\s*["'][^"']*\[""",
    "hx-eval and scripts in answers are off": r"\bhx-(?:ext\s*=\s*[\"'][^\"']*eval|script)\b",
    "a style attribute is blocked": r"<[^>]*\sstyle\s*=",
    "a style element is blocked": r"<style\b",
    "an inline script is blocked": r"<script(?![^>]*\bsrc\s*=)[^>]*>",
    "an inline handler is blocked": r"<[^>]*\son[a-z]+\s*=",
    "javascript: addresses are blocked": r"javascript:",
    "nothing is loaded from elsewhere": r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""",
    "a data: address is blocked": r"""(?:src|href)\s*=\s*["']data:""",
}


@pytest.mark.parametrize("path", tracked("templates/*.html", "templates/**/*.html"), ids=place)
def test_templates_keep_to_the_policy(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [why for why, pattern in REFUSED.items() if re.search(pattern, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("path", tracked("static/css/*", "static/js/*"), ids=place)
def test_own_files_load_nothing_from_elsewhere_and_evaluate_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//|url\(\s*["']?data:""", text)
    if path.suffix == ".js":
        assert not re.search(r"\beval\s*\(|new Function\s*\(|innerHTML\s*=|fetch\(\s*[\"'`]https?:", text)


def test_vendored_files_are_the_ones_that_the_manifest_names() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    named = {entry["file"]: entry["sha256"] for entry in manifest}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == named
    assert all(entry["name"] and entry["version"] and entry["licence"] for entry in manifest)
