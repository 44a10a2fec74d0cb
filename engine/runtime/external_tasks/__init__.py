"""Service tasks done by programs outside: they fetch jobs of their topics over the network, and report what came of it (Camunda's external tasks).

The rows are the same as those of embedded handlers. A lock is a lease with the worker's name; when it runs out, anybody may fetch the task,
and who comes too late is refused.
"""

from engine.runtime.external_tasks.fetching import LockedTask, TopicRequest, fetch_and_lock, waiting_tasks
from engine.runtime.external_tasks.finishing import complete, fail, throw_bpmn_error
from engine.runtime.external_tasks.steering import extend_lock, lock, set_priority, set_retries, unlock

__all__ = [
    "LockedTask",
    "TopicRequest",
    "complete",
    "extend_lock",
    "fail",
    "fetch_and_lock",
    "lock",
    "set_priority",
    "set_retries",
    "throw_bpmn_error",
    "unlock",
    "waiting_tasks",
]
