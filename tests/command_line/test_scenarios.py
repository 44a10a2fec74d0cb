"""`opsbook test`: what a process owner reads when scenarios pass, fail, or cannot be played as written."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.engine.diagram import bpmn
from web.cli import main

PARAMETERS = Path(__file__).parents[2] / "processes" / "manuals" / "parameters.yaml"
DIAGRAM = bpmn(
    """
    start ask choose / small end_small
    choose [wanted > 10] large end_large
    <userTask id="ask" name="询问件数" camunda:candidateGroups="parts" camunda:formRef="f_ask" camunda:dueDate="=now() + duration(&quot;PT2H&quot;)"/>
    <userTask id="small" name="办小单" camunda:candidateGroups="parts"/>
    <userTask id="large" name="办大单" camunda:candidateGroups="parts"/>
    """,
    "orders",
)
FORM = {
    "id": "f_ask",
    "type": "default",
    "components": [{"type": "number", "id": "w", "key": "wanted", "label": "件数", "validate": {"required": True}}],
}
SMALL = """
name: 小单
steps:
  - start: orders
    by: parts1
  - expect: {open: [ask], deadlines: {ask: 2026-03-05 12:00}}
  - complete: ask
    by: parts1
    enter: {wanted: 3}
  - complete: small
    by: parts1
expect:
  ended: end_small
  path: [ask, small]
  not_path: [large]
  variables: {wanted: =1 + 2}
"""
LARGE = """
name: 大单
begins_like: small
up_to: ask
steps:
  - complete: ask
    by: parts1
    enter: {}
    refused: [wanted]
  - wait: P1D
  - complete: ask
    by: parts1
    enter: {wanted: 30}
  - complete: large
    by: parts1
