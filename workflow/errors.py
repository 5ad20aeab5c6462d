"""Refusals: every way to say no, each with a stable code, a reason and a sentence in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workflow.reasons import SENTENCES, Reason
from workflow.wording import Language, Phrase

__all__ = [
    "REASON_CODES",
    "STATUS",
    "TITLES",
    "Denied",
    "ErrorCode",
    "FieldError",
    "Reason",
    "Refusal",
    "invalid",
    "not_seen",
    "refuse",
    "stale",
]


class ErrorCode(StrEnum):
    """The stable codes of interfaces.md, in the order in which they are decided."""

    BAD_REQUEST = "bad_request"
    NOT_AUTHENTICATED = "not_authenticated"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    VERSION_REQUIRED = "version_required"
    INVALID = "invalid"
    LOCKED = "locked"
    WRONG_STATE = "wrong_state"
    STALE = "stale"
    INCOMPLETE = "incomplete"
    CREDENTIAL_REQUIRED = "credential_required"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    KEY_REUSED = "key_reused"
    TOO_MANY_REQUESTS = "too_many_requests"
    UNAVAILABLE = "unavailable"
    NOT_LOGGED = "not_logged"


STATUS: Mapping[ErrorCode, int] = {
    ErrorCode.BAD_REQUEST: 400,
    ErrorCode.NOT_AUTHENTICATED: 401,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.VERSION_REQUIRED: 428,
    ErrorCode.INVALID: 422,
    ErrorCode.LOCKED: 409,
    ErrorCode.WRONG_STATE: 409,
    ErrorCode.STALE: 409,
    ErrorCode.INCOMPLETE: 409,
    ErrorCode.CREDENTIAL_REQUIRED: 403,
    ErrorCode.METHOD_NOT_ALLOWED: 405,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: 415,
    ErrorCode.KEY_REUSED: 422,
    ErrorCode.TOO_MANY_REQUESTS: 429,
    ErrorCode.UNAVAILABLE: 503,
    ErrorCode.NOT_LOGGED: 409,
}

TITLES: Mapping[ErrorCode, Phrase] = {
    ErrorCode.BAD_REQUEST: Phrase("请求格式有误", "The request cannot be read"),
    ErrorCode.NOT_AUTHENTICATED: Phrase("请先登录", "Please sign in"),
    ErrorCode.NOT_FOUND: Phrase("没有找到", "Not found"),
    ErrorCode.FORBIDDEN: Phrase("没有权限", "Not permitted"),
    ErrorCode.VERSION_REQUIRED: Phrase("缺少版本号", "A version is required"),
    ErrorCode.INVALID: Phrase("填写有误", "The input is not valid"),
    ErrorCode.LOCKED: Phrase("已锁定", "Locked"),
    ErrorCode.WRONG_STATE: Phrase("当前状态不允许", "Not possible in this state"),
    ErrorCode.STALE: Phrase("内容已被他人修改", "Changed by somebody else meanwhile"),
    ErrorCode.INCOMPLETE: Phrase("尚未填写完整", "Not complete yet"),
    ErrorCode.CREDENTIAL_REQUIRED: Phrase("需要验证身份", "Prove who you are"),
    ErrorCode.METHOD_NOT_ALLOWED: Phrase("不支持此方法", "Method not allowed"),
    ErrorCode.TOO_LARGE: Phrase("内容过大", "Too large"),
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: Phrase("不支持此内容类型", "Unsupported media type"),
    ErrorCode.KEY_REUSED: Phrase("重复键已用于其他请求", "The key was used for another request"),
    ErrorCode.TOO_MANY_REQUESTS: Phrase("请求过于频繁", "Too many requests"),
    ErrorCode.UNAVAILABLE: Phrase("服务暂不可用", "Unavailable for the moment"),
    ErrorCode.NOT_LOGGED: Phrase("尚未写入日志树", "Not in the log yet"),
}


REASON_CODES: Mapping[Reason, ErrorCode] = {
    Reason.UNREADABLE: ErrorCode.BAD_REQUEST,
    Reason.SIGN_IN: ErrorCode.NOT_AUTHENTICATED,
    Reason.SIGN_IN_FAILED: ErrorCode.NOT_AUTHENTICATED,
    Reason.CODE_NEEDED: ErrorCode.CREDENTIAL_REQUIRED,
    Reason.CODE_WRONG: ErrorCode.CREDENTIAL_REQUIRED,
    Reason.TOKEN_EXPIRED: ErrorCode.NOT_AUTHENTICATED,
    Reason.NOT_SEEN: ErrorCode.NOT_FOUND,
    Reason.NO_GRANT: ErrorCode.FORBIDDEN,
    Reason.OWN_CARD: ErrorCode.FORBIDDEN,
    Reason.HOLDERS_CARD: ErrorCode.FORBIDDEN,
    Reason.SAME_SIGNER: ErrorCode.FORBIDDEN,
    Reason.NOT_NEWEST_SIGNER: ErrorCode.FORBIDDEN,
    Reason.NOT_YOURS: ErrorCode.FORBIDDEN,
    Reason.OWN_ACTION: ErrorCode.FORBIDDEN,
    Reason.OWN_ERASURE: ErrorCode.FORBIDDEN,
    Reason.NOT_DELEGABLE: ErrorCode.FORBIDDEN,
    Reason.ONLY_HOLDER: ErrorCode.FORBIDDEN,
    Reason.OWN_DELEGATE: ErrorCode.FORBIDDEN,
    Reason.SELF_DELEGATE: ErrorCode.FORBIDDEN,
    Reason.NOT_OBJECTOR: ErrorCode.FORBIDDEN,
    Reason.OWN_OBJECTION: ErrorCode.FORBIDDEN,
    Reason.NOT_ASKER: ErrorCode.FORBIDDEN,
    Reason.OWN_QUESTION: ErrorCode.FORBIDDEN,
    Reason.SIGNED_THERE: ErrorCode.FORBIDDEN,
    Reason.HANDLED_BEFORE: ErrorCode.FORBIDDEN,
    Reason.NOT_HANDLER: ErrorCode.FORBIDDEN,
    Reason.NOT_ON_COMMITTEE: ErrorCode.FORBIDDEN,
    Reason.ROLES_EXCLUDE: ErrorCode.INVALID,
    Reason.PASSWORD_CHANGE_FIRST: ErrorCode.FORBIDDEN,
    Reason.DEMO_ACCOUNT: ErrorCode.FORBIDDEN,
    Reason.CROSS_SITE: ErrorCode.FORBIDDEN,
    Reason.NO_VERSION: ErrorCode.VERSION_REQUIRED,
    Reason.INVALID_INPUT: ErrorCode.INVALID,
    Reason.REASON_TOO_SHORT: ErrorCode.INVALID,
    Reason.UNKNOWN_TRIGGER: ErrorCode.INVALID,
    Reason.UNKNOWN_TARGET: ErrorCode.INVALID,
    Reason.LOCKED: ErrorCode.LOCKED,
    Reason.WRONG_STATE: ErrorCode.WRONG_STATE,
    Reason.PLAN_CLOSED: ErrorCode.WRONG_STATE,
    Reason.PLAN_CANCELLED: ErrorCode.WRONG_STATE,
    Reason.NOBODY_LATE: ErrorCode.WRONG_STATE,
    Reason.REMINDED_TODAY: ErrorCode.WRONG_STATE,
    Reason.CONTENT_CHANGED: ErrorCode.WRONG_STATE,
    Reason.CARDS_OPEN: ErrorCode.WRONG_STATE,
    Reason.CARDS_UNFINISHED: ErrorCode.WRONG_STATE,
    Reason.CONTENT_ERASED: ErrorCode.WRONG_STATE,
    Reason.OBJECTION_TIME: ErrorCode.WRONG_STATE,
    Reason.OBJECTIONS_OPEN: ErrorCode.WRONG_STATE,
    Reason.APPEAL_LATE: ErrorCode.WRONG_STATE,
    Reason.APPEALED_BEFORE: ErrorCode.WRONG_STATE,
    Reason.ESCALATED_BEFORE: ErrorCode.WRONG_STATE,
    Reason.ESCALATION_LATE: ErrorCode.WRONG_STATE,
    Reason.COMMITTEE_NAMED: ErrorCode.WRONG_STATE,
    Reason.HAS_VOTED: ErrorCode.WRONG_STATE,
    Reason.HAS_ENTRIES: ErrorCode.WRONG_STATE,
    Reason.STANDINGS_OVERLAP: ErrorCode.WRONG_STATE,
    Reason.REVISION_OPEN: ErrorCode.WRONG_STATE,
    Reason.REPORT_THERE: ErrorCode.WRONG_STATE,
    Reason.ENTRY_COUNTED: ErrorCode.WRONG_STATE,
    Reason.FILE_TYPE: ErrorCode.UNSUPPORTED_MEDIA_TYPE,
    Reason.IMPORT_USED: ErrorCode.WRONG_STATE,
    Reason.STALE: ErrorCode.STALE,
    Reason.INCOMPLETE: ErrorCode.INCOMPLETE,
    Reason.PROOF_NEEDED: ErrorCode.CREDENTIAL_REQUIRED,
    Reason.PROOF_WRONG: ErrorCode.CREDENTIAL_REQUIRED,
    Reason.NOT_EMPTY: ErrorCode.WRONG_STATE,
    Reason.TOO_LARGE: ErrorCode.TOO_LARGE,
    Reason.KEY_REUSED: ErrorCode.KEY_REUSED,
    Reason.TOO_MANY: ErrorCode.TOO_MANY_REQUESTS,
    Reason.NOT_LOGGED: ErrorCode.NOT_LOGGED,
    Reason.BUSY: ErrorCode.UNAVAILABLE,
    Reason.NOT_STORED: ErrorCode.UNAVAILABLE,
    Reason.LOG_BEHIND: ErrorCode.UNAVAILABLE,
}


@dataclass(frozen=True, slots=True)
class Denied:
    """A refusal as a value: the reason and the facts that its sentence names."""

    reason: Reason
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def code(self) -> ErrorCode:
        """The stable code that other programs rely on."""
        return REASON_CODES[self.reason]

    def sentence(self, language: Language) -> str:
        """Say in `language` what is missing and who could do it; facts that are phrases are said in it too."""
        values = {key: fact.say(language) if isinstance(fact, Phrase) else fact for key, fact in self.facts.items()}
        return SENTENCES[self.reason].say(language, **values)


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong value: the path of the field and what is wrong with it."""

    path: str
    phrase: Phrase
    facts: Mapping[str, object] = field(default_factory=dict)


class Refusal(Exception):
    """Carries a refusal out of a transaction, which is rolled back by it; entry points turn it into an answer."""

    def __init__(
        self, denied: Denied, *, errors: tuple[FieldError, ...] = (), current: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(denied.reason)
        self.denied = denied
        self.errors = errors
        self.current = current


def refuse(reason: Reason, **facts: object) -> Refusal:
    """Make the refusal to raise for `reason`, with the facts its sentence needs."""
    return Refusal(Denied(reason, facts))


def invalid(*errors: FieldError) -> Refusal:
    """Make the refusal for wrong values, each by its path."""
    return Refusal(Denied(Reason.INVALID_INPUT, {"count": len(errors)}), errors=errors)


def not_seen() -> Refusal:
    """Make the refusal for what is not there or may not be seen: the two can't be told apart."""
    return refuse(Reason.NOT_SEEN)


def stale(version: int, value: object) -> Refusal:
    """Make the refusal for a version that is no longer the newest; carries the newest and its value."""
    return Refusal(Denied(Reason.STALE), current={"version": version, "value": value})
