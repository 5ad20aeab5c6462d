"""How commands say no."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from workflow.errors import Refusal
from workflow.wording import Language, Phrase

NOT_READY = "数据库尚未就绪,请先运行 kaogong init / The database is not ready: run `kaogong init` first."


def in_both(phrase: Phrase, **facts: object) -> str:
    """Give a sentence in both languages on one line."""
    return " / ".join(phrase.say(language, **facts) for language in Language)


@contextmanager
def saying_refusals() -> Iterator[None]:
    """End the command with the refusal's sentence, in both languages, and each wrong field."""
    try:
        yield
    except Refusal as refusal:
        lines = [refusal.denied.sentence(language) for language in (Language.ZH, Language.EN)]
        lines += [f"{each.path}: {in_both(each.phrase, **each.facts)}" for each in refusal.errors]
        raise click.ClickException("\n".join(lines)) from refusal
