"""Manual and diagrams agree: what a manual demands of a process is drawn in it, and what a diagram cites exists."""

from pathlib import Path

import pytest
import yaml

from engine.diagrams.model import Process
from engine.diagrams.reader import read_diagram
from tests.processes.conftest import PROCESSES

CATALOGUE = {clause["id"]: clause for clause in yaml.safe_load((PROCESSES / "manuals" / "clauses.yaml").read_text("utf-8"))}
ROLES = yaml.safe_load((PROCESSES / "manuals" / "roles.yaml").read_text("utf-8"))["roles"]
DIAGRAMS = sorted(PROCESSES.glob("*/*.bpmn"))


def _process(path: Path) -> Process:
    (process,) = read_diagram(path.read_bytes()).processes
    return process


def _cited(process: Process, name: str) -> set[str]:
    texts = [process.properties.get(name, ""), *(element.properties.get(name, "") for element in process.elements.values())]
    return {part.strip() for text in texts for part in text.split(",") if part.strip()}


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_every_clause_of_a_process_is_drawn(path: Path) -> None:
    """Given the clauses a process has to realise, when its diagram is read, then each is named by an element of it."""
    process = _process(path)
    demanded = {clause["id"] for clause in CATALOGUE.values() if clause["process"] == process.id}

    assert demanded - _cited(process, "opsbook:clause") == set()


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_every_guidance_card_of_a_process_is_shown(path: Path) -> None:
    """Given the rules of conduct shown in a process, when its diagram is read, then each stands beside one of its tasks."""
    process = _process(path)
    demanded = {clause["id"] for clause in CATALOGUE.values() if clause["process"] == "guidance" and process.id in clause["shown_in"]}

    assert demanded - _cited(process, "opsbook:guidance") == set()


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_what_a_diagram_cites_exists(path: Path) -> None:
    """Given a diagram, when it cites clauses and gives tasks to groups, then the catalogue and the roles know them."""
    process = _process(path)
    groups = {role["group"] for role in ROLES}
    named = [element.camunda.get("candidateGroups", "") for element in process.elements.values()]
    given = {group.strip() for text in named if not text.startswith(("=", "${")) for group in text.split(",") if group.strip()}

    assert (_cited(process, "opsbook:clause") | _cited(process, "opsbook:guidance")) - CATALOGUE.keys() == set()
    assert given - groups == set()
