"""The words of the basis: a name for each step, and a sentence for each way that it goes where it has several (`step.how`)."""

from collections.abc import Mapping

from workflow.scoring.missing import MISSING_WORDING
from workflow.wording import Phrase

STEP_WORDING: Mapping[str, Phrase] = {
    "source": Phrase("来源:{source}", "source: {source}"),
    "reason": Phrase("理由:{reason}", "reason: {reason}"),
    "missing": Phrase("暂不计分:{code}", "no points yet: {code}"),
    "not_applicable": Phrase("不适用,理由:{reason}", "not applicable, reason: {reason}"),
    "level": Phrase("评为{level},{points} 分", "rated {level}: {points} points"),
    "given": Phrase("给 {points} 分(满分 {max})", "{points} of {max} points given"),
    "value": Phrase("本期 {value}{unit}", "this period {value}{unit}"),
    "baseline.history-min": Phrase(
        "历史最低 {baseline}{unit}({period})", "lowest in history {baseline}{unit} ({period})"
    ),
    "baseline.history-max": Phrase(
        "历史最高 {baseline}{unit}({period})", "highest in history {baseline}{unit} ({period})"
    ),
    "baseline.previous": Phrase("上期 {baseline}{unit}({period})", "previous period {baseline}{unit} ({period})"),
    "baseline.fixed": Phrase("方案规定的基数 {baseline}{unit}", "baseline set by the scheme {baseline}{unit}"),
    "baseline.by-hand": Phrase(
        "人工设定的基数 {baseline}{unit},理由:{reason}", "baseline set by hand {baseline}{unit}, reason: {reason}"
    ),
    "deviation.equal": Phrase("与基数持平", "equal to the baseline"),
    "deviation.lower": Phrase("比基数低 {amount}{gap}", "{amount}{gap} below the baseline"),
    "deviation.higher": Phrase("比基数高 {amount}{gap}", "{amount}{gap} above the baseline"),
    "relative.lower": Phrase(
        "比基数低 {amount}%:{difference} ÷ {baseline} × 100 = {amount}%",
        "{amount}% below the baseline: {difference} ÷ {baseline} × 100 = {amount}%",
    ),
    "relative.higher": Phrase(
        "比基数高 {amount}%:{difference} ÷ {baseline} × 100 = {amount}%",
        "{amount}% above the baseline: {difference} ÷ {baseline} × 100 = {amount}%",
    ),
    "steps.up": Phrase("每 {step} 一档,好 {steps} 档,加 {points} 分", "{steps} steps of {step} better: plus {points}"),
    "steps.down": Phrase(
        "每 {step} 一档,差 {steps} 档,扣 {points} 分", "{steps} steps of {step} worse: minus {points}"
    ),
    "unmoved": Phrase("不足一档或持平,取基数分 {points}", "less than a step: the {points} points of the baseline"),
    "arithmetic": Phrase("{expression} = {result}", "{expression} = {result}"),
    "clamp.above": Phrase("超过上限 {max},取 {max}", "above the upper limit {max}: {max} counts"),
    "clamp.below": Phrase("低于下限 {min},取 {min}", "below the lower limit {min}: {min} counts"),
    "clamp.within": Phrase("在 {min} 至 {max} 之内", "within {min} to {max}"),
    "clamp.under": Phrase("上限 {max}", "upper limit {max}"),
    "clamp.over": Phrase("下限 {min}", "lower limit {min}"),
    "left": Phrase("不高于 {x} 的一律 {points} 分", "everything up to {x} gives {points} points"),
    "right": Phrase("不低于 {x} 的一律 {points} 分", "everything from {x} on gives {points} points"),
    "between": Phrase("介于 {x1}({y1} 分)与 {x2}({y2} 分)之间", "between {x1} ({y1} points) and {x2} ({y2} points)"),
    "band.higher": Phrase("达到 {reached},{points} 分", "reaches {reached}: {points} points"),
    "band.lower": Phrase("不超过 {reached},{points} 分", "within {reached}: {points} points"),
    "band.otherwise": Phrase("未达到任何一档,{points} 分", "reaches no band: {points} points"),
    "adjustment.points": Phrase("{on} {points} 分:{reason}", "{on} {points} points: {reason}"),
    "adjustment.count": Phrase(
        "{on} {count} 次 × {each} = {points} 分:{reason}", "{on} {count} times {each} = {points} points: {reason}"
    ),
    "nothing": Phrase("本期没有加减分记录", "nothing was recorded in this period"),
    "held": Phrase("取 {period} 的值", "the value of {period} holds"),
    "rate.stored": Phrase("汇率 1 {currency} = {rate}({on},{source})", "rate 1 {currency} = {rate} ({on}, {source})"),
    "rate.dated": Phrase("汇率 1 {currency} = {rate}({on},填报)", "rate 1 {currency} = {rate} ({on}, put in)"),
    "rate.given": Phrase("汇率 1 {currency} = {rate}(填报)", "rate 1 {currency} = {rate} (put in)"),
    "rate.missing": Phrase("还没有 {currency} 的汇率", "there is no rate of {currency} yet"),
    "part": Phrase(
        "{part}:实际 {actual},基数 {base},增量 {growth}", "{part}: actual {actual}, base {base}, growth {growth}"
    ),
    "part.portfolio": Phrase(
        "{part}:实际 {actual},基数 {base}(所管客户),增量 {growth}",
        "{part}: actual {actual}, base {base} (of the customers looked after), growth {growth}",
    ),
    "share": Phrase(
        "全年 {year} 计 {months} 个月:{year} × {months} ÷ 12 = {amount}",
        "of the year's {year} {months} months count: {year} × {months} ÷ 12 = {amount}",
    ),
    "contribution.earlier": Phrase("{period} 实际 {amount}", "{period} actual {amount}"),
    "contribution.own": Phrase("本期 {period} 实际 {amount}", "this period {period} actual {amount}"),
    "contribution.missing": Phrase("{period} 的实际尚未确定", "the actual of {period} is not settled yet"),
    "target.parts": Phrase(
        "目标 = 基数 {base} + 增量 {growth} = {target}", "target = base {base} + growth {growth} = {target}"
    ),
    "target.given": Phrase("目标 {target}", "target {target}"),
    "actual": Phrase("实际 {actual}", "actual {actual}"),
    "start": Phrase("起始 {start} 分", "starts at {start} points"),
    "additions.full": Phrase("加分共 {points}", "additions {points}"),
    "additions.capped": Phrase("加分共 {points},至多计 {max}", "additions {points}, of which at most {max} count"),
    "deductions.full": Phrase("扣分共 {points}", "deductions {points}"),
    "deductions.capped": Phrase("扣分共 {points},至多计 {max}", "deductions {points}, of which at most {max} count"),
    "members.total": Phrase(
        "{count} 名成员总分之和 {total},均值 {mean}", "the totals of {count} members add up to {total}, mean {mean}"
    ),
    "members.sections": Phrase(
        "{count} 名成员 {sections} 部分得分之和 {total},均值 {mean}",
        "the points of {count} members in {sections} add up to {total}, mean {mean}",
    ),
    "raters.mean": Phrase("{group}:{count} 人,均值 {mean}", "{group}: {count} ratings, mean {mean}"),
    "raters.few": Phrase("{group}:{count} 人,至少要 {needed} 人", "{group}: {count} ratings, {needed} needed"),
    "totals.average": Phrase("各期总分 {totals},均值 {taken}", "totals {totals}, average {taken}"),
    "totals.sum": Phrase("各期总分 {totals},合计 {taken}", "totals {totals}, sum {taken}"),
    "totals.last": Phrase("各期总分 {totals},取最后一期 {taken}", "totals {totals}, the last is {taken}"),
    "inputs": Phrase("{inputs}", "{inputs}"),
    "pay.attendance": Phrase(
        "本期出勤 {days} 天,应出勤 {due} 天,出勤率 {share}", "attended {days} of {due} working days: a share of {share}"
    ),
    "pay.base": Phrase("{level}基本工资 {amount} 元", "base wage of {level}: {amount}"),
    "pay.benefit": Phrase("效益工资:{expression} = {amount} 元", "benefit wage: {expression} = {amount}"),
    "pay.bonus": Phrase("绩效奖金:{expression} = {amount} 元", "bonus: {expression} = {amount}"),
    "pay.stopped": Phrase("绩效奖金停发,计 {amount} 元", "the bonus is stopped: {amount}"),
    "weight": Phrase("乘权重:{from} × {weight} = {to}", "times the weight: {from} × {weight} = {to}"),
    "rounding": Phrase("按 {step} {mode}:{from} → {to}", "rounded to {step} ({mode}): {from} → {to}"),
    "points": Phrase("得 {points} 分", "{points} points"),
}

