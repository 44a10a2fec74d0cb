"""The client of Camunda 7 for Python against a live server: completes, fails and tries again, reports a BPMN error.

Arguments: base URL, token. Prints one line of JSON for each thing done; runs until it is stopped.
"""

import json
import sys

from camunda.external_task.external_task import ExternalTask, TaskResult
from camunda.external_task.external_task_worker import ExternalTaskWorker

URL, TOKEN = sys.argv[1:]
CONFIG = {
    "auth_bearer": {"access_token": TOKEN},
    "asyncResponseTimeout": 5000,
    "maxTasks": 5,
    "retryTimeout": 100,
    "sleepSeconds": 1,
}


def work(task: ExternalTask) -> TaskResult:
    """Do what the topic says."""
    topic = task.get_topic_name()
    if topic == "py.complete":
        say("completed", businessKey=task.get_business_key())
        return task.complete({"greeting": f"你好，{task.get_variable('name')}", "count": 3, "ratio": 0.5, "fine": True})
    if topic == "py.flaky":
        attempts_left = task._context["retries"]  # the client does not tell it in another way
        if attempts_left is None:
            say("failed")
            return task.failure("timeout", "line 1", max_retries=1, retry_timeout=100)
        say("recovered")
        return task.complete({"attempts_left": attempts_left})
    say("reported")
    return task.bpmn_error("NO_PART", "缺件", {"missing": "A-1"})


def say(event: str, **more: object) -> None:
    """Tell the test what was done."""
    sys.stdout.write(json.dumps({"event": event, **more}) + "\n")
    sys.stdout.flush()


ExternalTaskWorker(worker_id="py", base_url=URL, config=CONFIG).subscribe(["py.complete", "py.flaky", "py.error"], work)
