"""What the codes in recorded fields are called: states, roles, kinds and the like, by the kind of entity and the field."""

from collections.abc import Mapping
from typing import Any

from workflow.lifecycle import (
    action_item,
    appeal,
    delegation,
    import_batch,
    improvement,
    interview,
    ledger_entry,
    level,
    personnel,
    plan,
    query,
    question,
    rating,
    standing,
)
from workflow.policy import ROLE_NAMES
from workflow.policy.schemes import SCHEME_STATE_NAMES
from workflow.policy.vocabulary import MEANING_NAMES, STATE_NAMES
from workflow.scoring.missing import MISSING_WORDING
from workflow.scoring.periods import FREQUENCY_NAMES
from workflow.scoring.terms import ABSENCE_NAMES
from workflow.services.importing.import_rows import OUTCOME_NAMES
from workflow.services.people.maintain_organisation import FUNCTION_NAMES
from workflow.services.plans.maintain_calendar import DAY_KIND_NAMES
from workflow.wording import Phrase

Names = Mapping[Any, Phrase]
"""Codes with their names; a member of an enumeration is its own code."""

STEP_NAMES: Names = {
    "inputs": Phrase("数据提报", "entering data"),
    "prepare": Phrase("编制", "preparation"),
    "review": Phrase("审核", "review"),
    "approve": Phrase("批准", "approval"),
    "disclose": Phrase("公示", "publication"),
    "object": Phrase("申诉", "appeals"),
    "finalize": Phrase("定案", "finalisation"),
    "payroll": Phrase("工资", "payroll"),
}
"""The steps of a plan's calendar."""

_SUBMITTED: Names = {
    "submit": Phrase("提出", "submitted"),
    "answer": Phrase("答复", "answered"),
    "close": Phrase("关闭", "closed"),
    "committee": Phrase("组成委员会", "committee named"),
}

KEYS: Names = {
    "actual": Phrase("实际", "actual"),
    "base": Phrase("基数", "base"),
    "customers": Phrase("客户数", "customers"),
    "group": Phrase("考核单元", "ranking group"),
    "groups": Phrase("评价", "ratings"),
    "parts": Phrase("各部分", "parts"),
    "ranked": Phrase("参加排名人数", "number ranked"),
    "sum": Phrase("合计", "sum"),
    "target": Phrase("目标", "target"),
}
"""What stands inside documents and is no column of its own."""

CODES: Mapping[str, Names] = {
    "absence": ABSENCE_NAMES,
    "asker_role": ROLE_NAMES,
    "frequency": FREQUENCY_NAMES,
    "function": {**FUNCTION_NAMES, **ROLE_NAMES},
    "language": {"zh-CN": Phrase("中文", "Chinese"), "en": Phrase("英文", "English")},
    "meaning": MEANING_NAMES,
    "missing": MISSING_WORDING,
    "method": {
        "password": Phrase("密码验证", "password"),
        "sign-in": Phrase("登录验证", "sign-in"),
        "otp": Phrase("一次性验证码", "one-time code"),
    },
    "role": ROLE_NAMES,
    "step": STEP_NAMES,
    "subject_kind": {"unit": Phrase("单位", "unit"), "person": Phrase("个人", "person")},
    "account.reason": {"browser": Phrase("浏览器", "browser"), "token": Phrase("接口令牌", "API token")},
    "action.bonus": {"none": Phrase("停发", "stopped")},
    "action.kind": {
        "talk": Phrase("谈话", "talk"),
        "off-post": Phrase("待岗", "off post"),
        "training": Phrase("培训", "training"),
        "test": Phrase("考核", "test"),
        "return": Phrase("返岗", "return to post"),
        "dismissal": Phrase("辞退", "dismissal"),
        "commendation": Phrase("表扬", "commendation"),
        "bonus": Phrase("奖金", "bonus"),
        "warning": Phrase("警告", "warning"),
        "level": Phrase("等级", "level"),
    },
    "action.state": action_item.STATE_NAMES,
    "calendar.kind": DAY_KIND_NAMES,
    "delegation.state": delegation.STATE_NAMES,
    "import.counts": OUTCOME_NAMES,
    "import.kind": import_batch.KIND_NAMES,
    "import.state": import_batch.STATE_NAMES,
    "improvement.better": {"higher": Phrase("越高越好", "higher"), "lower": Phrase("越低越好", "lower")},
    "improvement.measured_by": {
        "points": Phrase("评分表的得分", "points"),
        "measurement": Phrase("指标数据", "measurement"),
    },
    "improvement.state": improvement.STATE_NAMES,
    "improvement.trigger": improvement.TRIGGER_NAMES,
    "interview.state": interview.STATE_NAMES,
    "ledger.state": ledger_entry.STATE_NAMES,
    "level.employment": level.EMPLOYMENT_NAMES,
    "level.figures": {
        "written": Phrase("笔试", "written examination"),
        "oral": Phrase("面试", "oral examination"),
        "pass_mark": Phrase("及格线", "pass mark"),
        "average_deposits": Phrase("日均存款(万元)", "average daily deposits (10,000 yuan)"),
        "deposit_threshold": Phrase("存款标准(万元)", "threshold of deposits (10,000 yuan)"),
    },
    "level.level": level.LEVEL_NAMES,
    "level.state": personnel.STATE_NAMES,
    "level.way": level.WAY_NAMES,
    "objection.kind": {"query": Phrase("查询", "query"), "appeal": Phrase("绩效申诉", "appeal")},
    "objection.state": {**query.STATE_NAMES, **appeal.STATE_NAMES},
    "objection.trigger": {**query.TRIGGER_NAMES, **appeal.TRIGGER_NAMES, **_SUBMITTED},
    "objection.vote": {"uphold": Phrase("成立", "uphold"), "reject": Phrase("不成立", "reject")},
    "payroll.level": level.LEVEL_NAMES,
    "plan.calendar": STEP_NAMES,
    "plan.disclosure": {
        "none": Phrase("不公开名次", "no ranks"),
        "own-rank": Phrase("本人名次", "one's own rank"),
        "top-n": Phrase("前列名单", "the first ranks"),
        "all": Phrase("全部名次", "all ranks"),
    },
    "plan.state": plan.STATE_NAMES,
    "question.state": question.STATE_NAMES,
    "ranking.state": {"provisional": Phrase("暂定", "provisional"), "final": Phrase("已定案", "final")},
    "ranking.within": {
        "unit": Phrase("本单位内", "within the unit"),
        "group": Phrase("考核单元内", "within the ranking group"),
        "plan": Phrase("整个计划内", "within the plan"),
    },
    "rating.state": rating.STATE_NAMES,
    "rating.way": {"rule": Phrase("按规则请求", "by rule"), "hand": Phrase("人工指定", "by hand")},
    "report.state": STATE_NAMES,
    "scheme.state": SCHEME_STATE_NAMES,
    "scorecard.state": STATE_NAMES,
    "standing.kind": standing.KIND_NAMES,
    "standing.state": personnel.STATE_NAMES,
}
"""By field, or by kind of entity and field where kinds differ."""


def names_of_codes(kind: str, field: str) -> Names:
    """Give the names of the codes of a field; none where it holds none."""
    return CODES.get(f"{kind}.{field}") or CODES.get(field, {})
