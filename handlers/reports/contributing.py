"""The single cases behind a figure, looked up again when somebody asks for them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.manuals.kpis import Kpi
from engine.storage.many import is_one_of
from engine.storage.tables import ProcessInstance
from handlers.dispatch.tables import Employee
from handlers.reports.measures import Measure
from handlers.reports.observations import Observation, Scope


def observations(measure: Measure, scopes: Sequence[Scope], office: str | None = None) -> list[Observation]:
    """What a figure of a period counts, what was missed first, then the newest.

    Args:
        measure: of the figure.
        scopes: its months in order; of a state only the last counts.
        office: only what its people did.
    """
    found: Iterator[Observation] = (seen for scope in (scopes[-1:] if measure.is_state else scopes) for seen in measure.observe(scope))
    if office is not None:
        people = set(scopes[0].session.scalars(select(Employee.user_id).where(Employee.office_id == office)))
        found = (seen for seen in found if seen.person in people)
    return sorted(found, key=lambda seen: (seen.missed, seen.at, seen.about), reverse=True)


def instances_of(session: Session, kpi: Kpi, numbers: Iterable[str], *conditions: ColumnElement[bool]) -> Mapping[str, str]:
    """The instance to open for each order or case number: one of the indicator's own processes before its case's first."""
    query = select(ProcessInstance.business_key, ProcessInstance.id, ProcessInstance.process_key, ProcessInstance.parent_id)
    query = query.where(is_one_of(session, ProcessInstance.business_key, sorted(set(numbers))), *conditions)
    found: dict[str, tuple[bool, bool, str]] = {}
    for row in session.execute(query):
        rank = (row.process_key not in kpi.processes, row.parent_id is not None, row.id)
        found[row.business_key] = min(found.get(row.business_key, rank), rank)
    return {number: rank[-1] for number, rank in found.items()}
