"""The `kaogong` commands; each gets its application, where it needs one, from `wsgi:app`, as Flask's own command does."""

import sys

import click
from flask.cli import ScriptInfo

from config import SettingsError
from workflow.cli import database, diagrams, export, schemes, score, serve

main = click.Group(
    "kaogong",
    help="考功: appraisal scorecards, signed online, locked at approval.",
    context_settings={"obj": ScriptInfo(app_import_path="wsgi:app")},
    commands=[
        database.init,
        database.demo,
        serve.serve,
        score.score,
        score.rank,
        schemes.scheme_group,
        export.export_group,
        diagrams.state_diagram,
    ],
)


def run() -> None:
    """Run a command; a setting that can't be used ends it with the sentence that names it."""
    try:
        main()
    except SettingsError as error:
        click.echo(error.phrase.zh, err=True)
        click.echo(error.phrase.en, err=True)
        sys.exit(2)
