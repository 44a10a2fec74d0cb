"""The map of a process, the figures of what is on it, and the cases behind them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.history.mining.day import day_of
from engine.history.mining.traces import cases
from engine.history.readings import MAP, note_reading
from engine.runtime.tracing import keep_traces
from engine.storage.tables import ProcessInstance
from web.cases.queries import known_processes
from web.current import database, engine, now, office_zone, person
from web.definitions import definition
from web.mining.asking import MEASURES, Asked, asked_measure, asked_of
from web.mining.drawn import drawn_version, map_props, unshown, versions_of
from web.mining.figures import PAGE_SIZE, case_lines, panel
from web.mining.paths import paths
from web.mining.surveys import surveyed
from web.mining.words import share_text, worked_text
from web.permissions import require_sees_everything

blueprint = Blueprint("mining", __name__, template_folder="templates", url_prefix="/processes")


@blueprint.get("/<key>/map")
def show(key: str) -> str:
    """The map; the address says which cases, and what they are measured by."""
    require_sees_everything(person())
    asked = asked_of(key)
    with database().session() as session:
        versions = versions_of(session, key)
        drawn = drawn_version(session, asked)
        processes = {other: definition(session, newest).title for other, newest in known_processes(session).items()}
    found = surveyed(asked)
    return render_template(
        "mining/map.html",
        asked=asked,
        versions=versions,
        drawn=drawn,
        found=found,
        processes=dict(sorted(processes.items(), key=lambda item: item[1])),
        measures=MEASURES,
        props=map_props(drawn, found, asked, asked_measure()),
        unshown=unshown(drawn, found),
        paths=paths(asked, drawn),
        worked_text=worked_text,
        share_text=share_text,
    )


@blueprint.get("/<key>/map/diagram.bpmn")
def diagram(key: str) -> Response:
    """The diagram of the version that `?version=` names."""
    require_sees_everything(person())
    with database().session() as session:
        drawn = drawn_version(session, Asked(key, version=request.args.get("version", type=int)))
    response = make_response(drawn.xml)
    response.mimetype = "application/xml"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"  # a version never changes
    return response


@blueprint.get("/<key>/map/figures/<element_id>")
def figures(key: str, element_id: str) -> str:
    """What is said of one element or flow, or with `-` of all cases; `?of=` chooses a list of its cases."""
    me = person()
    require_sees_everything(me)
    asked, wanted = asked_of(key), request.args.get("of", "")
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    found = surveyed(asked)
    with database().session() as session:
        drawn = drawn_version(session, asked)
        shown = panel(found, drawn, element_id)
        chosen = next((ranked for ranked in shown.lists if ranked.name == wanted), shown.lists[0] if shown.lists else None)
        lines = case_lines(session, found, chosen, number) if chosen else []
    if lines:
        note_reading(database(), now(), me.id, MAP, root_id=None, cases=len(lines), process=key, element=element_id)
    element = drawn.element(element_id)
    return render_template(
        "mining/figures.html",
        asked=asked,
        element_id=element_id,
        called=element.called_element if element and not element.called_element.startswith(("=", "$")) else "",
        shown=shown,
        chosen=chosen,
        lines=lines,
        page=number,
        pages=-(-len(chosen.cases) // PAGE_SIZE) if chosen else 0,
    )


@blueprint.get("/<key>/map/day.json")
def day(key: str) -> Response:
    """What the tokens of all cases did on `?day=`, or on the last day on which one began; with the days before and after on which one did."""
    require_sees_everything(person())
    asked = asked_of(key)
    keep_traces(engine(), key)
    with database().session() as session:
        chosen = request.args.get("day", type=date.fromisoformat) or _neighbour(session, asked, now(), -1)
        chosen = chosen or now().astimezone(office_zone()).date()
        midnight, end = _midnight(chosen), _midnight(chosen + timedelta(days=1))
        there = [ProcessInstance.started_at < end, or_(ProcessInstance.ended_at.is_(None), ProcessInstance.ended_at >= midnight)]
        length_s = (end - midnight).total_seconds()
        found = day_of(cases(session, key, [*asked.conditions(), *there]), round(midnight.timestamp() * 1000), length_s, asked.version_id)
        told: dict[str, Any] = {
            "day": chosen.isoformat(),
            "before": _told(_neighbour(session, asked, midnight, -1)),
            "after": _told(_neighbour(session, asked, end, 1)),
            "length": length_s,
            "cases": found.cases,
            "moves": found.moves,
            "stays": found.stays,
        }
    return jsonify(told)


def _neighbour(session: Session, asked: Asked, instant: datetime, direction: int) -> date | None:
    """The next day before or after an instant on which a case began."""
    began = ProcessInstance.started_at
    beyond, order = (began >= instant, began) if direction > 0 else (began < instant, began.desc())
    found = session.scalar(select(began).where(ProcessInstance.process_key == asked.key, beyond).order_by(order).limit(1))
    return found.astimezone(office_zone()).date() if found else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=office_zone())


def _told(day: date | None) -> str | None:
    return day.isoformat() if day else None
