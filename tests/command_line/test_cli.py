"""The command line as operators use it: in an empty folder, with nothing but environment variables."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine.storage.database import Database
from engine.storage.tables import ApiToken, Group, Membership, ProcessDefinition, User, WorkCalendar
from web.auth.passwords import verify_password
from web.cli import main

PROCEDURES = Path(__file__).parents[1] / "web" / "procedures"
PASSWORD = "correct horse 42"

Opsbook = Callable[..., Result]


@pytest.fixture
def opsbook(empty_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opsbook:
    """Runs a command on an empty database of each kind; shows what it said when its exit code is not the expected one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPSBOOK_DATABASE_URL", empty_database.url.render_as_string(hide_password=False))

    def run(*arguments: str, code: int = 0, **environment: str) -> Result:
        result = CliRunner().invoke(main, list(arguments), env=environment)
        assert result.exit_code == code, result.output
        return result

    return run


def test_the_version_is_told(opsbook: Opsbook) -> None:
    """`opsbook --version` works without a database."""
    assert "0.1.0" in opsbook("--version").output


def test_migrate_makes_an_installation_ready(opsbook: Opsbook, empty_database: Database, tmp_path: Path) -> None:
    """Given an empty database, when it is migrated twice, then groups, calendar and a private session key are there once, and no person is."""
    opsbook("migrate")
    key = (tmp_path / "var" / "secret_key").read_text()
    opsbook("migrate")

    with empty_database.session() as session:
        assert {"opsbook-admin", "opsbook-owner", "opsbook-auditor", "hotline"} <= set(session.scalars(select(Group.id)))
        assert session.scalars(select(WorkCalendar.id)).all() == ["default"]
        assert session.scalars(select(User.id)).all() == []
    assert (tmp_path / "var" / "secret_key").read_text() == key
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0


def test_a_user_is_made_with_groups(opsbook: Opsbook, empty_database: Database) -> None:
    """The account can sign in and belongs to the groups asked for."""
    opsbook("user", "add", "anna", "--name", "安娜", "--group", "opsbook-admin", "--group", "hotline", "--password", PASSWORD)

    with empty_database.session() as session:
        assert verify_password(session.get_one(User, "anna").password_hash, PASSWORD)
        assert sorted(session.scalars(select(Membership.group_id))) == ["hotline", "opsbook-admin"]


def test_a_weak_password_is_refused_in_both_languages(opsbook: Opsbook) -> None:
    """The rules of the set-up page hold here too, and the answer is a sentence, not a traceback."""
    result = opsbook("user", "add", "anna", "--name", "安娜", "--password", "demo", code=1)

    assert "密码至少" in result.output
    assert "at least" in result.output
    assert "Traceback" not in result.output


def test_a_folder_is_checked_then_deployed_once(opsbook: Opsbook, empty_database: Database) -> None:
    """`check` changes nothing; `deploy` makes version 1; deploying the same again makes no version 2."""
    folder = str(PROCEDURES / "part_request")

    opsbook("check", folder)
    with empty_database.session() as session:
        assert session.scalars(select(ProcessDefinition.id)).all() == []
    opsbook("deploy", folder)
    opsbook("deploy", folder)

    with empty_database.session() as session:
        assert session.scalars(select(ProcessDefinition.id)).all() == ["part_request:1"]


def test_a_broken_diagram_is_named_with_its_problem(opsbook: Opsbook, tmp_path: Path) -> None:
    """Both commands say what is wrong and end with an error."""
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "bad.bpmn").write_text("<!DOCTYPE x><definitions/>")

    for command in ("check", "deploy"):
        result = opsbook(command, str(folder), code=1)
        assert "bad.bpmn" in result.output
        assert "DOCTYPE" in result.output


def test_a_token_is_printed_once_and_revoked(opsbook: Opsbook, empty_database: Database) -> None:
    """Given a person, when a token is made, its secret is printed and only its hash kept; revoked, it is over; external tasks need a topic."""
    opsbook("user", "add", "anna", "--name", "安娜", "--group", "opsbook-admin", "--password", PASSWORD)

    token_id, secret = opsbook("token", "add", "anna", "--name", "夜班脚本", "--scope", "external-tasks", "--topic", "sms").output.split()
    opsbook("token", "add", "anna", "--name", "x", "--scope", "external-tasks", code=1)
    opsbook("token", "revoke", token_id)

    with empty_database.session() as session:
        kept = session.scalars(select(ApiToken)).one()
    assert kept.secret_sha256 == sha256(secret.encode()).hexdigest()
    assert (kept.topics, kept.revoked_at is not None) == (["sms"], True)


def test_coverage_of_the_manuals_fails_on_missing_clauses(opsbook: Opsbook, tmp_path: Path) -> None:
    """Given the shipped processes, coverage counts every clause; without the form that a clause needs, it names the clause and fails."""
    shipped = Path(__file__).parents[2] / "processes"
    told = json.loads(opsbook("manual", "coverage", str(shipped), "--json").stdout)
    assert told["manuals"][-1]["clauses"] == 633
    assert (told["missing"], told["deviations"]) == ([], [])

    folder = tmp_path / "processes"
    shutil.copytree(shipped, folder)
    diagram = folder / "callback" / "callback.bpmn"
    diagram.write_text(diagram.read_text().replace("M3-3.1-cb-3", "M3-3.1-cb-1"))
    parameters = folder / "manuals" / "parameters.yaml"
    parameters.write_text(parameters.read_text().replace("value: P7D", "value: P9D"))
    output = opsbook("manual", "coverage", str(folder), code=1).output
    assert "callback  M3-3.1-cb-3" in output
    assert "M4-2.3.10#deadline  手册 manual P7D  现为 now P9D  (parameter callback_due)" in output

    checked = opsbook("check", str(folder)).output
    assert "Clause M4-2.3.10 states P7D (deadline); here it is P9D." in checked
