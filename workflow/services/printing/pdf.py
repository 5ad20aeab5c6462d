"""Lay out printed forms: one PDF for a card or for a whole plan, each card with its own page numbers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from typst import Compiler

from workflow.services.printing.fonts import FAMILY, faces
from workflow.services.printing.payload import form_data
from workflow.services.printing.sheet import FormSheet
from workflow.wording import Language

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "forms"


def render_forms(sheets: Sequence[FormSheet], *, printed_at: datetime, language: Language = Language.ZH) -> bytes:
    """Lay out one PDF of the forms in their order, each beginning on a new page; the same data gives the same bytes.

    `printed_at` carries the time zone in which every instant is shown. Raises ValueError for no sheets or a time without
    zone. The file is PDF/A: one card with its structure tagged (2a), several bound together without (2u).
    """
    if not sheets:
        raise ValueError("There is nothing to print.")
    if printed_at.tzinfo is None:
        raise ValueError("The print time needs a time zone.")
    tagged = len(sheets) == 1
    heading = " · ".join(dict.fromkeys(sheet.title for sheet in sheets))
    printed = (
        lay_out(
            "scorecard.typ",
            form_data(sheet, heading=heading, printed_at=printed_at, language=language),
            printed_at,
            tagged=tagged,
        )
        for sheet in sheets
    )
    return next(printed) if tagged else _bind(sheets, printed)


def lay_out(template: str, data: Mapping[str, object], printed_at: datetime, *, tagged: bool = True) -> bytes:
    """Lay out one document by a template of `templates/forms`; `data` holds every word of it."""
    # A compiler belongs to one thread and costs nothing to make; the faces, which do cost, are shared.
    compiler = Compiler(TEMPLATES / template, root=TEMPLATES, font_paths=faces(), ignore_system_fonts=True)
    printed = compiler.compile(
        format="pdf",
        sys_inputs={"form": json.dumps(data), "font": FAMILY},
        pdf_standards="a-2a" if tagged else "a-2u",
        pdf_tags=tagged,
        timestamp=int(printed_at.timestamp()),
    )
    if not isinstance(printed, bytes):
        raise TypeError("A PDF is one document.")
    return printed


def _bind(sheets: Sequence[FormSheet], printed: Iterator[bytes]) -> bytes:
    """Bind single cards into one file with a bookmark each.

    Cards are laid out one by one and not as one document, because layout holds some 4 MB a page until its end.
    """
    bound = PdfWriter(clone_from=BytesIO(next(printed)))
    bound.add_outline_item(title=_bookmark(sheets[0]), page_number=0)
    for sheet, card in zip(sheets[1:], printed, strict=True):
        begins = len(bound.pages)
        for page in PdfReader(BytesIO(card)).pages:
            bound.add_page(page)
        bound.add_outline_item(title=_bookmark(sheet), page_number=begins)
    bound.compress_identical_objects()
    file = BytesIO()
    bound.write(file)
    return file.getvalue()


def _bookmark(sheet: FormSheet) -> str:
    return f"{sheet.subject_name} {sheet.card_number}"
