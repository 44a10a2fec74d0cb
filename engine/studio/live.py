"""The files that hold now: of every process, decision and form the one that its newest live version was read from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.storage.tables import DecisionDefinition, Deployment, FormDefinition, ProcessDefinition, Resource

Kind = Literal["bpmn", "dmn", "form"]
KINDS: tuple[Kind, ...] = ("bpmn", "dmn", "form")


@dataclass(frozen=True)
class LiveFile:
    """One file that holds now."""

    kind: Kind
    key: str  #: its name, as in deployments
    resource_id: str
    sha256: str
    definitions: tuple[str, ...]  #: keys of the processes or decisions in it, or its form's
    version: int
    name: str  #: of its first process or decision; of a form its key
    english: dict[str, str]
    deployed_at: datetime
    deployed_by: str | None
    source: str  #: of its deployment


def live_files(session: Session) -> dict[str, LiveFile]:
    """Every live file by its name, diagrams first."""
    found: dict[str, LiveFile] = {}
    for row in _rows(session):
        known = found.get(row.key)
        if known is not None and known.resource_id == row.resource_id:  # another process or decision of the same file
            together = (*known.definitions, *row.definitions)
            found[row.key] = replace(known, definitions=together, version=max(known.version, row.version))
        else:
            found[row.key] = row
    return found


def live_file(session: Session, key: str) -> LiveFile | None:
    """The live file of a name."""
    return live_files(session).get(key)


def version_of(session: Session, resource_id: str) -> int | None:
    """The version that the processes, decisions or the form of a deployed file had."""
    resource = session.get(Resource, resource_id)
    if resource is None:
        return None
    queries = [select(func.max(table.version)).where(table.resource_id == resource_id) for table in (ProcessDefinition, DecisionDefinition)]
    forms = FormDefinition
    queries.append(select(func.max(forms.version)).where(forms.deployment_id == resource.deployment_id, forms.sha256 == resource.sha256))
    return next((version for query in queries if (version := session.scalar(query)) is not None), None)


def content_of(session: Session, resource_id: str) -> bytes:
    """The content of a deployed file.

    Raises:
        NotFound: no such file.
    """
    content = session.scalar(select(Resource.content).where(Resource.id == resource_id))
    if content is None:
        raise NotFound("没有这个文件。", "There is no such file.", id=resource_id)
    return bytes(content)


def contents_of(session: Session, resource_ids: Iterable[str]) -> dict[str, bytes]:
    """The contents of deployed files by their ids."""
    rows = session.execute(select(Resource.id, Resource.content).where(Resource.id.in_(set(resource_ids))))
    return {row.id: bytes(row.content) for row in rows}


def _rows(session: Session) -> Iterator[LiveFile]:
    when = (Deployment.deployed_at, Deployment.deployed_by, Deployment.source)
    processes, decisions, forms = ProcessDefinition, DecisionDefinition, FormDefinition
    yield from _read(
        session,
        "bpmn",
        select(
            processes.key,
            processes.version,
            processes.name,
            processes.english,
            Resource.id,
            Resource.name.label("file"),
            Resource.sha256,
            *when,
        )
        .join(Resource, Resource.id == processes.resource_id)
        .join(Deployment, Deployment.id == processes.deployment_id)
        .where(processes.state == "live")
        .order_by(processes.key),
    )
    newest = select(decisions.key, func.max(decisions.version).label("version")).group_by(decisions.key).subquery()
    yield from _read(
        session,
        "dmn",
        select(decisions.key, decisions.version, decisions.name, Resource.id, Resource.name.label("file"), Resource.sha256, *when)
        .join(newest, (newest.c.key == decisions.key) & (newest.c.version == decisions.version))
        .join(Resource, Resource.id == decisions.resource_id)
        .join(Deployment, Deployment.id == decisions.deployment_id)
        .order_by(decisions.key),
    )
    newest = select(forms.key, func.max(forms.version).label("version")).group_by(forms.key).subquery()
    yield from _read(
        session,
        "form",
        select(
            forms.key,
            forms.version,
            forms.key.label("name"),
            forms.english,
            Resource.id,
            Resource.name.label("file"),
            Resource.sha256,
            *when,
        )
        .join(newest, (newest.c.key == forms.key) & (newest.c.version == forms.version))
        .join(Resource, (Resource.deployment_id == forms.deployment_id) & (Resource.sha256 == forms.sha256))
        .join(Deployment, Deployment.id == forms.deployment_id)
        .order_by(forms.key),
    )


def _read(session: Session, kind: Kind, query: Any) -> Iterator[LiveFile]:
    for row in session.execute(query):
        yield LiveFile(
            kind=kind,
            key=row.file,
            resource_id=row.id,
            sha256=row.sha256,
            definitions=(row.key,),
            version=row.version,
            name=row.name,
            english=getattr(row, "english", {}),
            deployed_at=row.deployed_at,
            deployed_by=row.deployed_by,
            source=row.source,
        )
