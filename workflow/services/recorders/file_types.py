"""Which files serve as evidence: known by their beginning, not by what the sender says of them."""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Final

Check = Callable[[bytes], bool]

_OPEN_XML = "application/vnd.openxmlformats-officedocument"


def _begins(*starts: bytes) -> Check:
    return lambda content: content.startswith(starts)


def _holds(place: int, mark: bytes) -> Check:
    return lambda content: content[place : place + len(mark)] == mark


def _is_text(content: bytes) -> bool:
    """Text in UTF-8 or in GB 18030, without the bytes that only programs write."""
    if b"\x00" in content:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


_JPEG = ("image/jpeg", _begins(b"\xff\xd8\xff"))
_ZIP = _begins(b"PK\x03\x04")
TYPES: Final[Mapping[str, tuple[str, Check]]] = {
    ".pdf": ("application/pdf", _begins(b"%PDF-")),
    ".png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".webp": ("image/webp", _holds(8, b"WEBP")),
    ".docx": (f"{_OPEN_XML}.wordprocessingml.document", _ZIP),
    ".xlsx": (f"{_OPEN_XML}.spreadsheetml.sheet", _ZIP),
    ".txt": ("text/plain", _is_text),
    ".csv": ("text/csv", _is_text),
    ".eml": ("message/rfc822", _is_text),
    ".mp3": ("audio/mpeg", _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    ".wav": ("audio/wav", _holds(8, b"WAVE")),
    ".m4a": ("audio/mp4", _holds(4, b"ftyp")),
}
"""By the ending of the name: the media type, and what the content must look like."""

NAMES: Final = ", ".join(ending.removeprefix(".") for ending in TYPES)


def media_type_of(name: str, content: bytes) -> str | None:
    """Give the media type of a file whose content is what its name says; None for any other."""
    media_type, looks_right = TYPES.get(PurePath(name).suffix.casefold(), (None, _is_text))
    return media_type if media_type is not None and looks_right(content) else None
