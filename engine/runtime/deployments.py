"""Deploying: read, check, version and store diagrams, decisions, forms and parameters; all or nothing."""

import hashlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from engine.diagrams.layout import check_layout
from engine.diagrams.model import Process
from engine.errors import Conflict, DeploymentRefused, NotFound, Problem
from engine.ids import new_id
from engine.runtime import due, writing
from engine.runtime.deployment_checks import check_package
from engine.runtime.engine import Engine
from engine.runtime.folder import write_files
from engine.runtime.labels import add_live_labels
from engine.runtime.manuals import check_figures
from engine.runtime.package import Files, Package, read_directory, read_package
from engine.runtime.step import Step
from engine.storage.tables import DecisionDefinition, Deployment, FormDefinition, Message, ProcessDefinition, Resource, StartSubscription

__all__ = ["STUDIO", "Deployed", "Files", "check", "deploy", "deploy_directory", "deploy_within", "publish_within", "read_directory"]

#: Source of a deployment whose files were edited here.
STUDIO = "studio"


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


def deploy(
    engine: Engine,
    files: Files,
    *,
    name: str,
    source: str = "api",
    actor: str | None = None,
    unchanged_too: bool = False,
    candidate: bool = False,
    external_workers: bool = False,
) -> Deployed:
    """Deploy files by their names; only what changed gets a new version.

    Args:
        engine: which runs them.
        files: content by name.
        name: of the deployment.
        source: where the files came from.
        actor: who deploys.
        unchanged_too: whether unchanged files get a new version, too.
        candidate: keep the files and their processes, checked, without letting them run until somebody publishes them.
        external_workers: whether service tasks may name topics that no handler serves, because whoever deploys brings a worker along.

    Raises:
        DeploymentRefused: something cannot run; all problems are listed and nothing is deployed.
    """
    package = read_package(files)
    with engine.step(actor) as step:
        return deploy_within(
            engine,
            step,
            package,
            name=name,
            source=source,
            unchanged_too=unchanged_too,
            candidate=candidate,
            external_workers=external_workers,
        )


def deploy_within(
    engine: Engine, step: Step, package: Package, *, name: str, source: str, unchanged_too: bool, candidate: bool, external_workers: bool
) -> Deployed:
    """The same as part of a step that does more.

    Raises:
        DeploymentRefused: something cannot run.
    """
    problems = _check(engine, step, package, external_workers=external_workers)
    if source == STUDIO and not candidate:
        _write_to_folder(engine, step, package)
    return _deploy(step, package, problems, name=name, source=source, unchanged_too=unchanged_too, candidate=candidate)


def _write_to_folder(engine: Engine, step: Step, package: Package) -> None:
    """Once this has committed; what came by another way was in nobody's folder, or is there already."""
    if engine.writes_folder:
        engine.database.after_commit(step.session, partial(write_files, engine.settings.processes_dir, package.files))


def _check(engine: Engine, step: Step, package: Package, *, external_workers: bool) -> list[Problem]:
    engine.database.one_at_a_time(step.session, "deploy")  # two servers that start together must not both make version 1
    problems = check_package(engine, step.session, package, external_workers=external_workers)
    if any(problem.severity == "error" for problem in problems):
        raise DeploymentRefused(problems)
    return problems


def _deploy(
    step: Step, package: Package, problems: list[Problem], *, name: str, source: str, unchanged_too: bool, candidate: bool
) -> Deployed:
    deployed = Deployed(warnings=problems)
    add_live_labels(step.session, package)
    changed = _hashes(package.files) if unchanged_too else _changed(step.session, package.files)
    if changed:
        resources = _store(step, deployed, package, changed, name=name, source=source, state="candidate" if candidate else "live")
        (_propose if candidate else _go_live)(step, deployed, package, resources)
    return deployed


def publish_within(engine: Engine, step: Step, deployment_id: str) -> Deployed:
    """Let a candidate run: its files are checked again and deployed as they are.

    Raises:
        NotFound, Conflict: there is no such deployment, or it is no candidate.
        DeploymentRefused: it does not fit any more to what is live.
    """
    found = candidate_of(step, deployment_id)
    rows = step.session.scalars(select(Resource).where(Resource.deployment_id == deployment_id))
    package = read_package({row.name: row.content for row in rows})
    problems = _check(engine, step, package, external_workers=True)  # as when it was proposed
    if found.source == STUDIO:
        _write_to_folder(engine, step, package)
    found.state = "published"
    step.session.execute(delete(ProcessDefinition).where(ProcessDefinition.deployment_id == found.id))  # what goes live takes its number
    return _deploy(step, package, problems, name=found.name, source=found.source, unchanged_too=True, candidate=False)


def candidate_of(step: Step, deployment_id: str) -> Deployment:
    """A candidate, locked.

    Raises:
        NotFound, Conflict: there is no such deployment, or it is no candidate.
    """
    found = step.session.get(Deployment, deployment_id, with_for_update=True)
    if found is None:
        raise NotFound(f"没有部署 {deployment_id}。", f"There is no deployment {deployment_id}.", id=deployment_id)
    if found.state != "candidate":
        raise Conflict("这个部署不是候选版本。", "This deployment is no candidate.", id=deployment_id, state=found.state)
    return found


