"""How commands are told a password: never as an argument, where others on the machine could read it."""

import sys

import click


def password(*, from_stdin: bool) -> str:
    """Read a new password: the first line of standard input, or typed twice and not shown."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("密码 / Password", hide_input=True, confirmation_prompt=True))
