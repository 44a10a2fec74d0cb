"""What a sandbox waits for: people, handlers, times, messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.runtime.engine import Engine
from engine.scenarios.acting import Acting
from engine.scenarios.answering import waiting_jobs
from engine.scenarios.people import open_tasks
from engine.scenarios.world import World
from engine.storage.tables import EventSubscription, Job, StartSubscription, Timer, UserTask


@dataclass(frozen=True)
class Waiting:
    """Everything that may happen next, the oldest first."""

    tasks: Sequence[UserTask]
    jobs: Sequence[Job]
    timers: Sequence[Timer]
    begins: Sequence[StartSubscription]  #: of timer start events
    awaited: Sequence[EventSubscription]  #: messages and signals
    next_at: datetime | None  #: when something happens by itself, if time passes


def waiting(engine: Engine, world: World) -> Waiting:
    """What an office whose handlers wait for answers waits for."""
    acting = Acting(engine, world)
    acting.answered = None
    starts = StartSubscription
    with engine.database.session() as session:
        timers = session.scalars(select(Timer).where(Timer.state == "waiting", Timer.suspended.is_(False)).order_by(Timer.due_at, Timer.id))
        begins = session.scalars(select(starts).where(starts.kind == "timer", starts.due_at.is_not(None)).order_by(starts.due_at))
        awaited = session.scalars(select(EventSubscription).order_by(EventSubscription.created_at, EventSubscription.id))
        return Waiting(
            tasks=open_tasks(engine),
            jobs=waiting_jobs(engine),
            timers=timers.all(),
            begins=begins.all(),
            awaited=awaited.all(),
            next_at=acting.next_due(),
        )
