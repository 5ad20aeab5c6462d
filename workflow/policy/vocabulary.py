"""The words in which permission is spoken: roles, a card's states and moves, what a signature means, each in both languages."""

from collections.abc import Mapping
from enum import StrEnum

from workflow.wording import Phrase


class Role(StrEnum):
    """What a grant lets an account be, within its scope and dates."""

    PREPARER = "preparer"
    RECORDER = "recorder"
    RATER = "rater"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    HEAD = "head"
    HR = "hr"
    AUDITOR = "auditor"
    OPERATOR = "operator"


ROLE_NAMES: Mapping[Role, Phrase] = {
    Role.PREPARER: Phrase("编制人", "preparer"),
    Role.RECORDER: Phrase("数据提报人", "recorder"),
    Role.RATER: Phrase("评价人", "rater"),
    Role.REVIEWER: Phrase("审核人", "reviewer"),
    Role.APPROVER: Phrase("批准人", "approver"),
    Role.ADMINISTRATOR: Phrase("绩效管理岗", "performance administrator"),
    Role.HEAD: Phrase("部门负责人", "head"),
    Role.HR: Phrase("人力资源", "human resources"),
    Role.AUDITOR: Phrase("审计", "auditor"),
    Role.OPERATOR: Phrase("系统管理员", "operator"),
}


class State(StrEnum):
    """The states of a scorecard (source: lifecycle.md, Scorecard)."""

    DRAFT = "draft"
    PREPARED = "prepared"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    VOID = "void"


STATE_NAMES: Mapping[State, Phrase] = {
    State.DRAFT: Phrase("草稿", "draft"),
    State.PREPARED: Phrase("已编制(待审核)", "prepared (awaiting review)"),
    State.REVIEWED: Phrase("已审核(待批准)", "reviewed (awaiting approval)"),
    State.APPROVED: Phrase("已批准(待发布)", "approved (awaiting publication)"),
    State.PUBLISHED: Phrase("已发布", "published"),
    State.SUPERSEDED: Phrase("已被更正版替代", "superseded by a revision"),
    State.VOID: Phrase("已作废", "void"),
}


class Trigger(StrEnum):
    """The moves of a scorecard; `supersede` is the product's own and is never offered to a person."""

    PREPARE = "prepare"
    WITHDRAW = "withdraw"
    REVIEW = "review"
    APPROVE = "approve"
    RETURN = "return"
    PUBLISH = "publish"
    REVISE = "revise"
    VOID = "void"
    SUPERSEDE = "supersede"


TRIGGER_NAMES: Mapping[Trigger, Phrase] = {
    Trigger.PREPARE: Phrase("编制", "prepare"),
    Trigger.WITHDRAW: Phrase("撤回", "withdraw"),
    Trigger.REVIEW: Phrase("审核", "review"),
    Trigger.APPROVE: Phrase("批准", "approve"),
    Trigger.RETURN: Phrase("退回", "return"),
    Trigger.PUBLISH: Phrase("发布", "publish"),
    Trigger.REVISE: Phrase("更正", "revise"),
    Trigger.VOID: Phrase("作废", "void"),
    Trigger.SUPERSEDE: Phrase("以更正版替代", "supersede"),
}


class Meaning(StrEnum):
    """What a signature says."""

    PREPARE = "prepare"
    REVIEW = "review"
    APPROVE = "approve"


MEANING_NAMES: Mapping[Meaning, Phrase] = {
    Meaning.PREPARE: Phrase("编制", "prepared by"),
    Meaning.REVIEW: Phrase("审核", "reviewed by"),
    Meaning.APPROVE: Phrase("批准", "approved by"),
}
