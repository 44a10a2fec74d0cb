"""Proposing a change: its files become a candidate, checked and versioned, and a line of the update log says what and why (M3-upd-2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from engine.difference import Names, changes
from engine.errors import InvalidInput, OpsbookError
from engine.ids import new_id
from engine.runtime import deployments
from engine.runtime.engine import Engine
from engine.runtime.package import Files, read_package
from engine.runtime.publishing.migrations import MigrationChoice
from engine.runtime.step import Step
from engine.storage.tables import Deployment, Publication, Resource

MAX_NOTE = 4_000
#: Files whose difference is told in words.
_TOLD = (".bpmn", ".dmn", ".form")


@dataclass(frozen=True)
class Proposal:
    """What somebody wants to go live, why, and how."""

    title: str
    note: str
    effective_at: datetime | None = None  #: None: as soon as it is approved
    groups: tuple[str, ...] = ()  #: whom it concerns
    must_read: bool = False  #: whether each of them has to confirm
    migrations: tuple[MigrationChoice, ...] = ()


def propose(
    engine: Engine, files: Files, proposal: Proposal, *, actor: str | None, source: str = "studio", names: Names | None = None
) -> str:
    """Check the files and keep those that changed as a candidate; returns the publication's id.

    Args:
        engine: which runs them.
        files: content by name.
        proposal: what somebody wants, and why.
        actor: who.
        source: where the files came from.
        names: what roles, handlers, forms … are called, for the change list.

    Raises:
        DeploymentRefused: something cannot run.
        InvalidInput: nothing changed, no reason, or a date that has passed.
    """
    _require_sensible(engine, proposal)
    with engine.step(actor) as step:
        deployed = deployments.deploy_within(
            engine,
            step,
            read_package(files),
            name=proposal.title,
            source=source,
            unchanged_too=False,
            candidate=True,
            external_workers=True,
        )
        if deployed.deployment_id is None:
            raise InvalidInput("与现行版本相比没有改动，不需要发布。", "Nothing differs from what is live; there is nothing to publish.")
        return _keep(step, deployed.deployment_id, proposal, actor, names)


def propose_deployed(engine: Engine, deployment_id: str, note: str) -> str:
    """The proposal that a candidate of the REST interface stands for, made when there is none yet; returns its id.

    Raises:
        NotFound, Conflict: there is no such deployment, or it is no candidate.
    """
    with engine.step() as step:
        deployment = deployments.candidate_of(step, deployment_id)
        known = step.session.scalars(select(Publication.id).where(Publication.deployment_id == deployment_id)).one_or_none()
        return known or _keep(step, deployment_id, Proposal(deployment.name, note), deployment.deployed_by)


def live_content(session: Any, name: str) -> bytes | None:
    """A file as it was last deployed to run."""
    query = select(Resource.content).join(Deployment, Deployment.id == Resource.deployment_id)
    content: bytes | None = session.scalars(
        query.where(Resource.name == name, Deployment.state == "live").order_by(Resource.deployment_id.desc()).limit(1)
    ).one_or_none()
    return content


def _require_sensible(engine: Engine, proposal: Proposal) -> None:
    if not proposal.note.strip() or len(proposal.note) > MAX_NOTE:
        raise InvalidInput(
            f"请写明为什么改（1 到 {MAX_NOTE} 个字）。", f"Please say why it changes (1 to {MAX_NOTE} characters).", field="note"
        )
    if proposal.effective_at is not None and proposal.effective_at <= engine.clock.now():
        raise InvalidInput("生效时间已经过去。", "The effective date has passed.", field="effective_at")


def _keep(step: Step, deployment_id: str, proposal: Proposal, author: str | None, names: Names | None = None) -> str:
    publication_id = new_id()
    files = step.session.execute(select(Resource.name, Resource.content).where(Resource.deployment_id == deployment_id)).all()
    step.session.execute(
        insert(Publication.__table__),
        {
            "id": publication_id,
            "deployment_id": deployment_id,
            "title": proposal.title,
            "note": proposal.note.strip(),
            "changes": {row.name: list(_changes(step, row.name, row.content, names)) for row in files},
            "migrations": [choice.to_json() for choice in proposal.migrations],
            "groups": list(proposal.groups),
            "must_read": proposal.must_read,
            "effective_at": proposal.effective_at,
            "proposed_at": step.surroundings.now,
            "proposed_by": author,
            "state": "proposed",
        },
    )
    return publication_id


def _changes(step: Step, name: str, content: bytes, names: Names | None) -> Iterable[dict[str, Any]]:
    """The change list of one file; a file that is new, or of another kind, is one change."""
    before = live_content(step.session, name)
    if before is not None and name.endswith(_TOLD):
        try:
            return [change.as_json() for change in changes(name, before, content, names)]
        except OpsbookError:
            before = None  # what was live before cannot be read: the whole file is told as new
    zh, en = ("有修改", "was edited") if before is not None else ("是新文件", "is new")
    return [{"kind": "changed" if before is not None else "added", "part_id": "", "zh": f"{name} {zh}", "en": f"{name} {en}"}]
