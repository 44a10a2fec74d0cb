"""Trying drafts: all scenarios of a process are played on them, beside the server, in a process of their own.

The folder that is played is what is live with the drafts in its place, and the scenarios of the processes folder. The player is `opsbook test`,
so a trial says what the command line would say.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from threading import Thread
from typing import IO, Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from engine.clock import SystemClock
from engine.errors import Conflict, InvalidInput
from engine.ids import new_id
from engine.runtime.engine import Engine
from engine.runtime.folder import lay_out, require_inside
from engine.storage.tables import Draft, Trial
from engine.studio.drafts import drafts_of
from engine.studio.together import live_package

#: A trial that says nothing for so long was lost with its server.
LOST_AFTER = timedelta(minutes=5)
_MOST_ERROR = 4_000
#: A trial takes its time on this machine, whatever day the office of a demo lives in.
_WALL = SystemClock()
#: The command line's way in, also where its script is not installed.
_PLAYER = (sys.executable, "-c", "from web.cli import main; main()", "test", "--json", "--follow")


def begin_trial(engine: Engine, key: str, *, actor: str) -> str:
    """Play the scenarios of the process of a diagram on the person's drafts; returns the trial's id at once.

    Raises:
        InvalidInput: the process has no scenario, or a live file a name that cannot be written.
        Conflict: a trial of the person is still running.
    """
    with engine.database.session() as session:
        drafts = drafts_of(session, actor)
        revisions = {row.key: row.revision for row in session.scalars(select(Draft).where(Draft.user_id == actor))}
        files = live_package(engine, session).files | drafts
    scenarios = scenario_files(engine.settings.processes_dir)
    require_inside(files)
    process = PurePosixPath(key).parts[0]
    if not any(name.startswith(f"{process}/") for name in scenarios):
        raise InvalidInput(
            "这个流程还没有场景；请在它的 scenarios 目录里写一个。",
            "This process has no scenario yet; write one in its folder `scenarios`.",
            key=key,
        )
    trial = Trial(
        id=new_id(),
        key=key,
        user_id=actor,
        drafts=revisions,
        state="running",
        total=0,
        scenarios=[],
        coverage=[],
        begun_at=_WALL.now(),
        heard_at=_WALL.now(),
    )
    trial_id = trial.id
    with engine.database.transaction() as session:
        engine.database.one_at_a_time(session, f"trial {actor}")
        if any(not is_lost(other) for other in session.scalars(_running(actor))):
            raise Conflict("您的上一次试运行还没有结束。", "Your last trial is still running.")
        session.add(trial)
    Thread(target=_play, args=(engine, trial_id, files | scenarios, process), name=f"trial-{trial_id}", daemon=True).start()
    return trial_id


def is_lost(trial: Trial) -> bool:
    """Whether a running trial was lost, for example with its server."""
    return trial.state == "running" and _WALL.now() - trial.heard_at > LOST_AFTER


def newest_trial(session: Session, key: str, user_id: str) -> Trial | None:
    """The person's last trial of a diagram."""
    query = select(Trial).where(Trial.key == key, Trial.user_id == user_id).order_by(Trial.id.desc()).limit(1)
    return session.scalars(query).one_or_none()


def _running(user_id: str) -> Select[Trial]:
    return select(Trial).where(Trial.user_id == user_id, Trial.state == "running")


def scenario_files(folder: Path) -> dict[str, bytes]:
    """The scenarios of all processes of a folder, by resource."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("*/scenarios/*.yaml")} if folder.is_dir() else {}


def _play(engine: Engine, trial_id: str, files: Mapping[str, bytes], process: str) -> None:
    """Follow the player line by line until it ends, whatever way."""
    with TemporaryDirectory(prefix="opsbook-trial-") as folder:
        lay_out(Path(folder), files)
        command = [*_PLAYER, str(Path(folder, process))]
        with subprocess.Popen(  # noqa: S603 -- our own player on a folder of ours
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        ) as player:
            assert player.stdout is not None
            assert player.stderr is not None
            complaints: list[str] = []
            listening = Thread(target=_collect, args=(player.stderr, complaints), daemon=True)
            listening.start()
            for line in player.stdout:
                _hear(engine, trial_id, json.loads(line))
            listening.join()
        if not _ended(engine, trial_id):
            _write(engine, trial_id, state="broken", error="".join(complaints)[-_MOST_ERROR:], ended_at=_WALL.now())


def _collect(stream: IO[str], lines: list[str]) -> None:
    lines.extend(stream)


def _hear(engine: Engine, trial_id: str, told: Mapping[str, Any]) -> None:
    """One line of the player: how many there are, one that is over, or the whole result."""
    if "total" in told:
        _write(engine, trial_id, total=told["total"])
    elif "scenario" in told:
        with engine.database.session() as session:
            so_far = session.get_one(Trial, trial_id).scenarios
        _write(engine, trial_id, scenarios=[*so_far, told["scenario"]])
    else:
        state = "passed" if all(item["passed"] for item in told["scenarios"]) else "failed"
        _write(engine, trial_id, scenarios=told["scenarios"], coverage=told["coverage"], state=state, ended_at=_WALL.now())


def _write(engine: Engine, trial_id: str, **values: Any) -> None:
    with engine.database.transaction() as session:
        session.execute(update(Trial).where(Trial.id == trial_id).values(**values, heard_at=_WALL.now()))


def _ended(engine: Engine, trial_id: str) -> bool:
    with engine.database.session() as session:
        return session.get_one(Trial, trial_id).ended_at is not None
