"""What the cycle of improvement asks its own people."""

from collections.abc import Iterator

from sqlalchemy import select

from handlers.improvement.tables import StaffSurvey
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope


@measure("staff_satisfaction", Kind.MEAN, Unit.POINTS)
def content(scope: Scope) -> Iterator[Observation]:
    """The answers of staff that came in in the month; whose they are is not told."""
    query = select(StaffSurvey.case_key, StaffSurvey.answered_at, StaffSurvey.score).where(scope.within(StaffSurvey.answered_at))
    for row in scope.rows(query):
        yield Observation(row.case_key, row.answered_at, row.score)
