"""Fetching and locking external tasks, with long polling."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Literal

from flask import g, request
from pydantic import Field
from sqlalchemy import UnaryExpression, select
from sqlalchemy.orm import Session

from engine.clock import monotonic_s
from engine.runtime.external_tasks import LockedTask, TopicRequest, fetch_and_lock
from engine.storage.tables import Job
from web.current import database, engine
from web.rest import caller
from web.rest.operation import operation
from web.rest.resources.external_task.shape import LockedTaskDto, show_locked_task
from web.rest.resources.external_task.waiting_room import waiting_room
from web.rest.types import Dto, Flag, Natural, TextList
from web.rest.values import TypedValue, read_variables
from web.rest.variable_conditions import instances_having

_LONGEST_WAIT_MS = 1_800_000
_LONGEST_LOCK_MS = 366 * 24 * 3_600_000
#: How often a waiting request looks whether its worker is still there.
_STILL_THERE_S = 1.0


class TopicDto(Dto):
    """What a worker wants of one topic."""

    topic_name: str = Field(min_length=1, max_length=255)
    lock_duration: int = Field(ge=1, le=_LONGEST_LOCK_MS)
    variables: list[str] | None = None
    local_variables: Flag = False
    deserialize_values: Flag = False
    business_key: str | None = None
    process_definition_id: str | None = None
    process_definition_id_in: TextList | None = None
    process_definition_key: str | None = None
    process_definition_key_in: TextList | None = None
    process_definition_version_tag: str | None = None
    process_variables: dict[str, Any] | None = None
    tenant_id_in: TextList | None = None
    without_tenant_id: Flag = False
    include_extension_properties: Flag = False


class OrderDto(Dto):
    """One column to sort by."""

    sort_by: Literal["createTime"]
    sort_order: Literal["asc", "desc"] = "asc"


class FetchDto(Dto):
    """Which tasks a worker wants, and how long it will wait for them."""

    worker_id: str = Field(min_length=1, max_length=255)
    max_tasks: Natural
    use_priority: Flag = False
    async_response_timeout: int | None = Field(default=None, ge=0, le=_LONGEST_WAIT_MS)
    sorting: list[OrderDto] | None = None
    topics: list[TopicDto] = Field(default_factory=list, max_length=100)


@operation("POST", "/external-task/fetchAndLock", tag="external-task", scope="external-tasks")
def fetch(body: FetchDto) -> list[LockedTaskDto]:
    """Lock the next tasks of some topics for a worker; without any, wait up to `asyncResponseTimeout` milliseconds for one.

    Topics of embedded handlers are not given away (see OPSBOOK_EXTERNAL_TOPICS); a header X-Ignored-Topics names them.
    """
    for topic in body.topics:
        caller.require_topic(topic.topic_name)
    g.rest_ignored_topics = sorted({topic.topic_name for topic in body.topics} & set(engine().embedded_topics))
    wait_s = min(body.async_response_timeout or 0, engine().settings.external_longest_wait_ms) / 1000
    found = _wait_for(lambda: _fetch(body), [topic.topic_name for topic in body.topics], wait_s) if wait_s else _fetch(body)
    g.rest_unaudited = not found
    wanted = {topic.topic_name: topic for topic in body.topics}
    with database().session() as session:
        return [show_locked_task(session, task, wanted[task.job["topic"]].include_extension_properties) for task in found]


def _wait_for(fetch: Callable[[], list[LockedTask]], topics: Sequence[str], wait_s: float) -> list[LockedTask]:
    """Fetch whenever there may be something, until there is, the time is over, or the worker has gone away."""
    until = monotonic_s() + wait_s
    with waiting_room().seat(topics) as bell:
        found = fetch()
        while not found and bell is not None and monotonic_s() < until and not _worker_has_gone():
            if bell.wait(min(_STILL_THERE_S, max(until - monotonic_s(), 0))):
                bell.clear()
                found = fetch()
        return found


def _worker_has_gone() -> bool:
    """Tasks locked for a worker that hung up would wait for the end of their locks; the server tells (waitress)."""
    hung_up = request.environ.get("waitress.client_disconnected")
    return hung_up is not None and bool(hung_up())


def _fetch(body: FetchDto) -> list[LockedTask]:
    with database().session() as session:
        requests = [_request(session, topic) for topic in body.topics]
    order: list[UnaryExpression[Any]] = [Job.priority.desc()] if body.use_priority else []
    order += [Job.created_at.desc() if item.sort_order == "desc" else Job.created_at.asc() for item in body.sorting or ()]
    return fetch_and_lock(engine(), body.worker_id, requests, min(body.max_tasks, 1000), order)


def _request(session: Session, topic: TopicDto) -> TopicRequest:
    instance_ids = ["nobody's"] if topic.tenant_id_in is not None else None
    if topic.process_variables:
        values = read_variables({name: TypedValue(value=value) for name, value in topic.process_variables.items()})
        among = select(Job.instance_id).where(Job.topic == topic.topic_name, Job.state.in_(("ready", "leased")))
        instance_ids = instances_having(session, values, among)
    return TopicRequest(
        topic=topic.topic_name,
        lock_for=timedelta(milliseconds=topic.lock_duration),
        variables=topic.variables,
        only_local_variables=topic.local_variables,
        business_key=topic.business_key,
        definition_ids=_either(topic.process_definition_id, topic.process_definition_id_in),
        definition_keys=_either(topic.process_definition_key, topic.process_definition_key_in),
        version_tag=topic.process_definition_version_tag,
        instance_ids=instance_ids,
    )


def _either(one: str | None, several: Sequence[str] | None) -> list[str] | None:
    return [one] if one is not None else list(several) if several is not None else None
