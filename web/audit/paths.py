"""Paths through a process: what can be picked, and which cases went that way."""

from collections.abc import Collection, Iterable
from typing import Any

from flask_babel import gettext
from sqlalchemy import Select, literal_column, select
from sqlalchemy.orm import Session, aliased

from engine.diagrams.model import SequenceFlow
from engine.storage.tables import ElementInstance, Event, ProcessDefinition, ProcessInstance
from web.definitions import Definition, definition
from web.labels import label
from web.operations.choices import Choice, elements


def choices(drawn: Definition) -> dict[str, list[Choice]]:
    """Elements and flows of a version by heading, for a list; the values are their ids."""
    found = {heading: options for heading, options in elements(drawn).items() if not options[0].value.startswith("flow:")}
    return found | {gettext("连线"): [Choice(flow.id, flow_title(drawn, flow)) for flow in drawn.process.flows.values()]}


def titles(drawn: Definition, ids: Iterable[str]) -> dict[str, str]:
    """What people call these elements and flows."""
    flows = drawn.process.flows
    return {found: flow_title(drawn, flows[found]) if found in flows else drawn.element_title(found) for found in ids}


def flow_title(drawn: Definition, flow: SequenceFlow) -> str:
    """From where to where, and what is written beside it."""
    ends = f"{drawn.element_title(flow.source)} → {drawn.element_title(flow.target)}"
    return f"{ends} ({label(flow.name, drawn.english)})" if flow.name else ends


def versions(session: Session, key: str) -> list[Definition]:
    """All versions of a process, newest first."""
    query = select(ProcessDefinition.id).where(ProcessDefinition.key == key).order_by(ProcessDefinition.version.desc())
    return [definition(session, found) for found in session.scalars(query)]


def roots_through(key: str, drawn: Collection[Definition], place: str) -> Select[Any]:
    """Ids of the cases in which an instance of the process entered an element or took a flow.

    Args:
        key: of the process.
        drawn: all versions of it; they say where a flow begins.
        place: id of the element or the flow.
    """
    sources = {version.process.flows[place].source for version in drawn if place in version.process.flows}
    instance = aliased(ProcessInstance)
    of_process = select(instance.root_id).where(instance.process_key == key)
    if not sources:
        return of_process.join(ElementInstance, ElementInstance.instance_id == instance.id).where(ElementInstance.element_id == place)
    is_flow = Event.type == literal_column("'FlowTaken'")  # as the partial index has it
    taken = of_process.join(Event, Event.instance_id == instance.id)
    return taken.where(is_flow, Event.element_id.in_(sources), Event.data["flow_id"].as_string() == place)
