"""The drawn state diagrams are those of the tables that run."""

from pathlib import Path

import pytest

from workflow.lifecycle.diagrams import KINDS, diagram, document

FOLDER = Path(__file__).parents[2] / "docs" / "states"


@pytest.mark.parametrize("kind", KINDS)
def test_the_document_has_not_drifted_from_the_table(kind: str) -> None:
    assert (FOLDER / f"{kind}.md").read_text(encoding="utf-8") == document(kind)


def test_every_kind_has_its_document_and_no_other_is_left() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_and_every_edge_is_drawn(kind: str) -> None:
    drawn = diagram(kind)
    assert drawn.startswith("stateDiagram-v2\n")
    assert all(f'"{state} {name.zh}" as {state}\n' in drawn for state, name in KINDS[kind].state_names.items())
    assert all(f"{edge.source} --> {edge.target} : {edge.trigger} " in drawn for edge in KINDS[kind].edges)
