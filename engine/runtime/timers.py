"""Fires due timers, of waiting instances and of timer start events; each occurrence exactly once, oldest first."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from engine.diagrams.checks.timers import MISSED
from engine.diagrams.model import Element
from engine.errors import NotFound
from engine.runtime import due, writing
from engine.runtime.engine import Engine
from engine.runtime.step import OpenInstance, Step
from engine.storage.tables import StartSubscription, Timer

_log = logging.getLogger(__name__)

TIMERS = Timer.__table__
STARTS = StartSubscription.__table__

#: Due timers, the oldest first; built once, since it is asked every second.
_DUE = (
    select(TIMERS.c.id, TIMERS.c.instance_id, TIMERS.c.root_id, TIMERS.c.element_id)
    .where(TIMERS.c.state == "waiting", TIMERS.c.suspended.is_(False), TIMERS.c.due_at <= bindparam("now"))
    .order_by(TIMERS.c.due_at, TIMERS.c.id)
    .limit(bindparam("count"))
)
#: A timer as it was read.
_UNCHANGED = update(TIMERS).where(
    TIMERS.c.id == bindparam("id_"), TIMERS.c.state == bindparam("was"), TIMERS.c.due_at == bindparam("was_due_at")
)
_FIRED = _UNCHANGED.values(state="fired")


def fire_due(engine: Engine, limit: int = 100) -> int:
    """Fire up to `limit` due timers in this thread, each in its own step; returns how many fired."""
    return fire(engine, due_now(engine, limit)) + start_due(engine)


def due_now(engine: Engine, limit: int) -> Sequence[Any]:
    """Up to `limit` timers that are due, the oldest first: their id, instance_id, root_id and element_id."""
    with engine.database.session() as session:
        return session.execute(_DUE, {"now": engine.clock.now(), "count": limit}).all()


def fire(engine: Engine, found: Iterable[Any]) -> int:
    """Fire due timers, each in its own step; returns how many fired.

    Several processes may do so at once: a case that somebody is at work on is left for the next round, with all its timers, so that
    nobody waits and the timers of a case keep their order.
    """
    fired, left = 0, set()
    for timer in found:
        if timer.root_id not in left and _fire_or_hand_over(engine, timer):
            fired += 1
        else:
            left.add(timer.root_id)
    return fired


def _fire_or_hand_over(engine: Engine, found: Any) -> bool:
    """Fire a timer; one that cannot fire is left to a job, with its retries and its incident, so that it holds nobody up."""
    try:
        with engine.step(runaway_incident=False) as step:
            return fire_one(step, found.id)
    except _Changed:
        return False
    except Exception:  # noqa: BLE001 -- whatever goes wrong, the other timers are due too
        _log.exception("timer %s did not fire; a job tries again", found.id)
    with engine.step() as step:
        step.open(found.instance_id, found.root_id)
        given = update(TIMERS).where(TIMERS.c.id == found.id, TIMERS.c.state == "waiting").values(state="given to a job")
        if step.session.connection().execute(given).rowcount:
            writing.add_job(step.session, step.surroundings, "timer", {"timer_id": found.id}, found)
            step.makes_work = True
    return True


class _Changed(Exception):
    """Somebody else settled the timer between the look and the lock."""


def fire_one(step: Step, timer_id: str) -> bool:
    """Fire a waiting timer; False if it is not due any more, or somebody else is at work on its case."""
    opened = step.open_by_timer(timer_id)
    return opened is not None and _fire(step, *opened)


def fire_again(step: Step, timer_id: str) -> None:
    """Fire a timer that was left to a job."""
    timer = step.session.execute(select(TIMERS).where(TIMERS.c.id == timer_id)).one()
    if timer.state == "given to a job":
        _fire(step, timer, step.open(timer.instance_id, timer.root_id))


def _fire(step: Step, timer: Any, instance: OpenInstance) -> bool:
    token = instance.execution.tasks.get(timer.id)
    if timer.due_at > step.surroundings.now or instance.row["state"] != "active" or token is None:
        return False
    if timer.cycle is None:
        instance.execution.effects.record("TimerFired", timer.element_id, timer.id, **_when(timer))
        _keep(step, timer, state="fired")
        token.task_spec.happened(token, {})
    else:
        _take_turn(step, instance, token, timer)
    return True


def fire_now(engine: Engine, timer_id: str, actor: str | None) -> None:
    """Somebody does not want to wait: the timer fires before its time, and history says who made it.

    Raises:
        NotFound, Conflict: there is no such timer, or its case is suspended or has ended.
    """
    with engine.step(actor) as step:
        waiting = select(TIMERS).where(TIMERS.c.id == timer_id, TIMERS.c.state == "waiting")
        found = step.session.execute(waiting).one_or_none()
        if found is None:
            raise NotFound(f"没有等待中的定时器 {timer_id}。", f"There is no waiting timer {timer_id}.", id=timer_id)
        instance = step.open_active(found.instance_id, found.root_id)
        now = step.surroundings.now
        if found.due_at > now:
            step.session.execute(update(TIMERS).where(TIMERS.c.id == timer_id).values(due_at=now))
            change = {"before": found.due_at.isoformat(), "due_at": now.isoformat()}
            instance.execution.effects.record("TimerRescheduled", found.element_id, timer_id, **change)
        if (timer := step.session.execute(waiting).one_or_none()) is not None:  # read again under the lock
            _fire(step, timer, instance)


def _take_turn(step: Step, instance: OpenInstance, token: Any, timer: Any) -> None:
    """A cycle's time has come: fire or skip, by its policy, and wait for the next repetition."""
    element, effects = token.task_spec.element, instance.execution.effects
    turn = due.rhythm(step.surroundings, element, timer.cycle).turn(
        timer.due_at, timer.remaining, step.surroundings.now, missed_of(element)
    )
    missed = {"missed": turn.missed, "missed_until": turn.missed_until.isoformat()} if turn.missed else {}
    effects.record("TimerFired" if turn.fires else "TimerSkipped", timer.element_id, timer.id, **_when(timer), **missed)
    following = None if element.interrupting else turn.following
    if following is None:
        _keep(step, timer, state="fired")
    else:
        _keep(step, timer, state="waiting", due_at=following.due_at, explanation=following.explanation, remaining=turn.remaining)
        if turn.fires:
            token.internal_data["again"] = True
        when = {"due_at": following.due_at.isoformat(), "explanation": following.explanation, "cycle": timer.cycle}
        effects.record("TimerScheduled", timer.element_id, timer.id, **when)
    if turn.fires:
        token.task_spec.happened(token, {})
    elif following is None:
        token.task_spec.stop_waiting(token)
        instance.execution.remove(token)


