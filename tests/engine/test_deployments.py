"""Deploying: all or nothing, only what changed, and every diagram that is allowed runs."""

import pytest

from engine.errors import DeploymentRefused
from engine.runtime import deployments
from tests.engine.conftest import Play, form
from tests.engine.diagram import bpmn


def test_elements_may_be_called_anything(once: Play) -> None:
    """Ids that libraries use themselves are ordinary ids here."""
    case = once.begin('start Start End Root end <task id="Start"/><task id="End"/><task id="Root"/>')
    assert once.path(case) == ["start", "Start", "End", "Root", "end"]


def test_a_chain_of_two_thousand_tasks_runs(once: Play) -> None:
    """Long diagrams hit no recursion limit."""
    chain = " ".join(f"t{number}" for number in range(2000))
    tasks = "".join(f'<task id="t{number}"/>' for number in range(2000))
    case = once.begin(f"start {chain} end {tasks}")
    assert once.ended(case) == "end"


def test_a_deployment_lists_the_problems_of_all_files_and_deploys_nothing(once: Play) -> None:
    """Given three files with mistakes, then all are named, and the sound file beside them is not deployed either."""
    files = {
        "good.bpmn": bpmn("start a end", "good"),
        "bad.bpmn": bpmn('start a end <userTask id="a" camunda:formRef="f_no"/>', "bad"),
        "broken.bpmn": b"<definitions>",
        "broken.form": b"{",
    }
    with pytest.raises(DeploymentRefused) as refused:
        deployments.deploy(once.engine, files, name="several")
    assert {problem["resource"] for problem in refused.value.details["problems"]} == {"bad.bpmn", "broken.bpmn", "broken.form"}
    assert deployments.deploy(once.engine, {"good.bpmn": files["good.bpmn"]}, name="good").processes == ["good:1"]


def test_only_what_changed_gets_a_new_version(once: Play) -> None:
    """Deploying the same again changes nothing; a changed file gets version 2."""
    first = once.deploy("start a end", files=form("f", x="number"))
    again = once.deploy("start a end", files=form("f", x="number"))
    changed = once.deploy("start b end", files=form("f", x="number"))
    assert (first.processes, first.forms) == (["p:1"], ["f:1"])
    assert (again.processes, again.forms, again.deployment_id) == ([], [], None)
    assert (changed.processes, changed.forms) == (["p:2"], [])


def test_a_message_starts_one_process_only(once: Play) -> None:
    """A second start event for the same message is refused, in another process and in the same."""
    once.deploy('start a end <startEvent id="start" message="order"/>')
    with pytest.raises(DeploymentRefused, match="order"):
        once.deploy('start a end <startEvent id="start" message="order"/>', "q")
    with pytest.raises(DeploymentRefused, match="order"):
        once.deploy('start a end \n start_2 a <startEvent id="start" message="order"/><startEvent id="start_2" message="order"/>')


def test_the_same_process_in_two_files_is_refused(once: Play) -> None:
    """A key is deployed once."""
    with pytest.raises(DeploymentRefused, match="several files"):
        deployments.deploy(once.engine, {"a.bpmn": bpmn("start a end"), "b.bpmn": bpmn("start b end")}, name="twice")


def test_the_same_form_in_two_files_is_refused(once: Play) -> None:
    """Given two forms of one id, when they are deployed together, then the second is named with the file of the first."""
    (content,) = form("f", x="number").values()

    with pytest.raises(DeploymentRefused) as refused:
        deployments.deploy(once.engine, {"a/f.form": content, "b/f.form": content}, name="twice")

    assert [(problem.code, problem.resource) for problem in refused.value.problems] == [("duplicate-form", "b/f.form")]
    assert "a/f.form" in refused.value.en
