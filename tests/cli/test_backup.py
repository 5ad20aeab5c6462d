"""`kaogong backup` and `kaogong restore` say what was done, what lies apart, and why something can't be."""

from pathlib import Path

import click
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo

from tests.support.application import keep_log, make_settings
from tests.support.bare_app import opened
from tests.support.databases import SQLITE, Database
from tests.support.logs import record
from tests.support.settable_clock import SettableClock
from workflow.cli.backup import backup, restore


def run(command: click.Command, database: Database, folder: Path, clock: SettableClock, file: Path) -> Result:
    """Run a command on an installation."""
    with opened(database) as app:
        app.config.update(SETTINGS=make_settings(database, folder), CLOCK=clock)
        return CliRunner().invoke(command, [str(file)], obj=ScriptInfo(create_app=lambda: app))


def test_there_and_back(sqlite_database: Database, tmp_path: Path, clock: SettableClock) -> None:
    with opened(sqlite_database) as app:
        app.config.update(SETTINGS=make_settings(sqlite_database, tmp_path))
        keep_log(app, clock)
        record(clock, 5)
    file, folder = tmp_path / "backup", tmp_path / "elsewhere"
    made = run(backup, sqlite_database, tmp_path, clock, file)
    assert made.exit_code == 0, made.output
    assert f"({file.stat().st_size} 字节)" in made.output
    assert f"({tmp_path / 'log-key'})不在备份中" in made.output
    again = run(backup, sqlite_database, tmp_path, clock, file)
    assert (again.exit_code, "不会覆盖" in again.output, "not overwritten" in again.output) == (1, True, True)
    empty = Database(SQLITE, f"sqlite:///{folder}/kaogong.db")
    restored = run(restore, empty, folder, clock, file)
    assert restored.exit_code == 0, restored.output
    assert "6 条记录" in restored.output
    assert "请把另存的密钥放回" in restored.output
    assert "恢复完成" in restored.output
    refused = run(restore, empty, folder, clock, file)
    assert (refused.exit_code, "不会覆盖" in refused.output) == (1, True)


def test_a_record_that_does_not_hold_is_not_called_restored(
    sqlite_database: Database, tmp_path: Path, clock: SettableClock
) -> None:
    with opened(sqlite_database) as app:
        app.config.update(SETTINGS=make_settings(sqlite_database, tmp_path))
        keep_log(app, clock)
    file = tmp_path / "backup"
    run(backup, sqlite_database, tmp_path, clock, file)
    with opened(sqlite_database) as app:
        record(clock, 5)
        app.config.update(SETTINGS=make_settings(sqlite_database, tmp_path))
        keep_log(app, clock)
    folder = tmp_path / "elsewhere"
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "checkpoints" / "checkpoint").write_bytes((tmp_path / "checkpoints" / "checkpoint").read_bytes())
    result = run(restore, Database(SQLITE, f"sqlite:///{folder}/kaogong.db"), folder, clock, file)
    assert result.exit_code == 1
    assert "恢复完成" not in result.output
    assert "不要用它提供服务" in result.output


def test_what_is_no_backup_is_refused(tmp_path: Path, clock: SettableClock) -> None:
    file = tmp_path / "letter"
    file.write_text("hello")
    result = run(restore, Database(SQLITE, f"sqlite:///{tmp_path}/kaogong.db"), tmp_path, clock, file)
    assert (result.exit_code, "不是考功的备份" in result.output) == (1, True)
