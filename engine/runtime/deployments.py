"""Deploying: read, check, version and store diagrams, decisions, forms and parameters; all or nothing."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from engine.diagrams.layout import check_layout
from engine.diagrams.model import Process
from engine.errors import DeploymentRefused, Problem
from engine.ids import new_id
from engine.runtime import due, writing
from engine.runtime.deployment_checks import check_package
from engine.runtime.engine import Engine
from engine.runtime.package import Files, Package, read_directory, read_package
from engine.runtime.step import Step
from engine.storage.tables import DecisionDefinition, Deployment, FormDefinition, Message, ProcessDefinition, Resource, StartSubscription

__all__ = ["Deployed", "Files", "check", "deploy", "deploy_directory", "read_directory"]


@dataclass
class Deployed:
    """What a deployment made: ids of new versions; all empty when nothing had changed."""

    deployment_id: str | None = None
    processes: list[str] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def deploy_directory(engine: Engine, path: Path, actor: str | None = None) -> Deployed:
    """Deploy every diagram, decision, form and catalogue under a folder; only what changed gets a new version.

    Raises:
        DeploymentRefused: something cannot run; nothing is deployed.
    """
    return deploy(engine, read_directory(path), name=path.name, source="folder", actor=actor)


def deploy(engine: Engine, files: Files, *, name: str, source: str = "api", actor: str | None = None) -> Deployed:
    """Deploy files by their names; only what changed gets a new version.

    Raises:
        DeploymentRefused: something cannot run; all problems are listed and nothing is deployed.
    """
    package = read_package(files)
    with engine.step(actor) as step:
        engine.database.one_at_a_time(step.session, "deploy")  # two servers that start together must not both make version 1
        problems = check_package(engine, step.session, package)
        if any(problem.severity == "error" for problem in problems):
            raise DeploymentRefused(problems)
        return _store(step, package, name, source, problems)


def check(engine: Engine, files: Files) -> list[Problem]:
    """All findings of a deployment without deploying it, and what makes its diagrams hard to read."""
    package = read_package(files)
    with engine.database.session() as session:
        problems = check_package(engine, session, package)
    for name, diagram in package.diagrams.items():
        problems += check_layout(diagram, name)
    return problems


def _store(step: Step, package: Package, name: str, source: str, problems: list[Problem]) -> Deployed:
    session = step.session
    deployed = Deployed(warnings=problems)
    changed = _changed(session, package.files)
    if not changed:
        return deployed
    deployed.deployment_id = new_id()
    now = step.surroundings.now
    session.execute(
        insert(Deployment.__table__),
        {"id": deployed.deployment_id, "name": name, "source": source, "deployed_at": now, "deployed_by": step.surroundings.actor},
    )
    resources = {
        file: {"id": new_id(), "deployment_id": deployed.deployment_id, "name": file, "sha256": digest, "content": package.files[file]}
        for file, digest in changed.items()
    }
    session.execute(insert(Resource.__table__), list(resources.values()))
    for file, model in package.models.items():
        if file in changed:
            deployed.decisions += [
                _version(session, DecisionDefinition, key, resources[file], name=title) for key, title in model.decisions
            ]
    for file, schema in package.forms.items():
        values = {"form_schema": schema, "english": package.english_of(file)}
        if file in changed:
            deployed.forms.append(_version(session, FormDefinition, str(schema["id"]), resources[file], **values))
        else:
            _relabel(session, FormDefinition, str(schema["id"]), package.english_of(file))
    for file, diagram in package.diagrams.items():
        for process in diagram.processes:
            if file in changed:
                deployed.processes.append(_publish(step, process, resources[file], package.english_of(file)))
            else:
                _relabel(session, ProcessDefinition, process.id, package.english_of(file))
    step.makes_work = True
    return deployed


def _changed(session: Session, files: Files) -> dict[str, str]:
    """File name to hash of those that differ from what was last deployed under the name."""
    table = Resource.__table__
    newest = select(table.c.name, func.max(table.c.deployment_id).label("deployment_id")).group_by(table.c.name).subquery()
    query = select(table.c.name, table.c.sha256).join(
        newest, (newest.c.name == table.c.name) & (newest.c.deployment_id == table.c.deployment_id)
    )
    before = {row.name: row.sha256 for row in session.execute(query)}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return {name: digest for name, digest in hashes.items() if before.get(name) != digest}


def _version(session: Session, model: Any, key: str, resource: dict[str, Any], **values: Any) -> str:
    """Insert the next version of a definition; returns its id."""
    table = model.__table__
    version = (session.scalars(select(func.max(table.c.version)).where(table.c.key == key)).one() or 0) + 1
    row = {
        "id": f"{key}:{version}",
        "key": key,
        "version": version,
        "deployment_id": resource["deployment_id"],
        "sha256": resource["sha256"],
    } | values
    if "resource_id" in table.c:
        row["resource_id"] = resource["id"]
    session.execute(insert(table), row)
    return str(row["id"])


def _relabel(session: Session, model: Any, key: str, english: dict[str, str]) -> None:
    """A new catalogue for an unchanged definition: labels are no new version."""
    table = model.__table__
    newest = select(func.max(table.c.version)).where(table.c.key == key).scalar_subquery()
    session.execute(update(table).where(table.c.key == key, table.c.version == newest).values(english=english))


def _publish(step: Step, process: Process, resource: dict[str, Any], english: dict[str, str]) -> str:
    """A new live version: the older ones retire, its start events listen."""
    session = step.session
    definitions, starts = ProcessDefinition.__table__, StartSubscription.__table__
    session.execute(update(definitions).where(definitions.c.key == process.id, definitions.c.state == "live").values(state="retired"))
    plain = next((event for event in process.start_events(process.id) if event.event is None or event.event.kind == "none"), None)
    groups = [group.strip() for group in process.camunda.get("candidateStarterGroups", "").split(",") if group.strip()]
    definition_id = _version(
        session,
        ProcessDefinition,
        process.id,
        resource,
        version_tag=process.camunda.get("versionTag"),
        name=process.name,
        state="live",
        startable=plain is not None and process.camunda.get("isStartableInTasklist", "true") == "true",
        starter_groups=groups,
        start_form=plain.camunda.get("formRef") if plain is not None else None,
        english=english,
    )
    session.execute(delete(starts).where(starts.c.process_key == process.id))
    for event in process.start_events(process.id):
        if event.event is None or event.event.kind == "none":
            continue
        schedule = due.first(step.surroundings, event, step.surroundings.base_context()) if event.event.kind == "timer" else None
        session.execute(
            insert(starts),
            {
                "id": new_id(),
                "kind": event.event.kind,
                "name": event.event.name or None,
                "process_definition_id": definition_id,
                "process_key": process.id,
                "element_id": event.id,
                "due_at": schedule.due_at if schedule else None,
                "remaining": schedule.remaining if schedule else None,
            },
        )
        if event.event.kind == "message":
            _deliver_to_start(step, event.event.name)
    return definition_id


def _deliver_to_start(step: Step, name: str) -> None:
    """Messages that waited for a process that did not exist yet."""
    table = Message.__table__
    for message_id in step.session.scalars(select(table.c.id).where(table.c.state == "waiting", table.c.name == name)).all():
        writing.add_job(step.session, step.surroundings, "message", {"message_id": message_id})
