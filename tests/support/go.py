"""Go's own packages for such logs, with which a program of ours reads what the product exports."""

import os
import shutil
import subprocess
from pathlib import Path

from config import ROOT
from tests.support.missing import Unavailable

PROGRAM = ROOT / "tests" / "faults" / "go" / "main.go"
PACKAGES = Path("/usr/share/gocode")
BUILD_SECONDS = 240


def build_reader(folder: Path) -> Path:
    """Build the program with what Debian brings, without a network; raises Unavailable where that is not installed."""
    go = shutil.which("go")
    if go is None or not (PACKAGES / "src/golang.org/x/mod/sumdb").is_dir():
        message = "`make faults` as root installs it, or: apt install golang-go golang-golang-x-mod-dev"
        raise Unavailable("Go's sumdb/note and tlog", message)
    built = folder / "readlog"
    offline = {"GO111MODULE": "off", "GOPATH": str(PACKAGES), "GOCACHE": str(folder / "cache"), "GOTOOLCHAIN": "local"}
    subprocess.run([go, "build", "-o", built, PROGRAM], env=os.environ | offline, check=True, timeout=BUILD_SECONDS)
    return built
