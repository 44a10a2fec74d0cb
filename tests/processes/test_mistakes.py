"""Modelling mistakes are found before anything is published, each by its own name and at its own element."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from lxml import etree

from engine.diagrams.checks import check_diagram
from engine.diagrams.reader import read_diagram
from engine.errors import DeploymentRefused, Problem
from engine.runtime import deployments
from engine.runtime.deployment_knowledge import known_to
from engine.runtime.engine import Engine
from engine.runtime.package import Package, read_directory, read_package
from engine.storage.tables import Group
from tests.diagrams.mistakes.mistakes import MISTAKES, Mistake
from tests.engine.diagram import bpmn
from tests.processes.conftest import PROCESSES


@pytest.fixture(scope="module")
def shipped() -> Package:
    """The shipped processes, read once."""
    return read_package(read_directory(PROCESSES))


@pytest.fixture
def engine(make_engine: Callable[[], Engine]) -> Engine:
    """An installation with the groups that the shipped processes name."""
    made = make_engine()
    names = {
        group.strip()
        for path in PROCESSES.glob("*/*.bpmn")
        for process in read_diagram(path.read_bytes()).processes
        for element in process.elements.values()
        for group in element.camunda.get("candidateGroups", "").split(",")
    }
    with made.database.transaction() as session:
        session.add_all(Group(id=name, name=name, name_en=name) for name in sorted(names) if name and not name.startswith("="))
    return made


def _edited(shipped: Package, mistake: Mistake) -> tuple[str, bytes]:
    name = f"{mistake.process}/{mistake.process}.bpmn"
    root = etree.fromstring(shipped.files[name])
    for edit in mistake.edits:
        edit(root)
    return name, etree.tostring(root)


def _findings(engine: Engine, package: Package, name: str) -> list[Problem]:
    with engine.database.session() as session:
        known = known_to(engine, session, package, external_workers=False)
    return check_diagram(package.diagrams[name], name, known)


def test_each_mistake_is_found(engine: Engine, shipped: Package) -> None:
    """Given a shipped process with one mistake, when it is checked, then the mistake is named at its element, in both languages, with its way if it depends on one."""
    missed = []
    for mistake in MISTAKES:
        name, content = _edited(shipped, mistake)
        package = replace(shipped, diagrams={**shipped.diagrams, name: read_diagram(content)})
        found = _findings(engine, package, name)
        hits = [item for item in found if (item.code, item.element_id, item.severity) == (mistake.code, mistake.element, mistake.severity)]
        if not hits or not hits[0].zh or not hits[0].en or bool(hits[0].path) != mistake.path:
            missed.append(
                (
                    mistake.name,
                    [(item.code, item.element_id, item.severity, item.path[:3]) for item in found if item.code != "error-unhandled"],
                )
            )
    assert missed == [], "\n".join(map(str, missed))
    assert len(MISTAKES) >= 30


def test_shipped_processes_have_none(engine: Engine, shipped: Package) -> None:
    """Given the processes as shipped, then nothing of all that is found."""
    codes = {mistake.code for mistake in MISTAKES}
    for name in shipped.diagrams:
        assert [item.text("en") for item in _findings(engine, shipped, name) if item.code in codes] == []


def test_a_certain_deadlock_refuses_the_deployment(make_engine: Callable[[], Engine]) -> None:
    """Given a join that never goes on, when it is deployed, then it is refused with the way that gets stuck; where it only may get stuck, it is a warning."""
    engine = make_engine()
    always = bpmn("start choose [initiator = null] a join end \n choose / b c join")
    with pytest.raises(DeploymentRefused) as caught:
        deployments.deploy(engine, {"p.bpmn": always}, name="p", source="test")
    (problem,) = [item for item in caught.value.problems if item.code == "deadlock"]
    assert problem.path[:3] == ("start", "flow_1", "choose")
    assert "永远等不到" in problem.zh and "gets stuck" in problem.en
    sometimes = bpmn("start fork a join end \n fork b choose [initiator = null] join \n choose / end_b")
    deployed = deployments.deploy(engine, {"p.bpmn": sometimes}, name="p", source="test")
    assert [(item.code, item.element_id, item.severity) for item in deployed.warnings] == [("deadlock", "join", "warning")]
