"""`kaogong accounts`: a way back in for an operator whom no other operator can help."""

import click

from workflow import web
from workflow.cli import asking
from workflow.cli.application import on_database
from workflow.cli.saying import saying_refusals
from workflow.policy import COMPANY, SYSTEM, Actor, Grant, Role
from workflow.services.accounts import administer_accounts

CODE_RESET = (
    "{name} 已可仅凭密码登录,请重新启用一次性验证码 / {name} signs in by password alone; put a new device in place."
)
PASSWORD_RESET = "{name} 的密码已重置,登录时须更改 / {name} has a new password, to be changed when signing in."  # noqa: S105 — a sentence
REASON = click.option("--reason", required=True, help="Why; it is recorded.")


@click.group("accounts")
def accounts_group() -> None:
    """Let somebody in again from the machine itself; each time is recorded."""


@accounts_group.command("reset-code")
@click.argument("username")
@REASON
@on_database
def reset_code(username: str, reason: str) -> None:
    """Let USERNAME, whose device for one-time codes is lost, sign in by password alone; ends all sessions of the account."""
    with saying_refusals():
        account = administer_accounts.reset_code(_machine(), web.clock(), username, reason=reason)
    click.echo(CODE_RESET.format(name=account.username))


@accounts_group.command("reset-password")
@click.argument("username")
@REASON
@click.option("--password-stdin", is_flag=True, help="Read the new password from standard input.")
@on_database
def reset_password(username: str, reason: str, *, password_stdin: bool) -> None:
    """Give USERNAME a new first password; ends all sessions of the account."""
    password = asking.password(from_stdin=password_stdin)
    with saying_refusals():
        account = administer_accounts.reset_password(_machine(), web.clock(), username, password, reason=reason)
    click.echo(PASSWORD_RESET.format(name=account.username))


def _machine() -> Actor:
    """Give who acts for whoever has the machine: nobody in person, and the record says so."""
    return SYSTEM.granted(Grant(Role.OPERATOR, COMPANY))
