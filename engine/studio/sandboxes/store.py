"""Where sandboxes are: folders beside the attachments, each with a record of its run; old ones go."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

from engine.clock import SystemClock
from engine.errors import Forbidden, NotFound
from engine.settings import Settings

#: A sandbox that nobody touched for so long goes, and so do the oldest of a person who has more than this many.
KEPT_FOR, MOST = timedelta(days=1), 3
RECORD = "run.json"
_ID = re.compile(r"[0-9a-f]{32}")
#: Sandboxes grow old on this machine, whatever day their offices live in.
_WALL = SystemClock()


@dataclass
class Record:
    """What is known of a sandbox besides its office."""

    id: str
    owner: str
    key: str  #: file of the diagram that is tried
    base: str | None  #: scenario that it begins like: its name in the folder of the process
    up_to: str | None  #: the step of that scenario before which it goes its own way
    drafts: list[str]  #: files that are the owner's drafts
    left_out: list[str]  #: drafts that cannot run and that the procedure does not use
    clock: str = ""  #: instant at which the clock stands, ISO 8601
    steps: list[dict[str, Any]] = field(default_factory=list)  #: done by hand, as a scenario writes them
    results: dict[str, Any] = field(default_factory=dict)  #: named results of handlers
    cases: dict[str, str] = field(default_factory=dict)  #: named instances
    seen: dict[str, int] = field(default_factory=dict)  #: how long the history of each instance was before the last step
    effects: dict[str, Any] = field(default_factory=dict)  #: how those that scenarios always expect stood before the first step
    stand_ins: dict[str, list[str]] = field(default_factory=dict)  #: people that the office did not have, and their groups

    @property
    def process(self) -> str:
        """Id of the process that is tried: the name of its folder."""
        return self.key.partition("/")[0]

    def write(self, folder: Path, name: str = RECORD) -> None:
        """Keep it, at once or not at all."""
        beside = folder / f".{name}"
        beside.write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")
        beside.replace(folder / name)


def read(folder: Path) -> Record:
    """The record of a sandbox."""
    return Record(**json.loads((folder / RECORD).read_text("utf-8")))


def root(settings: Settings) -> Path:
    """The folder of all sandboxes."""
    return settings.files_dir / "sandboxes"


def find(settings: Settings, sandbox_id: str, user_id: str) -> Path:
    """The folder of a person's sandbox.

    Raises:
        NotFound: there is none; it may have grown old.
        Forbidden: it is somebody else's.
    """
    folder = root(settings) / sandbox_id
    if not _ID.fullmatch(sandbox_id) or not (folder / RECORD).is_file():
        raise NotFound("没有这个沙盒，也许已过期清除；请重新试运行。", "There is no such sandbox; it may have grown old. Try it anew.")
    if read(folder).owner != user_id:
        raise Forbidden("这个沙盒是别人的。", "This sandbox is somebody else's.")
    return folder


def remove(folder: Path) -> None:
    """Throw a sandbox away."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep(settings: Settings, user_id: str) -> None:
    """Throw away what is old, and the oldest of a person, so that one more may come."""
    own: list[tuple[datetime, Path]] = []
    for folder in root(settings).glob("*"):
        record = folder / RECORD
        touched = datetime.fromtimestamp((record if record.is_file() else folder).stat().st_mtime, UTC)
        if _WALL.now() - touched > KEPT_FOR:
            remove(folder)
        elif record.is_file() and read(folder).owner == user_id:
            own.append((touched, folder))
    for _, folder in sorted(own)[: -(MOST - 1)]:
        remove(folder)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One at a time, among all processes of this machine."""
    with (folder / "lock").open("w") as file:
        flock(file, LOCK_EX)
        yield
