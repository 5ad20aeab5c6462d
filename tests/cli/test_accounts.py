"""`kaogong accounts` lets the only operator in again who lost the device or forgot the password; the record says why."""

from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select

from config import Settings
from tests.support.application import make_settings
from tests.support.company_fixtures import Company
from tests.support.world import PASSWORD
from workflow.cli.accounts import accounts_group
from workflow.errors import Reason, Refusal
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.services.accounts import enrol_codes, identify
from workflow.services.accounts.identify import BROWSER, Identity

NEW = "Vierzig-Kraniche-2026"
WHY = "验证码设备遗失,经总经理批准"


@pytest.fixture
def settings(company: Company, tmp_path: Path) -> Settings:
    settings = make_settings(company.database, tmp_path, KAOGONG_SECRET_KEY="x" * 32)
    company.app.config.update(SETTINGS=settings, CLOCK=company.clock)
    return settings


def ask(app: Flask, *arguments: str, typed: str = "") -> Result:
    asked = CliRunner().invoke(accounts_group, arguments, obj=ScriptInfo(create_app=lambda: app), input=typed)
    db.session.rollback()  # the command had a session of its own
    return asked


def enter(company: Company, settings: Settings, password: str = PASSWORD) -> Identity:
    return identify.sign_in(
        "operator", password, None, address="10.0.0.7", kind=BROWSER, clock=company.clock, settings=settings
    )[1]


def last_record(company: Company) -> tuple[str, int | None, object]:
    account = db.session.scalars(select(Account.id).where(Account.username == "operator")).one()
    record, content = company.records(account)[-1]
    return record.event, record.actor_id, content["reason"]


def test_an_operator_whose_device_is_lost_signs_in_by_password_again(company: Company, settings: Settings) -> None:
    entered = enter(company, settings)
    enrol_codes.begin(entered, PASSWORD, company.clock, settings)
    offer = enrol_codes.look_up(entered, company.clock, settings).offer
    assert offer is not None
    code = pyotp.TOTP(offer.secret).at(company.clock())
    enrol_codes.confirm(entered, code, company.clock, settings)
    with pytest.raises(Refusal) as refusal:
        enter(company, settings)
    assert refusal.value.denied.reason is Reason.CODE_NEEDED
    said = ask(company.app, "reset-code", "operator", "--reason", WHY)
    assert (said.exit_code, said.output.startswith("operator 已可仅凭密码登录")) == (0, True), said.output
    assert last_record(company) == ("account.reset_code", None, WHY)
    assert not enter(company, settings).has_device


def test_an_operator_who_forgot_the_password_gets_another(company: Company, settings: Settings) -> None:
    said = ask(company.app, "reset-password", "operator", "--reason", "遗忘", "--password-stdin", typed=f"{NEW}\n")
    assert said.exit_code == 0, said.output
    assert NEW not in said.output
    assert last_record(company) == ("account.reset_password", None, "遗忘")
    assert enter(company, settings, NEW).must_change_password


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("reset-code", "operator", "--reason", WHY), "operator 没有启用一次性验证码"),
        (("reset-code", "no-such-name", "--reason", WHY), "不存在,或您无权查看。"),
        (("reset-code", "operator"), "--reason"),
        (("reset-password", "operator", "--reason", WHY, "--password-stdin"), "password"),
    ],
)
def test_what_can_not_be_reset_is_told(
    company: Company, settings: Settings, arguments: tuple[str, ...], told: str
) -> None:
    said = ask(company.app, *arguments, typed="short\n")
    assert said.exit_code > 0
    assert told in said.output
    assert enter(company, settings)
