"""`kaogong records check-form` tells a signed form from a changed one, and whether it agrees with the card that is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from tests.support.application import keep_log, make_settings
from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.settable_clock import SettableClock
from tests.support.world import bring_to, build_world, card_of, open_plan
from workflow.cli.records import records_group
from workflow.services.printing.signing import check_form, sign_form
from workflow.services.printing.stated import FormKind, Stated
from workflow.services.record import form_key
from workflow.services.scorecards import export_plan
from workflow.services.scorecards.export_plan import Letterhead


@pytest.fixture
def app(sqlite_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """A company with an approved card of 客户部, its form in `approved.pdf`, and a draft's form in `draft.pdf`."""
    clock = SettableClock()
    settings = make_settings(sqlite_database, tmp_path)
    with opened(sqlite_database) as app:
        app.config.update(SETTINGS=settings, CLOCK=clock)
        world = build_world(clock)
        keep_log(app, clock)
        open_plan(world, clock)
        card = card_of("customer")
        for state in ("draft", "approved"):
            if state != "draft":
                bring_to(world, clock, card, state)
            head = Letterhead(settings.company, settings.timezone)
            form = export_plan.form_of_card(world.actor("admin"), clock, card.id, head, form_key.of(settings))
            (tmp_path / f"{state}.pdf").write_bytes(form)
        yield app


def check(app: Flask, file: Path, *options: str) -> Result:
    given = ["check-form", str(file), *options]
    return CliRunner().invoke(records_group, given, obj=ScriptInfo(create_app=lambda: app))


def test_the_form_of_an_approved_card_holds_and_agrees(app: Flask, tmp_path: Path) -> None:
    result = check(app, tmp_path / "approved.pdf", "--database")
    assert result.exit_code == 0, result.output
    for words in ("签名成立", "The signature holds", "与数据库中已签署的内容一致", card_of("customer").number):
        assert words in result.stdout


def test_without_a_database_it_asks_to_compare_the_certificate(app: Flask, tmp_path: Path) -> None:
    form = tmp_path / "approved.pdf"
    fingerprint = form_key.of(app.config["SETTINGS"]).fingerprint()
    assert "请把指纹与公司公布的核对" in check(app, form).stdout
    assert check(app, form, "--certificate", fingerprint.upper()).exit_code == 0
    others = check(app, form, "--certificate", "00" * 32)
    assert (others.exit_code, "证书不是本单位的" in others.stdout) == (1, True)


def test_a_draft_is_not_signed(app: Flask, tmp_path: Path) -> None:
    result = check(app, tmp_path / "draft.pdf")
    assert (result.exit_code, "未批准的评分表和考核报告不签名" in result.stdout) == (1, True)


def test_a_changed_form_does_not_hold(app: Flask, tmp_path: Path) -> None:
    form = bytearray((tmp_path / "approved.pdf").read_bytes())
    form[form.index(b"stream", len(form) // 4) + 12] ^= 1
    (tmp_path / "changed.pdf").write_bytes(form)
    result = check(app, tmp_path / "changed.pdf")
    assert (result.exit_code, "签名不成立" in result.stdout) == (1, True)


@pytest.mark.parametrize(("kind", "called"), [(FormKind.CARD, "评分表"), (FormKind.REPORT, "考核报告")])
def test_a_form_that_states_another_digest_does_not_agree(
    app: Flask, tmp_path: Path, kind: FormKind, called: str
) -> None:
    (told,) = check_form((tmp_path / "approved.pdf").read_bytes())
    assert told.stated is not None
    assert told.at is not None
    wrong = Stated(kind, told.stated.number, told.stated.revision, "0" * 64)
    signer = form_key.of(app.config["SETTINGS"]).signer()
    (tmp_path / "wrong.pdf").write_bytes(sign_form((tmp_path / "draft.pdf").read_bytes(), wrong, signer, told.at))
    result = check(app, tmp_path / "wrong.pdf", "--database")
    assert (result.exit_code, "与数据库中已签署的内容不一致" in result.stdout) == (1, True)
    assert f"{called} {told.stated.number}" in result.stdout
