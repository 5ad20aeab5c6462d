"""What is wrong with a scheme or an input, named by the path inside it and said in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from workflow.wording import Language, Phrase


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault at one place: the path inside the document, and the sentence with its values, themselves words perhaps."""

    path: str
    phrase: Phrase
    values: tuple[tuple[str, object], ...] = ()

    def say(self, language: Language) -> str:
        """The sentence alone, in the reader's language."""
        words = {key: value.say(language) if isinstance(value, Phrase) else value for key, value in self.values}
        return self.phrase.say(language, **words)

    def under(self, prefix: str) -> "Problem":
        """The same fault seen from one level further out."""
        return replace(self, path=join(prefix, self.path))

    def __str__(self) -> str:
        sentence = f"{self.say(Language.EN)} ({self.say(Language.ZH)})"
        return f"{self.path}: {sentence}" if self.path else sentence


class FieldError(ValueError):
    """One or more faults in a document, each with its path."""

    def __init__(self, path: str, phrase: Phrase, **values: object) -> None:
        super().__init__(path, phrase)
        self.problems: tuple[Problem, ...] = (Problem(path, phrase, tuple(values.items())),)

    @property
    def path(self) -> str:
        """The path of the first fault."""
        return self.problems[0].path

    def say(self, language: Language) -> str:
        """All the faults in the reader's language, each behind its path."""
        separator = "; " if language is Language.EN else ";"
        return separator.join(f"{problem.path}: {problem.say(language)}" for problem in self.problems)

    def under(self, prefix: str) -> Self:
        """The same error seen from one level further out; gives itself, to be raised again."""
        self.problems = tuple(problem.under(prefix) for problem in self.problems)
        return self

    def with_others(self, others: Iterable["FieldError"]) -> Self:
        """This error together with the faults of others."""
        self.problems += tuple(problem for other in others for problem in other.problems)
        return self

    def __str__(self) -> str:
        return "; ".join(map(str, self.problems))


class SchemeError(FieldError):
    """A scheme that can't be accepted."""


class InputError(FieldError):
    """An input, a card or a list of ranks that can't be accepted."""


class HistoryError(InputError):
    """An earlier value that can't be used; its path begins at the item's history, not at its input."""


def join(prefix: str, path: str) -> str:
    """Join two parts of a path: `rule` and `step` give `rule.step`, `items` and `[0].code` give `items[0].code`."""
    if not prefix or not path or path.startswith("["):
        return prefix + path
    return f"{prefix}.{path}"
