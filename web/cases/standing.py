"""Where an instance stands on its diagram: what is active, what was passed, which flows were taken."""

from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from engine.storage.tables import ElementInstance, Event, Incident, ProcessInstance, Timer, UserTask
from web.definitions import Definition, definition
from web.display import due, told, when
from web.language import locale


def diagram_props(session: Session, instance: ProcessInstance, drawn: Definition, *, height: str | None = None) -> dict[str, Any]:
    """Properties of the diagram island for an instance."""
    states = _element_states(session, instance.id)
    props: dict[str, Any] = {
        "xmlUrl": url_for("cases.diagram", instance_id=instance.id),
        "locale": locale(),
        "labels": dict(drawn.english) if locale() == "en" else {},
        "active": [{"elementId": element, "count": count} for (element, state), count in states.items() if state == "active"],
        "completed": sorted(element for element, state in states if state == "completed"),
        "flowsTaken": _flows_taken(session, instance.id),
        "incidents": [
            {"elementId": row.element_id, "message": told(row.message, row.message_en)}
            for row in session.execute(
                select(Incident.element_id, Incident.message, Incident.message_en).where(
                    Incident.instance_id == instance.id, Incident.state == "open"
                )
            )
            if row.element_id
        ],
        "overlays": [*_deadlines(session, instance.id), *_undone(session, instance.id)],
        "links": _called_cases(session, instance.id),
    }
    if height:
        props["height"] = height
    return props


def _element_states(session: Session, instance_id: str) -> dict[tuple[str, str], int]:
    rows = session.execute(
        select(ElementInstance.element_id, ElementInstance.state, func.count())
        .where(ElementInstance.instance_id == instance_id)
        .group_by(ElementInstance.element_id, ElementInstance.state)
    )
    return {(element, state): count for element, state, count in rows}


def _flows_taken(session: Session, instance_id: str) -> dict[str, int]:
    flow_id = Event.data["flow_id"].as_string().label("flow_id")
    rows = session.execute(
        select(flow_id, func.count()).where(Event.instance_id == instance_id, Event.type == "FlowTaken").group_by(flow_id)
    )
    return {flow: count for flow, count in rows if flow}


def _deadlines(session: Session, instance_id: str) -> list[dict[str, str]]:
    overlays = []
    tasks = session.execute(
        select(UserTask.element_id, UserTask.due_at).where(
            UserTask.instance_id == instance_id, UserTask.state == "open", UserTask.due_at.is_not(None)
        )
    )
    for row in tasks:
        badge = due(row.due_at)
        if badge is not None:
            overlays.append(
                {"elementId": row.element_id, "text": badge.text, "tone": {"calm": "info"}.get(badge.tone, badge.tone), "place": "top"}
            )
    timers = session.execute(select(Timer.element_id, Timer.due_at).where(Timer.instance_id == instance_id, Timer.state == "waiting"))
    overlays += [{"elementId": row.element_id, "text": when(row.due_at), "tone": "info", "place": "bottom"} for row in timers]
    return overlays


def _undone(session: Session, instance_id: str) -> list[dict[str, str]]:
    """What was undone, or began to be."""
    begun_less_done = func.sum(case((Event.type == "CompensationStarted", 1), else_=-1))
    rows = session.execute(
        select(Event.element_id, begun_less_done)
        .where(Event.instance_id == instance_id, Event.type.in_(("CompensationStarted", "CompensationCompleted")))
        .group_by(Event.element_id)
        .order_by(Event.element_id)
    )
    return [
        {"elementId": str(element), "text": gettext("已开始撤销") if begun else gettext("已撤销"), "tone": "warn", "place": "top"}
        for element, begun in rows
    ]


def _called_cases(session: Session, instance_id: str) -> dict[str, dict[str, str]]:
    rows = session.execute(
        select(ElementInstance.element_id, ProcessInstance.id, ProcessInstance.process_definition_id)
        .join(ProcessInstance, ProcessInstance.parent_element_instance_id == ElementInstance.id)
        .where(ElementInstance.instance_id == instance_id, ProcessInstance.parent_id == instance_id)
        .order_by(ProcessInstance.started_at)
    )
    return {
        row.element_id: {"href": url_for("cases.show", instance_id=row.id), "title": definition(session, row.process_definition_id).title}
        for row in rows
    }
