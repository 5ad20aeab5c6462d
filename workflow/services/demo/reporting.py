"""The demo organisation's reports: one published with its month, the newest published month's awaiting its reviewer."""

from typing import Final

from workflow.models.reports import Report
from workflow.services.demo.found import BY_PASSWORD, Founded
from workflow.services.demo.moving import Month
from workflow.services.reporting import sign_reports, write_reports
from workflow.services.reporting.write_reports import Remark
from workflow.services.scorecards.asking import Asked

PROBLEMS: Final = (
    "一、业务处理差错集中在月末三天,漏填工单占一半以上。\n"
    "二、质检扣分以“未核对客户身份要素”“未使用规范结束语”为主,新入职坐席占七成。\n"
    "三、客户部流失率高于历史最低水平,老客户回访不足。"
)
DIRECTIONS: Final = (
    "一、月末三天加派复核岗,漏填工单当日清零,由班组长负责。\n"
    "二、新入职坐席首月双人复核,身份核对与结束语纳入每周录音复盘。\n"
    "三、客户部十一月起按名单逐户回访,回访情况每周通报。"
)
REMARKS: Final = (
    Remark("漏填工单重复发生。", "工单系统增加提交前必填校验。", scheme="csr-card", item="processing"),
    Remark("身份要素核对不全。", "每周复听两通录音,班组长签字。", scheme="csr-card", item="quality"),
    Remark(
        "流失客户多为合作三年以上的老客户。", "建立到期前九十天回访清单。", scheme="customer-department", item="churn"
    ),
    Remark("新人比例高,处理时长偏长。", "师傅带教,按周考核时长。", unit="credit-card"),
)
WAY: Final = (("admin", "prepare"), ("reviewer", "review"), ("approver", "approve"), ("admin", "publish"))
"""Who signs and publishes a report, in turn."""

HOURS: Final = 5


def report_on(founded: Founded, month: Month, *, publish: bool) -> None:
    """Write the report of a published month, and have it signed and published, or only prepared."""
    report = _write(founded, month)
    for username, trigger in WAY if publish else WAY[:1]:
        month.later(hours=HOURS)
        actor = founded.actors[username]
        sign_reports.move(actor, month, report.id, Asked(trigger, BY_PASSWORD), seen_version=report.version)


def _write(founded: Founded, month: Month) -> Report:
    admin = founded.actors["admin"]
    month.later(hours=HOURS)
    report = write_reports.draft(admin, month, month.period.label)
    words = {"problems": PROBLEMS, "directions": DIRECTIONS}
    write_reports.edit(admin, month, report.id, words, seen_version=report.version)
    for said in REMARKS:
        write_reports.remark(admin, month, report.id, said, seen_version=report.version)
    return report
