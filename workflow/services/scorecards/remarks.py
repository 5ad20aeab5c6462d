"""What stands under 备注 on a form: what was put in, in a few words, and the note."""

from collections.abc import Callable, Mapping
from typing import Any

from workflow.models.scorecards import ScorecardItem
from workflow.scoring.scheme import Item
from workflow.wording import Language, Phrase

BASELINE = Phrase("{value}{unit}(基数 {baseline}{unit})", "{value}{unit} (baseline {baseline}{unit})")
VALUE = Phrase("{value}{unit}", "{value}{unit}")
NOTHING = Phrase("无加减分", "no adjustments")
ENTRIES = Phrase("{count} 笔加减分", "{count} adjustment(s)")
NOT_APPLICABLE = Phrase("不适用:{reason}", "not applicable: {reason}")


def remark_on(item: Item, row: ScorecardItem, language: Language) -> str:
    """Say in a few words what an item's points come from, with the note behind it."""
    said = _on_input(item, row, language) if row.input else ""
    return ";".join(part for part in (said, row.note) if part)


def _on_input(item: Item, row: ScorecardItem, language: Language) -> str:
    entered: Mapping[str, Any] = row.input or {}
    if entered.get("not_applicable"):
        return NOT_APPLICABLE.say(language, reason=entered.get("reason", ""))
    for key, say in _BY_KEY.items():
        if key in entered:
            return say(item, row, language)
    return ""


def _level(_: Item, row: ScorecardItem, __: Language) -> str:
    entered = row.input or {}
    return ":".join(str(entered[key]) for key in ("level", "reason") if entered.get(key))


def _value(item: Item, row: ScorecardItem, language: Language) -> str:
    value = (row.input or {})["value"]
    baselines = [step["values"]["baseline"] for step in row.basis if step["step"] == "baseline"]
    if not baselines:
        return VALUE.say(language, value=value, unit=item.unit)
    return BASELINE.say(language, value=value, unit=item.unit, baseline=baselines[0])


def _points(_: Item, row: ScorecardItem, __: Language) -> str:
    return str((row.input or {}).get("reason") or "")


def _entries(_: Item, row: ScorecardItem, language: Language) -> str:
    count = len((row.input or {})["adjustments"])
    return ENTRIES.say(language, count=count) if count else NOTHING.say(language)


_BY_KEY: Mapping[str, Callable[[Item, ScorecardItem, Language], str]] = {
    "level": _level,
    "value": _value,
    "points": _points,
    "adjustments": _entries,
}
