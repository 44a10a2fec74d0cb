"""What the page of a sandbox shows; read while the request works on the sandbox's own engine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.forms import initial_values
from engine.runtime import instances
from engine.runtime.engine import Engine
from engine.runtime.task_context import task_context
from engine.scenarios import history
from engine.storage.tables import Event, Incident, Job, ProcessInstance, Timer, UserTask
from engine.studio import sandboxes
from engine.studio.fields import DescribedHandler
from engine.studio.sandboxes import Sandbox, Waiting
from web.cases import timeline
from web.cases.routes import data_of_case
from web.cases.standing import diagram_props
from web.definitions import Definition, definition, newest_form
from web.directory import people_names
from web.display import in_words, told, when
from web.labels import is_twin, label
from web.language import locale
from web.studio.sandbox_jobs import shown_job
from web.tasks.queries import files, known_fields
from web.tasks.routes import form_props

#: Most lines of the log.
_MOST_LINES = 200
#: What is told besides the main events of a case.
_TOLD = (*timeline.MAIN_TYPES, "MessageThrown", "JobSucceeded", "DecisionEvaluated", "ErrorCaught")


@dataclass(frozen=True)
class ShownTask:
    """An open task with its form."""

    id: str
    title: str
    documentation: str
    process: str
    doer: str
    due: str
    form: dict[str, Any]


@dataclass(frozen=True)
class ShownStart:
    """A way to begin."""

    kind: str
    name: str
    title: str
    key: str
    rows: tuple[tuple[str, str], ...]
    form: dict[str, Any] | None = field(default=None)


def view(sandbox: Sandbox, engine: Engine, described: Mapping[str, DescribedHandler], wanted: str | None) -> dict[str, Any]:
    """Everything of the page. `wanted`: the instance whose diagram and data are shown, else the one where something just happened."""
    with engine.database.session() as session:
        cases = history.instances_of(session)
        drawn = {case.id: definition(session, case.process_definition_id) for case in cases}
        waits = sandboxes.waiting(engine, sandbox.world)
        just_now = _just_now(session, sandbox.record.seen)
        shown = _shown_case(cases, just_now, wanted, sandbox.record.process)
        names = people_names(session, [*timeline.people_in(just_now), *(task.assignee for task in waits.tasks)])
        return {
            "sandbox_id": sandbox.record.id,
            "begun_like": base.own.scenario.name if (base := sandbox.base()) is not None else "",
            "examples": {
                name: tuple((key, as_typed(value)) for key, value in given.items())
                for name, given in sandboxes.messages_of(sandbox, engine).items()
            },
            "clock": engine.clock.now(),
            "cases": [(case, drawn[case.id].title) for case in cases],
            "shown": shown,
            "diagram": _diagram(session, engine, sandbox, shown, drawn),
            "tasks": [_task(session, engine, sandbox, task, drawn) for task in waits.tasks],
            "jobs": [shown_job(engine, job, described, drawn) for job in waits.jobs],
            "starts": _starts(sandbox, engine, session) if not cases else [],
            **_times(session, waits, drawn),
            "awaited": [
                (row.name, row.kind, row.correlation_key or "", drawn[row.instance_id].element_title(row.element_id))
                for row in waits.awaited
            ],
            "incidents": _incidents(session, waits, drawn),
            "lines": _log(session, drawn, names),
            "fresh": len(just_now),
            **(_data(session, engine, shown, drawn) if shown is not None else {"values": [], "other_values": []}),
            "changed": _changed(session, just_now, drawn) if sandbox.record.steps else [],
            "files": files(session, shown.root_id) if shown is not None else {},
            "over": bool(cases) and all(case.ended_at is not None for case in cases),
            "path": _path(session, cases, drawn),
        }


def waiting_handlers(sandbox: Sandbox, engine: Engine) -> list[str]:
    """The elements whose handlers still wait for an answer: in a scenario they would have worked by themselves."""
    with engine.database.session() as session:
        drawn = {case.id: definition(session, case.process_definition_id) for case in history.instances_of(session)}
        jobs = sandboxes.waiting(engine, sandbox.world).jobs
        return [drawn[job.instance_id or ""].element_title(job.element_id) for job in jobs if job.error is None]


def as_typed(value: Any) -> str:
    """A value as one types it into a row: a text bare unless it would be read as something else."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    try:
        json.loads(value)
    except ValueError:
        return value
    return json.dumps(value, ensure_ascii=False)


def _just_now(session: Session, seen: Mapping[str, int]) -> list[Event]:
    """The events of the last step."""
    events = session.scalars(select(Event).order_by(Event.happened_at, Event.instance_id, Event.sequence))
    return [event for event in events if event.sequence > seen.get(event.instance_id, 0)]


def _shown_case(cases: list[ProcessInstance], just_now: list[Event], wanted: str | None, process: str) -> ProcessInstance | None:
    by_id = {case.id: case for case in cases}
    moved = [by_id[event.instance_id] for event in reversed(just_now) if event.instance_id in by_id]
    own = [case for case in (*moved, *reversed(cases)) if case.process_key == process]
    return by_id.get(wanted or "") or next(iter((*(case for case in moved if case.ended_at is None), *own, *cases)), None)


def _diagram(
    session: Session, engine: Engine, sandbox: Sandbox, shown: ProcessInstance | None, drawn: Mapping[str, Definition]
) -> dict[str, Any]:
    if shown is None:
        with engine.step(rehearsed=True) as step:
            newest = step.surroundings.catalog.process_by_key(sandbox.record.process).definition.id
        plain = definition(session, newest)
        return {"xml": plain.xml.decode(), "locale": locale(), "labels": dict(plain.english) if locale() == "en" else {}}
    props = diagram_props(session, shown, drawn[shown.id])
    del props["xmlUrl"]
    called = select(ProcessInstance.id, ProcessInstance.parent_element_instance_id).where(ProcessInstance.parent_id == shown.id)
    known = {row.id for row in session.execute(called)}
    for link in props["links"].values():
        link["href"] = url_for("studio.sandbox", sandbox_id=sandbox.record.id, case=next(one for one in known if one in link["href"]))
    return props | {"xml": drawn[shown.id].xml.decode()}


