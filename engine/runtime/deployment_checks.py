"""What keeps a deployment from running, across its files and with what is deployed already."""

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagrams.checks import check_diagram
from engine.diagrams.variables import Providers, Variables
from engine.dmn import Model
from engine.dmn.check import check_model
from engine.errors import Problem
from engine.forms import check_schema
from engine.runtime.deployment_knowledge import known_to
from engine.runtime.engine import Engine
from engine.runtime.package import Package
from engine.storage.tables import StartSubscription


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
            found = check_model(model, inputs_of(model, package, known.providers), name)
            problems += [Problem(**{**problem.__dict__, "resource": name}) for problem in found]
    for name, schema in package.forms.items():
        if name in checked:
            problems += check_schema(schema, name)
    across = [*_taken_twice(package), *_check_starts(session, package)]
    return problems + [problem for problem in across if problem.resource in checked]


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


def inputs_of(model: Model, package: Package, providers: Providers) -> set[str] | None:
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


def _check_starts(session: Session, package: Package) -> list[Problem]:
    """A message starts one process only, and a key is deployed once."""
    deployed = {process.id for process in package.processes}
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
