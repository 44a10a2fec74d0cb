"""Looking back at many cases in the background."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine.errors import Conflict, DatabaseUnavailable, InvalidInput
from engine.ids import new_id
from engine.runtime import case_batches
from engine.runtime.failures import in_words
from engine.runtime.hindsight.course import look_back
from engine.runtime.hindsight.tried import Tried, read_tried
from engine.storage.tables import Hindsight, HindsightCase, ProcessInstance

if TYPE_CHECKING:
    from engine.runtime.engine import Engine
    from engine.runtime.step import Step

BATCHES = Hindsight.__table__
CASES = HindsightCase.__table__


@dataclass(frozen=True)
class Asked:
    """Which finished cases: the last ones in which a process took part, of those that ended from one day to another, both included."""

    process_key: str
    most: int
    since: date | None = None
    until: date | None = None


def chosen(engine: "Engine", asked: Asked) -> Sequence[str]:
    """Ids of these cases, the last first."""
    taking_part = select(ProcessInstance.root_id).where(ProcessInstance.process_key == asked.process_key)
    query = select(ProcessInstance.id).where(
        ProcessInstance.id.in_(taking_part), *case_batches.ended_within(engine, asked.since, asked.until)
    )
    with engine.database.session() as session:
        return session.scalars(query.order_by(ProcessInstance.ended_at.desc(), ProcessInstance.id.desc()).limit(asked.most)).all()


def digest(files: Mapping[str, bytes]) -> str:
    """What tells whether two sets of files are the same."""
    told = hashlib.sha256()
    for name in sorted(files):
        told.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return told.hexdigest()


def start_hindsight(engine: "Engine", key: str, asked: Asked, files: Mapping[str, bytes], actor: str) -> str:
    """Try files on these cases in the background; returns the batch's id. Rows of `hindsight_case` say what became of each.

    Args:
        engine: which runs it.
        key: the diagram's file.
        asked: which cases.
        files: that are tried, in front of what is live.
        actor: who wants to know.

    Raises:
        InvalidInput: there are no such cases.
        DeploymentRefused: a file cannot be read.
    """
    read_tried(files)
    cases = chosen(engine, asked)
    if not cases:
        raise InvalidInput("没有符合条件的已结束案例。", "No finished case is like that.")
    batch_id = new_id()
    with engine.step(actor) as step:
        now = step.surroundings.now
        texts = {name: content.decode() for name, content in files.items()}
        about = {"key": key, "files": texts, "digest": digest(files), "created_at": now, "created_by": actor}
        rows = [{"id": new_id(), "hindsight_id": batch_id, "root_id": root_id, "state": "waiting", "outcome": {}} for root_id in cases]
        jobs = [case_batches.new_job(step, "hindsight", {"case_id": row["id"]}) for row in rows]
        case_batches.add(step, BATCHES, {"id": batch_id, **about, **asdict(asked)}, CASES, rows, jobs)
    return batch_id


def stop_hindsight(engine: "Engine", batch_id: str) -> int:
    """Leave the cases that still wait; returns how many.

    Raises:
        Conflict: nothing of it waits.
    """
    with engine.step() as step:
        left = case_batches.leave_waiting(step, CASES, CASES.c.hindsight_id == batch_id)
    if not left:
        raise Conflict("这次重演已经全部完成。", "Nothing of this waits any more.", id=batch_id)
    return left


def find_for(engine: "Engine", job: Any) -> dict[str, Any] | None:
    """Look back at the case of a job, which only reads; None when nobody waits for it any more.

    Raises:
        DatabaseUnavailable: nothing is known about the case then.
    """
    with engine.database.session() as session:
        case = session.execute(select(CASES).where(CASES.c.id == job.input["case_id"])).one()
    if case.state != "waiting":
        return None
    try:
        return _found(engine, case.root_id, _tried(engine, case.hindsight_id))
    except DatabaseUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 -- what was recorded may be anything, and the other cases are to be looked at
        zh, en, _ = in_words(error)
        return {"state": "failed", "error": {"zh": zh, "en": en}}


def _found(engine: "Engine", root_id: str, tried: Tried) -> dict[str, Any]:
    """What became of a case; `already` says that what is live does the same to it, as it may to one of an earlier version."""
    seen = look_back(engine, root_id, tried)
    if seen.state == "same" or tried == Tried():
        return asdict(seen)
    live = look_back(engine, root_id, Tried())
    return asdict(seen) | {"already": (live.state, live.parting, live.stop) == (seen.state, seen.parting, seen.stop)}


def write_down(step: "Step", job: Any, found: dict[str, Any] | None) -> None:
    """Keep what became of a case that still waits."""
    if found is not None:
        case_batches.write_down(step, CASES, job.input["case_id"], {"state": found["state"], "outcome": found})


def _tried(engine: "Engine", batch_id: str) -> Tried:
    """The files of a batch, read once for all its cases."""
    kept = engine.cache.tried
    if kept is not None and kept[0] == batch_id:
        return kept[1]
    with engine.database.session() as session:
        texts: dict[str, str] = session.execute(select(BATCHES.c.files).where(BATCHES.c.id == batch_id)).scalar_one()
    tried = read_tried({name: text.encode() for name, text in texts.items()})
    engine.cache.tried = (batch_id, tried)
    return tried