def _task(session: Session, engine: Engine, sandbox: Sandbox, task: UserTask, drawn: Mapping[str, Definition]) -> ShownTask:
    of = drawn[task.instance_id]
    element = of.element(task.element_id)
    doer, _ = sandboxes.doer_of(session, task)
    props = form_props(session, task, task_context(engine, task.id), {})
    sandbox_id = sandbox.record.id
    props |= {
        "submitUrl": url_for("studio.complete_in", sandbox_id=sandbox_id, task_id=task.id),
        "attachmentUrl": url_for("studio.attach_in", sandbox_id=sandbox_id),
        "attachments": {file.id: {"name": file.name, "url": "#", "content_type": ""} for file in files(session, task.root_id).values()},
        "readonly": False,
    }
    return ShownTask(
        task.id,
        label(task.name, of.english),
        label(element.documentation, of.english) if element else "",
        of.title,
        people_names(session, [doer]).get(doer, doer),
        when(task.due_at) if task.due_at else "",
        props,
    )


def _starts(sandbox: Sandbox, engine: Engine, session: Session) -> list[ShownStart]:
    found = []
    for start in sandboxes.starts_of(sandbox, engine):
        props = None
        if start.form is not None:
            form = newest_form(session, start.form.key)
            props = {
                "schema": form.schema,
                "data": initial_values(form.schema, {}) | {key: value for key, value in start.values.items() if key in form.fields},
                "context": {},
                "submitUrl": url_for("studio.start_in", sandbox_id=sandbox.record.id),
                "attachmentUrl": url_for("studio.attach_in", sandbox_id=sandbox.record.id),
                "locale": locale(),
                "labels": dict(form.english) if locale() == "en" else {},
                "submitLabel": {"zh": "发起", "en": "Start"},
            }
        rows = tuple((name, as_typed(value)) for name, value in start.values.items())
        found.append(ShownStart(start.kind, start.name, start.name, start.key, rows, props))
    return found


def _times(session: Session, waits: Waiting, drawn: Mapping[str, Definition]) -> dict[str, Any]:
    begins = [(row, definition(session, row.process_definition_id)) for row in waits.begins]
    return {
        "timers": [
            *((timer.due_at, drawn[timer.instance_id].element_title(timer.element_id), _why(timer)) for timer in waits.timers),
            *((row.due_at, of.element_title(row.element_id), "") for row, of in begins),
        ],
        "next_at": waits.next_at,
    }


def _why(timer: Timer) -> str:
    """How its moment was computed, unless that is just the moment."""
    words = in_words(timer.explanation)
    return words if "=" in words or "+" in words else ""


def _incidents(session: Session, waits: Waiting, drawn: Mapping[str, Definition]) -> list[tuple[str, str]]:
    """Where something went wrong, and what; what an answer of a handler would mend is shown with the handler."""
    waiting = {job.id for job in waits.jobs}
    incidents = session.scalars(select(Incident).where(Incident.state == "open").order_by(Incident.opened_at))
    retries = session.scalars(select(Job).where(Job.kind != "handler", Job.state == "ready", Job.error.is_not(None)).order_by(Job.id))
    found = [
        *((row.instance_id, row.element_id, told(row.message, row.message_en)) for row in incidents if row.job_id not in waiting),
        *((job.instance_id, job.element_id, job.error or "") for job in retries),
    ]
    return [(drawn[instance].element_title(element) if instance else "", words) for instance, element, words in found]


def _log(session: Session, drawn: Mapping[str, Definition], names: Mapping[str, str]) -> list[timeline.Line]:
    """What happened, the newest first."""
    query = select(Event).where(Event.type.in_(_TOLD)).order_by(Event.happened_at.desc(), Event.instance_id.desc(), Event.sequence.desc())
    events = list(session.scalars(query.limit(_MOST_LINES)))
    known = dict(names) | people_names(session, timeline.people_in(events))
    first = next(iter(drawn), "")
    return timeline.lines(events, lambda event: drawn[event.instance_id], known, first)


def _data(session: Session, engine: Engine, shown: ProcessInstance, drawn: Mapping[str, Definition]) -> dict[str, Any]:
    return data_of_case(session, drawn[shown.id], instances.variables(engine, shown.id))


def _changed(session: Session, just_now: list[Event], drawn: Mapping[str, Definition]) -> list[str]:
    """What forms call the variables that the last step changed; their own names where no form has them."""
    names = dict.fromkeys((event.instance_id, str(event.data.get("name"))) for event in just_now if event.type == "VariableChanged")
    fields = {case: known_fields(session, drawn[case]) for case, _ in names}
    own = {name for _, name in names}
    told_names = []
    for case, name in names:
        known, english = fields[case].get(name, (None, {}))
        if not is_twin(name, own):
            told_names.append(label(known.label, english) if known is not None else name)
    return list(dict.fromkeys(told_names))


def _path(session: Session, cases: list[ProcessInstance], drawn: Mapping[str, Definition]) -> list[str]:
    """What the first case passed, by the names that the diagram gives."""
    if not cases:
        return []
    first, of = cases[0].id, drawn[cases[0].id]
    passed = (of.element(item.element_id) for item in history.passed(session) if item.instance_id == first)
    return [of.element_title(element.id) for element in passed if element is not None and element.name]
