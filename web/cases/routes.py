"""The list of cases, and the page of one."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.runtime import instances
from engine.storage.tables import Event, ProcessInstance, UserTask
from web.cases import queries, timeline
from web.cases.queries import PAGE_SIZE, STATES, Filter, Place
from web.cases.standing import diagram_props
from web.current import database, engine, office_zone, person
from web.customers import customer_names
from web.definitions import Definition, definition
from web.directory import people_names
from web.labels import in_language, is_twin, label, show_variable
from web.labels import show as show_value
from web.manuals.notes import element_notes
from web.permissions import may_steer_cases, require_case
from web.tasks.queries import comments, files, known_fields

blueprint = Blueprint("cases", __name__, template_folder="templates")

#: How many events one page of a timeline tells.
_EVENTS = 100


@blueprint.get("/cases")
def index() -> str:
    """The cases that the person may see."""
    wanted = asked_filter()
    with database().session() as session:
        found, more = queries.page(session, person(), wanted, office_zone())
        drawn = _definitions(session, found)
        tasks = queries.open_tasks(session, (instance.id for instance in found))
        processes = {key: definition(session, newest).title for key, newest in queries.known_processes(session).items()}
        view = {
            "processes": dict(sorted(processes.items(), key=lambda item: item[1])),
            "customers": customer_names(session, (instance.business_key for instance in found)),
            "incidents": queries.with_incidents(session, (instance.id for instance in found)),
            "names": people_names(session, (instance.started_by for instance in found)),
            "waiting": {root_id: [_task_title(session, task) for task in waiting] for root_id, waiting in tasks.items()},
        }
    total = None if more else (wanted.page - 1) * PAGE_SIZE + len(found)
    pages = wanted.page + more
    return render_template("cases/index.html", wanted=wanted, cases=found, drawn=drawn, total=total, pages=pages, states=STATES, **view)


@blueprint.get("/cases/<instance_id>")
def show(instance_id: str) -> str:
    """One instance of a case: its diagram and data, and the whole case's history, deadlines, files and remarks."""
    me = person()
    with database().session() as session:
        instance = require_case(session, me, instance_id)
        family = queries.family(session, instance.root_id)
        root = family[0]
        drawn = _definitions(session, family)
        view = _case_view(session, instance, drawn) | {
            "related": [(case, definition(session, case.process_definition_id).title) for case in queries.related(session, me, instance)],
            "may_remark": not me.is_auditor and queries.task_to_remark_on(session, me, instance.root_id) is not None,
            "customer": customer_names(session, (instance.business_key, root.business_key)).get(
                instance.business_key or root.business_key or ""
            ),
        }
    return render_template(
        "cases/show.html",
        instance=instance,
        root=root,
        family=family,
        drawn=drawn,
        may_steer=may_steer_cases(me),
        reload_url=_timeline_url(instance),
        **view,
    )


@blueprint.get("/cases/<instance_id>/timeline")
def history(instance_id: str) -> Response:
    """The timeline alone, for live refresh."""
    with database().session() as session:
        instance = require_case(session, person(), instance_id)
        drawn = _definitions(session, queries.family(session, instance.root_id))
        told, earlier = _timeline(session, instance, drawn)
    response = make_response(render_template("cases/timeline.html", lines=told, earlier_url=earlier, instance=instance))
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/cases/<instance_id>/elements/<element_id>")
def element(instance_id: str, element_id: str) -> str:
    """What the manuals say of one element, for the place below the diagram."""
    with database().session() as session:
        instance = require_case(session, person(), instance_id)
        return element_notes(session, definition(session, instance.process_definition_id), element_id)


@blueprint.get("/cases/<instance_id>/diagram.bpmn")
def diagram(instance_id: str) -> Response:
    """The diagram of exactly the version that the instance runs."""
    with database().session() as session:
        instance = require_case(session, person(), instance_id)
        drawn = definition(session, instance.process_definition_id)
    response = make_response(drawn.xml)
    response.mimetype = "application/xml"
    response.headers["Cache-Control"] = "private, max-age=600"
    response.add_etag()
    return response.make_conditional(request)


