"""How Chinese names are sorted and found by their sound."""

import os
from typing import TYPE_CHECKING

from workflow.when_used import WhenUsed

# Readings by phrase would cost 40 MB of memory and say nothing of names.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

if TYPE_CHECKING:
    import pypinyin
else:
    pypinyin = WhenUsed("pypinyin")

LONGEST = 128

# Surnames that sound otherwise than their character commonly does.
_SURNAMES = {
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "单于": "chan yu",
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "任": "ren",
    "盖": "ge",
    "区": "ou",
    "朴": "piao",
    "繁": "po",
    "乐": "yue",
    "翟": "zhai",
    "覃": "qin",
    "宓": "mi",
    "缪": "miao",
    "那": "na",
    "冼": "xian",
    "员": "yun",
    "秘": "bi",
    "折": "she",
    "种": "chong",
}


def name_key(name: str) -> str:
    """Give the key that sorts a name by its sound and finds it: «zhang wei|zhangwei|zw» for 张伟."""
    syllables = _syllables(name.strip())
    spaced, joined = " ".join(syllables), "".join(syllables)
    initials = "".join(syllable[0] for syllable in syllables)
    return f"{spaced}|{joined}|{initials}"[:LONGEST]


def _syllables(name: str) -> list[str]:
    surname = next((each for each in _SURNAMES if name.startswith(each)), "")
    read = (
        [*_SURNAMES[surname].split(), *pypinyin.lazy_pinyin(name[len(surname) :])]
        if surname
        else pypinyin.lazy_pinyin(name)
    )
    words = " ".join(read).casefold().split()
    return ["".join(letter for letter in word if letter.isalnum()) for word in words if any(map(str.isalnum, word))]
