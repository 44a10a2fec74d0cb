"""For machines: is the process alive, can it serve, and how much is going on."""

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from engine.errors import DatabaseUnavailable
from engine.storage.tables import Incident, Job, ProcessInstance, Timer, UserTask
from web.current import database, now

blueprint = Blueprint("status", __name__)


@blueprint.get("/healthz")
def healthz() -> str:
    """The process answers."""
    return "ok\n"


@blueprint.get("/readyz")
def readyz() -> tuple[str, int]:
    """The process can serve: its database answers and has its tables."""
    try:
        with database().session() as session:
            session.execute(select(ProcessInstance.id).limit(1))
    except (DatabaseUnavailable, SQLAlchemyError) as error:
        return f"database: {type(error).__name__}\n", 503
    return "ready\n", 200


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counts of the database's present state, in Prometheus' text format; no names, no content of cases."""
    registry = CollectorRegistry()
    instances = Gauge("opsbook_instances", "Process instances by process and state.", ["process", "state"], registry=registry)
    jobs = Gauge("opsbook_jobs", "Jobs that are not done, by state.", ["state"], registry=registry)
    tasks = Gauge("opsbook_open_tasks", "Open user tasks by process.", ["process"], registry=registry)
    overdue = Gauge("opsbook_overdue_tasks", "Open user tasks past their deadline.", registry=registry)
    timers = Gauge("opsbook_late_timers", "Waiting timers past their time.", registry=registry)
    incidents = Gauge("opsbook_open_incidents", "Incidents that wait for a person.", registry=registry)
    with database().session() as session:
        for key, state, count in session.execute(
            select(ProcessInstance.process_key, ProcessInstance.state, func.count()).group_by(
                ProcessInstance.process_key, ProcessInstance.state
            )
        ):
            instances.labels(key, state).set(count)
        for state, count in session.execute(
            select(Job.state, func.count()).where(Job.state.in_(("ready", "leased", "failed"))).group_by(Job.state)
        ):
            jobs.labels(state).set(count)
        for key, count in session.execute(
            select(UserTask.process_key, func.count()).where(UserTask.state == "open").group_by(UserTask.process_key)
        ):
            tasks.labels(key).set(count)
        overdue.set(session.scalar(select(func.count()).where(UserTask.state == "open", UserTask.due_at < now())) or 0)
        timers.set(session.scalar(select(func.count()).where(Timer.state == "waiting", Timer.due_at < now())) or 0)
        incidents.set(session.scalar(select(func.count()).where(Incident.state == "open")) or 0)
    return Response(generate_latest(registry), mimetype=CONTENT_TYPE_LATEST)
