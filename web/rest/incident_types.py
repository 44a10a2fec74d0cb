"""What Camunda calls the kinds of incidents, and what we call those that it has not: like a Camunda's own, they are names of custom types."""

from typing import Any

from sqlalchemy import case

from engine.storage.tables import Incident, Job

EXTERNAL_TASK, JOB = "failedExternalTask", "failedJob"
#: A join that can never complete, and a step that was stopped because it never came to rest: nothing failed that could be tried again.
BLOCKED_JOIN, STOPPED_STEP = "blockedJoin", "stoppedStep"

#: The type of an incident in a statement that joins its job: a service task's is an external task's, every other one with a job a job's.
INCIDENT_TYPE: Any = case(
    (Incident.kind == "join", BLOCKED_JOIN), (Incident.kind == "step", STOPPED_STEP), (Job.kind == "handler", EXTERNAL_TASK), else_=JOB
)
