"""How commands say no."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from workflow.errors import Refusal
from workflow.wording import Language

NOT_READY = "数据库尚未就绪,请先运行 kaogong init / The database is not ready: run `kaogong init` first."


@contextmanager
def saying_refusals() -> Iterator[None]:
    """End the command with the refusal's sentence, in both languages, and each wrong field."""
    try:
        yield
    except Refusal as refusal:
        lines = [refusal.denied.sentence(language) for language in (Language.ZH, Language.EN)]
        lines += [f"{each.path}: {each.phrase.say(Language.ZH, **each.facts)}" for each in refusal.errors]
        raise click.ClickException("\n".join(lines)) from refusal
