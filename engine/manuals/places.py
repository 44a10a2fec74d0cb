"""Where a clause lives: at an element, in a form field, in a row of a decision table, in a parameter, on a card."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.diagrams.model import Process
from engine.manuals.procedures import Form, Procedures, Spot
from engine.manuals.references import Reference, read_references

#: Property of an element, a process or a form field that names the clauses it realises.
CLAUSE_PROPERTY = "opsbook:clause"
#: Property of a user task that names the clauses shown beside it.
GUIDANCE_PROPERTY = "opsbook:guidance"

Kind = Literal["process", "element", "form_field", "decision_row", "parameter", "guidance"]

#: The clauses at the beginning of a rule's description: ids with commas between them, then a blank.
_BEGINS_WITH_CLAUSES = re.compile(r"\s*([A-Z]\w*-[\w.-]+(?:#\w+)?(?:\s*[,，、]\s*[A-Z]\w*-[\w.-]+(?:#\w+)?)*)")


@dataclass(frozen=True)
class Place:
    """One place that realises a clause."""

    kind: Kind
    reference: Reference
    spots: tuple[Spot, ...]  #: where in the diagrams
    owner: str = ""  #: id of the form or decision, name of the parameter
    part: str = ""  #: key of the field, number of the row
    label: str = ""  #: of the field or row, as its author wrote it


def find_places(procedures: Procedures) -> dict[str, list[Place]]:
    """Every place by the id of its clause; cards count at user tasks only, since nobody reads them elsewhere."""
    found: dict[str, list[Place]] = {}
    for place in _all(procedures):
        found.setdefault(place.reference.clause, []).append(place)
    return found


def _all(procedures: Procedures) -> Iterator[Place]:
    for process in procedures.processes.values():
        yield from _in_diagram(process)
    for form in procedures.forms.values():
        yield from _in_form(form, procedures)
    for decision_id in procedures.decisions:
        yield from _in_decision(decision_id, procedures)
    for parameter in procedures.parameters.values():
        for reference in parameter.references:
            yield Place("parameter", reference, procedures.readers_of(parameter.name), parameter.name)


def _in_diagram(process: Process) -> Iterator[Place]:
    for reference in _cited(process.properties, CLAUSE_PROPERTY):
        yield Place("process", reference, (Spot(process.id),))
    for element in process.elements.values():
        spots = (Spot(process.id, element.id),)
        for reference in _cited(element.properties, CLAUSE_PROPERTY):
            yield Place("element", reference, spots)
        if element.type == "userTask":
            for reference in _cited(element.properties, GUIDANCE_PROPERTY):
                yield Place("guidance", reference, spots)


def _in_form(form: Form, procedures: Procedures) -> Iterator[Place]:
    form_id = str(form["id"])
    for field in fields_of(form):
        for reference in _cited(field.get("properties") or {}, CLAUSE_PROPERTY):
            key, label = (
                str(field.get("key") or field.get("path") or field.get("id", "")),
                str(field.get("label") or field.get("text") or ""),
            )
            yield Place("form_field", reference, procedures.users_of_form(form_id), form_id, key, label)


def _in_decision(decision_id: str, procedures: Procedures) -> Iterator[Place]:
    table = procedures.decisions[decision_id].table
    for number, rule in enumerate(table.rules if table else (), 1):
        match = _BEGINS_WITH_CLAUSES.match(rule.annotation)
        if match:
            label = rule.annotation[match.end() :].strip()
            for reference in read_references(re.split(r"[,，、]", match[1])):
                yield Place("decision_row", reference, procedures.users_of_decision(decision_id), decision_id, str(number), label)


def fields_of(form: Form) -> Iterator[Mapping[str, Any]]:
    """Every component of a form, at every depth."""
    for component in form.get("components", ()):
        yield component
        yield from fields_of(component)


def _cited(properties: Mapping[str, Any], name: str) -> tuple[Reference, ...]:
    return read_references(str(properties.get(name, "")))
