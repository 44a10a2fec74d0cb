"""A procedure that meets everything that waits, and an owner who plays it in a sandbox."""

import html
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.command_line.test_scenarios import PARAMETERS
from tests.engine.diagram import bpmn

if TYPE_CHECKING:
    from tests.web.conftest import Client, Site

KEY = "repairs/repairs.bpmn"
REPAIRS = bpmn(
    """
    start ask archive wait_part check end
    late remind end_reminded
    full tell end_full
    <startEvent id="start" camunda:formRef="f_start"/>
    <userTask id="ask" name="询问件数" camunda:candidateGroups="parts" camunda:formRef="f_ask"/>
    <boundaryEvent id="late" name="两小时没问" on="ask" duration="PT2H" cancelActivity="false"/>
    <userTask id="remind" name="催一催" camunda:candidateGroups="no_such_group"/>
    <serviceTask id="archive" name="归档" topic="test.archive" in:fault="=fault"/>
    <boundaryEvent id="full" name="档案柜满" on="archive" error="FULL"/>
    <userTask id="tell" name="告诉客户" camunda:candidateGroups="hotline"/>
    <intermediateCatchEvent id="wait_part" name="等备件" message="part.came"/>
    <callActivity id="check" name="检查" calledElement="checks"/>
    """,
    "repairs",
)
CHECKS = bpmn('start look end\n<userTask id="look" name="看一看" camunda:candidateGroups="parts"/>', "checks")
START = {
    "id": "f_start",
    "type": "default",
    "components": [{"type": "textfield", "id": "s", "key": "fault", "label": "故障", "validate": {"required": True}}],
}
ASK = {
    "id": "f_ask",
    "type": "default",
    "components": [{"type": "number", "id": "w", "key": "wanted", "label": "件数", "validate": {"required": True}}],
}
BEGUN = """
name: 开不了机
steps:
  - start: repairs
    by: parts1
    with: {fault: 开不了机}
expect:
  open: [ask]
"""


def write_shop(root: Path) -> None:
    """A folder with the procedure and the one that it calls."""
    (root / "manuals").mkdir(parents=True)
    shutil.copy(PARAMETERS, root / "manuals" / "parameters.yaml")
    (root / "repairs" / "scenarios").mkdir(parents=True)
    (root / "checks").mkdir()
    (root / KEY).write_bytes(REPAIRS)
    (root / "checks" / "checks.bpmn").write_bytes(CHECKS)
    (root / "repairs" / "f_start.form").write_text(json.dumps(START))
    (root / "repairs" / "f_ask.form").write_text(json.dumps(ASK))
    (root / "repairs" / "scenarios" / "begun.yaml").write_text(BEGUN, "utf-8")


@dataclass
class Run:
    """An owner at the page of a sandbox."""

    client: "Client"
    address: str

    def page(self) -> str:
        """What it shows now."""
        return self.client.text(self.address)

    def words(self) -> str:
        """The same without its tags."""
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<script.*?</script>|<[^>]+>", " ", self.page(), flags=re.DOTALL)))

    def post(self, path: str, **values: str) -> str:
        """Press a button; returns what the page says of it."""
        answer = self.client.send(f"{self.address}/{path}", values)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return self.page()

    def start(self, fault: str = "开不了机") -> None:
        """Fill in the start form."""
        answer = self.client.send_json(f"{self.address}/start", {"fault": fault})
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def complete(self, number: int = 0, **values: Any) -> Any:
        """Fill in the form of one of the open tasks."""
        task = re.findall(r'data-task="([\w-]+)"', self.page())[number]
        return self.client.send_json(f"{self.address}/tasks/{task}", values)

    def answer(self, how: str, **values: str) -> str:
        """Answer for the handler that waits."""
        (job,) = re.findall(r'data-job="([\w-]+)"', self.page())
        return self.post(f"answers/{job}", how=how, **values)

    def pass_timer(self) -> None:
        """Let the first timer pass."""
        timer = self.page().split("data-timer")[1]
        found = re.search(r'name="until" value="([^"]+)"', timer)
        assert found is not None
        self.post("time", until=found[1])


def tried(site: "Site", like: str = "", user: str = "owner", key: str = KEY) -> Run:
    """A run that has begun."""
    client = site.as_(user)
    answer = client.send(f"/studio/try/{key}", {"like": like})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return Run(client, answer.headers["Location"])


def archiving(site: "Site", fault: str = "开不了机") -> Run:
    """A run that waits for the archive's handler."""
    run = tried(site)
    run.start(fault)
    assert run.complete(wanted=3).status_code == 200
    return run
