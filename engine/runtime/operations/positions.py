"""Where the tokens of an instance stand, read without a lock."""

from dataclasses import dataclass

from engine.errors import NotFound
from engine.runtime import state
from engine.runtime.catalog import Catalog
from engine.runtime.engine import Engine
from engine.runtime.execution import moving
from engine.runtime.surroundings import Surroundings
from engine.storage.tables import ProcessInstance


@dataclass(frozen=True)
class Position:
    """A token at rest: also one that waits at a join, or before an asynchronous activity, and so has no element instance yet."""

    element_instance_id: str
    element_id: str


def positions(engine: Engine, instance_id: str) -> list[Position]:
    """The tokens of an instance, oldest first; none of one that has ended.

    Raises:
        NotFound: no such instance.
    """
    with engine.database.session() as session:
        row = session.get(ProcessInstance, instance_id)
        if row is None:
            raise NotFound(f"没有流程实例 {instance_id}。", f"There is no process instance {instance_id}.", id=instance_id)
        catalog = Catalog(session, engine.cache)
        surroundings = Surroundings(engine.clock.now(), engine.calendars, catalog, engine.settings.time_zone, None)
        spec = catalog.process(row.process_definition_id).spec
        execution = state.load(row.runtime_state, spec, row.id, row.business_key, surroundings)
        return [Position(task.id, task.task_spec.element.id) for task in moving.resting(execution)]
