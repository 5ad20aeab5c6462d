"""The archive of a workbook, unpacked once in small pieces to prove it harmless before any library reads it."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from struct import Struct

from workflow.services.importing.workbook_limits import (
    DAMAGED,
    ENCRYPTED,
    ENTITIES,
    NOT_A_WORKBOOK,
    OLD_FORMAT,
    PACKED_TOO_TIGHTLY,
    TOO_LARGE,
    TOO_MANY_PARTS,
    UNPACKS_TOO_LARGE,
    Limits,
    WorkbookError,
)

NEEDED_PARTS = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of what is protected by a password
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_LOCAL_HEADER = Struct("<4s5H3I2H")
_PIECE = 1 << 18
_PACKED_PIECE = 1 << 14
_SMALL = 1 << 16  # a part that is small unpacked may be packed as tightly as it likes
_XML = (".xml", ".rels", ".vml")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY", b"\x00")  # a null byte: XML in another encoding could hide the others
_LONGEST_FORBIDDEN = 9


@dataclass(frozen=True, slots=True)
class Archive:
    """The parts of a workbook by name, whose sizes and contents have been looked at."""

    data: bytes
    parts: dict[str, zipfile.ZipInfo]

    def pieces(self, name: str) -> Iterator[bytes]:
        """Unpack one part in small pieces; raises WorkbookError for one that is not there or damaged."""
        if name not in self.parts:
            raise WorkbookError(DAMAGED)
        return _pieces(self.data, self.parts[name])

    def whole(self, name: str) -> bytes:
        """Unpack one part, which should be a small one."""
        return b"".join(self.pieces(name))


def open_archive(data: bytes, limits: Limits) -> Archive:
    """Look at every part as declared and as it really unpacks; raises WorkbookError for what is not a harmless workbook."""
    if len(data) > limits.file_bytes:
        raise WorkbookError(TOO_LARGE, most=limits.file_bytes // 1024**2)
    _recognise(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as wrong:
        raise WorkbookError(DAMAGED) from wrong
    _check_declared(found, limits)
    parts = {part.filename: part for part in found}
    if not parts.keys() >= NEEDED_PARTS:
        raise WorkbookError(NOT_A_WORKBOOK)
    _check_unpacked(data, found, limits)
    return Archive(data, parts)


def _recognise(data: bytes) -> None:
    if data.startswith(_COMPOUND):
        raise WorkbookError(ENCRYPTED if _PROTECTED in data else OLD_FORMAT)
    if not data.startswith(_ZIP):
        raise WorkbookError(NOT_A_WORKBOOK)


def _check_declared(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(parts) > limits.parts:
        raise WorkbookError(TOO_MANY_PARTS)
    # Two parts of one name are read differently by different readers.
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise WorkbookError(DAMAGED)
    if any(part.flag_bits & 1 for part in parts):
        raise WorkbookError(ENCRYPTED)
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise WorkbookError(DAMAGED)
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise WorkbookError(UNPACKS_TOO_LARGE, most=limits.unpacked_bytes // 1024**2)
    if any(part.file_size > max(_SMALL, limits.ratio * part.compress_size) for part in parts):
        raise WorkbookError(PACKED_TOO_TIGHTLY, most=limits.ratio)


def _check_unpacked(data: bytes, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Unpack everything: the sizes must be those declared, and XML must declare nothing of its own."""
    room = limits.unpacked_bytes
    for part in parts:
        size, tail = 0, b""
        for piece in _pieces(data, part):
            size += len(piece)
            if size > min(room, part.file_size):
                raise WorkbookError(UNPACKS_TOO_LARGE, most=limits.unpacked_bytes // 1024**2)
            if part.filename.lower().endswith(_XML):
                if any(word in tail + piece for word in _FORBIDDEN):
                    raise WorkbookError(ENTITIES)
                tail = piece[-_LONGEST_FORBIDDEN:]
        if size != part.file_size:
            raise WorkbookError(DAMAGED)
        room -= size


def _pieces(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack by hand: zipfile stops at the declared size and would not notice that there is more."""
    packed = _packed(data, part)
    if part.compress_type == zipfile.ZIP_STORED:
        for start in range(0, len(packed), _PIECE):
            yield bytes(packed[start : start + _PIECE])
        return
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _PACKED_PIECE):
            left: bytes | memoryview = packed[start : start + _PACKED_PIECE]
            while piece := unpacker.decompress(left, _PIECE):
                left = unpacker.unconsumed_tail
                yield piece
    except zlib.error as wrong:
        raise WorkbookError(DAMAGED) from wrong
    if not unpacker.eof or unpacker.unused_data:
        raise WorkbookError(DAMAGED)


def _packed(data: bytes, part: zipfile.ZipInfo) -> memoryview:
    """The packed bytes of a part, which follow its local header."""
    begin = part.header_offset
    if begin + _LOCAL_HEADER.size > len(data):
        raise WorkbookError(DAMAGED)
    header = _LOCAL_HEADER.unpack_from(data, begin)
    begin += _LOCAL_HEADER.size + header[-2] + header[-1]
    if header[0] != _ZIP or begin + part.compress_size > len(data):
        raise WorkbookError(DAMAGED)
    return memoryview(data)[begin : begin + part.compress_size]
