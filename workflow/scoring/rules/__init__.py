"""The kinds of rules: one file each, and the table that names them."""

from collections.abc import Mapping

from workflow.scoring.errors import SchemeError
from workflow.scoring.parts import IS_REQUIRED, MUST_BE_ONE_OF, as_mapping, read_part
from workflow.scoring.rules.adjustments import AdjustmentsRule
from workflow.scoring.rules.attainment import AttainmentRule
from workflow.scoring.rules.bands import BandsRule
from workflow.scoring.rules.base import Rule
from workflow.scoring.rules.baseline import BaselineRule
from workflow.scoring.rules.formula import FormulaRule
from workflow.scoring.rules.linear import LinearRule
from workflow.scoring.rules.periods import PeriodsRule
from workflow.scoring.rules.points import PointsRule
from workflow.scoring.rules.raters import RatersRule
from workflow.scoring.rules.rating import RatingRule
from workflow.scoring.rules.team import TeamRule

RULES: Mapping[str, type[Rule]] = {
    rule.kind: rule
    for rule in (
        RatingRule,
        PointsRule,
        BaselineRule,
        LinearRule,
        BandsRule,
        AdjustmentsRule,
        AttainmentRule,
        TeamRule,
        RatersRule,
        PeriodsRule,
        FormulaRule,
    )
}


def read_rule(data: object) -> Rule:
    """Read a rule of any kind from plain data; raises SchemeError with the path inside the rule."""
    mapping = as_mapping(data)
    if "kind" not in mapping:
        raise SchemeError("kind", IS_REQUIRED)
    kind = mapping["kind"]
    if not isinstance(kind, str) or kind not in RULES:
        raise SchemeError("kind", MUST_BE_ONE_OF, choices=" / ".join(RULES))
    return read_part(RULES[kind], {key: value for key, value in mapping.items() if key != "kind"})
