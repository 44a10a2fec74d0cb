"""Where sandboxes are: folders beside the attachments, each with a record of its run; old ones go."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    """What is known of a sandbox besides its offices; written in one go, it decides how the run stands."""

    id: str
    owner: str
    key: str  #: file of the diagram that is tried
    base: str | None  #: scenario that it begins like: its name in the folder of the process
    up_to: str | None  #: the step of that scenario before which it goes its own way
    drafts: list[str]  #: files that are the owner's drafts
    left_out: list[str]  #: drafts that cannot run and that the procedure does not use
    office: str = ""  #: name of the office's database as it is now; none before it is opened
    clock: str = ""  #: instant at which the clock stands, ISO 8601
    steps: list[dict[str, Any]] = field(default_factory=list)  #: done by hand, as a scenario writes them
    results: dict[str, Any] = field(default_factory=dict)  #: named results of handlers
    cases: dict[str, str] = field(default_factory=dict)  #: named instances
    seen: dict[str, int] = field(default_factory=dict)  #: how long the history of each instance was before the last step
    effects: dict[str, Any] = field(default_factory=dict)  #: how those that scenarios always expect stood before the first step
    stand_ins: dict[str, list[str]] = field(default_factory=dict)  #: people that the office did not have, and their groups
    earlier: list[dict[str, Any]] = field(default_factory=list)  #: this record as it was before each of the last steps, the last one last

    @property
    def process(self) -> str:
        """Id of the process that is tried: the name of its folder."""
        return self.key.partition("/")[0]

    @property
    def offices(self) -> set[str]:
        """Those that may be needed again."""
        return {self.office, *(record["office"] for record in self.earlier)}

    def keep(self, most: int) -> None:
        """Keep it as it is, to go back to, besides the newest of those kept before."""
        now = asdict(self)
        self.earlier = [*now.pop("earlier"), now][-most:]

    def back(self) -> "Record":
        """As it was kept last."""
        *earlier, last = self.earlier
        return Record(**last, earlier=earlier)

    def write(self, folder: Path) -> None:
        """Keep it in its folder, at once or not at all."""
        beside = folder / f".{RECORD}"
        beside.write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")
        beside.replace(folder / RECORD)


def read(folder: Path) -> Record:
    """The record of a sandbox.

    Raises:
        NotFound: there is none, or none that can be read.
    """
    try:
        return Record(**json.loads((folder / RECORD).read_text("utf-8")))
    except (FileNotFoundError, ValueError):
        raise _gone() from None


def root(settings: Settings) -> Path:
    """The folder of all sandboxes."""
    return settings.files_dir / "sandboxes"


def find(settings: Settings, sandbox_id: str, user_id: str) -> Path:
    """The folder of a person's sandbox.

    Raises:
        NotFound: there is none; it may have grown old.
        Forbidden: it is somebody else's.
    """
    if not _ID.fullmatch(sandbox_id):
        raise _gone()
    folder = root(settings) / sandbox_id
    record = read(folder)
    if not record.office:
        raise _gone()
    if record.owner != user_id:
        raise Forbidden("这个沙盒是别人的。", "This sandbox is somebody else's.")
    return folder


def remove(folder: Path) -> None:
    """Throw a sandbox away, once nobody is at work in it."""
    with suppress(NotFound), locked(folder):
        (folder / RECORD).unlink(missing_ok=True)  # from here on nobody finds what is left of it
        shutil.rmtree(folder, ignore_errors=True)


def sweep(settings: Settings, user_id: str) -> None:
    """Throw away what is old, and the oldest of a person who has too many."""
    own: list[tuple[datetime, Path]] = []
    for folder in root(settings).glob("*"):
        record = folder / RECORD
        with suppress(FileNotFoundError, NotFound):  # it is just being opened, or thrown away
            touched = datetime.fromtimestamp((record if record.is_file() else folder).stat().st_mtime, UTC)
            if _WALL.now() - touched > KEPT_FOR:
                remove(folder)
            elif read(folder).owner == user_id:
                own.append((touched, folder))
    for _, folder in sorted(own)[:-MOST]:
        remove(folder)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One at a time, among all processes of this machine.

    Raises:
        NotFound: there is no such sandbox any more.
    """
    try:
        file = (folder / "lock").open("w")
    except FileNotFoundError:
        raise _gone() from None
    with file:
        flock(file, LOCK_EX)
        yield


def _gone() -> NotFound:
    return NotFound("没有这个沙盒，也许已过期清除；请重新试运行。", "There is no such sandbox; it may have grown old. Try it anew.")
