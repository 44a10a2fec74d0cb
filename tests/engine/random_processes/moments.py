"""The history against the rows: what the events of a case say it is, beside what the database has."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.history.moment import Moment, moment_of
from engine.runtime import instances
from engine.runtime.hindsight import Tried, look_back
from engine.runtime.replaying import verify
from engine.storage.tables import ElementInstance, EventSubscription, Incident, Job, ProcessInstance, Timer, UserTask
from tests.engine.conftest import Play


def check_moments(play: Play, root_id: str) -> None:
    """Every instance of a case is what its events make of it."""
    for instance in play.all(select(ProcessInstance).where(ProcessInstance.root_id == root_id)):
        moment = moment_of(play.events(instance.id))
        assert moment.number == instance.event_count
        told, stored = _told(moment), _stored(play, instance)
        differing = {sheet: (told[sheet], stored[sheet]) for sheet in told if told[sheet] != stored[sheet]}
        assert not differing, f"{instance.id}: the events tell, and the database has: {differing}"


def check_replay(play: Play, root_id: str) -> None:
    """The inputs of a case, done again, bring about exactly its history."""
    verdict = verify(play.engine, root_id)
    assert verdict.difference is None, verdict.difference
    if play.state(root_id)[0] != "active" and not play.events(root_id, "CaseMigrated"):
        seen = look_back(play.engine, root_id, Tried())
        assert seen.state == "same", seen


def _told(moment: Moment) -> dict[str, Any]:
    return {
        "case": (moment["case"]["state"], moment["case"]["definition"], moment["case"].get("business_key")),
        "runs": {key: (run["element"], run["type"], run["parent"]) for key, run in moment["runs"].items()},
        "variables": moment["variables"],
        "tasks": {key: (task["element"], task["assignee"], task["due_at"]) for key, task in moment["tasks"].items()},
        "timers": {key: (timer["element"], timer["due_at"]) for key, timer in moment["timers"].items()},
        "waits": {key: (wait["element"], wait["kind"], wait["name"], wait["correlation_key"]) for key, wait in moment["waits"].items()},
        "jobs": {key: (job["element"], job["kind"]) for key, job in moment["jobs"].items()},
        "incidents": sorted(incident["element"] for incident in moment["incidents"].values()),
    }


def _stored(play: Play, instance: ProcessInstance) -> dict[str, Any]:
    def rows(model: Any, *states: str) -> list[Any]:
        of_it = select(model).where(model.instance_id == instance.id)
        return play.all(of_it.where(model.state.in_(states)) if states else of_it)

    active = rows(ElementInstance, "active")
    jobs = [job for job in rows(Job, "ready", "failed") if job.kind in ("handler", "continue")]
    created = {event.data["job_id"] for event in play.events(instance.id) if event.type == "JobCreated"}
    return {
        "case": (instance.state, instance.process_definition_id, instance.business_key),
        "runs": {row.id: (row.element_id, row.element_type, row.parent_id) for row in active},
        "variables": instances.variables(play.engine, instance.id),
        "tasks": {row.id: (row.element_id, row.assignee, _text(row.due_at)) for row in rows(UserTask, "open")},
        "timers": {row.id: (row.element_id, _text(row.due_at)) for row in rows(Timer, "waiting")},
        "waits": {row.id: (row.element_id, row.kind, row.name, row.correlation_key) for row in rows(EventSubscription)},
        "jobs": {row.id: (row.element_id, row.kind) for row in jobs if row.id in created},
        "incidents": sorted(row.element_id for row in rows(Incident, "open")),
    }


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