expect:
  ended: end_large
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one procedure and one scenario of it."""
    root = tmp_path / "processes"
    (root / "manuals").mkdir(parents=True)
    shutil.copy(PARAMETERS, root / "manuals" / "parameters.yaml")
    (root / "orders" / "scenarios").mkdir(parents=True)
    (root / "orders" / "orders.bpmn").write_bytes(DIAGRAM)
    (root / "orders" / "f_ask.form").write_text(json.dumps(FORM))
    write(root, "small", SMALL)
    return root


def write(root: Path, name: str, text: str) -> None:
    """A scenario of the procedure."""
    (root / "orders" / "scenarios" / f"{name}.yaml").write_text(text, "utf-8")


def opsbook_test(*arguments: str | Path, code: int = 0) -> str:
    """What `opsbook test` prints."""
    result = CliRunner().invoke(main, ["test", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def test_scenarios_that_pass_everything_are_green(folder: Path) -> None:
    """Given scenarios that pass every flow, when they are played side by side, then that is said and the exit code is 0."""
    write(folder, "large", LARGE)

    said = opsbook_test(folder, "--jobs", "2")

    assert "✓ orders/scenarios/small.yaml  小单" in said
    assert "✓ orders/scenarios/large.yaml  大单" in said
    assert "6/6 顺序流 / flows" in said


def test_what_no_scenario_passes_is_named(folder: Path) -> None:
    """Given a way nobody tries, when the scenarios pass, then its flows are named with file and line, and the exit code is 1, unless coverage is not asked for."""
    said = opsbook_test(folder / "orders", code=1)

    assert "4/6 顺序流 / flows" in said
    assert "orders/orders.bpmn:" in said
    assert "办大单 → end_large" in said
    opsbook_test(folder / "orders" / "scenarios" / "small.yaml", "--no-coverage")


@pytest.mark.parametrize(
    ("wrong", "line", "told"),
    [
        ("aboot: x\n", 1, "did you mean about"),
        ("name: a\nsteps:\n  - go: 1\nexpect: {ended: end_small}", 3, "A step has one of"),
        ("name: a\nsteps:\n  - complete: asc\n    by: parts1\nexpect: {ended: end_small}", 3, "did you mean ask"),
        (
            "name: a\nsteps:\n  - complete: ask\n    by: parts1\n    enter: {wanned: 1}\nexpect: {ended: end_small}",
            5,
            "did you mean wanted",
        ),
        ("name: a\nsteps:\n  - start: orders\nexpect: {open: [ask], stock: 3}", 4, "keys and values"),
        ("name: a\nsteps:\n  - start: orders\nexpect: {path: [ask]}", 4, "says at least `ended`"),
        ("name: a\nsteps:\n  - start: orders\n  - until: noon\nexpect: {ended: end_small}", 4, "an office time such as"),
        ("name: a\nsteps:\n  - message: order\nexpect: {ended: end_small}", 3, "There is no message"),
        ("name: a\nsteps:\n  - answer: ask\nexpect: {ended: end_small}", 3, "There is no element with a handler “ask”"),
        ("name: a\ngiven:\n  - do: parts.isue\nsteps:\n  - start: orders\nexpect: {ended: end_small}", 3, "did you mean parts.issue"),
        ("name: a\nbegins_like: smal\nsteps:\n  - wait: P1D\nexpect: {ended: end_small}", 2, "did you mean orders/scenarios/small.yaml"),
        ("name: a\nbegins_like: small\nup_to: aks\nsteps:\n  - wait: P1D\nexpect: {ended: end_small}", 3, "did you mean ask"),
        ("name: a\nname: b\n", 2, "given twice"),
        ("name: [a\n", 2, "Not valid YAML"),
    ],
)
def test_a_scenario_that_cannot_be_played_is_told_by_line(folder: Path, wrong: str, line: int, told: str) -> None:
    """Given a slip of the pen, when the scenario is checked, then file, line and what to do are told."""
    write(folder, "wrong", wrong)

    said = opsbook_test(folder / "orders" / "scenarios" / "wrong.yaml", code=1)

    assert f"orders/scenarios/wrong.yaml:{line} " in said
    assert told in said


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (("    by: parts1\n    enter", "    by: engineer1\n    enter"), 7, "engineer1 may not do “询问件数”; candidates: parts"),
        (("    by: parts1\n    enter", "    by: nobody\n    enter"), 7, "There is no person “nobody”"),
        (("wanted: 3", "wanted: three"), 7, "wanted:"),
        (("2026-03-05 12:00", "2026-03-05 12:30"), 6, "ask expected 2026-03-05 12:30, found 2026-03-05 12:00"),
        (("ended: end_small", "ended: end_large"), 13, "expected end_large, found end_small"),
        (("path: [ask, small]", "path: [small, ask]"), 14, "ask was not passed in its place"),
        (("not_path: [large]", "not_path: [small]"), 15, "small was passed"),
        (("=1 + 2", "=case.wantd"), 12, "did you mean wanted"),
        (("=1 + 2", "4"), 16, "wanted expected 4, found 3"),
        (
            ("  - complete: small\n    by: parts1\n", "  - complete: large\n    by: parts1\n"),
            10,
            "No task of “large” is open; open are: small",
        ),
        (("ended: end_small", "ended: end_small\n  stock: {HD-2T: 1}"), 14, "found {}"),
    ],
)
def test_what_goes_otherwise_is_told_by_step(folder: Path, change: tuple[str, str], line: int, told: str) -> None:
    """Given a scenario that goes otherwise, when it is played, then the line, what was expected and what was found are told."""
    write(folder, "small", SMALL.replace(*change))

    said = opsbook_test(folder / "orders" / "scenarios" / "small.yaml", "--no-coverage", code=1)

    assert told in said
    assert f"small.yaml:{line} " in said


def test_the_result_is_there_for_machines(folder: Path) -> None:
    """Given `--json`, when a scenario fails, then file, line, texts and the missed flows are data."""
    write(folder, "small", SMALL.replace("ended: end_small", "ended: end_large"))

    said = json.loads(opsbook_test(folder, "--json", code=1))

    (scenario,) = said["scenarios"]
    assert (scenario["file"], scenario["passed"], scenario["problems"][0]["line"]) == ("orders/scenarios/small.yaml", False, 13)
    assert [part["covered"] for part in said["coverage"][0]["parts"]] == [4]
