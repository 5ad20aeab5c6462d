"""A real Chromium with a Chinese font: from the system, by the system's packages when root, or by Playwright itself."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from tests.support.missing import Unavailable

INSTALL_SECONDS = 600
PROGRAM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN_PACKAGE = "chromium"

# The browser speaks to the tested server alone and to no service of its maker; root has no sandbox to offer.
QUIET = (
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@contextmanager
def start_browser(folder: Path) -> Iterator[Browser]:
    """Chromium without a window, closed at the end; `folder` takes its font settings. Raises Unavailable."""
    with sync_playwright() as playwright:
        program = _find_program() or _install_by_system() or _install_by_playwright(playwright)
        browser = _launch(playwright, program, folder)
        yield browser
        browser.close()


def _launch(playwright: Playwright, program: Path, folder: Path) -> Browser:
    root_flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    try:
        return playwright.chromium.launch(
            executable_path=program, args=[*QUIET, *root_flags], env={**os.environ, **_fonts(folder)}
        )
    except Error as failure:
        raise Unavailable("Chromium", f"{program} does not start: {failure}") from failure


def _find_program() -> Path | None:
    found = (shutil.which(name) for name in PROGRAM_NAMES)
    return next((Path(program) for program in found if program), None)


def _install_by_system() -> Path | None:
    """Debian's package, which root may install without being asked anything."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", DEBIAN_PACKAGE]
    for order in (["apt-get", "update"], install):
        if not _succeeds(order, quiet):
            return None
    return _find_program()


def _install_by_playwright(playwright: Playwright) -> Path:
    program = Path(playwright.chromium.executable_path)
    order = [sys.executable, "-m", "playwright", "install", "chromium"]
    if not program.exists() and not _succeeds(order, dict(os.environ)):
        raise Unavailable(
            "Chromium", "not on the path, not by apt-get (which needs root), not by `playwright install chromium`"
        )
    return program


def _succeeds(order: list[str], environment: dict[str, str]) -> bool:
    try:
        done = subprocess.run(
            order, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=INSTALL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _fonts(folder: Path) -> dict[str, str]:
    """Where the system has no Chinese font, show Chromium the one that the printed forms use."""
    if _system_writes_chinese():
        return {}
    spec = find_spec("manimgx_fonts_cjk")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("Chinese font", "neither on the system nor in the package manimgx-fonts-cjk")
    settings = folder / "fonts.conf"
    settings.write_text(_font_settings(Path(spec.submodule_search_locations[0]), folder), encoding="utf-8")
    return {"FONTCONFIG_FILE": str(settings)}


def _system_writes_chinese() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False, timeout=60)
    return bool(listed.stdout.strip())


def _font_settings(fonts: Path, cache: Path) -> str:
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{escape(str(fonts))}</dir><cachedir>{escape(str(cache))}</cachedir></fontconfig>"
    )
