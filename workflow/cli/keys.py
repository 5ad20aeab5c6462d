"""Public keys as options of commands."""

from collections.abc import Sequence

import click

from workflow.records.notes import NoteError, Verifier, read_verifier


def read_keys(_context: click.Context, _parameter: click.Parameter, texts: Sequence[str]) -> tuple[Verifier, ...]:
    """Read each text as a public key (vkey); ends the command for one that is none."""
    try:
        return tuple(read_verifier(text) for text in texts)
    except NoteError as wrong:
        raise click.BadParameter(str(wrong)) from wrong
