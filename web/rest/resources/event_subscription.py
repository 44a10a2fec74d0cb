"""Who waits for a message or a signal."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.storage.tables import EventSubscription, ProcessInstance
from web.auth.person import Person
from web.permissions import visible_cases
from web.rest.absent import NO_VALUE, TENANTS
from web.rest.listing import Asked, Filter, Listing
from web.rest.types import Dto, Flag, Instant

_S = EventSubscription


class EventSubscriptionDto(Dto):
    """An instance that waits for a message or a signal."""

    id: str
    event_type: str
    event_name: str
    execution_id: str
    process_instance_id: str
    activity_id: str
    created_date: Instant
    tenant_id: str | None = None


def _select(me: Person) -> Select[Any]:
    query: Select[Any] = select(_S).join(ProcessInstance, ProcessInstance.id == _S.instance_id).where(visible_cases(me))
    return query


def _show(_session: Session, rows: Sequence[Any], _asked: Asked) -> list[EventSubscriptionDto]:
    return [
        EventSubscriptionDto(
            id=row.EventSubscription.id,
            event_type=row.EventSubscription.kind,
            event_name=row.EventSubscription.name,
            execution_id=row.EventSubscription.instance_id,
            process_instance_id=row.EventSubscription.instance_id,
            activity_id=row.EventSubscription.element_id,
            created_date=row.EventSubscription.created_at,
        )
        for row in rows
    ]


Listing(
    path="/event-subscription",
    tag="event-subscription",
    item=EventSubscriptionDto,
    about="instances that wait for a message or a signal",
    select=_select,
    show=_show,
    filters=(
        Filter("eventSubscriptionId", str, lambda value: _S.id == value),
        Filter("eventName", str, lambda value: _S.name == value),
        Filter("eventType", str, lambda value: _S.kind == value),
        Filter("executionId", str, lambda value: _S.instance_id == value),
        Filter("processInstanceId", str, lambda value: _S.instance_id == value),
        Filter("activityId", str, lambda value: _S.element_id == value),
        *TENANTS,
        Filter("includeEventSubscriptionsWithoutTenantId", Flag),
    ),
    sorts={"created": _S.created_at, "tenantId": NO_VALUE},
    order=(_S.created_at, _S.id),
).declare()
