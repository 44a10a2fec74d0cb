"""The shipped processes deploy as they are."""

from collections.abc import Callable

from engine.runtime import deployments
from engine.runtime.engine import Engine
from tests.processes.conftest import PROCESSES


def test_shipped_processes_have_no_findings(make_engine: Callable[[], Engine]) -> None:
    """Every diagram, decision table and form under processes/ passes every check, warnings included."""
    problems = deployments.check(make_engine(), deployments.read_directory(PROCESSES))

    assert [problem.text("en") for problem in problems if problem.severity != "info"] == []
    assert {problem.code for problem in problems} <= {"error-unhandled"}


def test_deploying_twice_changes_nothing(make_engine: Callable[[], Engine]) -> None:
    """A second deployment of the same folder makes no new version."""
    first = deployments.deploy_directory(make_engine(), PROCESSES)
    second = deployments.deploy_directory(make_engine(), PROCESSES)

    assert first.processes
    assert second.deployment_id is None
    assert second.processes == []
