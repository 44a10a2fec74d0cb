"""External task workers that know nothing of Opsbook: Camunda's clients from the registries, unchanged."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine.runtime import deployments, instances
from engine.storage.tables import ProcessInstance
from tests.engine.diagram import bpmn
from tests.rest.clients.conftest import Live, Program

HERE = Path(__file__).parent
JAVASCRIPT = HERE / "javascript"
DOCS = HERE.parents[2] / "docs" / "workers.md"
#: Of the JavaScript worker.
TOPICS = ["js.complete", "js.flaky", "js.error", "js.file.write", "js.file.read"]

Run = Callable[..., Program]


@pytest.fixture
def npm() -> str:
    """The JavaScript client is installed."""
    found = shutil.which("npm")
    if found is None or shutil.which("node") is None:
        assert not os.environ.get("CI"), "needs node and npm"  # noqa: TID251 -- where tests run is no setting
        pytest.skip("no node")
    installed = JAVASCRIPT / "node_modules" / ".package-lock.json"  # npm writes it last
    with (JAVASCRIPT / "package-lock.json").open() as lock:
        flock(lock, LOCK_EX)  # the processes of a test run share the folder
        if not installed.is_file():
            subprocess.run([found, "ci", "--silent"], cwd=JAVASCRIPT, check=True, timeout=300)
    return found


def _start(live: Live, topic: str, body: str = "", **variables: Any) -> str:
    diagram = f'start work end \n {body} <serviceTask id="work" camunda:type="external" camunda:topic="{topic}"/>'
    deployments.deploy(live.site.engine, {"p.bpmn": bpmn(diagram)}, name="p", external_workers=True)
    return instances.start(live.site.engine, "p", variables, business_key="GD-7")


def _ended(live: Live, instance_id: str) -> tuple[str, dict[str, Any]]:
    """The end event and the variables of an instance, once it has ended."""
    for _ in range(600):
        with live.site.engine.database.session() as session:
            row = session.get_one(ProcessInstance, instance_id)
        if row.ended_at is not None:
            return row.end_element_id or "", instances.variables(live.site.engine, instance_id)
        threading.Event().wait(0.05)
    pytest.fail("the case did not end")


_CATCHES = 'caught end_caught <boundaryEvent id="caught" on="work" error="NO_PART"/>'


def test_the_python_client_completes_fails_and_reports_errors(live: Live, run: Run) -> None:
    """camunda-external-task-client-python3: variables of all kinds, a failure that is tried again, a BPMN error."""
    token = live.token(["external-tasks"], ["py.complete", "py.flaky", "py.error"])
    worker = run(sys.executable, str(HERE / "worker.py"), live.url, token)
    completed = _start(live, "py.complete", name="林晓雯")
    assert worker.says("completed") == {"event": "completed", "businessKey": "GD-7"}
    assert _ended(live, completed) == ("end", {"name": "林晓雯", "greeting": "你好，林晓雯", "count": 3, "ratio": 0.5, "fine": True})

    flaky = _start(live, "py.flaky")
    worker.says("failed")
    worker.says("recovered")
    assert _ended(live, flaky)[1] == {"attempts_left": 1}

    refused = _start(live, "py.error", _CATCHES)
    worker.says("reported")
    assert _ended(live, refused) == ("end_caught", {"missing": "A-1"})


def test_the_javascript_client_completes_extends_fails_and_reports_errors(live: Live, run: Run, npm: str) -> None:
    """camunda-external-task-client-js: typed variables, a longer lock, a failure that is tried again, a BPMN error."""
    worker = run("node", str(JAVASCRIPT / "worker.mjs"), live.url, live.token(["external-tasks", "read"], TOPICS))
    completed = _start(live, "js.complete", name="林晓雯", when="2026-03-05T02:00:00Z")
    worker.says("extended")
    assert worker.says("completed") == {"event": "completed", "businessKey": "GD-7", "retries": None}
    end, variables = _ended(live, completed)
    assert (end, variables["greeting"], variables["order"]) == ("end", "你好，林晓雯", {"parts": [1, 2]})
    assert variables["when"].startswith("2026-03-05T02:00:00")

    flaky = _start(live, "js.flaky")
    worker.says("failed")
    assert worker.says("recovered")["errorMessage"] == "timeout"
    assert _ended(live, flaky)[1] == {"attempts_left": 1}

    refused = _start(live, "js.error", _CATCHES)
    worker.says("reported")
    assert _ended(live, refused) == ("end_caught", {"missing": "A-1"})


def test_the_javascript_client_sends_and_loads_files(live: Live, run: Run, npm: str, tmp_path: Path) -> None:
    """A file that one task sends is kept as an attachment of the case; the next one loads it."""
    picture = tmp_path / "p.png"
    Image.new("RGB", (40, 30), "red").save(picture)
    worker = run("node", str(JAVASCRIPT / "worker.mjs"), live.url, live.token(["external-tasks", "read"], TOPICS), str(picture))
    diagram = """start write read end <serviceTask id="write" camunda:type="external" camunda:topic="js.file.write"/>
      <serviceTask id="read" camunda:type="external" camunda:topic="js.file.read"/>"""
    deployments.deploy(live.site.engine, {"p.bpmn": bpmn(diagram)}, name="p", external_workers=True)
    case = instances.start(live.site.engine, "p")
    worker.says("sent")
    assert worker.says("loaded")["filename"] == "现场.png"
    assert _ended(live, case)[1]["size"] > 0


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_the_workers_of_the_documentation_run_as_printed(live: Live, run: Run, npm: str, tmp_path: Path, language: str) -> None:
    """Copied from docs/workers.md, ten lines, not a letter changed."""
    [printed] = re.findall(rf"```{language}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert len([line for line in printed.splitlines() if line.strip()]) <= 10
    environment = {"OPSBOOK_URL": live.url, "OPSBOOK_TOKEN": live.token(["external-tasks"], ["sms"])}
    if language == "python":
        run(sys.executable, "-c", printed, environment=environment)
    else:
        script = tmp_path / "worker.mjs"
        script.write_text(printed, "utf-8")
        (tmp_path / "node_modules").symlink_to(JAVASCRIPT / "node_modules")
        run("node", str(script), environment=environment)
    assert _ended(live, _start(live, "sms", phone="13800000000"))[1]["sent_to"] == "13800000000"
