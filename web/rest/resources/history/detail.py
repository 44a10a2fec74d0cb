"""Every change of a variable, and every field of a submitted form, from the events."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engine.storage.tables import Event, ProcessInstance
from web.auth.person import Person
from web.current import database, person
from web.permissions import visible_cases
from web.rest.absent import TENANTS, nothing
from web.rest.errors import Refused
from web.rest.listing import Asked, Filter
from web.rest.operation import operation
from web.rest.resources.process_instance.shape import WITHOUT_STATE
from web.rest.types import Dto, Flag, Instant, TextList
from web.rest.unfolding import Unfolding
from web.rest.values import show_value
from web.rest.variable_conditions import holds

_I, _V = ProcessInstance, Event
_STARTED, _CHANGED, _SUBMITTED = "InstanceStarted", "VariableChanged", "UserTaskCompleted"
#: Whoever asks for one of these wants no fields of forms.
_OF_UPDATES = ("variableUpdates", "excludeTaskDetails", "initial", "variableInstanceId", "variableNameLike", "variableTypeIn")
_UPDATE, _FIELD = "variableUpdate", "formField"


class HistoricDetailDto(Dto):
    """One change of a variable (`variableUpdate`), or one field of a submitted form (`formField`)."""

    type: str
    id: str
    process_definition_key: str
    process_definition_id: str
    process_instance_id: str
    activity_instance_id: str
    execution_id: str
    case_definition_key: str | None = None
    case_definition_id: str | None = None
    case_instance_id: str | None = None
    case_execution_id: str | None = None
    task_id: str | None = None
    tenant_id: str | None = None
    user_operation_id: str | None = None
    time: Instant
    removal_time: Instant | None = None
    root_process_instance_id: str


class HistoricVariableUpdateDto(HistoricDetailDto):
    """A variable got a value."""

    variable_name: str
    variable_instance_id: str
    variable_type: str
    value: Any = None
    value_info: dict[str, Any]
    initial: bool
    revision: int
    error_message: str | None = None


class HistoricFormFieldDto(HistoricDetailDto):
    """Somebody entered a value into a form."""

    field_id: str
    field_value: Any = None


def _select(me: Person) -> Select[Any]:
    query: Any = select(_V, _I).options(WITHOUT_STATE).join(_I, _I.id == _V.instance_id)
    found: Select[Any] = query.where(_V.type.in_((_STARTED, _CHANGED, _SUBMITTED)), visible_cases(me))
    return found


def _show(_session: Session, rows: Sequence[Any], asked: Asked) -> list[HistoricVariableUpdateDto | HistoricFormFieldDto]:
    found: list[HistoricVariableUpdateDto | HistoricFormFieldDto] = []
    revisions: dict[tuple[str, str], int] = {}
    for event, instance in rows:
        common = _common(event, instance)
        if event.type == _SUBMITTED:
            found += _fields(event, common)
        else:
            found += _updates(event, common, revisions)
    return [item for item in found if _wanted(item, asked)]


def _updates(event: Event, common: dict[str, Any], revisions: dict[tuple[str, str], int]) -> Iterator[HistoricVariableUpdateDto]:
    values = event.data["variables"] if event.type == _STARTED else {event.data["name"]: event.data["after"]}
    for name, value in values.items():
        key = (event.instance_id, name)
        revisions[key] = revisions.get(key, -1) + 1
        shown = show_value(value)
        yield HistoricVariableUpdateDto(
            **common,
            type=_UPDATE,
            id=f"{event.instance_id}-{event.sequence}-{name}",
            variable_name=name,
            variable_instance_id=f"{event.instance_id}:{name}",
            variable_type=shown.type,
            value=shown.value,
            value_info=shown.value_info,
            initial=revisions[key] == 0,
            revision=revisions[key],
        )


def _fields(event: Event, common: dict[str, Any]) -> Iterator[HistoricFormFieldDto]:
    for name, value in (event.data.get("values") or {}).items():
        yield HistoricFormFieldDto(
            **common, type=_FIELD, id=f"{event.instance_id}-{event.sequence}-{name}", field_id=name, field_value=show_value(value).value
        )


def _common(event: Event, instance: ProcessInstance) -> dict[str, Any]:
    return {
        "process_definition_key": instance.process_key,
        "process_definition_id": instance.process_definition_id,
        "process_instance_id": event.instance_id,
        "activity_instance_id": event.element_instance_id or event.instance_id,
        "execution_id": event.instance_id,
        "task_id": event.element_instance_id if event.type == _SUBMITTED else None,
        "user_operation_id": f"{event.instance_id}-{event.sequence}" if event.actor is not None else None,
        "time": event.happened_at,
        "root_process_instance_id": event.root_id,
    }


def _wanted(item: HistoricVariableUpdateDto | HistoricFormFieldDto, asked: Asked) -> bool:
    if asked.get("taskId") not in (None, item.task_id) or asked.get("userOperationId") not in (None, item.user_operation_id):
        return False
    if isinstance(item, HistoricFormFieldDto):
        return not any(asked.get(name) for name in _OF_UPDATES)
    return (
        not asked.get("formFields")
        and asked.get("variableInstanceId") in (None, item.variable_instance_id)
        and (asked.get("variableNameLike") is None or holds(item.variable_name, "like", asked["variableNameLike"]))
        and (asked.get("variableTypeIn") is None or item.variable_type.lower() in map(str.lower, asked["variableTypeIn"]))
        and (item.initial or not asked.get("initial"))
    )


Unfolding(
    path="/history/detail",
    tag="history-detail",
    item=HistoricVariableUpdateDto | HistoricFormFieldDto,
    about="changes of variables and fields of submitted forms",
    select=_select,
    show=_show,
    filters=(
        Filter("processInstanceId", str, lambda value: _V.instance_id == value),
        Filter("processInstanceIdIn", TextList, _V.instance_id.in_),
        Filter("executionId", str, lambda value: _V.instance_id == value),
        Filter("activityInstanceId", str, lambda value: or_(_V.element_instance_id == value, _V.instance_id == value)),
        Filter("activityInstanceIdIn", TextList, _V.element_instance_id.in_),
        Filter("taskId", str),
        Filter("variableInstanceId", str),
        Filter("variableNameLike", str),
        Filter("formFields", Flag),
        Filter("variableUpdates", Flag),
        Filter("excludeTaskDetails", Flag),
        Filter("initial", Flag),
        Filter("occurredBefore", Instant, lambda value: _V.happened_at <= value),
        Filter("occurredAfter", Instant, lambda value: _V.happened_at >= value),
        Filter("userOperationId", str),
        Filter("variableTypeIn", TextList),
        Filter("deserializeValues", Flag),
        *nothing("caseInstanceId", "caseExecutionId"),
        *TENANTS,
    ),
    sorts={
        "processInstanceId": "process_instance_id",
        "variableName": "variable_name",
        "variableType": "variable_type",
        "variableRevision": "revision",
        "formPropertyId": "field_id",
        "time": "time",
        "occurrence": "time",
        "tenantId": "tenant_id",
    },
    order=(_V.happened_at, _V.instance_id, _V.sequence),
).declare()


@operation("GET", "/history/detail/{detail_id}", tag="history-detail")
def get(detail_id: str) -> HistoricVariableUpdateDto | HistoricFormFieldDto:
    """One change of a variable, or one field of a submitted form."""
    with database().session() as session:
        query = _select(person()).where(_V.instance_id == detail_id.partition("-")[0]).order_by(_V.sequence)
        found = next((item for item in _show(session, session.execute(query).all(), {}) if item.id == detail_id), None)
    if found is None:
        raise Refused(404, "InvalidRequestException", f"没有记录 {detail_id}。", f"Historic detail with id '{detail_id}' does not exist")
    return found
