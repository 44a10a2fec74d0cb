"""The processes folder beside what is live: which files were changed there, and keeping them in step.

A file is *behind* when it says what an earlier live version said: somebody published since, and the folder could not be written. It is
*changed* when it says something that never was live: somebody edited it. What is live without a file is *missing* there.
"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.runtime.engine import Engine
from engine.storage.tables import Deployment, Resource
from engine.studio.live import Kind, LiveFile, live_files

#: A file name that is safe to write: folders and a file of one of the kinds, without anything that leads out of the folder.
_SAFE = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.(?:bpmn|dmn|form)")
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
    return path.read_bytes() if _SAFE.fullmatch(key) and path.is_file() else None


def write_file(engine: Engine, key: str, content: bytes) -> bool:
    """Write a file at once or not at all; whether it stands in the folder now.

    A folder that cannot be written, or a name that leads elsewhere, is no error: the database holds what is live.
    """
    path = engine.settings.processes_dir / key
    if not _SAFE.fullmatch(key) or not engine.settings.processes_dir.is_dir():
        return False
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        return False
    return True


def _files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    found = {item.relative_to(folder).as_posix(): item for item in folder.rglob("*") if item.suffix in _SUFFIXES and item.is_file()}
    return {key: item for key, item in found.items() if "scenarios" not in item.parts and _SAFE.fullmatch(key)}


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
