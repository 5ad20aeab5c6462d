"""Commands that need the application get one without pages and API, or the one that is running already."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo

from config import Settings
from workflow import installation, web
from workflow.cli.saying import NOT_READY
from workflow.models.database import db
from workflow.models.migrations import is_current
from workflow.services.record import sequence_log
from workflow.services.record.sequence_log import CANNOT_GO_ON


def in_application(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command with the application at hand, as Flask's own command would; at its end its records are in the log."""

    @click.pass_context
    def run(context: click.Context, /, *arguments: Any, **options: Any) -> Any:
        script = context.find_object(ScriptInfo) or ScriptInfo(create_app=_without_doors)
        with script.load_app().app_context():
            result = context.invoke(command, *arguments, **options)
            _catch_up()
            return result

    return update_wrapper(run, command)


def on_database(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command with the application and its database; ends it where the database is not ready."""

    def run(*arguments: Any, **options: Any) -> Any:
        if not is_current(db.engine.url.render_as_string(hide_password=False)):
            raise click.ClickException(NOT_READY)
        return command(*arguments, **options)

    return in_application(update_wrapper(run, command))


def _without_doors() -> Flask:
    return installation.assemble(Settings.from_environment(), web.wall_clock)


def _catch_up() -> None:
    """Put into the log what the command has recorded; where that can't be now, the server does it later."""
    try:
        sequence_log.of(web.settings(), web.clock()).catch_up()
    except CANNOT_GO_ON as error:
        click.echo(str(error), err=True)
