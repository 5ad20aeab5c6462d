"""Who is shown the pay of a published card: the person whose card it is, and by role who sees pay there; nobody else."""

from workflow.policy.actions import Action
from workflow.policy.facts import Actor, CardFacts
from workflow.policy.units import decide_unit


def sees_pay(actor: Actor, facts: CardFacts) -> bool:
    """Whether the actor, who sees the card, is shown what it pays."""
    own = facts.member_unit is None and facts.is_about(actor)
    return facts.published and (own or decide_unit(actor, Action.PAY_SEE, facts.unit_path) is None)
