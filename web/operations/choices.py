"""What a person can pick from: the places where a case stands, and the elements of its diagram by name."""

from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagrams.model import Element
from engine.runtime.engine import Engine
from engine.runtime.operations import positions
from engine.storage.tables import ElementInstance, UserTask
from web.definitions import Definition
from web.directory import people_names


@dataclass(frozen=True)
class Place:
    """Where a token of the instance stands."""

    run_id: str
    element_id: str
    title: str
    detail: str = ""


@dataclass(frozen=True)
class Choice:
    """One option of a list."""

    value: str
    title: str


def places(engine: Engine, session: Session, instance_id: str, drawn: Definition) -> list[Place]:
    """Every token at rest, by name, and who works on it."""
    tokens = positions(engine, instance_id)
    runs = [token.element_instance_id for token in tokens]
    held = session.execute(select(UserTask.id, UserTask.assignee).where(UserTask.id.in_(runs), UserTask.assignee.is_not(None)))
    assignees: dict[str, str] = {row.id: row.assignee for row in held}
    names = people_names(session, assignees.values())
    found = []
    for token in tokens:
        assignee = assignees.get(token.element_instance_id, "")
        title = drawn.element_title(token.element_id)
        found.append(Place(token.element_instance_id, token.element_id, title, names.get(assignee, assignee)))
    return found


def scopes(session: Session, instance_id: str, drawn: Definition) -> list[Choice]:
    """Running sub-processes, for when one of several must be named."""
    kinds = ("subProcess", "transaction", "multiInstanceBody")
    runs = session.scalars(
        select(ElementInstance)
        .where(ElementInstance.instance_id == instance_id, ElementInstance.state == "active", ElementInstance.element_type.in_(kinds))
        .order_by(ElementInstance.entered_at, ElementInstance.id)
    )
    return [Choice(run.id, f"{drawn.element_title(run.element_id)} #{run.id.rpartition('-')[2]}") for run in runs]


def elements(drawn: Definition) -> dict[str, list[Choice]]:
    """What a token can be put before or behind, by heading: tasks first, then events and gateways, then the flows."""
    process = drawn.process
    headings = {gettext("任务和子流程"): _is_activity, gettext("事件"): _is_event, gettext("网关"): _is_gateway}
    found = {
        heading: [
            Choice(element.id, drawn.element_title(element.id))
            for element in process.elements.values()
            if fits(element) and not process.is_compensation(element)
        ]
        for heading, fits in headings.items()
    }
    found[gettext("连线")] = [
        Choice(f"flow:{flow.id}", f"{drawn.element_title(flow.source)} → {drawn.element_title(flow.target)}")
        for flow in process.flows.values()
        if flow.name
    ]
    return {heading: options for heading, options in found.items() if options}


def _is_event(element: Element) -> bool:
    return element.type.endswith("Event")


def _is_gateway(element: Element) -> bool:
    return element.type.endswith("Gateway")


def _is_activity(element: Element) -> bool:
    return not _is_event(element) and not _is_gateway(element)
