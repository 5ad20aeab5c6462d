"""Workbooks made by hand, so that each part of them can be wrong on purpose."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
ROOT_RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook_xml(*sheets: tuple[str, str]) -> str:
    """The list of sheets, each with its name and its state."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{place}" state="{state}" r:id="rId{place}"/>'
        for place, (name, state) in enumerate(sheets, start=1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>'


def relations_xml(count: int) -> str:
    """The relations from the workbook to its sheets."""
    listed = "".join(
        f'<Relationship Id="rId{place}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{place}.xml"/>'
        for place in range(1, count + 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{listed}</Relationships>'


def sheet_xml(data: str, before: str = "", after: str = "") -> str:
    """A worksheet with the rows given."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def text_cell(place: str, text: str) -> str:
    """A cell that holds its text itself."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *texts: str, attributes: str = "") -> str:
    """A row of texts from column A on."""
    cells = "".join(text_cell(f"{chr(ord('A') + place)}{number}", text) for place, text in enumerate(texts))
    return f'<row r="{number}"{attributes}>{cells}</row>'


def parts(*sheets: str, names: tuple[tuple[str, str], ...] | None = None) -> dict[str, str | bytes]:
    """The parts of a workbook of these sheets."""
    named = names or tuple((f"表{place}", "visible") for place in range(1, len(sheets) + 1))
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": ROOT_RELATIONS,
        "xl/workbook.xml": workbook_xml(*named),
        "xl/_rels/workbook.xml.rels": relations_xml(len(sheets)),
        **{f"xl/worksheets/sheet{place}.xml": sheet for place, sheet in enumerate(sheets, start=1)},
    }


def packed(content: Mapping[str, str | bytes]) -> bytes:
    """The parts as a file."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return file.getvalue()


def workbook(*sheets: str, names: tuple[tuple[str, str], ...] | None = None) -> bytes:
    """A file of these sheets."""
    return packed(parts(*sheets, names=names))
