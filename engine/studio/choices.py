"""What an owner chooses from and never types: handlers, roles, forms, decisions, processes, messages, errors, clauses, parameters."""

from collections.abc import Collection, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagrams.model import Element
from engine.diagrams.variables import ALWAYS, Providers, Variables
from engine.dmn.graph import Decision
from engine.manuals.catalogue import CLAUSES, MANUALS, read_catalogue
from engine.manuals.units import UNITS
from engine.runtime.deployment_knowledge import known_to
from engine.runtime.engine import Engine
from engine.runtime.package import Package
from engine.runtime.parameters import current_parameters
from engine.storage.tables import Group, User
from engine.studio.fields import DescribedHandler, describe
from engine.studio.labels import Words, elements, error_titles, field_labels, form_fields, form_titles, in_both, label_of

_CATCHES = frozenset(("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"))
#: Groups of the product itself, to which no work is given.
_PRODUCT = "opsbook-"


def described_handlers(engine: Engine, package: Package) -> list[DescribedHandler]:
    """Every handler with its fields as the forms call them."""
    labels = field_labels(package)
    return [describe(handler, labels) for handler in engine.handlers]


def choices(engine: Engine, session: Session, package: Package, key: str, drafted: Collection[str]) -> dict[str, Any]:
    """Everything that can be chosen in one file.

    Args:
        engine: whose handlers there are.
        session: to read people and parameters.
        package: the live files with the person's drafts in their place.
        key: name of the file that is edited.
        drafted: names of the files that are the person's drafts.
    """
    errors = error_titles(package)
    return {
        "handlers": [_handler(item, errors) for item in described_handlers(engine, package)],
        "roles": _roles(session),
        "users": [{"id": row.id, "label": {"zh": row.name, "en": row.name}} for row in session.execute(_ACTIVE)],
        "forms": [*_forms(package, drafted)],
        "decisions": [*_decisions(package, drafted)],
        "processes": [*_processes(package, drafted)],
        "messages": _messages(package),
        "errors": _errors(engine, package, errors),
        **_clauses(package),
        "parameters": _parameters(session),
        "variables": _variables(package, key, known_to(engine, session, package).providers),
    }


_ACTIVE = select(User.id, User.name).where(User.active).order_by(User.name, User.id)


def _handler(item: DescribedHandler, errors: dict[str, Words]) -> dict[str, Any]:
    """As the modeler reads it: options and errors with what they are called."""
    described = asdict(item)
    for given in (*described["inputs"], *described["outputs"]):
        given["options"] = [{"value": value, "label": {"zh": value, "en": value}} for value in given["options"]] or None
    described["errors"] = [{"code": code, "title": errors.get(code, {"zh": code, "en": code})} for code in item.errors]
    return described


def _roles(session: Session) -> list[dict[str, Any]]:
    rows = session.execute(select(Group.id, Group.name, Group.name_en).order_by(Group.id))
    return [{"group": row.id, "label": {"zh": row.name, "en": row.name_en}} for row in rows if not row.id.startswith(_PRODUCT)]


def _forms(package: Package, drafted: Collection[str]) -> Iterator[dict[str, Any]]:
    titles = form_titles(package)
    for name, schema in sorted(package.forms.items(), key=lambda item: str(item[1]["id"])):
        key, english = str(schema["id"]), package.english_of(name)
        fields = [
            {"key": str(item.get("key") or item.get("path")), "label": in_both(label_of(item), english), "type": str(item.get("type", ""))}
            for item in form_fields(schema)
        ]
        yield {"id": key, "label": titles.get(key, {"zh": key, "en": key}), "key": name, "fields": fields, "draft": name in drafted}


def _decisions(package: Package, drafted: Collection[str]) -> Iterator[dict[str, Any]]:
    for name, model in sorted(package.models.items()):
        english = package.english_of(name)
        for node in model.graph.nodes.values():
            if isinstance(node, Decision):
                inputs = [
                    {"name": column.text, "label": in_both(column.label, english)} for column in (node.table.inputs if node.table else ())
                ]
                outputs = [
                    {"name": item.name, "label": in_both(item.label, english)} for item in (node.table.outputs if node.table else ())
                ]
                yield {
                    "id": node.id,
                    "label": in_both(node.name, english),
                    "key": name,
                    "inputs": inputs,
                    "outputs": outputs,
                    "draft": name in drafted,
                }


def _processes(package: Package, drafted: Collection[str]) -> Iterator[dict[str, Any]]:
    for name, diagram in sorted(package.diagrams.items()):
        for process in diagram.processes:
            messages = sorted({message for element in process.elements.values() if (message := _message(element))})
            label = in_both(process.name, package.english_of(name))
            yield {"id": process.id, "label": label, "key": name, "messages": messages, "draft": name in drafted}


def _messages(package: Package) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, diagram in sorted(package.diagrams.items()):
        for process in diagram.processes:
            for element in process.elements.values():
                if message := _message(element):
                    label = in_both(element.label, package.english_of(name))
                    entry = found.setdefault(message, {"name": message, "label": label, "sentBy": [], "receivedBy": []})
                    processes = entry["receivedBy" if element.type in _CATCHES else "sentBy"]
                    if process.id not in processes:
                        processes.append(process.id)
    return [found[name] for name in sorted(found)]


def _message(element: Element) -> str:
    if element.event is not None:
        return element.event.name if element.event.kind == "message" else ""
    return element.message


def _errors(engine: Engine, package: Package, titles: dict[str, Words]) -> list[dict[str, Any]]:
    codes = {code for handler in engine.handlers for code in handler.errors}
    codes |= {item.event.name for _, item in elements(package) if item.event is not None and item.event.kind == "error" and item.event.name}
    return [{"code": code, "label": titles.get(code, {"zh": code, "en": code})} for code in sorted(codes)]


def _clauses(package: Package) -> dict[str, list[dict[str, Any]]]:
    catalogue = read_catalogue(package.files.get(CLAUSES, b""), package.files.get(MANUALS, b""))
    described = [
        {
            "id": item.id,
            "title": {"zh": item.title_zh, "en": item.title_en},
            "text": {"zh": item.requirement_zh, "en": item.requirement_en},
            "process": item.process,
        }
        for item in catalogue.clauses.values()
    ]
    shown = {item.id for item in catalogue.clauses.values() if item.shown_in or item.process == "guidance"}
    return {"clauses": described, "guidance": [{"id": item["id"], "title": item["title"]} for item in described if item["id"] in shown]}


def _parameters(session: Session) -> list[dict[str, Any]]:
    return [
        {
            "name": item.name,
            "label": {"zh": item.title_zh, "en": item.title_en},
            "value": item.value,
            "unit": {"zh": UNITS[item.unit].zh, "en": UNITS[item.unit].en} if item.unit in UNITS else None,
        }
        for item in current_parameters(session).values()
    ]


def _variables(package: Package, key: str, providers: Providers) -> list[str]:
    """Names that expressions of the file may read; those of its whole process, since a new element can stand anywhere."""
    diagram = package.diagrams.get(key)
    if diagram is None:
        return sorted(ALWAYS | field_labels(package).keys())
    names = set(ALWAYS)
    for process in diagram.processes:
        variables = Variables(process, providers)
        for element in process.elements.values():
            names |= variables.at(element) or frozenset()
    return sorted(names)
