"""The `kaogong` commands; a command's file is read only when it is called, so that scoring starts at once."""

import sys
from collections.abc import Mapping
from importlib import import_module

import click

from config import SettingsError

COMMANDS: Mapping[str, str] = {
    "init": "database:init",
    "demo": "database:demo",
    "accounts": "accounts:accounts_group",
    "serve": "serve:serve",
    "worker": "worker:worker",
    "witness": "witness:witness",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "score": "score:score",
    "rank": "score:rank",
    "scheme": "schemes:scheme_group",
    "backtest": "backtest:backtest",
    "import": "importing:import_file",
    "export": "export:export_group",
    "records": "records:records_group",
    "state-diagram": "diagrams:state_diagram",
}
"""Where each command is."""


class LazyGroup(click.Group):
    """A group that finds its commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 — click's signature
        """Give the names of the commands, without reading their files."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 — click's signature
        """Read the file of a command and give it; none for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(f"workflow.cli.{module}"), name)
        return found if isinstance(found, click.Command) else None


main = LazyGroup("kaogong", help="考功: appraisal scorecards, signed online, locked at approval.")


def run() -> None:
    """Run a command; a setting that can't be used ends it with the sentence that names it."""
    try:
        main()
    except SettingsError as error:
        click.echo(error.phrase.zh, err=True)
        click.echo(error.phrase.en, err=True)
        sys.exit(2)
