"""Recorded fields and their values in the reader's words: codes, ids, items, moments, documents."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow import web
from workflow.pages.formats import field_name, instants
from workflow.pages.record_codes import CODES, KEYS, names_of_codes
from workflow.pages.views.cards import Change
from workflow.pages.words import gettext as _
from workflow.reasons import SENTENCES, Reason
from workflow.scoring.basis import render_basis
from workflow.scoring.rules.adjustments import AdjustmentsRule
from workflow.scoring.scheme import Scheme
from workflow.services.paying.export_payroll import say_gaps
from workflow.services.record.name_references import POINTS_AT, names_of
from workflow.services.record.told_records import FieldChange
from workflow.services.recorders.evidence import is_hash
from workflow.wording import Phrase

MOST_CHANGES = 200
"""How many fields of one record a page shows: one that ranks a company has thousands."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_CODE_OF_ITEM = re.compile(r"items/[^/]+/code")  # the place of the change says which item it is
_ID_IN_PATH = re.compile(r"\d+")
_ENTERED = ("level", "value", "points", "baseline", "reason")
_DETAILS = frozenset(
    [
        "arithmetic",
        "basis",
        "card_digest",
        "card_revision",
        "content",
        "digest",
        "entered_at",
        "is_fed",
        "item_code",
        "name_key",
        "path",
        "position",
        "scheme_code",
        "sections",
        "size",
        "statistics",
        "subject_code",
        "subject_kind",
    ]
)
_DETAILS_OF = {"action": {"code"}, "adjustments": {"number"}, "items": {"code", "source"}, "steps": {"number"}}
_TELLING = frozenset(
    [
        "delegate_id",
        "follows_id",
        "grant_id",
        "handler_id",
        "measured_by",
        "owner_id",
        "parent_id",
        "rater_id",
        "revises_id",
        "revision_id",
        "superseded_by",
        "unit_id",
    ]
)
"""What points at something that a reader asks for."""

Described = tuple[str, Scheme | None, Sequence[FieldChange]]
"""The kind of an entity, the scheme by which its items are named, and what changed."""


@dataclass(frozen=True, slots=True)
class RecordWords:
    """Says what changed; made for a page at once, so that everything its records point at is looked up in one query."""

    names: Mapping[str, str]

    @classmethod
    def of(cls, described: Iterable[Described]) -> "RecordWords":
        """Look up what these changes point at, as far as they are shown."""
        shown = (change for _, _, changes in described for change in changes[:MOST_CHANGES])
        return cls(names_of(_references(shown), web.language()))

    def changes(self, described: Described) -> tuple[Change, ...]:
        """Show how fields changed, as a person would write their values; what began empty is left out."""
        kind, scheme, changes = described
        told = (change for change in changes[:MOST_CHANGES] if not _CODE_OF_ITEM.fullmatch(change.field))
        shown = (self._change(kind, scheme, change) for change in told)
        return tuple(each for each in shown if (each.before, each.after) != (None, None))

    def _change(self, kind: str, scheme: Scheme | None, change: FieldChange) -> Change:
        *place, name = change.field.split("/")
        before, after = (self._text(kind, scheme, name, value) for value in (change.before, change.after))
        place_text, is_detail = _place(kind, scheme, place), _is_detail(place[0] if place else kind, name)
        return Change(place_text, field_text(name), before, after, is_detail=is_detail)

    def _text(self, kind: str, scheme: Scheme | None, name: str, value: Any) -> str | None:
        """Write a recorded value in a few words; nothing stays nothing."""
        match value:
            case None | "":
                return None
            case bool():
                return _("是") if value else _("否")
            case str() | int():
                return self._one(kind, scheme, name, str(value))
        return self._document(kind, scheme, name, value) if value else _("无")

    def _one(self, kind: str, scheme: Scheme | None, name: str, value: str) -> str:
        if name in POINTS_AT and (kind, name) != ("evidence", "hash"):
            return self.names.get(value, value)
        if name == "path":
            return " › ".join(self.names.get(each, each) for each in _ID_IN_PATH.findall(value))
        if name == "evidence" and is_hash(value):
            return self.names.get(value, value)
        if name in {"item_code", "item"}:
            return item_title(scheme, value)
        if name == "cause" and scheme is not None:
            return _causes(scheme).get(value, value)
        return code_text(kind, name, value) if not _INSTANT.fullmatch(value) else _moment(value)

    def _document(self, kind: str, scheme: Scheme | None, name: str, value: Any) -> str:
        """Write a list or an object in a few words; what has its own way of being said is said that way."""
        said = _DOCUMENTS[name](self, scheme, value) if name in _DOCUMENTS else None
        if said is not None:
            return said
        if not isinstance(value, Mapping):
            return _listed(filter(None, (self._text(kind, scheme, name, each) for each in value)))
        names = names_of_codes(kind, name)
        return _listed(
            f"{_named(names, key) if names else field_text(key)}:{self._text(kind, scheme, key, each) or '—'}"
            for key, each in value.items()
        )


def reason_text(event: str, reason: str) -> str:
    """Write why: what people wrote stands as it is, the product's own codes are said in words."""
    kind, _sep, happened = event.partition(".")
    if happened == "refused":
        trigger, _sep, code = reason.partition(": ")
        why = next((SENTENCES[each].gist(web.language()) for each in Reason if each == code), code)
        return f"{code_text(kind, 'meaning', trigger)}:{why}"
    return code_text(kind, "reason", reason) if happened == "sign_in" else reason


