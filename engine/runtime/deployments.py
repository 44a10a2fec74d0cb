"""Deploying: read, check, version and store diagrams, decisions, forms and parameters; all or nothing."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import orjson
import yaml
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from engine.diagrams.checks import Known, Topic, check_diagram
from engine.diagrams.model import Process
from engine.diagrams.reader import Diagram, read_diagram
from engine.dmn import Model, read_dmn
from engine.errors import DeploymentRefused, InvalidInput, OpsbookError, Problem
from engine.forms import check_schema
from engine.ids import new_id
from engine.runtime import due, writing
from engine.runtime.catalog import PARAMETERS, read_parameters
from engine.runtime.engine import Engine
from engine.runtime.step import Step
from engine.storage.tables import DecisionDefinition, Deployment, FormDefinition, Message, ProcessDefinition, Resource, StartSubscription

Files = dict[str, bytes]
_SUFFIXES = frozenset((".bpmn", ".dmn", ".form", ".yaml"))
ENGLISH = "en.yaml"


@dataclass
class Deployed:
    """What a deployment made: ids of new versions; all empty when nothing had changed."""

    deployment_id: str | None = None
    processes: list[str] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass
class _Package:
    """The files of a deployment, read."""

    files: Files
    diagrams: dict[str, Diagram] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    english: dict[str, dict[str, str]] = field(default_factory=dict)  #: folder to catalogue
    problems: list[Problem] = field(default_factory=list)

    def english_of(self, resource: str) -> dict[str, str]:
        """The English labels for a file: those of its folder over the shared ones."""
        shared = next((words for folder, words in self.english.items() if PurePosixPath(folder).name == "shared"), {})
        return shared | self.english.get(str(PurePosixPath(resource).parent), {})


def deploy_directory(engine: Engine, path: Path, actor: str | None = None) -> Deployed:
    """Deploy every diagram, decision, form and catalogue under a folder; only what changed gets a new version.

    Raises:
        DeploymentRefused: something cannot run; nothing is deployed.
    """
    return deploy(engine, read_directory(path), name=path.name, source="folder", actor=actor)


def read_directory(path: Path) -> Files:
    """The files of a folder that a deployment takes, by their relative names.

    Raises:
        InvalidInput: no such folder, or nothing in it.
    """
    files = {
        item.relative_to(path).as_posix(): item.read_bytes()
        for item in sorted(path.rglob("*"))
        if item.is_file() and item.suffix in _SUFFIXES and "scenarios" not in item.parts
    }
    if not files:
        raise InvalidInput(f"“{path}”里没有可部署的文件。", f"There is nothing to deploy in “{path}”.", path=str(path))
    return files


def deploy(engine: Engine, files: Files, *, name: str, source: str = "api", actor: str | None = None) -> Deployed:
    """Deploy files by their names; only what changed gets a new version.

    Raises:
        DeploymentRefused: something cannot run; all problems are listed and nothing is deployed.
    """
    package = _read(files)
    with engine.step(actor) as step:
        engine.database.one_at_a_time(step.session, "deploy")  # two servers that start together must not both make version 1
        problems = _check(engine, step.session, package)
        if any(problem.severity == "error" for problem in problems):
            raise DeploymentRefused(problems)
        return _store(step, package, name, source, problems)


def check(engine: Engine, files: Files) -> list[Problem]:
    """All findings of a deployment without deploying it."""
    package = _read(files)
    with engine.database.session() as session:
        return _check(engine, session, package)


def _read(files: Files) -> _Package:
    package = _Package(files)
    for name, content in files.items():
        try:
            if name.endswith(".bpmn"):
                package.diagrams[name] = read_diagram(content)
            elif name.endswith(".dmn"):
                package.models[name] = read_dmn(content)
            elif name.endswith(".form"):
                package.forms[name] = _read_form(content)
            elif PurePosixPath(name).name == ENGLISH:
                package.english[str(PurePosixPath(name).parent)] = yaml.safe_load(content) or {}
            elif name == PARAMETERS:
                read_parameters(content)
        except OpsbookError as error:
            package.problems.append(Problem("unreadable", error.zh, error.en, name, line=_line(error)))
        except yaml.YAMLError as error:
            package.problems.append(Problem("unreadable", f"不是有效的 YAML：{error}", f"Not valid YAML: {error}", name))
    return package


def _line(error: OpsbookError) -> int:
    line = error.details.get("line", 0)
    return line if isinstance(line, int) else 0


def _read_form(content: bytes) -> dict[str, Any]:
    try:
        schema = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(
            f"第 {error.lineno} 行：表单不是有效的 JSON（{error.msg}）。",
            f"Line {error.lineno}: the form is not valid JSON ({error.msg}).",
            line=error.lineno,
        ) from None
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list) or not schema.get("id"):
        raise InvalidInput("表单要有 id 和 components。", "A form has an id and components.")
    return schema


def _check(engine: Engine, session: Session, package: _Package) -> list[Problem]:
    problems = list(package.problems)
    processes = {process.id for diagram in package.diagrams.values() for process in diagram.processes}
    known = Known(
        topics={
            item.topic: Topic(
                frozenset(item.request.model_fields),
                frozenset(name for name, info in item.request.model_fields.items() if info.is_required()),
                frozenset(item.errors),
            )
            for item in engine.handlers
        },
        forms={str(schema["id"]) for schema in package.forms.values()} | set(session.scalars(select(FormDefinition.key).distinct())),
        decisions={key for model in package.models.values() for key, _ in model.decisions}
        | set(session.scalars(select(DecisionDefinition.key).distinct())),
        processes=processes | set(session.scalars(select(ProcessDefinition.key).distinct())),
    )
    for name, diagram in package.diagrams.items():
        problems += check_diagram(diagram, name, known)
    for name, model in package.models.items():
        problems += [Problem(**{**problem.__dict__, "resource": name}) for problem in model.problems]
    for name, schema in package.forms.items():
        problems += check_schema(schema, name)
    return problems + _check_starts(session, package, processes)


def _check_starts(session: Session, package: _Package, deployed: set[str]) -> list[Problem]:
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


def _store(step: Step, package: _Package, name: str, source: str, problems: list[Problem]) -> Deployed:
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
