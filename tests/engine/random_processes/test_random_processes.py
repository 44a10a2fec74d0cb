"""Random processes: the engine, an oracle that plays tokens on the diagram, and one that knows only blocks agree after every step."""

from pathlib import Path
from typing import Any

import pytest

from engine.runtime import state
from engine.runtime.execution.execution import Execution
from engine.runtime.execution.gateways import InclusiveGatewaySpec, ParallelGatewaySpec
from tests.engine.random_processes import found
from tests.engine.random_processes.playing import Different, play

_CHUNK = 250
_CHUNKS = range(0, 5 * _CHUNK, _CHUNK)
_KINDS = pytest.mark.parametrize("kind", ["blocks", "graphs"])


@pytest.mark.timeout(900)
@_KINDS
@pytest.mark.parametrize("first", _CHUNKS)
def test_engine_and_oracles_agree(kind: str, first: int) -> None:
    """All gateways, loops, sub-processes, calls, events, rounds, jobs and endings, mixed at random; users, workers and the clock, too."""
    assert sum(play(kind, seed, reloading=False) for seed in range(first, first + _CHUNK)) > _CHUNK


@pytest.mark.timeout(900)
@_KINDS
@pytest.mark.parametrize("first", _CHUNKS)
def test_they_agree_when_saved_and_read_back_after_every_step(kind: str, first: int) -> None:
    """What is saved is all there is."""
    first += 100_000
    assert sum(play(kind, seed, reloading=True) for seed in range(first, first + _CHUNK)) > _CHUNK


@pytest.mark.timeout(900)
@_KINDS
def test_they_agree_when_saved_and_read_back_after_every_element(kind: str, reload_after_every_element: None) -> None:
    """Nothing is needed of what a step has left behind."""
    assert sum(play(kind, seed, reloading=False) for seed in range(200_000, 200_100)) > 100


@pytest.mark.parametrize("reloading", [False, True])
@pytest.mark.parametrize("path", sorted(found.FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_what_once_differed_stays_right(path: Path, reloading: bool) -> None:
    """Given a difference that was found, in the engine, an oracle or the drawing, then all agree on it now."""
    case, way = found.read(path)
    found.replay(case, way, reloading=reloading)


@_KINDS
@pytest.mark.parametrize("gateway", [ParallelGatewaySpec, InclusiveGatewaySpec])
def test_a_broken_join_is_noticed(monkeypatch: pytest.MonkeyPatch, kind: str, gateway: type) -> None:
    """Given a join that lets every token pass, then the comparison fails soon, and says by which seed and small diagram."""
    monkeypatch.setattr(gateway, "may_run", lambda _self, _task: True)
    with pytest.raises(Different, match=rf"{kind}, seed \d+") as noticed:
        for seed in range(200):
            play(kind, seed, reloading=False)
    assert "p:\n" in str(noticed.value)


def test_a_state_that_forgets_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given saving that loses by which flow a token came, then playing on after a reload fails."""
    whole = state.load

    def forgetful(*arguments: Any) -> Execution:
        execution = whole(*arguments)
        for task in execution.tasks.values():
            task.internal_data.pop("flow", None)
        return execution

    monkeypatch.setattr(state, "load", forgetful)
    with pytest.raises(Different):
        for seed in range(200):
            play("graphs", seed, reloading=True)


def test_a_tree_that_keeps_what_has_ended_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given compaction that forgets to remove what is cancelled inside a cancelled scope, then the tree is not what the past left alive."""
    whole = Execution.cancel_task
    monkeypatch.setattr(
        Execution, "cancel_task", lambda self, task: None if task.parent.parent and task.parent.parent.parent else whole(self, task)
    )
    with pytest.raises(Different):
        for seed in range(200):
            play("graphs", seed, reloading=False)
