"""The processes folder beside what is live: which files were changed there, and keeping them in step.

A file is *behind* when it says what an earlier live version said: somebody published since, and the folder could not be written. It is
*changed* when it says something that never was live: somebody edited it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.runtime.deployments import STUDIO, Deployed, deploy, read_directory
from engine.runtime.engine import Engine
from engine.runtime.folder import SAFE_NAME, write_file
from engine.storage.tables import Deployment, Resource
from engine.studio.changes import record
from engine.studio.drafts import Saved, find_draft, save_draft
from engine.studio.live import Kind, LiveFile, content_of, contents_of, live_file, live_files

#: Source of deployments that took what the folder says.
FOLDER = "folder"
_SUFFIXES: Mapping[str, Kind] = {".bpmn": "bpmn", ".dmn": "dmn", ".form": "form"}


@dataclass(frozen=True)
class FolderFile:
    """A file of the folder that says something else than what is live."""

    kind: Kind
    key: str
    state: Literal["changed", "behind"]
    changed_at: datetime


def changed_files(engine: Engine, session: Session) -> dict[str, FolderFile]:
    """The diagrams, decision tables and forms of the folder that are not as what is live."""
    folder, live = engine.settings.processes_dir, live_files(session)
    differing = {key: path for key, path in _files(folder).items() if _differs(path, live.get(key))}
    earlier = _ever_live(session, differing)
    return {
        key: FolderFile(
            kind=_SUFFIXES[path.suffix],
            key=key,
            state="behind" if _digest_of(path) in earlier.get(key, ()) else "changed",
            changed_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        )
        for key, path in differing.items()
    }


def read_file(engine: Engine, key: str) -> bytes | None:
    """What the folder says under a name; None when there is no such file."""
    path = engine.settings.processes_dir / key
    return path.read_bytes() if SAFE_NAME.fullmatch(key) and path.is_file() else None


def bring_up(engine: Engine) -> list[str]:
    """Write what is live over files that only are behind, and what the studio published that is missing; the names that were written."""
    with engine.database.session() as session:
        live, stale = live_files(session), changed_files(engine, session)
        published = {key for key, file in live.items() if file.source == STUDIO}
        behind = {key for key in published if (key in stale and stale[key].state == "behind") or read_file(engine, key) is None}
        contents = contents_of(session, [live[key].resource_id for key in behind])
    return [key for key in sorted(behind) if write_file(engine.settings.processes_dir, key, contents[live[key].resource_id])]


def deploy_folder(engine: Engine) -> Deployed:
    """What a server does when it starts: bring up files that are behind, and deploy what changed in the folder.

    A changed file goes live if what is live came from the folder, too: whoever updates the folder and starts the server means that. Where
    somebody published otherwise since, both have changed; then what is live stays, and the file waits in the studio to be looked at.

    Raises:
        DeploymentRefused: something cannot run; nothing is deployed.
    """
    if engine.writes_folder:
        bring_up(engine)
    files = read_directory(engine.settings.processes_dir)
    with engine.database.session() as session:
        live = live_files(session)
        kept = {key: live[key].resource_id for key in changed_files(engine, session) if key in live and live[key].source != FOLDER}
        contents = contents_of(session, kept.values())
    files |= {key: contents[resource_id] for key, resource_id in kept.items()}
    return deploy(engine, files, name=engine.settings.processes_dir.name, source=FOLDER)


def take_over(engine: Engine, key: str, *, actor: str) -> Saved:
    """Make what the folder says the newest state of the person's draft.

    Raises:
        NotFound: there is no such file.
    """
    content, kind = read_file(engine, key), _SUFFIXES.get(Path(key).suffix)
    if content is None or kind is None:
        raise NotFound("文件夹里没有这个文件。", "There is no such file in the folder.", key=key)
    with engine.database.session() as session:
        draft, live = find_draft(session, key, actor), live_file(session, key)
    seen = draft.revision if draft is not None else 0
    base = live.resource_id if live is not None else None
    return save_draft(engine, kind, key, content, actor=actor, seen=seen, base_resource_id=base, source="folder")


def overwrite(engine: Engine, key: str, *, actor: str) -> bool:
    """Let the folder say what is live again; whether it could be written. What it said is kept as a state of the person's work.

    Raises:
        NotFound: nothing is live under the name.
    """
    with engine.database.transaction() as session:
        live = live_file(session, key)
        if live is None:
            raise NotFound("没有这个文件的现行版本。", "Nothing is live under this name.", key=key)
        content = content_of(session, live.resource_id)
        record(session, engine.clock.now(), kind=live.kind, key=key, action="written", version=live.version, actor=actor)
    return write_file(engine.settings.processes_dir, key, content)


def _files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    found = {item.relative_to(folder).as_posix(): item for item in folder.rglob("*") if item.suffix in _SUFFIXES and item.is_file()}
    return {key: item for key, item in found.items() if "scenarios" not in item.parts and SAFE_NAME.fullmatch(key)}


def _differs(path: Path, live: LiveFile | None) -> bool:
    return live is None or _digest_of(path) != live.sha256


def _ever_live(session: Session, keys: Mapping[str, Path]) -> dict[str, set[str]]:
    """What files ever said while they were live."""
    query = select(Resource.name, Resource.sha256).join(Deployment).where(Resource.name.in_(keys), Deployment.state == "live")
    found: dict[str, set[str]] = {}
    for row in session.execute(query):
        found.setdefault(row.name, set()).add(row.sha256)
    return found


def _digest_of(path: Path) -> str:
    stat = path.stat()
    return _digest(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4096)
def _digest(path: Path, _changed: int, _size: int) -> str:
    """Read again only when the file was touched."""
    return sha256(path.read_bytes()).hexdigest()
