"""State diagrams in Mermaid, drawn from the transition tables that run; the tests compare them with docs/states."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from workflow.lifecycle import (
    action_item,
    appeal,
    delegation,
    import_batch,
    improvement,
    interview,
    ledger_entry,
    personnel,
    plan,
    query,
    question,
    rating,
    report,
    scheme_version,
    scorecard,
)
from workflow.lifecycle.machine import Edge, Lifecycle

KINDS: Final[Mapping[str, Lifecycle[Any]]] = {
    "scorecard": scorecard.LIFECYCLE,
    "scheme-version": scheme_version.LIFECYCLE,
    "plan": plan.LIFECYCLE,
    "import": import_batch.LIFECYCLE,
    "action": action_item.LIFECYCLE,
    "personnel": personnel.LIFECYCLE,
    "query": query.LIFECYCLE,
    "appeal": appeal.LIFECYCLE,
    "ledger": ledger_entry.LIFECYCLE,
    "report": report.LIFECYCLE,
    "delegation": delegation.LIFECYCLE,
    "improvement": improvement.LIFECYCLE,
    "interview": interview.LIFECYCLE,
    "question": question.LIFECYCLE,
    "rating": rating.LIFECYCLE,
}
"""Every kind of entity with a transition table, by the name that the command and the file have."""


def diagram(kind: str) -> str:
    """Draw the kind's table in Mermaid; raises KeyError for an unknown kind."""
    return "\n".join(_lines(KINDS[kind])) + "\n"


def document(kind: str) -> str:
    """The content of docs/states/KIND.md."""
    return f"# {kind}\n\nGenerated from the transition table by `kaogong state-diagram`.\n\n```mermaid\n{diagram(kind)}```\n"


def _lines(lifecycle: Lifecycle[Any]) -> Iterator[str]:
    yield "stateDiagram-v2"
    for state, name in lifecycle.state_names.items():
        yield f'    state "{state} {name.zh}" as {state}'
    yield f"    [*] --> {lifecycle.initial}"
    for edge in lifecycle.edges:
        yield f"    {edge.source} --> {edge.target} : {edge.trigger} {_label(lifecycle, edge)}"
    left = {edge.source for edge in lifecycle.edges if edge.source != edge.target}
    for state in lifecycle.state_names:
        if state not in left:
            yield f"    {state} --> [*]"


def _label(lifecycle: Lifecycle[Any], edge: Edge[Any]) -> str:
    name = lifecycle.trigger_names[edge.trigger].zh
    remarks = [
        f"begins a new {edge.begins}" if edge.begins else "",
        "signed" if edge.meaning else "",
        "with reason" if edge.least_reason else "",
        "by the product" if edge.internal else "",
    ]
    told = ", ".join(remark for remark in remarks if remark)
    return f"{name} ({told})" if told else name
