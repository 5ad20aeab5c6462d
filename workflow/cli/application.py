"""Commands that need the application get it from `wsgi:app`, or from the one that is running already."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import click
from flask.cli import ScriptInfo

APPLICATION = "wsgi:app"


def in_application(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command with the application at hand, as Flask's own command would."""

    @click.pass_context
    def run(context: click.Context, /, *arguments: Any, **options: Any) -> Any:
        script = context.find_object(ScriptInfo) or ScriptInfo(app_import_path=APPLICATION)
        with script.load_app().app_context():
            return context.invoke(command, *arguments, **options)

    return update_wrapper(run, command)
