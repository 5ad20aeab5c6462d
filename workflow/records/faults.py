"""Where the record is broken: the first place that does not hold, in words that a manager can act on."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from workflow.records.naming import FIELD_NAMES, KIND_NAMES
from workflow.wording import Language, Phrase


class FaultCode(StrEnum):
    """Every way in which the record can fail to hold."""

    CONTENT_CHANGED = "content_changed"
    CONTENT_MISSING = "content_missing"
    RECORD_CHANGED = "record_changed"
    CHAIN_BROKEN = "chain_broken"
    VERSION_MISSING = "version_missing"
    KIND_UNKNOWN = "kind_unknown"
    STRAY_ROW = "stray_row"
    UNREADABLE = "unreadable"
    BEFORE_DIFFERS = "before_differs"
    FIELD_DIFFERS = "field_differs"
    ROW_MISSING = "row_missing"
    ROW_UNRECORDED = "row_unrecorded"
    SEAL_DIFFERS = "seal_differs"
    SCORE_DIFFERS = "score_differs"
    NOT_LOGGED = "not_logged"
    LOGGED_TWICE = "logged_twice"
    LOG_GAP = "log_gap"
    LEAF_DIFFERS = "leaf_differs"
    TILE_DIFFERS = "tile_differs"
    CHECKPOINT_DIFFERS = "checkpoint_differs"
    SIGNATURE_FALSE = "signature_false"
    KEY_DIFFERS = "key_differs"
    BEHIND = "behind"
    OUTSIDE_UNREADABLE = "outside_unreadable"


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken place: what is wrong, with which entity (and what people call it), in which record, row and column.

    `size` is the place in the log, or the size of the tree.
    """

    code: FaultCode
    kind: str = ""
    entity_id: int | None = None
    label: str = ""
    record_id: int | None = None
    version: int | None = None
    table: str = ""
    row_id: int | None = None
    column: str = ""
    told: str = ""
    found: str = ""
    size: int | None = None

    def sentence(self, language: Language) -> str:
        """Say what is broken and where."""
        kind = KIND_NAMES.get(self.kind)
        what = self.label or ("" if self.entity_id is None else str(self.entity_id))
        entity = f"{kind.say(language) if kind else self.kind} {what}".strip()
        name = FIELD_NAMES.get(self.column)
        column = name.say(language) if name else self.column
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return SENTENCES[self.code].say(language, **{**values, "entity": entity, "column": column})

    def advice(self, language: Language) -> str:
        """Say what to do about it."""
        return ADVICE.say(language)

    def as_data(self) -> dict[str, Any]:
        """Give the fault as data: what is known of its place, by name, and what is said of it in each language."""
        sentence = {language.value: self.sentence(language) for language in Language}
        advice = {language.value: self.advice(language) for language in Language}
        return {**self._place(), "sentence": sentence, "advice": advice}

    def _place(self) -> dict[str, Any]:
        named = {each.name: getattr(self, each.name) for each in fields(self)}
        ids = {name: str(value) for name, value in named.items() if name.endswith("_id") and value is not None}
        return {name: value for name, value in named.items() if value not in {None, ""}} | ids


