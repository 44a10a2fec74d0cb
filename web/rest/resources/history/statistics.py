"""How often the elements of a process ran, and how long its cases took."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import ge, le
from typing import Any, Literal

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from engine.storage.tables import ElementInstance, Incident, ProcessInstance
from web.current import database, office_zone, person
from web.permissions import visible_cases
from web.rest.operation import operation
from web.rest.resources.history.durations import milliseconds
from web.rest.resources.process_definition.shape import find
from web.rest.types import Dto, Flag, Instant, TextList

_E, _I = ElementInstance, ProcessInstance


class HistoricActivityStatisticsDto(Dto):
    """How often one element ran."""

    id: str
    instances: int
    canceled: int
    finished: int
    complete_scope: int
    open_incidents: int
    resolved_incidents: int
    deleted_incidents: int


class DurationReportDto(Dto):
    """How long the cases of a period took, in milliseconds."""

    period: int
    period_unit: Literal["MONTH", "QUARTER"]
    minimum: int
    maximum: int
    average: int


@operation("GET", "/history/process-definition/{definition_id}/statistics", tag="history-process-definition")
def statistics(
    definition_id: str,
    canceled: Flag = False,
    finished: Flag = False,
    complete_scope: Flag = False,
    incidents: Flag = False,
    started_after: Instant | None = None,
    started_before: Instant | None = None,
    finished_after: Instant | None = None,
    finished_before: Instant | None = None,
    process_instance_id_in: TextList | None = None,
    sort_by: Literal["activityId"] | None = None,
    sort_order: Literal["asc", "desc"] | None = None,
) -> list[HistoricActivityStatisticsDto]:
    """How often each element of a version ran and runs, over the cases that the caller may see; what is not asked for is 0."""
    bounds = (
        (_I.started_at, ge, started_after),
        (_I.started_at, le, started_before),
        (_I.ended_at, ge, finished_after),
        (_I.ended_at, le, finished_before),
    )
    with database().session() as session:
        of_it = [_I.process_definition_id == find(session, person(), definition_id).id, visible_cases(person())]
        of_it += [compare(column, asked) for column, compare, asked in bounds if asked is not None]
        if process_instance_id_in is not None:
            of_it.append(_I.id.in_(process_instance_id_in))
        runs = _runs(session, of_it)
        troubles = _incidents(session, of_it) if incidents else {}
    found = [
        HistoricActivityStatisticsDto(
            id=element,
            instances=counted["active"],
            canceled=counted["cancelled"] if canceled else 0,
            finished=counted["completed"] + counted["cancelled"] if finished else 0,
            complete_scope=counted["ends_scope"] if complete_scope else 0,
            open_incidents=troubles.get(element, Counter())["open"],
            resolved_incidents=troubles.get(element, Counter())["resolved"],
            deleted_incidents=0,
        )
        for element, counted in sorted(runs.items(), reverse=sort_order == "desc")
    ]
    return [item for item in found if any(value for name, value in item.model_dump().items() if name != "id")]


def _runs(session: Session, of_it: Iterable[ColumnElement[bool]]) -> dict[str, Counter[str]]:
    ends_scope = case((_E.element_id == _I.end_element_id, 1), else_=0)
    query = (
        select(_E.element_id, _E.state, func.count(), func.sum(ends_scope))
        .join(_I, _I.id == _E.instance_id)
        .where(*of_it)
        .group_by(_E.element_id, _E.state)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for element, state, count, ending in session.execute(query):
        found[element][state] = count
        found[element]["ends_scope"] += int(ending) if state == "completed" else 0
    return found


def _incidents(session: Session, of_it: Iterable[ColumnElement[bool]]) -> dict[str, Counter[str]]:
    query = (
        select(Incident.element_id, Incident.state, func.count())
        .join(_I, _I.id == Incident.instance_id)
        .where(*of_it, Incident.element_id.is_not(None))
        .group_by(Incident.element_id, Incident.state)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for element, state, count in session.execute(query):
        found[str(element)][state] = count
    return found


@operation("GET", "/history/process-instance/report", tag="history-process-instance")
def report(
    report_type: Literal["duration"],
    period_unit: Literal["month", "quarter"],
    process_definition_id_in: TextList | None = None,
    process_definition_key_in: TextList | None = None,
    started_before: Instant | None = None,
    started_after: Instant | None = None,
) -> list[DurationReportDto]:
    """How long cases took that have ended, by the month or quarter in which they began (office time)."""
    if started_after and started_before and started_after > started_before:
        raise InvalidInput("startedAfter 晚于 startedBefore。", "startedAfter is later than startedBefore.")
    query: Any = select(_I.started_at, _I.ended_at).where(_I.ended_at.is_not(None), visible_cases(person()))
    if process_definition_id_in is not None:
        query = query.where(_I.process_definition_id.in_(process_definition_id_in))
    if process_definition_key_in is not None:
        query = query.where(_I.process_key.in_(process_definition_key_in))
    if started_before is not None:
        query = query.where(_I.started_at <= started_before)
    if started_after is not None:
        query = query.where(_I.started_at >= started_after)
    taken: dict[int, list[int]] = defaultdict(list)
    with database().session() as session:
        for begin, end in session.execute(query):
            month = begin.astimezone(office_zone()).month
            taken[month if period_unit == "month" else (month + 2) // 3].append(milliseconds(begin, end) or 0)
    unit: Literal["MONTH", "QUARTER"] = "MONTH" if period_unit == "month" else "QUARTER"
    return [
        DurationReportDto(period=period, period_unit=unit, minimum=min(each), maximum=max(each), average=sum(each) // len(each))
        for period, each in sorted(taken.items())
    ]
