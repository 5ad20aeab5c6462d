"""Why something is refused: the reasons, each with the sentence that says what is missing and who could do it."""

from collections.abc import Mapping
from enum import StrEnum

from workflow.wording import Phrase


class Reason(StrEnum):
    """Why something was refused; each belongs to one code and has one sentence."""

    UNREADABLE = "unreadable"
    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    CODE_NEEDED = "code_needed"
    CODE_WRONG = "code_wrong"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 — the name of a reason, not a secret
    NOT_SEEN = "not_seen"
    NO_GRANT = "no_grant"
    OWN_CARD = "own_card"
    HOLDERS_CARD = "holders_card"
    SAME_SIGNER = "same_signer"
    NOT_NEWEST_SIGNER = "not_newest_signer"
    NOT_YOURS = "not_yours"
    OWN_ACTION = "own_action"
    OWN_ERASURE = "own_erasure"
    NOT_DELEGABLE = "not_delegable"
    ONLY_HOLDER = "only_holder"
    OWN_DELEGATE = "own_delegate"
    SELF_DELEGATE = "self_delegate"
    NOT_OBJECTOR = "not_objector"
    OWN_OBJECTION = "own_objection"
    NOT_ASKER = "not_asker"
    OWN_QUESTION = "own_question"
    SIGNED_THERE = "signed_there"
    HANDLED_BEFORE = "handled_before"
    NOT_HANDLER = "not_handler"
    NOT_ON_COMMITTEE = "not_on_committee"
    ROLES_EXCLUDE = "roles_exclude"
    PASSWORD_CHANGE_FIRST = "password_change_first"  # noqa: S105 — the name of a reason, not a secret
    DEMO_ACCOUNT = "demo_account"
    CROSS_SITE = "cross_site"
    NO_VERSION = "no_version"
    INVALID_INPUT = "invalid_input"
    REASON_TOO_SHORT = "reason_too_short"
    UNKNOWN_TRIGGER = "unknown_trigger"
    UNKNOWN_TARGET = "unknown_target"
    FILE_TYPE = "file_type"
    LOCKED = "locked"
    WRONG_STATE = "wrong_state"
    PLAN_CLOSED = "plan_closed"
    PLAN_CANCELLED = "plan_cancelled"
    NOBODY_LATE = "nobody_late"
    REMINDED_TODAY = "reminded_today"
    CONTENT_CHANGED = "content_changed"
    CARDS_OPEN = "cards_open"
    CARDS_UNFINISHED = "cards_unfinished"
    CONTENT_ERASED = "content_erased"
    OBJECTION_TIME = "objection_time"
    OBJECTIONS_OPEN = "objections_open"
    APPEAL_LATE = "appeal_late"
    APPEALED_BEFORE = "appealed_before"
    ESCALATED_BEFORE = "escalated_before"
    ESCALATION_LATE = "escalation_late"
    COMMITTEE_NAMED = "committee_named"
    HAS_VOTED = "has_voted"
    HAS_ENTRIES = "has_entries"
    STANDINGS_OVERLAP = "standings_overlap"
    REVISION_OPEN = "revision_open"
    REPORT_THERE = "report_there"
    ENTRY_COUNTED = "entry_counted"
    IMPORT_USED = "import_used"
    STALE = "stale"
    INCOMPLETE = "incomplete"
    PROOF_NEEDED = "proof_needed"
    PROOF_WRONG = "proof_wrong"
    NOT_EMPTY = "not_empty"
    TOO_LARGE = "too_large"
    KEY_REUSED = "key_reused"
    TOO_MANY = "too_many"
    NOT_LOGGED = "not_logged"
    BUSY = "busy"
    NOT_STORED = "not_stored"
    LOG_BEHIND = "log_behind"


