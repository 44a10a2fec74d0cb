"""`opsbook case …`: what an operator does without a browser."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine.runtime import executor, instances
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.tables import Event, ProcessInstance, UserTask
from tests.engine.diagram import bpmn
from web.bootstrap import bootstrap
from web.cli import main

_BODY = '{first} visit end <userTask id="{record}" name="登记需求"/><userTask id="visit" name="上门检查"/>'
Opsbook = Callable[..., Result]


@pytest.fixture
def opsbook(empty_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opsbook:
    """Runs a command on a database with a procedure; shows what it said when its exit code is not the expected one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPSBOOK_DATABASE_URL", empty_database.url.render_as_string(hide_password=False))

    def run(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, list(arguments))
        assert result.exit_code == code, result.output
        return result

    run("deploy", str(_folder(tmp_path / "old", "record")))
    return run


def _folder(folder: Path, record: str) -> Path:
    """A procedure whose first task has this id."""
    folder.mkdir()
    body = _BODY.format(first=f"start {record}", record=record)
    (folder / "site_visit.bpmn").write_bytes(bpmn(body, "site_visit"))
    return folder


@pytest.fixture
def begun(opsbook: Opsbook, empty_database: Database) -> str:
    """A case of which the first task is open."""
    engine = bootstrap(Settings(database_url=empty_database.url.render_as_string(hide_password=False)))
    instance_id = instances.start(engine, "site_visit", {"customer_name": "x"}, actor="li")
    engine.database.dispose()
    return instance_id


def _open(database: Database) -> list[str]:
    with database.session() as session:
        return sorted(session.scalars(select(UserTask.element_id).where(UserTask.state == "open")))


def test_a_case_is_moved_after_a_dry_run(opsbook: Opsbook, begun: str, empty_database: Database) -> None:
    """The dry run names what closes and opens and changes nothing; then it is done, with reason and person in the history."""
    move = ("case", "move", begun, "--cancel", "record", "--before", "visit", "--set", "urgency=urgent", "--set", "n=2")
    said = opsbook(*move, "--dry-run").output
    assert "closes  task record 登记需求" in said
    assert "opens  task visit 上门检查" in said
    assert "sets  n: null -> 2" in said
    assert _open(empty_database) == ["record"]

    assert "原因" in opsbook(*move, code=1).output
    opsbook(*move, "--reason", "no need to record", "--by", "anna")
    assert _open(empty_database) == ["visit"]
    with empty_database.session() as session:
        told = session.scalars(select(Event).where(Event.type == "CaseModified")).one()
    assert (told.actor, told.data["reason"]) == ("anna", "no need to record")


def test_a_case_is_suspended_resumed_corrected_cancelled_and_restarted(opsbook: Opsbook, begun: str) -> None:
    """Every operation answers in JSON, too; errors come in both languages."""
    for command, state in (("suspend", "suspended"), ("resume", "active")):
        assert json.loads(opsbook("case", command, begun, "--reason", "x", "--json").output)["state"] == state
    said = opsbook("case", "set", begun, "a=[1]", "b=text", "--remove", "customer_name", "--reason", "x", "--json").output
    assert {item["name"]: item["after"] for item in json.loads(said)["variables"]} == {"a": [1], "b": "text", "customer_name": None}
    assert "名称=值" in opsbook("case", "set", begun, "a", "--reason", "x", code=1).output
    assert "InstanceCancelled" not in opsbook("case", "cancel", begun, "--reason", "x").output
    again = json.loads(opsbook("case", "restart", begun, "--before", "visit", "--reason", "x", "--json").output)
    assert again["started"] != begun
    assert "There is no process instance" in opsbook("case", "cancel", "nothing", "--reason", "x", code=1).output


def test_cases_are_migrated_by_a_batch(opsbook: Opsbook, begun: str, empty_database: Database, tmp_path: Path) -> None:
    """The dry run says which cases go and which stay and why; the batch is done by the server."""
    opsbook("deploy", str(_folder(tmp_path / "new", "note")))
    command = ("case", "migrate", "site_visit:1", "site_visit:2")
    assert f"{begun}  stays" in opsbook(*command, "--dry-run").output
    told = json.loads(opsbook(*command, "--map", "record=note", "--dry-run", "--json").output)
    assert told[begun]["problems"] == []

    opsbook(*command, "--map", "record=note", "--reason", "new rules", "--by", "anna")
    engine = bootstrap(Settings(database_url=empty_database.url.render_as_string(hide_password=False)))
    executor.run_until_idle(engine)
    engine.database.dispose()

    assert _open(empty_database) == ["note"]
    with empty_database.session() as session:
        assert session.scalars(select(ProcessInstance.process_definition_id)).all() == ["site_visit:2"]


def test_histories_are_verified(opsbook: Opsbook, begun: str) -> None:
    """A case that was moved, corrected and cancelled is done again with the same outcome; so are all finished cases of a process."""
    opsbook("case", "set", begun, "urgency=high", "--reason", "x")
    opsbook("case", "move", begun, "--cancel", "record", "--before", "visit", "--reason", "x")
    opsbook("case", "cancel", begun, "--reason", "x")

    assert f"✓ [1/1] {begun}" in opsbook("replay", begun, "--verify").output
    told = opsbook("replay", "--verify", "--process", "site_visit", "--json").output.strip()
    assert (json.loads(told)["root_id"], json.loads(told)["state"]) == (begun, "same")
    assert "0 cases" in opsbook("replay", "--verify", "--process", "unknown").output
    assert "There is no case" in opsbook("replay", "nothing", "--verify", code=1).output
    assert "--verify" in opsbook("replay", begun, code=2).output


def test_finished_cases_are_tried_on_a_draft(opsbook: Opsbook, begun: str, tmp_path: Path) -> None:
    """A finished case goes the same way where its task has another id, and stops on a draft with a new handler; without a case, name a process."""
    opsbook("case", "cancel", begun, "--reason", "x")
    asks = tmp_path / "asks.bpmn"
    asks.write_bytes(
        bpmn(_BODY.format(first="start call record", record="record") + '<serviceTask id="call" topic="test.echo"/>', "site_visit")
    )

    renamed = opsbook("replay", "--draft", str(_folder(tmp_path / "draft", "note")), "--process", "site_visit")
    stuck = json.loads(opsbook("replay", begun, "--draft", str(asks), "--json", code=1).output)

    assert "1 cases, 0 would go another way" in renamed.output
    assert (stuck["root_id"], stuck["state"], stuck["stop"]["why"]) == (begun, "stuck", "handler")
    assert "--process" in opsbook("replay", "--draft", str(asks), code=2).output
