"""Random processes: the engine's token game and an oracle that knows only blocks agree after every step."""

import pytest

from engine.clock import SimulatedClock
from engine.runtime.execution.gateways import InclusiveGatewaySpec, ParallelGatewaySpec
from tests.engine.random_processes.playing import play

_CHUNK = 250

#: Seeds that once showed a difference, in the engine, the oracle or the drawing.
_FOUND = (246, 528, 708, 1166, 1367)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("first", range(0, 8 * _CHUNK, _CHUNK))
def test_random_processes_agree_with_the_oracle(clock: SimulatedClock, first: int) -> None:
    """All gateways, loops, sub-processes, boundary events, event sub-processes, rounds, races and endings, mixed at random."""
    assert sum(play(seed, clock, reloading=False) for seed in range(first, first + _CHUNK)) > _CHUNK


@pytest.mark.timeout(900)
@pytest.mark.parametrize("first", range(100_000, 100_000 + 4 * _CHUNK, _CHUNK))
def test_random_processes_agree_when_saved_and_read_back_after_every_step(clock: SimulatedClock, first: int) -> None:
    """What is saved is all there is."""
    assert sum(play(seed, clock, reloading=True) for seed in range(first, first + _CHUNK)) > _CHUNK


@pytest.mark.parametrize("seed", _FOUND)
def test_seeds_that_once_differed(clock: SimulatedClock, seed: int) -> None:
    """They stay right, both ways."""
    assert play(seed, clock, reloading=False) == play(seed, clock, reloading=True)


@pytest.mark.parametrize("gateway", [ParallelGatewaySpec, InclusiveGatewaySpec])
def test_a_broken_join_is_noticed(clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch, gateway: type) -> None:
    """Given a join that lets every token pass, then the comparison fails soon: the oracle is no rubber stamp."""
    monkeypatch.setattr(gateway, "may_run", lambda _self, _task: True)
    with pytest.raises(AssertionError, match="seed"):
        for seed in range(200):
            play(seed, clock, reloading=False)


def test_a_state_that_forgets_is_noticed(clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given saving that loses what a multi-instance has counted, then playing on after a reload fails."""
    from engine.runtime import state

    whole = state.load

    def forgetful(*arguments: object) -> object:
        execution = whole(*arguments)
        for task in execution.tasks.values():
            task.internal_data.pop("flow", None)
        return execution

    monkeypatch.setattr(state, "load", forgetful)
    with pytest.raises((AssertionError, KeyError)):
        for seed in range(200):
            play(seed, clock, reloading=True)
