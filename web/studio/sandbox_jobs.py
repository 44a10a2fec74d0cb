"""Handlers that wait in a sandbox: what they are given, what they would answer, and what may be answered for them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.diagrams.model import Element
from engine.runtime.engine import Engine
from engine.runtime.handlers import BpmnError
from engine.scenarios.answering import foreseen
from engine.storage.tables import Incident, Job
from engine.studio.fields import DescribedHandler
from web.definitions import Definition
from web.display import told
from web.language import locale


@dataclass(frozen=True)
class ShownField:
    """One value of a handler's answer."""

    name: str
    label: str
    type: str
    options: tuple[str, ...]
    required: bool
    text: str


@dataclass(frozen=True)
class ShownJob:
    """A handler that waits for an answer."""

    id: str
    title: str
    process: str
    handler: str
    inputs: tuple[tuple[str, str], ...]
    fields: tuple[ShownField, ...]
    errors: tuple[str, ...]
    would: str  #: what it would answer by itself: done, error, failure, or unknown
    would_say: str
    failed: str
    known: bool = True


def shown_job(engine: Engine, job: Job, described: Mapping[str, DescribedHandler], drawn: Mapping[str, Definition]) -> ShownJob:
    """A waiting job, with what its handler would answer now."""
    of, handler = drawn[job.instance_id or ""], described.get(job.topic or "")
    would = foreseen(engine, job)
    values = would if isinstance(would, dict) else {}
    fields = tuple(
        ShownField(item.name, item.title[locale()], item.type, item.options, item.required, _in_field(values.get(item.name, item.default)))
        for item in (handler.outputs if handler is not None else ())
    )
    element = of.element(job.element_id or "")
    errors = dict.fromkeys((*(handler.errors if handler is not None else ()), *_caught(of, element)))
    labels = {item.name: item.title[locale()] for item in (handler.inputs if handler is not None else ())}
    return ShownJob(
        job.id,
        of.element_title(job.element_id),
        of.title,
        handler.title[locale()] if handler is not None else str(job.topic),
        tuple((labels.get(name, name), _in_field(value)) for name, value in job.input.items() if value not in (None, "", [], {})),
        fields,
        tuple(errors),
        *_foretold(would),
        _failure(engine, job),
        handler is not None,
    )


def _failure(engine: Engine, job: Job) -> str:
    """Why the last attempt failed, if it did."""
    with engine.database.session() as session:
        incident = session.scalars(select(Incident).where(Incident.job_id == job.id, Incident.state == "open")).one_or_none()
    return told(incident.message, incident.message_en) if incident is not None else job.error or ""


def _caught(of: Definition, element: Element | None) -> Iterable[str]:
    """The codes of the errors that the element's boundary events catch."""
    if element is None:
        return ()
    attached = of.process.boundaries.get(element.id, ())
    return [item.event.name for item in attached if item.event is not None and item.event.kind == "error" and item.event.name]


def _foretold(would: Any) -> tuple[str, str]:
    if isinstance(would, dict):
        return "done", ""
    if isinstance(would, BpmnError):
        return "error", f"{would.code} {told(would.message, would.message_en)}".strip()
    if would is None:
        return "unknown", ""
    return "failure", told(getattr(would, "zh", str(would)), getattr(would, "en", None))


def _in_field(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
