"""Elements of running cases that the new version does not have, and what could go on in their place."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagrams.model import Process
from engine.diagrams.reader import read_diagram
from engine.runtime.publishing import VersionConsequences
from engine.storage.tables import ProcessDefinition, Resource


@dataclass(frozen=True)
class Homeless:
    """One element of the old version, and the elements of its kind in the new one."""

    element_id: str
    name: str
    cases: int
    offered: list[tuple[str, str]]  #: id and name


def homeless(session: Session, seen: VersionConsequences) -> list[Homeless]:
    """What has to be mapped before the cases of a version can move, and what was mapped already."""
    stuck = [problem.source for case in seen.cases for problem in case.problems if problem.code == "unmapped"]
    renamed = [old for old, new in seen.plan.targets.items() if old != new]
    source, target = (_process(session, item) for item in (seen.source_definition_id, seen.target_definition_id))
    return [
        Homeless(element_id, source.elements[element_id].label, _standing(seen, element_id), _offered(source, target, element_id))
        for element_id in dict.fromkeys((*stuck, *renamed))
        if element_id in source.elements
    ]


def element_names(session: Session, seen: VersionConsequences) -> Mapping[str, str]:
    """What the elements of the old version are called."""
    return {element.id: element.label for element in _process(session, seen.source_definition_id).elements.values()}


def _standing(seen: VersionConsequences, element_id: str) -> int:
    """How many cases are at an element."""
    return sum(element_id in case.alive for case in seen.cases)


def _offered(source: Process, target: Process, element_id: str) -> list[tuple[str, str]]:
    kind = source.elements[element_id].type
    return [(element.id, element.label) for element in target.elements.values() if element.type == kind]


def _process(session: Session, definition_id: str) -> Process:
    row = session.execute(
        select(ProcessDefinition.key, Resource.content)
        .join(Resource, Resource.id == ProcessDefinition.resource_id)
        .where(ProcessDefinition.id == definition_id)
    ).one()
    return next(process for process in read_diagram(bytes(row.content)).processes if process.id == row.key)
