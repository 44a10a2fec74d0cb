"""What Camunda calls the kinds of incidents."""

from typing import Any

from sqlalchemy import case

from engine.storage.tables import Job

EXTERNAL_TASK, JOB = "failedExternalTask", "failedJob"


def incident_type() -> Any:
    """The type of an incident in a statement that joins its job: a service task's is an external task's, every other one a job's."""
    return case((Job.kind == "handler", EXTERNAL_TASK), else_=JOB)
