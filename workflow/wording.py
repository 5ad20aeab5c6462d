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
        text = self.en if language is Language.EN else self.zh
        return text.format_map(values)
