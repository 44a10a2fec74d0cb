"""Surveys of cases, computed once for each question and state of the history, and kept."""

from collections import OrderedDict
from typing import Any, cast

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.history.mining.survey import Survey, survey
from engine.history.mining.traces import cases
from engine.runtime.tracing import keep_traces
from engine.storage.tables import ProcessInstance
from engine.working_time.worked import WorkedTime
from web.current import database, engine, now
from web.mining.asking import Asked

_KEPT = "opsbook_surveys"
#: A survey of ten thousand long cases takes some 20 MB.
_MOST_KEPT = 8
#: How old the overdue work in it may be, in seconds.
_FRESH_S = 600


def surveyed(asked: Asked) -> Survey:
    """The survey that answers a question, with everything that has happened."""
    keep_traces(engine(), asked.key)
    calendar = engine().calendars.get()
    kept = cast("OrderedDict[Any, Survey]", current_app.extensions.setdefault(_KEPT, OrderedDict()))
    with database().session() as session:
        question = (asked, _history(session, asked.key), now().timestamp() // _FRESH_S, id(calendar))
        if question not in kept:
            began = session.scalar(select(func.min(ProcessInstance.started_at)).where(ProcessInstance.process_key == asked.key)) or now()
            worked = WorkedTime(calendar, began, now())
            kept[question] = survey(cases(session, asked.key, asked.conditions()), worked, now(), asked.version_id)
    while len(kept) > _MOST_KEPT:
        kept.popitem(last=False)
    return kept[question]


def _history(session: Session, key: str) -> tuple[int, int]:
    """How many cases a process has, and how much has happened in them: it only grows, so equal figures mean nothing is new."""
    row = session.execute(
        select(func.count(), func.coalesce(func.sum(ProcessInstance.event_count), 0)).where(ProcessInstance.process_key == key)
    ).one()
    return row[0], int(row[1])
