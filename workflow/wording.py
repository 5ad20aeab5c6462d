"""Sentences in the reader's language: one phrase, every language beside it."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """The languages that the product speaks; Chinese is the first."""

    ZH = "zh-CN"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence in Chinese and English, with the same named places in both."""

    zh: str
    en: str

    def say(self, language: Language, **values: object) -> str:
        """Give the sentence in `language` with its places filled; raises KeyError for an unfilled place."""
        return self._in(language).format_map(values)

    def gist(self, language: Language) -> str:
        """Give the sentence with its places left open, where what filled them is no longer known."""
        return self._in(language).format_map(_Open())

    def _in(self, language: Language) -> str:
        return self.en if language is Language.EN else self.zh


class _Open(dict[str, str]):
    """Fills every place with an ellipsis."""

    def __missing__(self, _key: str) -> str:
        return "…"
