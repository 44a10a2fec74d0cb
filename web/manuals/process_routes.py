"""A process as it runs now: its diagram, and what the manuals say of each element."""

from typing import Any

from flask import make_response, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.errors import NotFound
from engine.manuals.procedures import Spot
from web.current import database
from web.definitions import Definition, definition
from web.language import locale
from web.manuals import words
from web.manuals.notes import element_notes
from web.manuals.placing import Placing
from web.manuals.routes import blueprint
from web.manuals.trace import Trace, trace


@blueprint.get("/processes/<key>")
def process(key: str) -> str:
    """The diagram of a process with its clauses; `?element=` brings one element to the middle."""
    with database().session() as session:
        traced = trace(session)
        drawn = _live(session, traced, key)
        chosen = request.args.get("element", "")
        placing = Placing(session, traced)
        props: dict[str, Any] = {
            "xmlUrl": url_for("manuals.diagram", key=key),
            "locale": locale(),
            "labels": dict(drawn.english) if locale() == "en" else {},
            "height": "34rem",
        }
        if drawn.element(chosen):
            props["focus"] = chosen
        return render_template(
            "manuals/process.html",
            drawn=drawn,
            diagram_props=props,
            clauses=_clauses(traced, key),
            placing=placing,
            traced=traced,
            words=words,
            times=placing.times_at(Spot(key)),
            notes=Markup(element_notes(session, drawn, chosen)) if drawn.element(chosen) else "",  # noqa: S704 -- rendered by our own template
        )


@blueprint.get("/processes/<key>/diagram.bpmn")
def diagram(key: str) -> Response:
    """The diagram of the live version."""
    with database().session() as session:
        drawn = _live(session, trace(session), key)
    response = make_response(drawn.xml)
    response.mimetype = "application/xml"
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/processes/<key>/elements/<element_id>")
def element(key: str, element_id: str) -> str:
    """What the manuals say of one element, for the place below the diagram."""
    with database().session() as session:
        return element_notes(session, _live(session, trace(session), key), element_id)


def _live(session: Session, traced: Trace, key: str) -> Definition:
    if key not in traced.definitions:
        raise NotFound("没有这个流程。", "There is no such process.")
    return definition(session, traced.definitions[key])


def _clauses(traced: Trace, key: str) -> list[Any]:
    """The clauses that the process realises or shows, each with its elements."""
    by_clause: dict[str, list[str]] = {}
    for spot, found in traced.by_spot.items():
        if spot.process == key:
            for clause, _ in found:
                if spot.element not in by_clause.setdefault(clause.id, []):
                    by_clause[clause.id].append(spot.element)
    return [(clause, by_clause[clause.id]) for clause in traced.catalogue.clauses.values() if clause.id in by_clause]
