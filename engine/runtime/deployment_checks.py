"""What keeps a deployment from running, across its files and with what is deployed already."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagrams.checks import Known, Topic, check_diagram
from engine.diagrams.variables import Providers, Variables
from engine.dmn import Model
from engine.dmn.check import check_model
from engine.errors import Problem
from engine.forms import check_schema
from engine.runtime.engine import Engine
from engine.runtime.package import Package
from engine.storage.tables import DecisionDefinition, FormDefinition, ProcessDefinition, StartSubscription


def check_package(
    engine: Engine, session: Session, package: Package, *, external_workers: bool = False, only: Collection[str] | None = None
) -> list[Problem]:
    """All findings, errors and warnings, against what is deployed already.

    Args:
        engine: where it is to be deployed.
        session: to read what is deployed.
        package: the files.
        external_workers: whether topics without a handler are for external workers, even if the settings do not name them.
        only: names of the files that are checked, while the others are only what these may refer to; None for all.
    """
    checked = package.files.keys() if only is None else set(only)
    problems = [problem for problem in package.problems if problem.resource in checked]
    known = known_to(engine, session, package, external_workers=external_workers)
    for name, diagram in package.diagrams.items():
        if name in checked:
            problems += check_diagram(diagram, name, known)
    for name, model in package.models.items():
        if name in checked:
            found = check_model(model, _inputs_of(model, package, known.providers), name)
            problems += [Problem(**{**problem.__dict__, "resource": name}) for problem in found]
    for name, schema in package.forms.items():
        if name in checked:
            problems += check_schema(schema, name)
    across = [*_taken_twice(package), *_check_starts(session, package, {process.id for process in package.processes})]
    return problems + [problem for problem in across if problem.resource in checked]


def known_to(engine: Engine, session: Session, package: Package, *, external_workers: bool = False) -> Known:
    """What the files of a package may refer to: each other, the handlers, and what is deployed already."""
    forms = {str(schema["id"]): schema for schema in package.forms.values()}
    deployed_forms = set(session.scalars(select(FormDefinition.key).distinct()))
    return Known(
        topics={
            item.topic: Topic(
                frozenset(item.request.model_fields),
                frozenset(name for name, info in item.request.model_fields.items() if info.is_required()),
                frozenset(item.errors),
            )
            for item in engine.handlers
        },
        external_topics=engine.external_topics,
        external_workers=external_workers,
        forms=forms.keys() | deployed_forms,
        decisions={key for model in package.models.values() for key, _ in model.decisions}
        | set(session.scalars(select(DecisionDefinition.key).distinct())),
        processes={process.id for process in package.processes} | set(session.scalars(select(ProcessDefinition.key).distinct())),
        providers=Providers(
            processes=package.processes,
            form_keys={key: frozenset(_keys(schema)) for key, schema in forms.items()},
            optional_keys={key: frozenset(_optional_keys(schema)) for key, schema in forms.items()},
            handler_results={item.topic: frozenset(item.result.model_fields if item.result else ()) for item in engine.handlers},
        ),
    )


def _taken_twice(package: Package) -> Iterator[Problem]:
    """Forms and decisions that are in two files of the package: only one of them could be meant."""
    named = [("表单", "form", str(schema["id"]), name) for name, schema in package.forms.items()]
    named += [("决策", "decision", key, name) for name, model in package.models.items() for key, _ in model.decisions]
    first: dict[tuple[str, str], str] = {}
    for zh, en, key, name in named:
        other = first.setdefault((en, key), name)
        if other != name:
            yield Problem(
                f"duplicate-{en}",
                f"{zh}“{key}”在 {other} 里已经有了，请改名。",
                f"The {en} “{key}” is in {other} already; give it another id.",
                name,
                key,
            )


def _inputs_of(model: Model, package: Package, providers: Providers) -> set[str] | None:
    """The variables of the business rule tasks that ask a model, which are its inputs; None when that cannot be told."""
    keys = {key for key, _ in model.decisions}
    names: set[str] = set()
    for process in package.processes:
        variables = Variables(process, providers)
        for element in process.elements.values():
            if element.camunda.get("decisionRef") in keys:
                there = variables.at(element)
                if there is None:
                    return None
                names |= there
    return names or None


def _check_starts(session: Session, package: Package, deployed: set[str]) -> list[Problem]:
    """A message starts one process only, and a key is deployed once."""
    starts = StartSubscription.__table__
    owners = {
        row.name: row.process_key
        for row in session.execute(select(starts.c.name, starts.c.process_key).where(starts.c.kind == "message"))
        if row.process_key not in deployed
    }
    problems, seen = [], set()
    for resource, diagram in package.diagrams.items():
        for process in diagram.processes:
            if process.id in seen:
                problems.append(
                    Problem(
                        "duplicate-process",
                        f"流程“{process.id}”在多个文件里。",
                        f"The process “{process.id}” is in several files.",
                        resource,
                        process.id,
                    )
                )
            seen.add(process.id)
            started: set[str] = set()
            for event in process.start_events(process.id):
                if event.event is None or event.event.kind != "message":
                    continue
                owner = owners.setdefault(event.event.name, process.id)
                twice = event.event.name in started
                started.add(event.event.name)
                if owner != process.id or twice:
                    problems.append(
                        Problem(
                            "message-starts-two",
                            f"消息“{event.event.name}”已经启动流程“{owner}”，一条消息只能有一个开始事件。",
                            f"The message “{event.event.name}” starts the process “{owner}” already; a message has one start event.",
                            resource,
                            event.id,
                            event.name,
                            event.line,
                        )
                    )
    return problems


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