def _when(timer: Any) -> dict[str, Any]:
    return {"due_at": timer.due_at.isoformat(), "explanation": timer.explanation}


def _keep(step: Step, timer: Any, **values: Any) -> None:
    known = {"id_": timer.id, "was": timer.state, "was_due_at": timer.due_at}
    statement = _FIRED if values == {"state": "fired"} else _UNCHANGED.values(values)
    if step.session.connection().execute(statement, known).rowcount != 1:
        raise _Changed


def missed_of(element: Element) -> str:
    """What becomes of the missed repetitions of a timer event."""
    return element.properties.get("opsbook:missed", MISSED[0])


def start_due(engine: Engine) -> int:
    """Begin a case for every timer start event that is due; returns how many were due."""
    due_starts = select(STARTS).where(STARTS.c.kind == "timer", STARTS.c.due_at <= engine.clock.now()).order_by(STARTS.c.due_at)
    with engine.database.session() as session:
        if session.execute(due_starts.limit(1)).one_or_none() is None:
            return 0
    with engine.step() as step:
        found = step.session.execute(due_starts.with_for_update(skip_locked=True)).all()
        for start in found:
            _start(step, start)
    return len(found)


def _start(step: Step, start: Any) -> None:
    """Begin a case for a timer start event that is due, and wait for its next time."""
    element = step.surroundings.catalog.process(start.process_definition_id).spec.process.elements[start.element_id]
    values: dict[str, Any] = {"due_at": None}
    fires = True
    if cycle := due.cycle_of(step.surroundings, element, step.surroundings.base_context()):
        rhythm = due.rhythm(step.surroundings, element, cycle)
        turn = rhythm.turn(start.due_at, start.remaining, step.surroundings.now, missed_of(element))
        fires = turn.fires
        if turn.missed:
            _log.warning("start event %s of %s missed %d times until %s", element.id, start.process_key, turn.missed, turn.missed_until)
        if turn.following is not None:
            values = {"due_at": turn.following.due_at, "remaining": turn.remaining}
    if fires:
        writing.add_job(step.session, step.surroundings, "start", {"subscription_id": start.id, "variables": {}})
        step.makes_work = True
    step.session.execute(update(STARTS).where(STARTS.c.id == start.id).values(values))


def next_due_at(session: Session) -> datetime | None:
    """When the next timer is due, for the executor's sleep."""
    waiting = session.scalars(
        select(TIMERS.c.due_at).where(TIMERS.c.state == "waiting", TIMERS.c.suspended.is_(False)).order_by(TIMERS.c.due_at).limit(1)
    )
    starts = session.scalars(
        select(STARTS.c.due_at).where(STARTS.c.kind == "timer", STARTS.c.due_at.is_not(None)).order_by(STARTS.c.due_at).limit(1)
    )
    return min((instant for instant in (waiting.one_or_none(), starts.one_or_none()) if instant is not None), default=None)