def code_text(kind: str, name: str, value: str) -> str:
    """Give the name of a code; what is none stands as it is."""
    return _named(names_of_codes(kind, name), value)


def _missing(_words: RecordWords, scheme: Scheme | None, value: Any) -> str:
    return _listed(f"{item_title(scheme, code)}:{_named(CODES['missing'], why)}" for code, why in value)


def _sections(_words: RecordWords, scheme: Scheme | None, value: Any) -> str:
    titles = {} if scheme is None else {each.code: each.title for each in scheme.sections}
    return _listed(f"{titles.get(code, code)} {points}" for code, points in value.items())


def _vetoes(_words: RecordWords, scheme: Scheme | None, value: Any) -> str:
    titles = {} if scheme is None else {each.code: each.title for each in scheme.vetoes}
    return _listed(f"{titles.get(each['code'], each['code'])}({each['on']})" for each in value)


def _contents(words: RecordWords, _scheme: Scheme | None, value: Any) -> str:
    """Write the lines of a plan: each scheme, its version and whom it appraises."""
    return _listed(_content(words, each) for each in value)


def _content(words: RecordWords, content: Mapping[str, Any]) -> str:
    title = words.names.get(content["scheme_version_id"], content["scheme"])
    subjects = _listed((*content.get("units", ()), *content.get("posts", ())))
    version = _("版本 %(n)s", n=content["version"])
    return f"{title} {version}" + (f"({subjects})" if subjects else "")


def _input(_words: RecordWords, _scheme: Scheme | None, value: Any) -> str | None:
    if "adjustments" in value:
        count = len(value["adjustments"])
        return _("%(n)s 笔加减分", n=count) if count else _("无加减分")
    return " · ".join(str(value[key]) for key in _ENTERED if value.get(key) is not None) or None


_DOCUMENTS: Mapping[str, Callable[[RecordWords, Scheme | None, Any], str | None]] = {
    "arithmetic": lambda _words, _scheme, value: _listed(step["text"] for step in render_basis(value, web.language())),
    "content": lambda _words, _scheme, _value: _("(全文见其页面)"),
    "contents": _contents,
    "gaps": lambda _words, _scheme, value: _listed(say_gaps(value, web.language())) or _("无"),
    "input": _input,
    "missing": _missing,
    "sections": _sections,
    "statistics": lambda _words, _scheme, _value: _("(全文见其页面)"),
    "vetoes": _vetoes,
}
"""Documents that have their own way of being said; none: said like any other."""


def _references(changes: Iterable[FieldChange]) -> Iterator[tuple[str, Any]]:
    """Give every id in the changes with the column whose row it names."""
    for change in changes:
        name = change.field.rpartition("/")[2]
        for value in (change.before, change.after):
            if value is None:
                continue
            if name in POINTS_AT:
                yield name, value
            elif name == "path":
                yield from (("unit_id", each) for each in _ID_IN_PATH.findall(value))
            elif name == "evidence" and isinstance(value, list):
                yield from (("hash", each) for each in value if isinstance(each, str) and is_hash(each))
            elif name == "contents":
                yield from (("scheme_version_id", each["scheme_version_id"]) for each in value)


def _place(kind: str, scheme: Scheme | None, place: Sequence[str]) -> str:
    """Say which part of the entity a field belongs to: an item, an adjustment of one, a signature, a line."""
    match place:
        case []:
            return ""
        case "items", code:
            return item_title(scheme, code)
        case "adjustments", code, number:
            which = _("加减分 %(n)s", n=number)
            return f"{item_title(scheme, code)} · {which}"
        case "signatures", meaning:
            return code_text(kind, "meaning", meaning)
        case "functions", function:
            return code_text(kind, "function", function)
    return " ".join(place[1:])


def item_title(scheme: Scheme | None, code: str) -> str:
    """Give the title of an item; its code where nobody knows the scheme, or the scheme does not know it."""
    item = None if scheme is None else scheme.items.get(code)
    return code if item is None else item.title


def _causes(scheme: Scheme) -> Mapping[str, str]:
    rules = (item.rule for item in scheme.items.values())
    return {cause.code: cause.title for rule in rules if isinstance(rule, AdjustmentsRule) for cause in rule.causes}


def field_text(name: str) -> str:
    """Give the name of a recorded field, or of what stands inside a document; what has none stands as it is."""
    return field_name(name) or _named(KEYS, name)


def _is_detail(within: str, name: str) -> bool:
    """Say whether only auditors read it: it stands behind a disclosure."""
    if name in _TELLING:
        return False
    of_itself = name in _DETAILS or name.endswith(("_id", "_by"))
    return of_itself or within == "signatures" or name in _DETAILS_OF.get(within, ())


def _named(names: Mapping[str, Phrase], code: str) -> str:
    name = names.get(code)
    return code if name is None else name.say(web.language())


def _listed(texts: Iterable[str]) -> str:
    return "、".join(texts)


def _moment(text: str) -> str:
    return instants(web.settings().timezone)["stamp"](datetime.fromisoformat(text))
