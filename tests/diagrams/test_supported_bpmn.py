"""The list of what runs says what the code does."""

import re
from pathlib import Path

from engine.diagrams.checks.dialect import ATTRIBUTES, EVERY_ACTIVITY, PROPERTIES
from engine.diagrams.checks.events import KINDS
from engine.diagrams.model import ACTIVITY_TYPES
from engine.runtime.execution.compile import RUNNABLE_TYPES

_TEXT = (Path(__file__).parents[2] / "docs" / "supported-bpmn.md").read_text("utf-8")


def _rows(heading: str) -> list[list[str]]:
    section = _TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")][2:]


def _names(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def test_every_element_that_runs_is_listed() -> None:
    """No more and no fewer than the engine compiles."""
    listed = [name for row in _rows("Elements") for name in _names(row[0])]
    assert sorted(listed) == sorted(RUNNABLE_TYPES)


def test_every_event_is_listed_where_it_runs() -> None:
    """The table of events is the one the check uses."""
    places = ("startEvent", "eventSubProcessStart", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent")
    listed = {place: {row[0] for row in _rows("Events") if row[column] == "yes"} for column, place in enumerate(places, start=1)}
    assert listed == KINDS


def test_every_attribute_is_listed_where_it_counts() -> None:
    """Each attribute with the elements it has an effect on."""
    listed = {
        next(iter(_names(row[0]))): set(ACTIVITY_TYPES) if row[1] == "every activity" else _names(row[1])
        for row in _rows("Attributes of the Camunda namespace")
    }
    known: dict[str, set[str]] = {name: set(ACTIVITY_TYPES) for name in EVERY_ACTIVITY}
    for element, names in ATTRIBUTES.items():
        for name in names - EVERY_ACTIVITY:
            known.setdefault(name, set()).add(element)
    assert listed == known


def test_every_property_of_our_own_is_listed() -> None:
    """With the prefix."""
    assert {name for row in _rows("Properties of our own") for name in _names(row[0])} == set(PROPERTIES)
