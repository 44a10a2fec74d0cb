"""Two runs side by side: two cases, a case and the happy path, or a case on the diagrams of two versions."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.diagrams.model import ACTIVITY_TYPES
from engine.difference import Change, bpmn_changes
from engine.errors import InvalidInput
from engine.history.readings import note_reading
from engine.runtime import instances
from engine.storage.tables import ProcessInstance
from web.audit import paths
from web.audit.alignment import Pair, align, parting
from web.audit.happy_path import happy_path
from web.audit.routes import blueprint, require_reader
from web.audit.runs import steps_of
from web.cases.standing import diagram_props
from web.cases.told import plain
from web.current import database, engine, now, person
from web.customers import customer_names
from web.definitions import Definition, definition
from web.display import duration_text
from web.labels import in_language, is_twin, label, show
from web.language import locale
from web.permissions import require_case
from web.tasks.queries import known_fields

#: The way of reading that is a comparison; see HistoryReading.
COMPARE = "compare"


@blueprint.get("/compare")
def compare() -> str | Response:
    """Two runs: `left` and `right` are instances; without `right` the happy path of the version that `left` runs on."""
    require_reader()
    chosen = request.args.getlist("case")
    if len(chosen) == 2:
        return redirect(url_for("audit.compare", left=chosen[0], right=chosen[1]))
    if chosen:
        raise InvalidInput("请选两个案例。", "Choose two cases.")
    with database().session() as session:
        left = require_case(session, person(), request.args.get("left", ""))
        happy = None if request.args.get("right") else happy_path(session, left)
        right = require_case(session, person(), request.args.get("right") or (happy.example if happy else ""))
        _note(left)
        _note(right)
        sides = [(run, definition(session, run.process_definition_id)) for run in (left, right)]
        pairs = align(*(steps_of(session, run, drawn, now()) for run, drawn in sides))
        view = {
            "customers": customer_names(session, (run.business_key for run in (left, right))),
            "diagrams": [_diagram(session, run, drawn, pairs, side) for side, (run, drawn) in enumerate(sides)],
            "variables": _different_variables(session, sides),
            "fields": {name: label(field.label, english) for name, (field, english) in known_fields(session, sides[0][1]).items()},
        }
    longest = max((step.begun + step.worked for pair in pairs for step in (pair.left, pair.right) if step), default=0) or 1
    return render_template(
        "audit/compare.html",
        sides=sides,
        happy=happy,
        pairs=pairs,
        parting=parting(pairs),
        longest=longest,
        plain=plain,
        time_of=lambda seconds: duration_text(timedelta(seconds=seconds)),
        **view,
    )


@blueprint.get("/compare/<instance_id>/versions")
def compare_versions(instance_id: str) -> str:
    """The diagram of the version a case runs on and that of another one (`version`, else the newest other), with what is different."""
    require_reader()
    with database().session() as session:
        instance = require_case(session, person(), instance_id)
        _note(instance)
        own = definition(session, instance.process_definition_id)
        offered = [drawn for drawn in paths.versions(session, own.key) if drawn.id != own.id]
        wanted = request.args.get("version", type=int)
        other = next((drawn for drawn in offered if wanted in (None, drawn.version)), None)
        if other is None:
            return render_template("audit/versions.html", instance=instance, own=own, other=None, offered=[])
        passed = {step.element_id for step in steps_of(session, instance, own, now())}
    before, after = sorted((own, other), key=lambda drawn: drawn.version)
    found = bpmn_changes(before.xml, after.xml)
    props = {
        "before": _version(before, _marks(found, "added")),
        "after": _version(after, _marks(found, "removed")),
        "labels": dict(after.english) if locale() == "en" else {},
        "locale": locale(),
    }
    return render_template(
        "audit/versions.html", instance=instance, own=own, other=other, offered=offered, changes=found, passed=passed, props=props
    )


def _note(instance: ProcessInstance) -> None:
    note_reading(database(), now(), person().id, COMPARE, root_id=instance.root_id, instance=instance.id)


def _diagram(session: Session, run: ProcessInstance, drawn: Definition, pairs: list[Pair], side: int) -> dict[str, Any]:
    """The diagram of a side; activities to which only this side came are marked, the path shows the rest."""
    own, other = ("left", "right") if side == 0 else ("right", "left")
    both = {getattr(pair, own).element_id for pair in pairs if not pair.is_parted}
    alone = {getattr(pair, own).element_id for pair in pairs if getattr(pair, own) and getattr(pair, other) is None} - both
    activities = sorted(element_id for element_id in alone if (element := drawn.element(element_id)) and element.type in ACTIVITY_TYPES)
    marks = [{"elementId": element_id, "text": gettext("仅此"), "tone": "warn", "place": "bottom"} for element_id in activities]
    props = diagram_props(session, run, drawn, height="24rem")
    return props | {"overlays": [*props["overlays"], *marks]}


def _different_variables(session: Session, sides: list[tuple[ProcessInstance, Definition]]) -> list[tuple[str, str, str]]:
    """Name and both values of what is not the same at the end (or now), those first that a form names."""
    left, right = (instances.variables(engine(), run.id) for run, _ in sides)
    known = known_fields(session, sides[0][1]) | known_fields(session, sides[1][1])
    names = [name for name in (*known, *sorted(({*left, *right}) - set(known))) if name in left or name in right]
    return [
        (label(known[name][0].label, known[name][1]) if name in known else name, _value(left, name, known), _value(right, name, known))
        for name in names
        if not is_twin(name, names) and left.get(name) != right.get(name)
    ]


def _value(variables: Mapping[str, Any], name: str, known: Mapping[str, Any]) -> str:
    value = in_language(variables, name)
    shown = show(known[name][0], value, known[name][1]) if name in known else None
    return shown.text if shown and shown.text else plain(value)


def _marks(found: list[Change], gone: str) -> dict[str, str]:
    """What to mark on one of the diagrams; `gone` is the kind of change that is not drawn on it."""
    marks: dict[str, str] = {}
    for change in found:
        if change.kind != gone:
            kind = "moved" if change.kind == "redrawn" else change.kind
            marks = dict.fromkeys((change.part_id, *change.along), kind) | marks
    return marks


def _version(drawn: Definition, marks: dict[str, str]) -> dict[str, Any]:
    return {"url": url_for("audit.diagram", definition_id=drawn.id), "title": f"v{drawn.version}", "marks": marks}
