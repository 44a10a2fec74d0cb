"""The engine: everything a command needs, built once per process."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.clock import Clock
from engine.errors import StepBudgetExceeded
from engine.runtime.catalog import Catalog, DefinitionCache
from engine.runtime.handlers import HandlerRegistry
from engine.runtime.runaways import record_runaway
from engine.runtime.step import Step
from engine.runtime.surroundings import Surroundings
from engine.settings import Settings
from engine.storage.database import Database
from engine.working_time import Calendars

#: Channel on which workers hear that there is something to do.
WORK = "opsbook_work"


@dataclass
class Engine:
    """Runs deployed processes on one database."""

    database: Database
    clock: Clock
    settings: Settings
    handlers: HandlerRegistry
    calendars: Calendars
    cache: DefinitionCache = field(default_factory=DefinitionCache)
    writes_folder: bool = False  #: whether what is published in the studio is written to the processes folder
    around_handler: Callable[[], AbstractContextManager[Any]] = nullcontext  #: entered while a handler is at work, and only then

    @cached_property
    def embedded_topics(self) -> tuple[str, ...]:
        """What the handlers of this process work on: all they are made for, except what the settings leave to external workers."""
        return tuple(sorted(handler.topic for handler in self.handlers if handler.topic not in self.external_topics))

    @cached_property
    def external_topics(self) -> frozenset[str]:
        """What the settings leave to external workers."""
        return frozenset(topic.strip() for topic in self.settings.external_topics.split(",") if topic.strip())

    @contextmanager
    def step(self, actor: str | None = None, *, runaway_incident: bool = True, rehearsed: bool = False) -> Iterator[Step]:
        """One command in one transaction: whatever the block does to instances is run on, written and committed once.

        Args:
            actor: who gives the command.
            runaway_incident: whether a step that runs away opens an incident (the caller may have one of its own).
            rehearsed: whether everything is rolled back at the end, as if nothing had been.

        Raises:
            StepBudgetExceeded: the step ran away; it is rolled back and an incident says where.
        """
        step: Step | None = None
        try:
            with self.database.rehearsal() if rehearsed else self.database.transaction() as session:
                surroundings = Surroundings(
                    now=self.clock.now(),
                    calendars=self.calendars,
                    catalog=Catalog(session, self.cache),
                    time_zone=self.settings.time_zone,
                    actor=actor,
                )
                step = Step(session, surroundings)
                yield step
                step.finish()
                if step.makes_work and not rehearsed:
                    self.database.notify(session, WORK)
        except StepBudgetExceeded as error:
            if step is not None and runaway_incident and not rehearsed:
                with self.database.transaction() as session:
                    record_runaway(session, step, error)
            raise