def retire_candidate(step: Step, deployment: Deployment, state: str) -> None:
    """A candidate that never goes live; its number is not given again."""
    deployment.state = state
    step.session.execute(update(ProcessDefinition).where(ProcessDefinition.deployment_id == deployment.id).values(state="retired"))


def check(engine: Engine, files: Files) -> list[Problem]:
    """All findings of a deployment without deploying it, what makes its diagrams hard to read, and figures that depart from the manuals."""
    package = read_package(files)
    with engine.database.session() as session:
        problems = check_package(engine, session, package)
        problems += check_figures(package, session)
    for name, diagram in package.diagrams.items():
        problems += check_layout(diagram, name)
    return problems


def _store(
    step: Step, deployed: Deployed, package: Package, changed: dict[str, str], *, name: str, source: str, state: str
) -> dict[str, dict[str, Any]]:
    """Keep the changed files; returns their rows by name."""
    deployed.deployment_id = new_id()
    row = {"id": deployed.deployment_id, "name": name, "source": source, "state": state}
    step.session.execute(insert(Deployment.__table__), row | {"deployed_at": step.surroundings.now, "deployed_by": step.surroundings.actor})
    resources = {
        file: {"id": new_id(), "deployment_id": deployed.deployment_id, "name": file, "sha256": digest, "content": package.files[file]}
        for file, digest in changed.items()
    }
    step.session.execute(insert(Resource.__table__), list(resources.values()))
    return resources


def _propose(step: Step, deployed: Deployed, package: Package, resources: dict[str, dict[str, Any]]) -> None:
    """Versions of processes that nothing starts; forms and decisions would be used at once, so they wait in their files."""
    for file, diagram in package.diagrams.items():
        if file in resources:
            for process in diagram.processes:
                deployed.processes.append(_process_version(step, process, resources[file], package.english_of(file), "candidate"))


def _go_live(step: Step, deployed: Deployed, package: Package, resources: dict[str, dict[str, Any]]) -> None:
    session = step.session
    for file, model in package.models.items():
        if file in resources:
            deployed.decisions += [
                _version(session, DecisionDefinition, key, resources[file], name=title) for key, title in model.decisions
            ]
    for file, schema in package.forms.items():
        values = {"form_schema": schema, "english": package.english_of(file)}
        if file in resources:
            deployed.forms.append(_version(session, FormDefinition, str(schema["id"]), resources[file], **values))
        else:
            _relabel(session, FormDefinition, str(schema["id"]), package.english_of(file))
    for file, diagram in package.diagrams.items():
        for process in diagram.processes:
            if file in resources:
                deployed.processes.append(_publish(step, process, resources[file], package.english_of(file)))
            else:
                _relabel(session, ProcessDefinition, process.id, package.english_of(file))
    step.makes_work = True


def _changed(session: Session, files: Files) -> dict[str, str]:
    """File name to hash of those that differ from what was last deployed under the name."""
    table = Resource.__table__
    deployed = select(table.c.name, func.max(table.c.deployment_id).label("deployment_id")).join(Deployment.__table__)
    newest = deployed.where(Deployment.__table__.c.state == "live").group_by(table.c.name).subquery()
    query = select(table.c.name, table.c.sha256).join(
        newest, (newest.c.name == table.c.name) & (newest.c.deployment_id == table.c.deployment_id)
    )
    before = {row.name: row.sha256 for row in session.execute(query)}
    return {name: digest for name, digest in _hashes(files).items() if before.get(name) != digest}


def _hashes(files: Files) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


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
    published = (table.c.key == key, table.c.state != "candidate") if "state" in table.c else (table.c.key == key,)
    newest = select(func.max(table.c.version)).where(*published).scalar_subquery()
    session.execute(update(table).where(table.c.key == key, table.c.version == newest).values(english=english))


def _publish(step: Step, process: Process, resource: dict[str, Any], english: dict[str, str]) -> str:
    """A new live version: the older ones retire, its start events listen."""
    session = step.session
    definitions, starts = ProcessDefinition.__table__, StartSubscription.__table__
    session.execute(update(definitions).where(definitions.c.key == process.id, definitions.c.state == "live").values(state="retired"))
    definition_id = _process_version(step, process, resource, english, "live")
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


def _process_version(step: Step, process: Process, resource: dict[str, Any], english: dict[str, str], state: str) -> str:
    plain = next((event for event in process.start_events(process.id) if event.event is None or event.event.kind == "none"), None)
    groups = [group.strip() for group in process.camunda.get("candidateStarterGroups", "").split(",") if group.strip()]
    return _version(
        step.session,
        ProcessDefinition,
        process.id,
        resource,
        version_tag=process.camunda.get("versionTag"),
        name=process.name,
        state=state,
        startable=plain is not None and process.camunda.get("isStartableInTasklist", "true") == "true",
        starter_groups=groups,
        start_form=plain.camunda.get("formRef") if plain is not None else None,
        english=english,
    )


def _deliver_to_start(step: Step, name: str) -> None:
    """Messages that waited for a process that did not exist yet."""
    table = Message.__table__
    for message_id in step.session.scalars(select(table.c.id).where(table.c.state == "waiting", table.c.name == name)).all():
        writing.add_job(step.session, step.surroundings, "message", {"message_id": message_id})
