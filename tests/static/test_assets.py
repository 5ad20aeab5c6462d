"""What the pages load fits together and stays small."""

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from config import ROOT
from workflow.assets import version_of

STATIC = ROOT / "static"
FIRST_LOAD = (
    "vendor/bootstrap/bootstrap.min.css",
    "vendor/htmx/htmx.min.js",
    "vendor/idiomorph/idiomorph-ext.min.js",
    "vendor/tabler/icons.svg",
    "img/mark.svg",
    *(f"css/{path.name}" for path in sorted((STATIC / "css").glob("*.css"))),
    *(f"js/{path.name}" for path in sorted((STATIC / "js").glob("*.js"))),
)
LIMIT_BYTES = 120 * 1024


@pytest.fixture(scope="module")
def words() -> str:
    """Everything that templates and scripts say, as one text."""
    paths = [*(ROOT / "templates").rglob("*.html"), *(STATIC / "js").glob("*.js")]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@pytest.fixture(scope="module")
def icons() -> set[str]:
    """The names of the icons in the sprite."""
    sprite = (STATIC / "vendor" / "tabler" / "icons.svg").read_text(encoding="utf-8")
    return set(re.findall(r'<symbol id="([\w-]+)"', sprite))


def test_everything_of_the_first_load_together_stays_under_120_kilobytes() -> None:
    assert sum(len(gzip.compress((STATIC / name).read_bytes())) for name in FIRST_LOAD) <= LIMIT_BYTES


def test_every_icon_that_is_named_is_in_the_sprite(words: str, icons: set[str]) -> None:
    named = set(re.findall(r"\bicon\(['\"]([\w-]+)['\"]", words))
    assert named
    assert named - icons == set()


def test_the_sprite_holds_only_icons_in_use(words: str, icons: set[str]) -> None:
    assert sorted(name for name in icons if not re.search(rf"['\"]{re.escape(name)}['\"]", words)) == []


def test_every_sentence_that_a_script_says_is_rendered_for_it(words: str) -> None:
    said = set(re.findall(r'\bsay\("([\w-]+)"', words))
    assert said
    assert said - set(re.findall(r'data-w="([\w-]+)"', words)) == set()


def test_every_script_and_sheet_that_a_template_names_exists(words: str) -> None:
    named = re.findall(r"filename='((?:js|css|img|vendor)/[\w./-]+)'", words)
    assert named
    assert [name for name in named if not (STATIC / name).is_file()] == []


def test_status_pictures_are_files_because_the_policy_blocks_data_addresses() -> None:
    bootstrap = (STATIC / "vendor" / "bootstrap" / "bootstrap.min.css").read_text(encoding="utf-8")
    own = (STATIC / "css" / "bootstrap.css").read_text(encoding="utf-8")
    for part in (".form-select", '.form-check-input:checked[type="checkbox"]', ".form-control.is-invalid"):
        assert part.replace('"', "") in bootstrap
        assert part in own
    assert {path.name for path in (STATIC / "img").iterdir()} >= set(re.findall(r"\.\./img/([\w.]+)", own))


def test_a_browser_keeps_what_is_the_same_for_everybody_and_nothing_else(client: FlaskClient) -> None:
    page = client.get("/login")
    assert page.headers["Cache-Control"] == "no-store"
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    assert len(addresses) > 5
    for address in addresses:
        answer = client.get(address, buffered=True)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000", address
        assert "Vary" not in answer.headers
        assert "Set-Cookie" not in answer.headers
    missing = client.get(addresses[0].rpartition("/")[0] + "/nothing.js")
    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-store")


def test_the_address_of_files_changes_with_them(tmp_path: Path) -> None:
    versions = {}
    for folder, name, content in (
        ("as it was", "a.js", "1"),
        ("copied", "a.js", "1"),
        ("changed", "a.js", "2"),
        ("renamed", "b.js", "1"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(content, encoding="utf-8")
        versions[folder] = version_of(tmp_path / folder)
    assert versions["copied"] == versions["as it was"]
    assert len(set(versions.values())) == 3
