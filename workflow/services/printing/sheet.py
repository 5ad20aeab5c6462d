"""What one printed form holds: plain data, filled by the use case, laid out by `printing.pdf`.

Numbers come as texts that are already formatted with the scheme's decimals; None where there is none yet, never zero.
"""

from dataclasses import dataclass
from datetime import datetime

from workflow.policy import Meaning, State
from workflow.scoring.scheme import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class FormDocument:
    """The header block of the form: 名称, 编码, 版本, 修改状态; the 页次 is counted by the printing."""

    name: str
    number: str = ""
    version: str = ""
    revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormItem:
    """One line 指标: its full marks 分值, its points 实际得分, its remark 备注, and how it is scored, in words.

    A line of its own for items that are left out carries no `full` and no `method`.
    """

    title: str
    full: str | None = None
    points: str | None = None
    remark: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSection:
    """One 指标类别 with its lines and its subtotal; `remark` says where a clamp moved the sum."""

    title: str
    items: tuple[FormItem, ...]
    full: str | None = None
    points: str | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTotal:
    """合计 and 考核等级; `remark` says what moved the total: a clamp, a veto, that the card is not complete."""

    full: str | None = None
    points: str | None = None
    grade: str | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSignature:
    """One standing signature: the printed name, when, how they proved themselves (a code), and for whom a delegate signed."""

    meaning: Meaning
    name: str
    at: datetime
    method: str = ""
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSheet:
    """Everything on one card's form.

    `period` is the label (2026-10), printed in words; `card_revision` is 0 for the first card; `digest` is that of the
    signed content in hexadecimal, None where nobody has signed; instants carry a time zone.
    """

    organisation: str
    document: FormDocument
    title: str
    subject_kind: Subject
    subject_name: str
    period: str
    card_number: str
    state: State
    sections: tuple[FormSection, ...]
    total: FormTotal
    unit_name: str = ""
    card_revision: int = 0
    notes: tuple[str, ...] = ()
    scheme_signatures: tuple[FormSignature, ...] = ()
    card_signatures: tuple[FormSignature, ...] = ()
    digest: str | None = None