def _case_view(session: Session, instance: ProcessInstance, drawn: dict[str, Definition]) -> dict[str, Any]:
    own = drawn[instance.id]
    tasks = queries.tasks_of(session, instance.root_id)
    remarks = comments(session, instance.root_id)
    told, earlier = _timeline(session, instance, drawn)
    variables = instances.variables(engine(), instance.id)
    people = [
        instance.started_by,
        *(task.assignee for task in tasks),
        *(task.completed_by for task in tasks),
        *(remark.written_by for remark in remarks),
    ]
    return {
        "diagram_props": diagram_props(session, instance, own, height="30rem"),
        "lines": told,
        "earlier_url": earlier,
        "reads_earlier": _before() is not None,
        "tasks": tasks,
        "task_titles": {task.id: label(task.name, drawn[task.instance_id].english) for task in tasks},
        "timers": queries.timers_of(session, instance.root_id),
        "incidents": queries.incidents_of(session, instance.root_id),
        "comments": remarks,
        "files": files(session, instance.root_id),
        "names": people_names(session, people),
        **data_of_case(session, own, variables),
    }


def data_of_case(session: Session, drawn: Definition, variables: dict[str, Any]) -> dict[str, Any]:
    """The variables: those that a form names with its labels, the others under their own names."""
    known = known_fields(session, drawn)
    named = (show_value(field, in_language(variables, name), english) for name, (field, english) in known.items() if name in variables)
    other = (
        show_variable(name, in_language(variables, name))
        for name in sorted(variables)
        if name not in known and not is_twin(name, variables)
    )
    return {"values": [value for value in named if value], "other_values": [value for value in other if value]}


def _drawn_then(session: Session, root_id: str, drawn: dict[str, Definition]) -> Callable[[Event], Definition]:
    """The version in which an event happened: an instance may have been migrated since."""
    migrated = queries.migrations_of(session, root_id)

    def drawn_then(event: Event) -> Definition:
        for sequence, source in migrated.get(event.instance_id, ()):
            if event.sequence < sequence:
                return definition(session, source)
        return drawn[event.instance_id]

    return drawn_then


def _timeline(session: Session, instance: ProcessInstance, drawn: dict[str, Definition]) -> tuple[list[timeline.Line], str | None]:
    """One page of the case's history in words, and where the page before it is."""
    everything = "everything" in request.args
    events = queries.events_of(session, instance.root_id, None if everything else timeline.MAIN_TYPES, _before(), _EVENTS + 1)
    names = people_names(session, timeline.people_in(events))
    told = timeline.lines(events[:_EVENTS], _drawn_then(session, instance.root_id, drawn), names, instance.root_id)
    if len(events) <= _EVENTS:
        return told, None
    before = str(Place.of(events[_EVENTS - 1]))
    return told, url_for("cases.show", instance_id=instance.id, everything=1 if everything else None, before=before)


def _before() -> Place | None:
    """Where the reader wants to read on; newest first when an address says nothing sensible."""
    return request.args.get("before", type=Place.read)


def _timeline_url(instance: ProcessInstance) -> str:
    return url_for("cases.history", instance_id=instance.id, everything=1 if "everything" in request.args else None)


def _definitions(session: Session, found: list[ProcessInstance]) -> dict[str, Definition]:
    return {instance.id: definition(session, instance.process_definition_id) for instance in found}


def _task_title(session: Session, task: UserTask) -> str:
    return label(task.name, definition(session, task.process_definition_id).english)


def asked_filter() -> Filter:
    """What the address of the request asks for."""
    wanted = request.args
    return Filter(
        text=wanted.get("q", "").strip()[:100],
        process_key=wanted.get("process", "")[:255],
        state=wanted.get("state", "") if wanted.get("state") in STATES else "",
        since=wanted.get("since", type=date.fromisoformat),
        until=wanted.get("until", type=date.fromisoformat),
        page=min(max(1, wanted.get("page", 1, type=int)), 100_000),
    )
