"""Commands that need the application get it from `wsgi:app`, or from the one that is running already."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import click
from flask.cli import ScriptInfo

from workflow.models.database import db
from workflow.models.upgrade import is_current

APPLICATION = "wsgi:app"
NOT_READY = "数据库尚未就绪,请先运行 kaogong init / The database is not ready: run `kaogong init` first."


def in_application(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command with the application at hand, as Flask's own command would."""

    @click.pass_context
    def run(context: click.Context, /, *arguments: Any, **options: Any) -> Any:
        script = context.find_object(ScriptInfo) or ScriptInfo(app_import_path=APPLICATION)
        with script.load_app().app_context():
            return context.invoke(command, *arguments, **options)

    return update_wrapper(run, command)


def on_database(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command with the application and its database; ends it where the database is not ready."""

    def run(*arguments: Any, **options: Any) -> Any:
        if not is_current(db.engine.url.render_as_string(hide_password=False)):
            raise click.ClickException(NOT_READY)
        return command(*arguments, **options)

    return in_application(update_wrapper(run, command))
