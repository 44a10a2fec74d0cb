"""The dashboard, one indicator with the cases behind it, and the counting of months that were not counted yet."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.clock import monotonic_s
from engine.errors import NotFound
from engine.history.readings import KPI, note_reading
from handlers.dispatch.tables import Office
from handlers.reports import formats
from handlers.reports.contributing import instances_of, observations
from handlers.reports.counting import count_month, months_to_count, scopes_of
from handlers.reports.figures import Figure, by_group, by_office, by_person, catalogue, figures
from handlers.reports.months import Month, Period
from handlers.reports.tables import KpiMonth
from web.current import database, engine, now, office_zone, person
from web.definitions import definition
from web.directory import people_names
from web.kpis import shown
from web.kpis.asked import LENGTHS, Asked, asked, limited_to
from web.manuals import words
from web.manuals.trace import trace
from web.permissions import may_read_figures, require_figures_page, require_may_publish, visible_cases

blueprint = Blueprint("kpis", __name__, template_folder="templates", url_prefix="/kpis")

#: For so long a page counts what is missing before it shows itself; the rest is counted with a progress bar.
_PATIENCE_S = 1.5
#: Months that may be chosen.
_CHOICE = 24
_PAGE_SIZE = 50


@blueprint.before_request
def _guard() -> None:
    if current_user.is_authenticated:  # who is not is sent to the sign-in page
        require_figures_page(person())


@blueprint.app_context_processor
def _reads() -> dict[str, Any]:
    return {"reads_figures": lambda: current_user.is_authenticated and may_read_figures(person())}


@blueprint.get("")
def index() -> str:
    """Every indicator as a card."""
    wanted = asked()
    left = _count(wanted)
    with database().session() as session:
        known = catalogue(session)
        found = shown.by_kpi(figures(session, wanted.period, wanted.office))
        cards = [shown.card(found[kpi.id]) for kpi in known.values() if kpi.id in found and _feeds(kpi, wanted)]
        missing = [kpi for kpi in known.values() if kpi.id not in found and _feeds(kpi, wanted)]
        return render_template("kpis/index.html", cards=cards, missing=missing, left=left, **_filters(session, wanted))


@blueprint.post("/count")
def count() -> Response | str:
    """Count one month that is missing, and say how far it is; the last one opens the page again."""
    wanted = asked()
    left = months_to_count(engine(), wanted.months())
    if left:
        count_month(engine(), left.pop(0))
    if left:
        return render_template("kpis/progress.html", left=left, asked=wanted)
    done = Response("")
    done.headers["HX-Refresh"] = "true"
    return done


@blueprint.post("/recount")
def recount() -> Response:
    """Count the chosen months again, because something was put right after they were counted."""
    require_may_publish(person())
    wanted = asked()
    for month in wanted.period.months():
        count_month(engine(), month)
    return redirect(url_for("kpis.index", **wanted.address()))


@blueprint.get("/<kpi_id>")
def show(kpi_id: str) -> str:
    """One indicator: how it is defined, how it went, and the cases it counts."""
    wanted = asked()
    left = _count(wanted)
    with database().session() as session:
        found = list(figures(session, wanted.period, wanted.office, kpi_id).values())
        if not found:
            raise NotFound("没有这个指标。", "There is no such indicator.")
        traced = trace(session)
        part = request.args.get("part", "")
        figure = next((item for item in found if item.measure.part == part), found[0])
        return render_template(
            "kpis/show.html",
            kpi=figure.kpi,
            figure=figure,
            all_figures=found,
            card=shown.card([figure]),
            left=left,
            clauses=[traced.catalogue.clauses[item] for item in figure.kpi.clauses if item in traced.catalogue.clauses],
            words=words,
            chart=shown.months_chart(figure),
            **_breakdowns(session, figure, wanted),
            **_cases(session, figure, wanted),
            **_filters(session, wanted),
        )


def _count(wanted: Asked) -> list[Month]:
    """Count what is missing for as long as a reader waits gladly; returns the months still missing."""
    began = monotonic_s()
    left = months_to_count(engine(), wanted.months())
    while left and monotonic_s() - began < _PATIENCE_S:
        count_month(engine(), left.pop(0))
    return left


def _feeds(kpi: Any, wanted: Asked) -> bool:
    return not wanted.process or kpi.feeds_on(wanted.process)


def _filters(session: Session, wanted: Asked) -> dict[str, Any]:
    """What the filters offer, and what everything is shown with."""
    fed = {process for kpi in catalogue(session).values() for process in kpi.processes}
    running = {key: definition(session, version).title for key, version in trace(session).definitions.items()}
    present = Month.of(now(), office_zone())
    return {
        "asked": wanted,
        "months": list(reversed(Period(present, _CHOICE).months())),
        "lengths": LENGTHS,
        "offices": session.execute(select(Office.id, Office.name).order_by(Office.name)).all(),
        "processes": sorted((title, key) for key, title in running.items() if key in fed),
        "running": running,
        "counted_at": session.scalar(select(KpiMonth.counted_at).where(KpiMonth.month == str(wanted.period.last))),
        "formats": formats,
        "language": shown.language(),
    }


def _breakdowns(session: Session, figure: Figure, wanted: Asked) -> dict[str, Any]:
    """By office, by person where the reader may see people one by one, and by class."""
    measure, period = figure.measure, wanted.period
    only = limited_to(session, person())
    people = by_person(session, measure, period, wanted.office if only is None else only) if only != "" else []
    groups = [(formats.said(name, shown.language()), line) for name, line in by_group(session, measure, period, wanted.office).items()]
    tables = [
        ("offices", [(line.name, line) for line in by_office(session, measure, period)] if not wanted.office else []),
        ("people", [(line.name, line) for line in people]),
        ("groups", groups),
    ]
    return {"breakdowns": [(name, lines, shown.lines_chart(figure, lines)) for name, lines in tables if lines]}


def _cases(session: Session, figure: Figure, wanted: Asked) -> dict[str, Any]:
    """A page of the cases behind the figure; that they are looked at is written down first."""
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    only_missed = request.args.get("missed") == "1"
    limited = limited_to(session, person())
    scopes = scopes_of(engine(), session, wanted.period.months())
    found = observations(figure.measure, scopes, limited if limited is not None else wanted.office or None)
    missed = sum(seen.missed for seen in found)
    if only_missed:
        found = found[:missed]
    page = found[(number - 1) * _PAGE_SIZE : number * _PAGE_SIZE]
    if page:
        note_reading(
            database(), now(), person().id, KPI, root_id=None, cases=len(page), kpi=figure.measure.id, month=str(wanted.period), page=number
        )
    return {
        "seen": page,
        "seen_total": len(found),
        "seen_missed": missed,
        "only_missed": only_missed,
        "number": number,
        "pages": -(-len(found) // _PAGE_SIZE),
        "instances": instances_of(session, figure.kpi, (seen.about for seen in page), visible_cases(person())),
        "names": people_names(session, (seen.person for seen in page)),
    }
