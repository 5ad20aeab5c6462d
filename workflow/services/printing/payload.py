"""From sheets to what the Typst template reads: texts only, worded, and fit for the typeface. The template holds no words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from workflow.policy import STATE_NAMES, Meaning
from workflow.scoring.scheme import Subject
from workflow.services.printing import words
from workflow.services.printing.fonts import breakable, printable
from workflow.services.printing.sheet import FormItem, FormSection, FormSheet, FormSignature
from workflow.wording import Language

NONE_YET = "—"


def form_data(sheet: FormSheet, *, heading: str, printed_at: datetime, language: Language) -> dict[str, Any]:
    """Everything the template prints of one sheet, as JSON values; strings stay data in Typst and are never read as markup."""
    labels = {name: phrase.say(language) for name, phrase in words.LABELS.items()}
    printed = f"{words.instant_words(printed_at, language)} (UTC{printed_at.isoformat()[-6:]})"
    data = {
        "language": "zh" if language is Language.ZH else "en",
        "heading": heading,
        "year_month_day": [printed_at.year, printed_at.month, printed_at.day],
        "labels": labels,
        "page_words": words.PAGE.say(language, page="|", pages="|").split("|"),
        "printed": words.TOLD.say(language, label=labels["printed"], text=printed),
        "sheet": _sheet(sheet, printed_at, language),
    }
    digest = words.TOLD.say(language, label=labels["digest"], text=sheet.digest or words.NO_DIGEST.say(language))
    # The digest is copied out of the file to be compared, so nothing may stand inside it.
    return {name: fit(value) for name, value in data.items()} | {"digest": printable(digest)}


def fit(value: Any) -> Any:
    """Make every text of some data fit for the typeface."""
    if isinstance(value, str):
        return breakable(printable(value))
    if isinstance(value, dict):
        return {key: fit(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [fit(each) for each in value]
    return value


def signed_places(
    signatures: Sequence[FormSignature], printed_at: datetime, language: Language
) -> list[dict[str, str]]:
    """Give the three places for the signatures, filled or empty, each with the time."""
    return _block(signatures, printed_at, language, timed=True)


def _sheet(sheet: FormSheet, printed_at: datetime, language: Language) -> dict[str, Any]:
    mark = words.MARKS[sheet.state]
    return {
        "organisation": sheet.organisation,
        "document": {
            "name": sheet.document.name,
            "number": sheet.document.number,
            "version": sheet.document.version,
            "revision": sheet.document.revision,
        },
        "title": sheet.title,
        "facts": _facts(sheet, language),
        "mark": mark.say(language) if mark else None,
        "sections": [_section(section) for section in sheet.sections],
        "subtotals": len(sheet.sections) > 1 or any(section.remark for section in sheet.sections),
        "total": {
            "full": sheet.total.full or "",
            "points": sheet.total.points or NONE_YET,
            "grade": sheet.total.grade or NONE_YET,
            "remark": sheet.total.remark,
        },
        "methods": _methods(sheet.sections, language),
        "notes": sheet.notes,
        "scheme_block": _block(sheet.scheme_signatures, printed_at, language, timed=False),
        "card_block": _block(sheet.card_signatures, printed_at, language, timed=True),
    }


def _facts(sheet: FormSheet, language: Language) -> list[list[str]]:
    """Whom and when the card is about: label and text, in the order of the form."""
    person = sheet.subject_kind is Subject.PERSON
    corrected = words.CORRECTION.say(language, number=sheet.card_revision)
    facts = [
        ("subject_person" if person else "subject_unit", sheet.subject_name),
        ("period", words.period_words(sheet.period, language)),
        ("state", STATE_NAMES[sheet.state].say(language)),
        *([("unit", sheet.unit_name)] if sheet.unit_name else []),
        ("card_number", sheet.card_number),
        ("card_revision", corrected if sheet.card_revision else words.ORIGINAL.say(language)),
    ]
    return [[words.LABELS[label].say(language), text] for label, text in facts]


def _section(section: FormSection) -> dict[str, Any]:
    return {
        "title": section.title,
        "items": [_item(number, item) for number, item in enumerate(section.items, start=1)],
        "full": section.full or "",
        "points": section.points or NONE_YET,
        "remark": section.remark,
    }


def _item(number: int, item: FormItem) -> dict[str, str]:
    return {
        "title": f"({number}){item.title}",
        "full": item.full or "",
        "points": item.points or NONE_YET,
        "remark": item.remark,
    }


def _methods(sections: Sequence[FormSection], language: Language) -> list[str]:
    """The scoring method of each line, under its section's heading; lines without one are left out."""
    lines = []
    for place, section in enumerate(sections, start=1):
        told = [
            words.QUOTED.say(language, number=number, item=item.title, method=item.method)
            for number, item in enumerate(section.items, start=1)
            if item.method
        ]
        lines += [words.NUMBERED_SECTION.say(language, number=place, section=section.title), *told] if told else []
    return lines


def _block(
    signatures: Sequence[FormSignature], printed_at: datetime, language: Language, *, timed: bool
) -> list[dict[str, str]]:
    """The three places of a signature block, filled or empty."""
    given = {signature.meaning: signature for signature in signatures}
    return [_place(meaning, given.get(meaning), printed_at, language, timed=timed) for meaning in Meaning]


def _place(
    meaning: Meaning, signature: FormSignature | None, printed_at: datetime, language: Language, *, timed: bool
) -> dict[str, str]:
    who, when = words.SIGNER[meaning]
    place = {"who": who.say(language), "when": when.say(language), "name": "", "day": "", "detail": ""}
    if signature is None:
        return place
    at = signature.at.astimezone(printed_at.tzinfo)
    behalf = words.ON_BEHALF.say(language, name=signature.on_behalf_of) if signature.on_behalf_of else ""
    method = words.method_words(signature.method, language) if signature.method else ""
    return place | {
        "name": signature.name,
        "day": words.instant_words(at, language) if timed else words.day_words(at, language),
        "detail": "\n".join(part for part in (behalf, method) if part),
    }
