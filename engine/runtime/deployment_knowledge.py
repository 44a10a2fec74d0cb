"""What the diagrams of a deployment may refer to: its own files, what is deployed already, handlers, people and manuals."""

import types
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagrams.checks import Known, Topic
from engine.diagrams.model import Process
from engine.diagrams.reader import read_diagram
from engine.diagrams.traffic import Traffic
from engine.diagrams.values import Given, Values, constants_of
from engine.diagrams.variables import Providers
from engine.dmn import Model
from engine.dmn.graph import Decision
from engine.dmn.table import DecisionTable
from engine.errors import ExpressionError
from engine.feel import compile_expression
from engine.manuals.catalogue import CLAUSES, read_catalogue
from engine.runtime.engine import Engine
from engine.runtime.package import Package
from engine.storage.tables import DecisionDefinition, FormDefinition, Group, ProcessDefinition, Resource

_SINGLE_HIT = ("UNIQUE", "ANY", "FIRST", "PRIORITY")


def known_to(engine: Engine, session: Session, package: Package, *, external_workers: bool = False) -> Known:
    """Everything that diagrams of the package may name.

    Args:
        engine: where it is to be deployed.
        session: to read what is deployed.
        package: the files.
        external_workers: whether topics without a handler are for external workers, even if the settings do not name them.
    """
    forms = {str(schema["id"]): schema for schema in package.forms.values()}
    topics = {
        item.topic: Topic(
            frozenset(item.request.model_fields),
            frozenset(name for name, info in item.request.model_fields.items() if info.is_required()),
            frozenset(item.errors),
        )
        for item in engine.handlers
    }
    return Known(
        topics=topics,
        external_topics=engine.external_topics,
        external_workers=external_workers,
        forms=forms.keys() | set(session.scalars(select(FormDefinition.key).distinct())),
        decisions={key for model in package.models.values() for key, _ in model.decisions}
        | set(session.scalars(select(DecisionDefinition.key).distinct())),
        processes={process.id for process in package.processes} | set(session.scalars(select(ProcessDefinition.key).distinct())),
        providers=Providers(
            processes=package.processes,
            form_keys={key: frozenset(_keys(schema)) for key, schema in forms.items()},
            optional_keys={key: frozenset(_optional_keys(schema)) for key, schema in forms.items()},
            handler_results={item.topic: frozenset(item.result.model_fields if item.result else ()) for item in engine.handlers},
        ),
        given=Given(
            fields={key: dict(_field_values(schema)) for key, schema in forms.items()},
            results={item.topic: dict(_result_values(item.result)) for item in engine.handlers if item.result},
            decisions={key: outputs for model in package.models.values() for key, outputs in _decision_values(model)},
        ),
        traffic=Traffic([*package.processes, *_others(session, package)], {topic: item.errors for topic, item in topics.items()}),
        groups=frozenset(session.scalars(select(Group.id))) or None,
        clauses=_clauses(package.files[CLAUSES]) if CLAUSES in package.files else (),
        now=engine.clock.now(),
    )


def _others(session: Session, package: Package) -> Iterator[Process]:
    """The live processes that the package does not bring anew."""
    own = {process.id for process in package.processes}
    rows = session.execute(
        select(ProcessDefinition.key, Resource.content)
        .join(Resource, Resource.id == ProcessDefinition.resource_id)
        .where(ProcessDefinition.state == "live", ProcessDefinition.key.not_in(own))
    )
    for key, content in rows:
        yield from (process for process in _processes(content) if process.id == key)


@lru_cache(maxsize=256)
def _processes(content: bytes) -> tuple[Process, ...]:
    return tuple(read_diagram(content).processes)


@lru_cache(maxsize=4)
def _clauses(content: bytes) -> frozenset[str]:
    return frozenset(read_catalogue(content).clauses)


def _keys(component: dict[str, Any]) -> Iterator[str]:
    """The variables a form gives: the keys of its fields, the first name of a path."""
    for child in component.get("components", ()):
        path = str(child.get("path") or child.get("key") or "")
        if path:
            yield path.partition(".")[0]
        if not child.get("path"):
            yield from _keys(child)


def _optional_keys(component: dict[str, Any]) -> Iterator[str]:
    """The fields that may stay empty: not required, or hidden under a condition; boxes to tick are never empty, shown values are not entered."""
    for child in component.get("components", ()):
        if child.get("path") or child.get("disabled") or child.get("readonly"):
            continue
        conditional = bool(child.get("conditional", {}).get("hide"))
        if child.get("key") and child.get("type") != "checkbox" and (conditional or not child.get("validate", {}).get("required")):
            yield str(child["key"])
        yield from _optional_keys(child)


def _field_values(component: dict[str, Any]) -> Iterator[tuple[str, Values]]:
    """The values that the fields of a form can have, where the form says so and people enter them."""
    for child in component.get("components", ()):
        if child.get("path") or child.get("disabled") or child.get("readonly"):
            continue
        key, kind = str(child.get("key", "")), child.get("type")
        if kind in ("select", "radio") and isinstance(child.get("values"), list):
            yield key, Values(frozenset(_as_feel(option.get("value")) for option in child["values"]))
        elif kind == "checkbox":
            yield key, Values(frozenset((True, False)))
        elif kind == "number":
            low, high = (child.get("validate", {}).get(bound) for bound in ("min", "max"))
            yield key, Values(low=_number(low), high=_number(high), numbers=True)
        else:
            yield from _field_values(child)


def _as_feel(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _number(value: Any) -> Decimal | None:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _result_values(result: Any) -> Iterator[tuple[str, Values]]:
    """The values of a handler's result that its types name one by one."""
    for name, info in result.model_fields.items():
        options = _options(info.annotation)
        if options is not None:
            yield name, Values(frozenset(map(_as_feel, options)))


def _options(annotation: Any) -> set[Any] | None:
    if annotation is bool:
        return {True, False}
    if annotation is type(None):
        return {None}
    if get_origin(annotation) is Literal:
        return set(get_args(annotation))
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [_options(part) for part in get_args(annotation)]
        return None if None in parts else set().union(*(part or () for part in parts))
    return None


def _decision_values(model: Model) -> Iterator[tuple[str, dict[str, Values]]]:
    """The constants that the tables of a model conclude, by output; of a table with one output the name does not matter."""
    for node in model.graph.nodes.values():
        if isinstance(node, Decision) and node.table is not None and node.table.policy in _SINGLE_HIT:
            outputs = {column.name: _column_values(node.table, number) for number, column in enumerate(node.table.outputs)}
            yield node.id, {name: values for name, values in outputs.items() if values is not None}


def _column_values(table: DecisionTable, number: int) -> Values | None:
    width = len(table.inputs) + len(table.outputs)
    if table.outputs[number].default is not None or any(len(rule.texts) != width for rule in table.rules):
        return None
    return _united(rule.texts[len(table.inputs) + number] for rule in table.rules)


def _united(texts: Iterable[str]) -> Values | None:
    found = Values()
    for text in texts:
        try:
            values = constants_of(compile_expression(text).tree)
        except ExpressionError:
            return None
        if values is None:
            return None
        found |= values
    return found
