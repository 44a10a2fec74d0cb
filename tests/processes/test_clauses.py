"""Manual and diagrams agree: what a manual demands of a process is done in it, and what a diagram cites exists."""

import re

import pytest
import yaml

from engine.manuals.coverage import cover
from engine.manuals.deviations import compare_figures
from engine.manuals.figures import durations_in, working_days_in
from engine.manuals.places import GUIDANCE_PROPERTY, find_places
from engine.manuals.procedures import times_of
from engine.manuals.references import read_references
from engine.manuals.values import kind_of
from tests.manuals.shipped import PROCESSES, catalogue, procedures

SHIPPED = procedures()
ROLES = yaml.safe_load((PROCESSES / "manuals" / "roles.yaml").read_text("utf-8"))["roles"]


@pytest.mark.parametrize("process", SHIPPED.processes)
def test_every_clause_of_a_process_is_realised(process: str) -> None:
    """Given the clauses a process has to realise and the cards it has to show, when it is read, then an element, field, row or parameter
    of it names each clause, and a user task shows each card.
    """
    gaps = [gap.clause.id for gap in cover(catalogue(), SHIPPED).gaps if gap.process == process]

    assert gaps == []


def test_every_figure_is_its_clauses() -> None:
    """Given every figure of diagrams, tables and parameters, when it is held against its clause, then none departs, and every quantity has a place."""
    figures = compare_figures(catalogue(), SHIPPED)

    assert figures.deviations == ()
    assert figures.unheld == ()


@pytest.mark.parametrize("process", SHIPPED.processes)
def test_what_a_diagram_cites_exists(process: str) -> None:
    """Given a diagram, when it cites clauses and gives tasks to groups, then the catalogue and the roles know them."""
    drawn = SHIPPED.processes[process]
    groups = {role["group"] for role in ROLES}
    named = [element.camunda.get("candidateGroups", "") for element in drawn.elements.values()]
    given = {group.strip() for text in named if not text.startswith(("=", "${")) for group in text.split(",") if group.strip()}
    cards = {card.clause for element in drawn.elements.values() for card in read_references(element.properties.get(GUIDANCE_PROPERTY, ""))}

    assert cards - catalogue().clauses.keys() == set()
    assert given - groups == set()


def test_what_rows_fields_and_parameters_cite_exists() -> None:
    """Given every place that cites a clause or one of its figures, when it is looked up, then the catalogue knows it."""
    places = [place for found in find_places(SHIPPED).values() for place in found]
    clauses = catalogue().clauses
    unknown = [place for place in places if place.reference.clause not in clauses]
    figures = [
        place for place in places if place.reference.figure and place.reference.figure not in clauses[place.reference.clause].figures
    ]

    assert unknown == []
    assert figures == []


def test_every_parameter_is_described_and_used() -> None:
    """Given the parameter file, when it is read, then each parameter has a section, titles and an editor, and a diagram, decision or handler reads it."""
    handlers = "\n".join(path.read_text("utf-8") for path in (PROCESSES.parent / "handlers").rglob("*.py"))
    indicators = yaml.safe_load((PROCESSES / "manuals" / "kpis.yaml").read_text("utf-8"))["kpis"]
    targets = {f"target_{item['id']}" for item in indicators if item["target"] == "parameter"}
    used = {name for name in SHIPPED.parameters if SHIPPED.readers_of(name) or re.search(rf"['\"]{name}['\"]", handlers)}
    used |= targets | {"working_hours"}

    assert [name for name, parameter in SHIPPED.parameters.items() if not parameter.section.name] == []
    assert [name for name, parameter in SHIPPED.parameters.items() if kind_of(parameter.value) == "other"] == []
    assert SHIPPED.parameters.keys() - used == set()


@pytest.mark.parametrize("process", SHIPPED.processes)
def test_no_figure_stands_twice(process: str) -> None:
    """Given the deadlines of a diagram, when they are read, then none writes out a length that is a parameter of one of the clauses it cites."""
    drawn = SHIPPED.processes[process]
    repeated = []
    for element in drawn.elements.values():
        written = [text for time in times_of(drawn, element) for text in (*durations_in(time), *working_days_in(time))]
        known = {
            str(parameter.value): name
            for name, parameter in SHIPPED.parameters.items()
            if {reference.clause for reference in parameter.references} & set(element.clauses)
        }
        repeated += [(element.id, text, known[str(text)]) for text in written if str(text) in known]

    assert repeated == []
