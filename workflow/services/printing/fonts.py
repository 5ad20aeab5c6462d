"""The typeface of the printed form: found in its package, never on the system, and which characters it can show."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from struct import Struct

from typst import Fonts

FAMILY = "Noto Sans CJK SC"
PACKAGE = "manimgx_fonts_cjk"
FILE = "NotoSansCJK-VF.otf.ttc"
MISSING = "〓"
"""Stands for a character that the typeface lacks, as in Chinese typesetting; PDF/A forbids an empty box."""

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, formats, surrogates and what is not assigned
_DROPPED = {"Cc", "Cf"}
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LONG_RUN = re.compile(r"[!-~]{30,}")
_PIECE = re.compile(r".{1,6}")
_BREAK_HERE = "\N{ZERO WIDTH SPACE}"

_TTC_HEADER = Struct(">4sHHI")
_TABLE_ENTRY = Struct(">4sIII")
_ENCODING = Struct(">HHI")
_GROUP = Struct(">III")
_FULL_UNICODE = (3, 10)  # platform and encoding of the table that maps every plane
_FACE = 2  # the faces of the collection: JP, KR, SC, TC, HK
_GROUPS_AT = 16


def folder() -> Path:
    """The folder of the package that holds the typeface; raises ModuleNotFoundError where it is not installed."""
    return Path(str(files(PACKAGE)))


@lru_cache(maxsize=1)
def faces() -> Fonts:
    """The faces of the package alone, read once: neither the system's nor the compiler's own."""
    return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder()])


def printable(text: str) -> str:
    """The text as the form can show it: without unseen controls, with 〓 for what the typeface lacks."""
    return "".join(_shown(each) for each in _SELECTORS.sub("", unicodedata.normalize("NFC", text)))


def breakable(text: str) -> str:
    """The text with places to break a line inside runs of Latin letters that are longer than a column is wide."""
    return _LONG_RUN.sub(lambda run: _BREAK_HERE.join(_PIECE.findall(run[0])), text)


def _shown(character: str) -> str:
    if " " <= character <= "~" or character == "\n":
        return character
    if character.isspace():
        return "\n" if character in "\r\u2028\u2029" else " "
    category = unicodedata.category(character)
    if category in _DROPPED:
        return ""
    return MISSING if category in _UNSEEN or not _covers(ord(character)) else character


def _covers(code: int) -> bool:
    starts, ends = _coverage()
    place = bisect_right(starts, code) - 1
    return place >= 0 and code <= ends[place]


@lru_cache(maxsize=1)
def _coverage() -> tuple[list[int], list[int]]:
    """The first and last codes of the ranges of characters that the face has, in order (source: OpenType, cmap format 12)."""
    with (folder() / FILE).open("rb") as font:

        def at(offset: int, layout: Struct, count: int = 1) -> Iterator[tuple[int, ...]]:
            font.seek(offset)
            return layout.iter_unpack(font.read(layout.size * count))

        ((face,),) = at(_TTC_HEADER.size + 4 * _FACE, Struct(">I"))
        ((_, tables, *_rest),) = at(face, Struct(">IHHHH"))
        offsets = {tag: offset for tag, _sum, offset, _length in at(face + 12, _TABLE_ENTRY, tables)}
        cmap = offsets[b"cmap"]  # type: ignore[index]  # tags are bytes
        ((_version, encodings),) = at(cmap, Struct(">HH"))
        places = {(platform, encoding): place for platform, encoding, place in at(cmap + 4, _ENCODING, encodings)}
        table = cmap + places[_FULL_UNICODE]
        ((groups,),) = at(table + _GROUPS_AT - 4, Struct(">I"))
        ranges = [(first, last) for first, last, _glyph in at(table + _GROUPS_AT, _GROUP, groups)]
    return [first for first, _ in ranges], [last for _, last in ranges]
