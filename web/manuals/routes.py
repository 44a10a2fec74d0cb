"""手册: each manual as a table of contents with its clauses, and where the procedures keep to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.manuals.catalogue import Catalogue, Chapter, Clause, Manual
from engine.manuals.coverage import STATES, State
from web.current import database
from web.manuals import words
from web.manuals.exercise import MOST_CASES
from web.manuals.placing import ICONS, Placing
from web.manuals.trace import Trace, trace

blueprint = Blueprint("manuals", __name__, template_folder="templates")

#: Most clauses that a search shows.
_MOST_FOUND = 100


@dataclass(frozen=True)
class Part:
    """A chapter and the clauses of it that are shown."""

    chapter: Chapter | None
    clauses: list[Clause]
    counted: dict[State, int]


@blueprint.get("/manuals")
def index() -> str:
    """The manuals at a glance, the procedures, and the search through all clauses."""
    text = request.args.get("q", "").strip()[:100]
    with database().session() as session:
        traced = trace(session)
        found = _matching(traced.catalogue.clauses.values(), text) if text else []
        view = _clause_view(session, traced)
        placing = view["placing"]
        processes = sorted(
            (placing.drawn(key).title, key, _demanded(traced, key)) for key in traced.definitions if key in traced.procedures.processes
        )
        manuals = [(manual, *_counted(traced, manual)) for manual in traced.catalogue.manuals]
        return render_template(
            "manuals/index.html",
            text=text,
            found=found[:_MOST_FOUND],
            more=len(found) > _MOST_FOUND,
            manuals=manuals,
            processes=processes,
            **view,
        )


@blueprint.get("/manuals/<manual_id>")
def manual(manual_id: str) -> str:
    """One manual: its table of contents and its clauses."""
    text = request.args.get("q", "").strip()[:100]
    state = request.args.get("state", "") if request.args.get("state") in (*STATES, "deviation") else ""
    with database().session() as session:
        traced = trace(session)
        shown = next((item for item in traced.catalogue.manuals if item.id == manual_id), None)
        if shown is None:
            raise NotFound("没有这本手册。", "There is no such manual.")
        counted, total = _counted(traced, shown)
        parts = _parts(traced, shown, text, state)
        return render_template(
            "manuals/show.html",
            manual=shown,
            counted=counted,
            total=total,
            parts=parts,
            text=text,
            state=state,
            **_clause_view(session, traced),
        )


def _clause_view(session: Session, traced: Trace) -> dict[str, Any]:
    """What the list of clauses needs."""
    return {
        "traced": traced,
        "placing": Placing(session, traced),
        "words": words,
        "states": STATES,
        "icons": ICONS,
        "most_cases": MOST_CASES,
    }


def _counted(traced: Trace, manual: Manual) -> tuple[dict[State, int], int]:
    clauses = _clauses_of(traced.catalogue, manual)
    return traced.coverage.count(clauses), len(clauses)


def _clauses_of(catalogue: Catalogue, manual: Manual) -> list[Clause]:
    return [clause for clause in catalogue.clauses.values() if clause.manual == manual.id]


def _parts(traced: Trace, manual: Manual, text: str, state: str) -> list[Part]:
    """The chapters in order, with what the reader looks for; empty ones are left out."""
    by_chapter: dict[Chapter | None, list[Clause]] = {chapter: [] for chapter in manual.chapters}
    for clause in _clauses_of(traced.catalogue, manual):
        by_chapter.setdefault(traced.catalogue.chapter_of(clause), []).append(clause)
    parts = []
    for chapter, clauses in by_chapter.items():
        shown = [clause for clause in _matching(clauses, text) if _is_in(traced, clause, state)]
        if shown:
            parts.append(Part(chapter, shown, traced.coverage.count(clauses)))
    return parts


def _is_in(traced: Trace, clause: Clause, state: str) -> bool:
    if state == "deviation":
        return bool(traced.deviations_of(clause))
    return not state or traced.coverage.states[clause.id] == state


def _matching(clauses: Iterable[Clause], text: str) -> list[Clause]:
    """The clauses in which every word occurs, in either language."""
    asked = text.lower().split()
    return [clause for clause in clauses if all(word in _searched(clause) for word in asked)]


def _searched(clause: Clause) -> str:
    texts = (clause.id, clause.ref_zh, clause.title_zh, clause.title_en, clause.requirement_zh, clause.requirement_en)
    return "\n".join(texts).lower()


def _demanded(traced: Trace, process: str) -> int:
    """How many clauses a process realises or shows."""
    return sum(process == clause.process or process in clause.shown_in for clause in traced.catalogue.clauses.values())
