"""Looking at many cases before they are migrated: what is alive in each, and what speaks against it. Reads only, locks nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from engine.runtime import state
from engine.runtime.catalog import Catalog
from engine.runtime.engine import Engine
from engine.runtime.execution import moving
from engine.runtime.operations.migration.mapping import MigrationPlan
from engine.runtime.operations.migration.validation import MigrationProblem, problems_of_case, problems_of_plan
from engine.runtime.surroundings import Surroundings
from engine.storage.tables import ProcessInstance


@dataclass(frozen=True)
class Surveyed:
    """One case under a plan."""

    alive: Mapping[str, int]  #: how many tokens stand at which element
    problems: tuple[MigrationProblem, ...]


def running(engine: Engine, definition_id: str) -> list[str]:
    """Ids of the instances that run a version, oldest first."""
    table = ProcessInstance.__table__
    query = select(table.c.id).where(table.c.process_definition_id == definition_id, table.c.ended_at.is_(None))
    with engine.database.session() as session:
        return list(session.scalars(query.order_by(table.c.started_at, table.c.id)))


def survey(engine: Engine, plan: MigrationPlan, instance_ids: Iterable[str]) -> dict[str, Surveyed]:
    """What would become of these instances; those that run another version, or have ended, are left out.

    Raises:
        NotFound: a definition of the plan does not exist.
    """
    found: dict[str, Surveyed] = {}
    table = ProcessInstance.__table__
    with engine.database.session() as session:
        catalog = Catalog(session, engine.cache)
        surroundings = Surroundings(engine.clock.now(), engine.calendars, catalog, engine.settings.time_zone, None)
        spec = catalog.process(plan.source_definition_id).spec
        target = catalog.process(plan.target_definition_id).spec.process
        broken = list(problems_of_plan(spec.process, target, plan))
        query = select(table).where(
            table.c.id.in_(list(instance_ids)), table.c.process_definition_id == plan.source_definition_id, table.c.ended_at.is_(None)
        )
        for row in session.execute(query.order_by(table.c.started_at, table.c.id)):
            execution = state.load(row.runtime_state, spec, row.id, row.business_key, surroundings)
            alive = Counter(task.task_spec.element.id for task in moving.resting(execution))
            found[row.id] = Surveyed(alive, tuple(broken or problems_of_case(execution, target, plan)))
    return found
