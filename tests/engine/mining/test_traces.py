"""Traces are kept up to date with the histories, and say the same when they are unpacked."""

from engine.history.mining.day import day_of
from engine.history.mining.trace import unpack
from engine.history.mining.traces import cases
from engine.runtime import operations
from engine.runtime.operations import migration
from engine.runtime.operations.migration import Migrate
from engine.runtime.tracing import keep_traces
from tests.engine.conftest import Play


def test_only_cases_in_which_something_happened_are_folded_again(once: Play) -> None:
    """Given traces of three cases, when one goes on, then one is folded; when nothing happens, none."""
    once.deploy("start a b end")
    first, *_ = (once.start("p") for _ in range(3))

    assert keep_traces(once.engine) == 3
    assert keep_traces(once.engine) == 0
    once.complete("a", instance=first)
    assert keep_traces(once.engine, "q") == 0
    assert keep_traces(once.engine, "p") == 1
    with once.engine.database.session() as session:
        found = {case.id: case.trace for case in cases(session, "p", [])}
    assert [run.element for run in found[first].runs] == ["start", "a", "b"]
    assert all(unpack(trace.packed()) == trace for trace in found.values())


def test_a_run_that_was_renamed_by_a_migration_ends_under_its_new_name(once: Play) -> None:
    """Given a task that became another by migration, then it was entered as the first and ended as the second, each on its version."""
    once.deploy("start a end")
    case = once.start("p")
    once.deploy("start b end")
    plan = migration.generate(once.engine, "p:1", "p:2", overrides=[migration.MigrationInstruction("a", "b")])
    operations.apply(once.engine, Migrate(case, plan), actor="owner", reason="newer")
    once.complete("b")
    keep_traces(once.engine)
    with once.engine.database.session() as session:
        (found,) = cases(session, "p", [])
    task = next(run for run in found.trace.runs if run.element == "a")

    assert found.trace.versions == ["p:1", "p:2"]
    assert (task.version, task.last_element, task.last_version) == (0, "b", 1)


def test_a_day_has_what_happened_between_its_midnights(once: Play) -> None:
    """Given a case of two days, then each day has its moves, and the night is spent at the task."""
    once.deploy("start a b end")
    began = once.clock.now()
    once.start("p")
    once.advance(hours=24)
    once.complete("a")
    keep_traces(once.engine)
    midnight = round(began.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)
    with once.engine.database.session() as session:
        first, second, third = (day_of(cases(session, "p", []), midnight + day * 86_400_000) for day in range(3))
    since = began.timestamp() - midnight / 1000

    assert ([at for at, _ in first.moves], first.stays) == ([since], [("a", since, 86_400.0)])
    assert ([at for at, _ in second.moves], second.stays) == ([since], [("a", 0.0, since), ("b", since, 86_400.0)])
    assert (third.moves, third.stays, third.cases) == ([], [("b", 0.0, 86_400.0)], 1)