SENTENCES: Mapping[Reason, Phrase] = {
    Reason.UNREADABLE: Phrase("请求内容不是有效的 JSON。", "The body is not valid JSON."),
    Reason.SIGN_IN: Phrase("登录已失效,请重新登录。", "You are not signed in; please sign in again."),
    Reason.SIGN_IN_FAILED: Phrase("用户名或密码不正确。", "The user name or the password is wrong."),
    Reason.CODE_NEEDED: Phrase(
        "请输入验证器上的 6 位一次性验证码。", "Please give the one-time code of 6 digits that your device shows."
    ),
    Reason.CODE_WRONG: Phrase(
        "验证码不正确或已用过,请等验证器换出新码后再试。",
        "The code is wrong or has been used; wait for the next one and try again.",
    ),
    Reason.TOKEN_EXPIRED: Phrase("令牌已过期,请重新获取。", "The token has expired; please get a new one."),
    Reason.NOT_SEEN: Phrase("不存在,或您无权查看。", "It does not exist, or you may not see it."),
    Reason.NO_GRANT: Phrase("需要{roles}的授权;{who}。", "This needs the role {roles}; {who}."),
    Reason.OWN_CARD: Phrase(
        "您是此评分表的被考核人,不能签署;请由其他人签署。",
        "You are the person appraised by this card and cannot sign it; somebody else has to.",
    ),
    Reason.HOLDERS_CARD: Phrase(
        "此表的被考核人正是您所代理的人,不能代其签署;请由其他人签署。",
        "This card appraises the very person for whom you act and cannot be signed in their stead; somebody else has to.",
    ),
    Reason.SAME_SIGNER: Phrase(
        "您已作为{meaning}签署本表,编制、审核、批准须由不同的人签署。",
        "You have signed this card already ({meaning}); the three signatures need three different people.",
    ),
    Reason.NOT_NEWEST_SIGNER: Phrase(
        "只有最近一次签署的人({name})可以撤回。", "Only the newest signer ({name}) can withdraw this signature."
    ),
    Reason.NOT_YOURS: Phrase("只有被考核人本人可以办理。", "Only the appraised person can do this."),
    Reason.NOT_DELEGABLE: Phrase(
        "系统管理员、审计与评价人的授权不能委托他人;请由系统管理员另行授权。",
        "The roles of operator, auditor and rater can't be delegated; the operator can give another grant.",
    ),
    Reason.ONLY_HOLDER: Phrase(
        "此授权只能由{name}本人委托;缺席者由他人委托的,限于编制、审核、批准与数据提报。",
        "Only {name} can delegate this; for somebody absent only preparing, reviewing, approving and recording are handed on.",
    ),
    Reason.OWN_DELEGATE: Phrase(
        "代理人须是另一个人;请另选代理人。", "The delegate has to be another person; choose somebody else."
    ),
    Reason.SELF_DELEGATE: Phrase(
        "不能指定自己代理他人;请另选代理人。", "One can't make oneself another's delegate; choose somebody else."
    ),
    Reason.OWN_ERASURE: Phrase(
        "关于本人的删除令须由他人执行。", "An order to erase what is kept of yourself is carried out by somebody else."
    ),
    Reason.OWN_ACTION: Phrase(
        "此事项涉及您本人,须由其他人办理。", "This concerns you yourself; somebody else has to deal with it."
    ),
    Reason.NOT_OBJECTOR: Phrase(
        "只有被考核人本人可以就自己的成绩提出查询或申诉,并由本人撤回、关闭或提请复议。",
        "Only the appraised person can query or appeal against the own score, and withdraw, close or escalate that.",
    ),
    Reason.OWN_OBJECTION: Phrase(
        "此查询或申诉由您本人提出,须由其他人处理。", "You made this query or appeal; somebody else has to deal with it."
    ),
    Reason.NOT_ASKER: Phrase("只有提出询问的 {name} 可以撤回。", "Only {name}, who asked, can take the question back."),
    Reason.OWN_QUESTION: Phrase("不能答复自己提出的询问。", "Nobody answers their own question."),
    Reason.SIGNED_THERE: Phrase(
        "您已签署此评分表({meaning}),不能处理对它的申诉;请由未签署的审核人、批准人或绩效管理岗处理。",
        "You have signed this card ({meaning}); an appeal against it goes to a reviewer, approver or administrator"
        " who has not.",
    ),
    Reason.HANDLED_BEFORE: Phrase(
        "您已处理过此申诉;复议须由另一位绩效管理岗或未处理过的三人委员会决定。",
        "You have dealt with this appeal before; another administrator or a committee of three has to decide now.",
    ),
    Reason.NOT_HANDLER: Phrase(
        "此申诉已由{name}受理,请由其或绩效管理岗决定。",
        "{name} has accepted this appeal; they or an administrator decide it.",
    ),
    Reason.NOT_ON_COMMITTEE: Phrase(
        "此申诉由三人委员会复议:{names};请由委员表决。", "A committee of three decides this appeal: {names}."
    ),
    Reason.ROLES_EXCLUDE: Phrase(
        "{held}与{wanted}不能由同一账户担任。", "{held} and {wanted} exclude each other on one account."
    ),
    Reason.PASSWORD_CHANGE_FIRST: Phrase("首次登录请先修改密码。", "Please change your first password first."),
    Reason.DEMO_ACCOUNT: Phrase(
        "演示账户只能在本机访问时使用(或设置 KAOGONG_DEMO=1)。",
        "Demo accounts work only on a server bound to this machine (or with KAOGONG_DEMO=1).",
    ),
    Reason.CROSS_SITE: Phrase("请求来自其他网站,已拒绝。", "The request came from another site and was refused."),
    Reason.NO_VERSION: Phrase("请在 If-Match 中给出您所见的版本。", "Say in If-Match which version you saw."),
    Reason.INVALID_INPUT: Phrase("有 {count} 处填写有误,请按提示修改。", "{count} value(s) need mending, see each."),
    Reason.REASON_TOO_SHORT: Phrase("请填写原因,至少 {least} 个字。", "Give a reason of at least {least} characters."),
    Reason.UNKNOWN_TRIGGER: Phrase("没有“{trigger}”这个操作。", "There is no move called “{trigger}”."),
    Reason.UNKNOWN_TARGET: Phrase("不能{move}到“{to}”。", "{move} cannot lead to “{to}”."),
    Reason.LOCKED: Phrase(
        "已批准,永久锁定;如需更改请由绩效管理岗发起更正。",
        "Approved and locked for ever; an administrator can open a revision.",
    ),
    Reason.WRONG_STATE: Phrase("当前为“{state}”,不能{move}。", "It is “{state}” now; {move} is not possible."),
    Reason.PLAN_CANCELLED: Phrase(
        "考核计划已取消,其评分表不再发布或更正;需要时请另建计划。",
        "The plan was cancelled: its cards are neither published nor revised; make another plan.",
    ),
    Reason.NOBODY_LATE: Phrase(
        "此步骤没有逾期的工作,无须催办。", "Nothing is late in this step; nobody needs a reminder."
    ),
    Reason.REMINDED_TODAY: Phrase(
        "今天已催办过全部逾期人员;每人每步每天至多一次,请明天再催。",
        "Everybody who is late has been reminded today; once a day is the most, try again tomorrow.",
    ),
    Reason.PLAN_CLOSED: Phrase("考核计划已截止填报。", "The plan no longer takes entries."),
    Reason.CONTENT_CHANGED: Phrase(
        "内容与上一签署时不一致,请退回重新编制。",
        "The content differs from what was last signed; return it to be prepared anew.",
    ),
    Reason.CARDS_OPEN: Phrase(
        "还有 {count} 张评分表未批准:{cards}。", "{count} card(s) are not approved yet: {cards}."
    ),
    Reason.CARDS_UNFINISHED: Phrase(
        "此人还有未完结的评分表:{cards}。请先批准或作废;工资以填报计算的,先让计划定案。",
        "Cards of this person are not finished: {cards}. Have them approved or voided; where pay goes by what was put in, have"
        " the plan made final first.",
    ),
    Reason.CONTENT_ERASED: Phrase(
        "其内容已按令删除,不能再{move}。", "Its content was erased by order, so {move} is not possible any more."
    ),
    Reason.OBJECTION_TIME: Phrase(
        "公示和申诉期未满,至 {until} 止。", "The time for objections is not over yet; its last day is {until}."
    ),
    Reason.OBJECTIONS_OPEN: Phrase(
        "还有 {count} 件查询或申诉未办结:{named}。", "Queries or appeals still open: {count} ({named})."
    ),
    Reason.APPEAL_LATE: Phrase(
        "申诉期已于 {day} 截止;仍可提出查询。", "The time for appeals ended on {day}; you can still make a query."
    ),
    Reason.APPEALED_BEFORE: Phrase(
        "您已就此提出过申诉(现为“{state}”),不能重复提出;有疑问可以提出查询。",
        "You have appealed against this already (now “{state}”); you can still make a query.",
    ),
    Reason.ESCALATED_BEFORE: Phrase(
        "此申诉已经过复议,复议决定为最终决定。", "This appeal was escalated before; that decision is final."
    ),
    Reason.ESCALATION_LATE: Phrase(
        "提请复议的期限已于 {day} 截止。", "The time to escalate this appeal ended on {day}."
    ),
    Reason.COMMITTEE_NAMED: Phrase("已组成委员会:{names}。", "There is a committee already: {names}."),
    Reason.HAS_VOTED: Phrase("您已表决,请等待其他委员。", "You have voted; the other members have not all done so."),
    Reason.HAS_ENTRIES: Phrase("已有有效的加减分记录,请先作废。", "There are standing adjustments; void them first."),
    Reason.STANDINGS_OVERLAP: Phrase(
        "作废后,{since}起的「{kind}」会与之前的状态重叠;请先作废{since}起的那一条。",
        "Without it the {kind} from {since} would overlap an earlier standing; void the one from {since} first.",
    ),
    Reason.REVISION_OPEN: Phrase("已有更正版 {number} 在处理中。", "A revision is open already: {number}."),
    Reason.REPORT_THERE: Phrase(
        "此计划已有考核报告(现为“{state}”);请继续撰写,已批准的请发起更正。",
        "This plan has a report already (now “{state}”); go on with it, or open a revision of one that is approved.",
    ),
    Reason.ENTRY_COUNTED: Phrase(
        "这笔加减分已计入评分表 {card},该表现在不能修改;请先退回该表,或由绩效管理岗发起更正。",
        "The card {card} counts this entry and can't be changed now; have it returned, or ask for a revision.",
    ),
    Reason.FILE_TYPE: Phrase(
        "文件 {name} 的内容与类型不符,或不是可作凭证的类型;可用:{types}。",
        "{name} is not what its name says, or no type that serves as evidence; these do: {types}.",
    ),
    Reason.IMPORT_USED: Phrase("已被使用({used}),不能撤销。", "It is in use already ({used}) and cannot be undone."),
    Reason.STALE: Phrase("此内容已被他人修改,请重新查看。", "This has been changed meanwhile; please look again."),
    Reason.INCOMPLETE: Phrase("还缺 {count} 项:{items}。", "{count} item(s) are missing: {items}."),
    Reason.PROOF_NEEDED: Phrase(
        "签署前请再次输入密码或一次性验证码。", "Please give your password again, or a one-time code, to sign."
    ),
    Reason.PROOF_WRONG: Phrase("密码或验证码不正确,未签署。", "The password or code is wrong; nothing was signed."),
    Reason.NOT_EMPTY: Phrase(
        "数据库中已有数据,演示数据只装入空数据库。",
        "There is data in this database; the demo goes only into an empty one.",
    ),
    Reason.TOO_LARGE: Phrase("内容超过上限 {limit}。", "It is larger than the limit of {limit}."),
    Reason.KEY_REUSED: Phrase(
        "此 Idempotency-Key 已用于不同的内容。", "This Idempotency-Key was used with another body."
    ),
    Reason.TOO_MANY: Phrase(
        "尝试过多,请在 {minutes} 分钟后再试。", "Too many attempts; try again in {minutes} minutes."
    ),
    Reason.NOT_LOGGED: Phrase(
        "记录刚写入,几秒后才进入日志树,请稍后再试。",
        "The record is new and enters the log in a few seconds; try again then.",
    ),
    Reason.NOT_STORED: Phrase(
        "数据库现在无法写入(例如磁盘已满),这次的改动没有保存。请通知系统管理员,稍后再试。",
        "The database can't store anything now (its disk is full, say); this change was not saved. Please tell the operator"
        " and try again later.",
    ),
    Reason.LOG_BEHIND: Phrase(
        "暂停签署:{known_by}见过 {size} 条记录的日志,而此数据库落后于它或与之不符,可能恢复自旧备份。请联系系统管理员。",
        "Nothing is signed for now: {known_by} knows a log of {size} records, and this database lies behind it or tells"
        " another story; it may come from an old backup. Please tell the operator.",
    ),
    Reason.BUSY: Phrase("系统繁忙,请稍后再试,已填内容不会丢失。", "Busy for the moment; try again, nothing is lost."),
}
