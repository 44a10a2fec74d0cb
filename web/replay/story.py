"""What the player plays: every event of an instance with its words, its reasons and what it changed."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from engine.history.moment import Moment
from engine.storage.tables import Attachment, Event, ProcessInstance
from web.cases.queries import migrations_of
from web.cases.steps import STEPS
from web.cases.timeline import MAIN_TYPES, people_in
from web.cases.told import WORDS, Told
from web.current import engine
from web.definitions import Definition, definition
from web.directory import group_names, people_names
from web.labels import label
from web.language import locale
from web.replay.marks import mark_of
from web.replay.reasons import reasons_of, rules_of
from web.tasks.queries import files, known_fields

#: Longer texts in variables are cut: the player shows what changed, the form and the case page show everything.
_LONGEST = 600


def story_of(session: Session, instance: ProcessInstance, line: Callable[[dict[str, Any]], Any] = dict) -> dict[str, Any]:
    """The story of one instance, as JSON for the player.

    Args:
        session: to read from.
        instance: a root or a called one.
        line: what becomes of each event as soon as it is told; 10,000 of them as dictionaries keep the garbage collector busy.

    Returns:
        events: in order, each with n (its number), at (ISO), worked (working seconds since the start), type, who, element, tone, text, detail, mark
            (deviation, incident, breach or nothing), main (whether a step stops there), reasons and changes (see engine.history.moment);
        versions: by definition id, where its diagram is, its title and English; called: the instance that a call activity's run started;
        people, groups, fields, files: names of ids and of variables. Of a version its rules: who may do which task, and until when, as drawn.
    """
    events = events_of(session, instance)
    versions = _versions(session, instance)
    names = people_names(session, people_in(events) | _assignees(events))
    children = _children(session, instance)
    fields = {
        name: {"label": label(field.label, english), "options": {value: label(text, english) for value, text in field.options.items()}}
        for drawn in [*(definition(session, child.process_definition_id) for child in children), *(drawn for _, drawn in versions)]
        for name, (field, english) in known_fields(session, drawn).items()
    }
    return {
        "instance": instance.id,
        "title": definition(session, instance.process_definition_id).title,
        "key": instance.business_key,
        "caseUrl": url_for("cases.show", instance_id=instance.id),
        "zone": engine().settings.time_zone,
        "events": [line(told) for told in _told(events, versions, names, {name: field["label"] for name, field in fields.items()})],
        "versions": {
            drawn.id: {
                "xmlUrl": url_for("replay.diagram", instance_id=instance.id, definition_id=drawn.id),
                "version": drawn.version,
                "labels": dict(drawn.english) if locale() == "en" else {},
                "titles": _titles(drawn),
                "rules": {element_id: rules for element_id, element in drawn.process.elements.items() if (rules := rules_of(element))},
            }
            for _, drawn in versions
        },
        "called": {
            str(child.parent_element_instance_id): {
                "storyUrl": url_for("replay.story", instance_id=child.id),
                "title": definition(session, child.process_definition_id).title,
            }
            for child in children
        },
        "people": names,
        "groups": group_names(session),
        "fields": fields,
        "files": {file.id: _file(file) for file in files(session, instance.root_id).values()},
    }


def events_of(session: Session, instance: ProcessInstance) -> list[Any]:
    """All events of an instance, in order; as rows, since to map 10,000 objects takes longer than to tell them."""
    table = Event.__table__
    return list(session.execute(select(table).where(table.c.instance_id == instance.id).order_by(table.c.sequence)))


def _told(
    events: list[Event], versions: list[tuple[int, Definition]], names: dict[str, str], labels: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    moment, worked = Moment(), _worked([event.happened_at for event in events])
    titles = {drawn.id: _titles(drawn) for _, drawn in versions}
    form_url = url_for("replay.form", instance_id=events[0].instance_id, number=0)
    for event in events:
        drawn = next(drawn for until, drawn in versions if event.sequence <= until)
        data = event.data | {"name": labels.get(event.data["name"], event.data["name"])} if event.type == "VariableChanged" else event.data
        told = Told(data, titles[drawn.id].get(event.element_id, event.element_id or ""), names, drawn)
        tell = WORDS.get(event.type) or STEPS.get(event.type)
        tone, text, *detail = tell(told) if tell else ("quiet", f"{event.type} {told.element}".strip())
        mark, reasons = mark_of(event, moment, drawn), reasons_of(event, told, moment)
        changes = [_short(change.told()) for change in moment.follow(event)]
        line = {
            "n": event.sequence,
            "at": event.happened_at.isoformat(),
            "worked": worked[event.happened_at],
            "type": event.type,
            "element": event.element_id,
            "run": event.element_instance_id,
            "tone": tone,
            "text": text,
            "changes": changes,
        }
        extra: dict[str, Any] = {
            "who": event.actor,
            "detail": detail[0] if detail else "",
            "mark": mark,
            "reasons": reasons,
            "main": event.type in MAIN_TYPES,
        }
        if event.type == "FlowTaken":
            extra["flow"] = event.data["flow_id"]
        if event.type == "CaseModified":
            extra["jump"] = {side: [item["element_id"] for item in event.data.get(side) or []] for side in ("before", "after")}
        if event.type == "UserTaskCompleted":
            extra["formUrl"] = form_url.replace("/0/", f"/{event.sequence}/")
        yield line | {name: value for name, value in extra.items() if value}


def _versions(session: Session, instance: ProcessInstance) -> list[tuple[int, Definition]]:
    """Up to which event the instance ran on which version, first to last."""
    migrated = migrations_of(session, instance.root_id).get(instance.id, [])
    left = [(sequence - 1, definition(session, source)) for sequence, source in migrated]
    return [*left, (instance.event_count, definition(session, instance.process_definition_id))]


def _titles(drawn: Definition) -> dict[str | None, str]:
    return {element_id: drawn.element_title(element_id) for element_id in drawn.process.elements}


def _worked(instants: list[datetime]) -> dict[datetime, float]:
    """Working seconds from the first of these instants, which are in order."""
    calendar, found, total = engine().calendars.get(), dict[datetime, float](), 0.0
    for instant in instants[:1]:
        found[instant] = 0.0
    for before, after in pairwise(instants):
        if after > before:
            total += calendar.working_time_between(before, after).total_seconds()
        found[after] = total
    return found


def _children(session: Session, instance: ProcessInstance) -> list[ProcessInstance]:
    children = select(ProcessInstance).where(ProcessInstance.parent_id == instance.id).order_by(ProcessInstance.started_at)
    return list(session.scalars(children.options(defer(ProcessInstance.runtime_state, raiseload=True))))


def _file(file: Attachment) -> dict[str, str]:
    shown = {"thumbnail": url_for("tasks.thumbnail", attachment_id=file.id)} if file.media_type.startswith("image/") else {}
    return {"name": file.name, "url": url_for("tasks.attachment", attachment_id=file.id), **shown}


def _assignees(events: list[Event]) -> set[str]:
    return {str(event.data["assignee"]) for event in events if event.type == "UserTaskCreated" and event.data.get("assignee")}


def _short(change: dict[str, Any]) -> dict[str, Any]:
    return {name: _cut(value) if name in ("before", "after") else value for name, value in change.items()}


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value[:_LONGEST] + "…" if len(value) > _LONGEST else value
    if isinstance(value, list):
        return [_cut(item) for item in value[:50]]
    if isinstance(value, dict):
        return {name: _cut(item) for name, item in value.items()}
    return value
