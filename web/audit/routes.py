"""The page on which auditors find cases, and the export of what they found."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.errors import NotFound
from engine.history.readings import note_reading
from engine.storage.tables import ProcessInstance, User
from web.audit import evidence, paths
from web.audit.finding import ORDERS, Reader, find
from web.audit.kept import LARGEST, saved_searches
from web.audit.search import Search
from web.audit.words import deviation_names, state_names
from web.cases.queries import known_processes, with_incidents
from web.current import database, now, office_zone, person
from web.customers import customer_names
from web.definitions import Definition, definition
from web.exports.routes import download
from web.language import locale
from web.master_data.access import require_auditor

blueprint = Blueprint("audit", __name__, template_folder="templates", url_prefix="/audit")

#: The way of reading that is a search; see HistoryReading.
SEARCH = "search"


@blueprint.get("")
def find_cases() -> str:
    """The cases that a search finds; without one, all."""
    require_reader()
    search = Search.read(request.args)
    order, page = chosen_order(), min(max(1, request.args.get("page", 1, type=int)), 100_000)
    with database().session() as session:
        found = find(session, reader(), search, order, page)
        if search.asked() and page == 1:
            note_reading(database(), now(), person().id, SEARCH, root_id=None, cases=found.total, search=search.asked())
        view = {
            **_choices(session, search),
            **shown_cases(session, found.cases),
            "chips": evidence.chips(session, search, now(), [case.id for case in found.cases]),
        }
    return render_template(
        "audit/find.html", largest=LARGEST, search=search, found=found, order=order, orders=ORDERS, address=_address(search, order), **view
    )


@blueprint.get("/export")
def export() -> Response:
    """The cases that a search finds, as a file; `form` is the format."""
    require_auditor()
    search = Search.read(request.args)
    with database().session() as session:
        wanted = reader().wanted(session, search)
    return download(None, wanted, {"search": search.asked()})


@blueprint.get("/diagrams/<definition_id>.bpmn")
def diagram(definition_id: str) -> Response:
    """Any version of a process that was ever deployed."""
    require_reader()
    with database().session() as session:
        xml = definition(session, definition_id).xml
    response = Response(xml, mimetype="application/xml")
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"  # a version never changes
    return response


def require_reader() -> None:
    """Let only those pass from whom no case is hidden.

    Raises:
        NotFound: for everybody else, because the page is none of theirs.
    """
    if not person().sees_everything:
        raise NotFound("没有这个页面，或者您无权查看。", "There is no such page, or you may not see it.")


def reader() -> Reader:
    """Who asks, and when."""
    return Reader(person(), office_zone(), now(), database().is_postgres)


def chosen_order() -> str:
    """The order that the address asks for."""
    asked = request.args.get("order", "")
    return asked if asked in ORDERS else ORDERS[0]


def shown_cases(session: Session, cases: list[ProcessInstance]) -> dict[str, Any]:
    """What rows of cases need besides the cases."""
    return {
        "drawn": {case.id: definition(session, case.process_definition_id) for case in cases},
        "customers": customer_names(session, (case.business_key for case in cases)),
        "incidents": with_incidents(session, (case.id for case in cases)),
    }


def _choices(session: Session, search: Search) -> dict[str, Any]:
    """What the form offers."""
    titles = {key: definition(session, newest).title for key, newest in known_processes(session).items()}
    versions = paths.versions(session, search.process) if search.process else []
    drawn = next((version for version in versions if version.version == search.version), versions[0] if versions else None)
    return {
        "processes": dict(sorted(titles.items(), key=lambda item: item[1])),
        "versions": versions,
        "places": paths.choices(drawn) if drawn else {},
        "diagram_props": _diagram_props(drawn, search) if drawn else None,
        "people": session.execute(select(User.id, User.name).order_by(User.name)).all(),
        "deviations": deviation_names(),
        "states": state_names(),
        "saved": saved_searches(session, person().id),
    }


def _diagram_props(drawn: Definition, search: Search) -> dict[str, Any]:
    flows = drawn.process.flows
    return {
        "xmlUrl": url_for("audit.diagram", definition_id=drawn.id),
        "locale": locale(),
        "labels": dict(drawn.english) if locale() == "en" else {},
        "completed": [place for place in search.through if place not in flows],
        "flowsTaken": {place: 1 for place in search.through if place in flows},
        "height": "22rem",
    }


def _address(search: Search, order: str) -> Any:
    """Where a page of what was found is."""
    asked = search.asked() | ({"order": order} if order != ORDERS[0] else {})
    return lambda page=1: url_for("audit.find_cases", **asked, **({"page": page} if page > 1 else {}))
