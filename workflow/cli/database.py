"""`kaogong init` and `kaogong demo`: a database that is ready, empty or with the demo organisation."""

import click

from workflow import web
from workflow.cli import asking
from workflow.cli.application import in_application, on_database
from workflow.cli.saying import saying_refusals
from workflow.models.upgrade import upgrade
from workflow.services.accounts import administer_accounts
from workflow.services.accounts.administer_accounts import NewAccount
from workflow.services.demo import load as demo_load
from workflow.services.demo.found import is_empty
from workflow.services.record import form_key, log_key
from workflow.services.record.log_key import Keyholder

INTERRUPTED = (
    "上次装入演示数据时中断,数据不完整。请删除该数据库和检查点目录(默认都在 instance/ 目录)后重新运行。\n"
    "Loading the demo was interrupted, so that it is not whole: remove that database and the folder of checkpoints (by default both"
    " in instance/) and run this again."
)


@click.command("init")
@click.option("--username", help="User name of the first operator.")
@click.option("--password-stdin", is_flag=True, help="Read the first operator's password from standard input.")
@click.option("--log-name", help="The name under which the record's log is signed, such as hr.example.com/record.")
@click.option("--no-operator", is_flag=True, help="Make no operator, only the database.")
@in_application
def init(username: str | None, log_name: str | None, *, password_stdin: bool, no_operator: bool) -> None:
    """Create or upgrade the database, the key of the record's log, and the first operator if there is nobody yet."""
    settings = web.settings()
    upgrade(settings.database_url, settings.database_owner_url)
    click.echo("数据库已就绪 / The database is ready.")
    begun = log_key.begin(Keyholder(settings.log_key_file), web.clock(), log_name)
    if begun is not None:
        click.echo(f"书面记录日志的公钥 / The public key of the record's log: {begun}")
    form_key.of(settings).make(settings.company, web.clock()())
    if no_operator or administer_accounts.has_operator():
        return
    name = username or click.prompt("系统管理员用户名 / Operator's user name")
    password = asking.password(from_stdin=password_stdin)
    with saying_refusals():
        clock = web.clock()
        today = clock().astimezone(settings.timezone).date()
        administer_accounts.create_first_operator(clock, NewAccount(name, name), password, today)
    click.echo(f"已建立系统管理员 {name} / The operator {name} has been made.")


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Leave a database that holds anybody already as it is.")
@on_database
def demo(*, if_empty: bool) -> None:
    """Load the demo organisation into an empty database: twelve published months and an open one."""
    settings = web.settings()
    if if_empty and not is_empty():
        if demo_load.was_interrupted(settings):
            raise click.ClickException(INTERRUPTED)
        return
    with saying_refusals(), click.progressbar(length=demo_load.STEPS, label="演示数据 / Demo") as bar:
        demo_load.load(settings, progress=lambda: bar.update(1))
    click.echo(f"演示账户的密码都是 / All demo accounts have the password: {demo_load.PASSWORD}")
