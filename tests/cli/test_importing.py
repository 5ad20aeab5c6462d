"""`kaogong import` brings in what the page brings in: told row by row, all of it or nothing, nothing at all in a dry run."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import func, select

from tests.support.application import make_settings
from tests.support.company_fixtures import Company
from workflow.cli.importing import import_file
from workflow.models.database import db
from workflow.models.imports import ImportBatch
from workflow.models.organisation import Person
from workflow.models.record import Record
from workflow.policy import SYSTEM
from workflow.services.importing import import_data
from workflow.services.importing.look_up_imports import uploader
from workflow.services.importing.workbooks import write_table

HEADINGS = ("工号", "姓名", "单位", "到岗日期")
NEW = ("N001", "贺兰", "card-team", "2026-11-01")
WRONG = ("N002", "", "nowhere", "2026-11-01")


@pytest.fixture
def app(company: Company, tmp_path: Path) -> Flask:
    company.app.config.update(SETTINGS=make_settings(company.database, tmp_path), CLOCK=company.clock)
    return company.app


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "名册.xlsx"


def bring_in(app: Flask, file: Path, rows: Sequence[Sequence[str]], *options: str) -> Result:
    file.write_bytes(write_table(HEADINGS, rows))
    asked = [str(file), "--template", "people", *options]
    return CliRunner().invoke(import_file, asked, obj=ScriptInfo(create_app=lambda: app))


def names(*codes: str) -> list[str]:
    db.session.rollback()  # the command had a session of its own
    return list(db.session.scalars(select(Person.name).where(Person.code.in_(codes))))


def test_what_is_right_is_brought_in_and_the_record_says_how(app: Flask, file: Path) -> None:
    said = bring_in(app, file, [NEW])
    assert (said.exit_code, "新增 / new: 1" in said.output) == (0, True), said.output
    assert names("N001") == ["贺兰"]
    (batch,) = db.session.scalars(select(ImportBatch))
    assert (batch.state, batch.file_name, uploader(batch)) == ("applied", file.name, SYSTEM.name)
    events = select(Record.event).where(Record.entity_id == batch.id).order_by(Record.version)
    assert list(db.session.scalars(events)) == ["import.upload", "import.validate", "import.apply"]


def test_a_dry_run_tells_and_writes_nothing(app: Flask, file: Path) -> None:
    before = db.session.scalar(select(func.count()).select_from(Record))
    said = bring_in(app, file, [NEW, WRONG], "--dry-run")
    assert said.exit_code == 0
    assert "3: N002" in said.output
    assert "有误 / wrong: 1" in said.output
    assert db.session.scalar(select(func.count()).select_from(Record)) == before
    assert names("N001") == []


def test_a_wrong_row_keeps_everything_out_unless_it_may_be_left_out(app: Flask, file: Path) -> None:
    said = bring_in(app, file, [NEW, WRONG])
    assert (said.exit_code, "--only-correct" in said.output) == (1, True)
    assert names("N001", "N002") == []
    assert bring_in(app, file, [NEW, WRONG], "--only-correct").exit_code == 0
    assert names("N001", "N002") == ["贺兰"]


def test_a_row_that_became_wrong_after_it_was_told_is_not_left_out_unasked(
    app: Flask, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_data, "preview", lambda *_: ())  # told while all was right still
    assert bring_in(app, file, [NEW, WRONG]).exit_code == 1
    assert names("N001", "N002") == []


def test_what_is_no_workbook_is_refused_in_words(app: Flask, file: Path) -> None:
    file.write_bytes(b"no workbook")
    asked = [str(file), "--template", "people"]
    said = CliRunner().invoke(import_file, asked, obj=ScriptInfo(create_app=lambda: app))
    assert said.exit_code == 1
    assert "file: " in said.output