class BrokenRecordError(Exception):
    """The record does not hold; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.sentence(Language.EN))
        self.fault = fault


ADVICE = Phrase(
    "请暂停签署与发布,原样保留数据库文件和日志,并通知审计人员。找一份校验仍然通过的备份,与现状对照后再决定如何恢复。",
    "Stop signing and publishing, keep the database file and the log exactly as they are, and tell the auditors."
    " Find a backup that still verifies and compare it with what is there before deciding how to restore.",
)

SENTENCES: Mapping[FaultCode, Phrase] = {
    FaultCode.CONTENT_CHANGED: Phrase(
        "{entity}第 {version} 版的记录内容在写入之后被改动(记录 {record_id})",
        "The content of the record of {entity}, version {version}, was altered after it was written (record {record_id})",
    ),
    FaultCode.CONTENT_MISSING: Phrase(
        "{entity}第 {version} 版的记录内容不见了,而没有删除它的命令(记录 {record_id})",
        "The content of the record of {entity}, version {version}, is gone, and no order erased it (record {record_id})",
    ),
    FaultCode.RECORD_CHANGED: Phrase(
        "{entity}第 {version} 版的记录在写入之后被改动:何人、何时、何事与其校验值不符(记录 {record_id})",
        "The record of {entity}, version {version}, was altered after it was written: who, when or what no longer gives its"
        " hash (record {record_id})",
    ),
    FaultCode.CHAIN_BROKEN: Phrase(
        "{entity}第 {version} 版的记录接不上它的前一条记录:其间有记录被改、被删或被插入(记录 {record_id})",
        "The record of {entity}, version {version}, does not follow from the one before: a record was altered, removed or"
        " inserted there (record {record_id})",
    ),
    FaultCode.VERSION_MISSING: Phrase(
        "{entity}的记录不连续:应为第 {told} 版,却是第 {found} 版",
        "The records of {entity} have a gap: version {told} is due, and version {found} follows",
    ),
    FaultCode.KIND_UNKNOWN: Phrase(
        "有记录说的是不存在的类别“{kind}”(记录 {record_id})",
        "A record speaks of a kind that does not exist, {kind} (record {record_id})",
    ),
    FaultCode.STRAY_ROW: Phrase(
        "{table} 中有一行不属于任何记录(记录 {record_id})",
        "A row of {table} belongs to no record (record {record_id})",
    ),
    FaultCode.UNREADABLE: Phrase(
        "{entity}的数据无法读取,已不是本系统写入的样子({table} {row_id}):{found}",
        "The data of {entity} can't be read: it is not as this system wrote it ({table} {row_id}): {found}",
    ),
    FaultCode.BEFORE_DIFFERS: Phrase(
        "{entity}第 {version} 版的记录说“{column}”改动之前是 {told},而此前的记录是 {found}(记录 {record_id})",
        "The record of {entity}, version {version}, says that {column} was {told} before, but the records before it say"
        " {found} (record {record_id})",
    ),
    FaultCode.FIELD_DIFFERS: Phrase(
        "{entity}的“{column}”与书面记录不符:记录为 {told},数据库中是 {found}({table} {row_id})",
        "{column} of {entity} is not what the written record says: the record gives {told}, the database holds {found}"
        " ({table} {row_id})",
    ),
    FaultCode.ROW_MISSING: Phrase(
        "书面记录中的{entity}在数据库中缺了一行:{table} {row_id}",
        "A row of {entity} that the written record tells of is missing from the database: {table} {row_id}",
    ),
    FaultCode.ROW_UNRECORDED: Phrase(
        "数据库中{entity}有一行没有书面记录:{table} {row_id}",
        "The database holds a row of {entity} that no record tells of: {table} {row_id}",
    ),
    FaultCode.SEAL_DIFFERS: Phrase(
        "{entity}签署后内容有变:“{told}”签名所绑定的摘要与现有内容不符(签名 {row_id})",
        "{entity} changed after it was signed: the digest under the signature “{told}” is not that of its content"
        " (signature {row_id})",
    ),
    FaultCode.SCORE_DIFFERS: Phrase(
        "{entity}的“{column}”按其方案和填报重算为 {found},锁定的却是 {told}",
        "{column} of {entity} is {found} when computed anew from its scheme and inputs, but {told} was locked",
    ),
    FaultCode.NOT_LOGGED: Phrase(
        "有一条记录既不在日志中,也不在等待入日志的队列中(记录 {record_id})",
        "A record is neither in the log nor waiting for its place (record {record_id})",
    ),
    FaultCode.LOGGED_TWICE: Phrase(
        "有一条记录在日志中出现不止一次(记录 {record_id})",
        "A record stands in the log more than once (record {record_id})",
    ),
    FaultCode.LOG_GAP: Phrase(
        "日志在第 {size} 位缺了一项,下一项是第 {found} 位", "The log lacks its entry {size}; the next one is {found}"
    ),
    FaultCode.LEAF_DIFFERS: Phrase(
        "日志第 {size} 位与它所指的记录不符:记录被改或被删(记录 {record_id})",
        "Entry {size} of the log is not that of its record, which was altered or removed (record {record_id})",
    ),
    FaultCode.TILE_DIFFERS: Phrase(
        "日志的散列块 {found} 与日志内容不符(至第 {size} 条)",
        "The log's tile {found} does not follow from its entries (up to {size})",
    ),
    FaultCode.CHECKPOINT_DIFFERS: Phrase(
        "大小为 {size} 的检查点与日志内容不符:签署之后日志被改写或截短",
        "The checkpoint of size {size} does not follow from the log: the log was rewritten or cut after it was signed",
    ),
    FaultCode.SIGNATURE_FALSE: Phrase(
        "大小为 {size} 的检查点上的签名不成立:{found}",
        "A signature of the checkpoint of size {size} does not hold: {found}",
    ),
    FaultCode.KEY_DIFFERS: Phrase(
        "日志所载的签名密钥不是本机保存的那一把:应为 {told},日志中是 {found}",
        "The key that the log names is not the one kept outside the database: {told} is, the log says {found}",
    ),
    FaultCode.BEHIND: Phrase(
        "数据库之外保存着大小为 {told} 的检查点,而数据库中的日志(至 {size})与之不符:日志被改写,或数据库来自旧备份",
        "A checkpoint of size {told} is kept outside the database, and the log in the database ({size}) does not agree with it:"
        " it was rewritten, or the database comes from an old backup",
    ),
    FaultCode.OUTSIDE_UNREADABLE: Phrase(
        "数据库之外保存的日志密钥或检查点无法读取:{found}",
        "The key or the checkpoint kept outside the database can't be read: {found}",
    ),
}
