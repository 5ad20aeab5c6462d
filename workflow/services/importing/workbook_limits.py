"""How much of a workbook is taken in, and the refusals of one that is too much or not what it should be."""

from dataclasses import dataclass
from typing import Final

from workflow.errors import Denied, FieldError, Reason, Refusal
from workflow.wording import Language, Phrase


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken in: bytes as sent and unpacked, parts, rows below the headings, columns, cells, characters."""

    file_bytes: int = 20 * 1024**2
    unpacked_bytes: int = 64 * 1024**2
    ratio: int = 100  # unpacked over packed, of each part
    parts: int = 1000
    rows: int = 20_000
    columns: int = 200
    cells: int = 600_000  # of the rectangle from A1 to the last cell, which is held in memory
    text: int = 16_000_000  # characters in all cells together


LIMITS: Final = Limits()

NOT_A_WORKBOOK = Phrase("不是 Excel 工作簿(.xlsx)", "is not an Excel workbook (.xlsx)")
OLD_FORMAT = Phrase(
    "是旧版 Excel 文件(.xls),请另存为 .xlsx 后再上传", "is an old Excel file (.xls): save it as .xlsx and upload that"
)
ENCRYPTED = Phrase("设有打开密码,请取消密码后再上传", "is protected by a password: remove it and upload the file again")
DAMAGED = Phrase(
    "已损坏或结构异常,请用 Excel 另存后再上传", "is damaged or unusual: save it anew in Excel and upload that"
)
ENTITIES = Phrase("含有不允许的 XML 声明", "holds an XML declaration that is not allowed")
TOO_LARGE = Phrase("过大,最多 {most} MB", "is too large: at most {most} MB")
UNPACKS_TOO_LARGE = Phrase("解压后过大,最多 {most} MB", "is too large when unpacked: at most {most} MB")
PACKED_TOO_TIGHTLY = Phrase("压缩比异常(超过 {most} 倍)", "is packed suspiciously tightly (more than {most} times)")
TOO_MANY_PARTS = Phrase("包含的部分过多", "holds too many parts")
TOO_MANY_ROWS = Phrase("行数过多,最多 {most} 行", "has too many rows: at most {most}")
TOO_MANY_COLUMNS = Phrase("列数过多,最多 {most} 列", "has too many columns: at most {most}")
TOO_MANY_CELLS = Phrase("单元格过多,最多 {most} 个", "has too many cells: at most {most}")
TOO_MUCH_TEXT = Phrase("文字过多,最多 {most} 字", "holds too much text: at most {most} characters")
NO_SHEET = Phrase("没有可见的工作表", "has no visible worksheet")
NO_HEADINGS = Phrase("工作表“{sheet}”是空的", "the worksheet “{sheet}” is empty")


class WorkbookError(Refusal):
    """A workbook that is not taken in, or can't be written; `phrase` says why and `facts` fill it."""

    def __init__(self, phrase: Phrase, **facts: object) -> None:
        error = FieldError("file", phrase, facts)
        super().__init__(Denied(Reason.INVALID_INPUT, {"count": 1}), errors=(error,))
        self.phrase = phrase
        self.facts = facts

    def __str__(self) -> str:
        return self.phrase.say(Language.EN, **self.facts)
