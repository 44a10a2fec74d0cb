"""Handlers: plain Python functions that do the work of service tasks.

    @handler("parts.issue", title="发放备件", title_en="Issue a part", errors=("OUT_OF_STOCK",))
    def issue(ctx: JobContext, request: IssuePart) -> PartIssued: ...

The request and the result are pydantic models: the signature gives validation, the modeler's element template and the documentation.
A *transactional* handler works in the step's own session, so effect and result commit together. An *external* handler runs outside the
instance's lock, may be repeated, and must use `ctx.idempotency_key`.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.settings import Settings
from engine.working_time import Calendars

Kind = Literal["transactional", "external"]


class BpmnError(Exception):
    """A business error that the diagram catches with an error boundary event (BPMN 2.0 §10.5.6)."""

    def __init__(self, code: str, message: str = "", variables: dict[str, Any] | None = None, message_en: str = "") -> None:
        """Args: code: the error code of the diagram. message, message_en: for people. variables: merged into the catching scope."""
        super().__init__(message or code)
        self.code = code
        self.message = message
        self.message_en = message_en or message
        self.variables = variables or {}


@dataclass(frozen=True)
class JobContext:
    """What a handler may know of the job it works for."""

    session: Session  #: the step's own session (transactional), or one of the handler's own that it may commit (external)
    clock: Clock
    settings: Settings
    calendars: Calendars
    parameters: dict[str, Any]  #: the parameter file of the manuals
    job_id: str
    idempotency_key: str  #: the same for every attempt of the same job
    instance_id: str
    root_instance_id: str
    business_key: str | None
    process_key: str
    element_id: str
    element_name: str
    actor: str | None  #: the person whose action led here, if any

    def now(self) -> datetime:
        """The present instant in UTC."""
        return self.clock.now()


@dataclass(frozen=True)
class Handler:
    """One registered handler."""

    topic: str
    title: str
    title_en: str
    kind: Kind
    errors: tuple[str, ...]
    timeout_s: int
    request: type[BaseModel]
    result: type[BaseModel] | None
    function: Callable[[JobContext, Any], BaseModel | None]


def handler(
    topic: str,
    *,
    title: str,
    title_en: str,
    kind: Kind = "transactional",
    errors: tuple[str, ...] = (),
    timeout_s: int = 60,
) -> Callable[[Callable[[JobContext, Any], BaseModel | None]], Handler]:
    """Declare a function as the handler of a topic.

    Raises:
        TypeError: if the signature is not `(ctx: JobContext, request: <pydantic model>) -> <pydantic model> | None`.
    """

    def declare(function: Callable[[JobContext, Any], BaseModel | None]) -> Handler:
        hints = inspect.get_annotations(function, eval_str=True)
        request = next((hint for name, hint in hints.items() if name not in ("ctx", "return")), None)
        result = hints.get("return")
        if not (isinstance(request, type) and issubclass(request, BaseModel)):
            message = f"{function.__qualname__}: the second parameter must be a pydantic model"
            raise TypeError(message)
        return Handler(topic, title, title_en, kind, errors, timeout_s, request, result, function)

    return declare


class HandlerRegistry:
    """The handlers an engine may call, by topic."""

    def __init__(self, handlers: Iterable[Handler] = ()) -> None:
        """Raises: ValueError: two handlers of one topic."""
        self._by_topic: dict[str, Handler] = {}
        for item in handlers:
            if item.topic in self._by_topic:
                message = f"two handlers for the topic {item.topic}"
                raise ValueError(message)
            self._by_topic[item.topic] = item

    def get(self, topic: str) -> Handler | None:
        """The handler of a topic, or None."""
        return self._by_topic.get(topic)

    def __iter__(self) -> Iterator[Handler]:
        """All handlers by topic."""
        return iter(sorted(self._by_topic.values(), key=lambda item: item.topic))

    def __contains__(self, topic: str) -> bool:
        """Whether a topic is served."""
        return topic in self._by_topic