STEP_NAMES: Mapping[str, Phrase] = {
    "source": Phrase("来源", "source"),
    "reason": Phrase("原因", "reason"),
    "missing": Phrase("缺失", "missing"),
    "not_applicable": Phrase("不适用", "not applicable"),
    "level": Phrase("评分档", "level"),
    "given": Phrase("填报", "input"),
    "value": Phrase("填报", "input"),
    "baseline": Phrase("基数", "baseline"),
    "deviation": Phrase("差值", "deviation"),
    "relative": Phrase("相对值", "relative"),
    "steps": Phrase("档数", "steps"),
    "unmoved": Phrase("不足一档", "below one step"),
    "arithmetic": Phrase("计算", "arithmetic"),
    "clamp": Phrase("上下限", "clamp"),
    "left": Phrase("折算", "conversion"),
    "right": Phrase("折算", "conversion"),
    "between": Phrase("折算", "conversion"),
    "band": Phrase("分档", "band"),
    "adjustment": Phrase("加减分", "adjustments"),
    "nothing": Phrase("无记录", "no entries"),
    "held": Phrase("有效期", "holds"),
    "rate": Phrase("汇率", "rate"),
    "part": Phrase("分项", "part"),
    "share": Phrase("按月折算", "by months"),
    "contribution": Phrase("累计", "so far"),
    "target": Phrase("目标", "target"),
    "actual": Phrase("实际", "actual"),
    "start": Phrase("起始分", "start"),
    "additions": Phrase("加分", "additions"),
    "deductions": Phrase("扣分", "deductions"),
    "members": Phrase("成员", "members"),
    "raters": Phrase("评价", "ratings"),
    "totals": Phrase("各期总分", "totals by period"),
    "inputs": Phrase("填报", "input"),
    "pay": Phrase("薪资", "payroll"),
    "weight": Phrase("权重", "weight"),
    "rounding": Phrase("取整", "rounding"),
    "points": Phrase("得分", "points"),
}
"""What people call a step, whichever way it went."""

GROUP_WORDING: Mapping[str, Phrase] = {
    "superior": Phrase("上级", "superiors"),
    "peer": Phrase("同级", "peers"),
    "subordinate": Phrase("下级", "subordinates"),
}
"""The groups of raters that have a name; any other goes by its code."""

# Values that are codes and are read out in words, by the name under which a step holds them.
VALUE_WORDING: Mapping[str, Mapping[str, Phrase]] = {
    "mode": {
        "half-up": Phrase("四舍五入", "half up"),
        "half-even": Phrase("四舍六入五成双", "half to even"),
        "down": Phrase("舍去尾数", "cut off"),
    },
    "code": {reason.value: phrase for reason, phrase in MISSING_WORDING.items()},
    "group": GROUP_WORDING,
    "gap": {
        "percentage-points": Phrase(" 个百分点", " percentage points"),
    },
}
