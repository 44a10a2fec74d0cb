"""Verified replay of many cases in the background."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine.errors import Conflict, DatabaseUnavailable, InvalidInput
from engine.ids import new_id
from engine.runtime import case_batches
from engine.runtime.failures import in_words
from engine.runtime.replaying.verify import verify
from engine.storage.tables import ProcessInstance, Verification, VerificationItem

if TYPE_CHECKING:
    from engine.runtime.engine import Engine
    from engine.runtime.step import Step

BATCHES = Verification.__table__
ITEMS = VerificationItem.__table__


@dataclass(frozen=True)
class Wanted:
    """Which finished cases: of a process, of those that ended from one day to another, both included; None: whatever."""

    process_key: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Finding:
    """What became of one case. `state`: same, different, or failed: it could not be replayed."""

    root_id: str
    state: str
    inputs: int
    events: int
    difference: dict[str, Any]


def finished(engine: "Engine", wanted: Wanted) -> Sequence[str]:
    """Ids of these cases, in the order in which they ended."""
    query = select(ProcessInstance.id).where(*case_batches.ended_within(engine, wanted.since, wanted.until))
    if wanted.process_key:
        query = query.where(ProcessInstance.process_key == wanted.process_key)
    with engine.database.session() as session:
        return session.scalars(query.order_by(ProcessInstance.ended_at, ProcessInstance.id)).all()


def find(engine: "Engine", root_id: str) -> Finding:
    """Replay a case; whatever keeps it from being replayed is a finding as well.

    Raises:
        DatabaseUnavailable: nothing is known about the case then.
    """
    try:
        verdict = verify(engine, root_id)
    except DatabaseUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 -- what was recorded may be anything, and the other cases are to be looked at
        zh, en, _ = in_words(error)
        return Finding(root_id, "failed", 0, 0, {"zh": zh, "en": en})
    difference = {} if verdict.difference is None else asdict(verdict.difference)
    return Finding(root_id, "different" if difference else "same", verdict.inputs, verdict.events, difference)


def start_verification(engine: "Engine", wanted: Wanted, actor: str | None) -> str:
    """Replay these cases in the background; returns the batch's id. Rows of `verification_item` say what became of each.

    Raises:
        InvalidInput: there are no such cases.
    """
    cases = finished(engine, wanted)
    if not cases:
        raise InvalidInput("没有符合条件的已结束案例。", "No finished case is like that.")
    batch_id = new_id()
    with engine.step(actor) as step:
        batch = {"id": batch_id, **asdict(wanted), "created_at": step.surroundings.now, "created_by": actor}
        nothing = {"state": "waiting", "inputs": 0, "events": 0, "difference": {}}
        items = [{"id": new_id(), "verification_id": batch_id, "root_id": root_id, **nothing} for root_id in cases]
        jobs = [case_batches.new_job(step, "verify", {"item_id": item["id"]}) for item in items]
        case_batches.add(step, BATCHES, batch, ITEMS, items, jobs)
    return batch_id


def cancel_verification(engine: "Engine", batch_id: str) -> int:
    """Leave the cases that still wait; returns how many.

    Raises:
        Conflict: nothing of it waits.
    """
    with engine.step() as step:
        left = case_batches.leave_waiting(step, ITEMS, ITEMS.c.verification_id == batch_id)
    if not left:
        raise Conflict("这次核验已经全部完成。", "Nothing of this verification waits any more.", id=batch_id)
    return left


def find_for(engine: "Engine", job: Any) -> Finding | None:
    """Do the replay of a job, which only reads; None when nobody waits for it any more."""
    with engine.database.session() as session:
        item = session.execute(select(ITEMS).where(ITEMS.c.id == job.input["item_id"])).one()
    return find(engine, item.root_id) if item.state == "waiting" else None


def write_down(step: "Step", job: Any, finding: Finding | None) -> None:
    """Keep what was found for an item that still waits."""
    if finding is not None:
        found = {"state": finding.state, "inputs": finding.inputs, "events": finding.events, "difference": finding.difference}
        case_batches.write_down(step, ITEMS, job.input["item_id"], found)
