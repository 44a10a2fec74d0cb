"""Every deadline that was missed."""

from collections.abc import Iterator

from sqlalchemy import select

from handlers.deadlines.tables import Breach
from handlers.reports.kpis.people import engineer_of_slip
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope


@measure("deadline_breaches", Kind.TOTAL, Unit.CASES)
def breaches(scope: Scope) -> Iterator[Observation]:
    """Breaches noticed in the month, by procedure and activity."""
    query = select(Breach.order_id, Breach.noticed_at, Breach.process_key, Breach.activity, Breach.activity_en)
    for row in scope.rows(query.add_columns(engineer_of_slip(Breach.slip_id).label("engineer")).where(scope.within(Breach.noticed_at))):
        zh, en = scope.processes.get(row.process_key, (row.process_key, row.process_key))
        group = (f"{zh} · {row.activity}", f"{en} · {row.activity_en or row.activity}")
        yield Observation(row.order_id, row.noticed_at, missed=True, person=row.engineer, group=group)
