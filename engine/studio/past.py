"""What files were while they were live, and the way back: an earlier version is proposed again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.difference import Change, Names, changes
from engine.errors import NotFound, OpsbookError
from engine.runtime import publishing
from engine.runtime.engine import Engine
from engine.runtime.publishing import Proposal
from engine.storage.tables import Deployment, Resource
from engine.studio.changes import record
from engine.studio.live import content_of, live_file, version_of


@dataclass(frozen=True)
class LiveVersion:
    """One version of a file that is or was live."""

    resource_id: str
    version: int | None
    deployed_at: datetime
    deployed_by: str | None
    name: str  #: of its deployment


def live_versions(session: Session, key: str) -> Sequence[LiveVersion]:
    """What a file said while it was live, the newest first."""
    rows = session.execute(
        select(Resource.id, Deployment.deployed_at, Deployment.deployed_by, Deployment.name)
        .join(Deployment)
        .where(Resource.name == key, Deployment.state == "live")
        .order_by(Deployment.id.desc())
    )
    return [LiveVersion(row.id, version_of(session, row.id), row.deployed_at, row.deployed_by, row.name) for row in rows]


def what_changes(session: Session, key: str, content: bytes, names: Names | None = None) -> list[Change] | None:
    """The changes against what is live, in words; None when it is new or one of both cannot be read."""
    live = live_file(session, key)
    if live is None:
        return None
    try:
        return changes(key, content_of(session, live.resource_id), content, names)
    except OpsbookError:
        return None


def propose_again(engine: Engine, key: str, resource_id: str, *, title: str, note: str, actor: str, names: Names | None = None) -> str:
    """Propose what a file said before; returns the publication's id.

    Raises:
        NotFound: it never was live under this name.
        InvalidInput: it is what is live, or there is no reason.
        DeploymentRefused: it does not fit any more to what is live.
    """
    with engine.database.session() as session:
        live = live_file(session, key)
        if live is None or resource_id not in {item.resource_id for item in live_versions(session, key)}:
            raise NotFound("没有这个版本。", "There is no such version.", id=resource_id)
        content = content_of(session, resource_id)
    publication_id = publishing.propose(engine, {key: content}, Proposal(title, note), actor=actor, names=names)
    with engine.database.transaction() as session:
        record(session, engine.clock.now(), kind=live.kind, key=key, action="restored", note=note, actor=actor)
    return publication_id
