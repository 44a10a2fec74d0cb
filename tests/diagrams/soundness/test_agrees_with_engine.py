"""On random diagrams, what the check calls sound never gets stuck on the engine, and every deadlock it tells of really is one."""

from collections.abc import Iterator
from random import Random

import pytest

from engine.diagrams.model import Process
from engine.diagrams.reader import read_diagram
from engine.diagrams.soundness import Flaw, Net, judge, nets_of
from engine.diagrams.soundness.play import Move
from tests.diagrams.soundness.engine_play import EnginePlay, parts_of
from tests.engine.diagram import bpmn
from tests.engine.random_processes.drawing import draw
from tests.engine.random_processes.generator import Generator
from tests.engine.random_processes.graphs import Graphs

_STEPS = 40
#: Ends that take along what still waits, so that a join that waits for nobody is not stuck.
_ENDS_THE_REST = ('terminate="', 'error="', 'cancel="')
#: What makes something happen by itself, so that a way cannot be followed step by step.
_BY_ITSELF = ("condition=", "compensate=", "escalation=", "<subProcess", "<transaction", "<callActivity", "again=", "times=")


def _levels(bodies: dict[str, str]) -> Iterator[tuple[str, Net, tuple[Flaw, ...]]]:
    for key, body in bodies.items():
        never = set[str]()
        for scope, net in nets_of(_process(key, body), never):
            verdict = judge(net)
            never |= set() if verdict.completes else {scope}
            yield scope, net, verdict.flaws


def _process(key: str, body: str) -> Process:
    return read_diagram(bpmn(body, key)).processes[0]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["blocks", "graphs"])
def test_what_is_called_sound_never_gets_stuck(kind: str) -> None:
    """Given a random diagram in which the check finds no deadlock and no meeting, then whatever happens, the engine never reports a join that waits for nobody."""
    played = 0
    for seed in range(150 if kind == "blocks" else 300):
        bodies = draw(Generator(seed).process()) if kind == "blocks" else Graphs(seed).processes()
        levels = list(_levels(bodies))
        if any(flaws or any(node.told_by for node in net.nodes) for _, net, flaws in levels):
            continue
        played += 1
        game, random = EnginePlay(bodies), Random(seed)
        while game.state == "active" and game.steps < _STEPS and len(game.rows) < 40:
            assert game.rows, (seed, bodies)
            game.act_at_random(random)
            if not any(word in body for body in bodies.values() for word in _ENDS_THE_REST):
                assert game.blocked() == set(), (seed, bodies)
    assert played > 15


@pytest.mark.timeout(300)
def test_every_deadlock_is_one() -> None:
    """Given a random diagram with a deadlock, when the engine goes the way that the check tells of, then the join waits, whatever happens afterwards."""
    played = 0
    for seed in range(1500):
        bodies = Graphs(seed).processes()
        if any(word in bodies["p"] for word in _BY_ITSELF):
            continue
        for _, _, flaws in _levels({"p": bodies["p"]}):
            if any(flaw.code == "no-synchronisation" for flaw in flaws):
                continue  # of two tokens at one place the engine may take the other
            for flaw in flaws:
                if flaw.code == "deadlock":
                    _must_get_stuck(seed, bodies["p"], flaw)
                    played += 1
    assert played > 30


def _must_get_stuck(seed: int, body: str, flaw: Flaw) -> None:
    process = _process("p", body)
    choices: dict[str, list[set[str]]] = {}
    for move in flaw.path:
        for source, targets in _splits(process, move):
            choices.setdefault(source, []).append(targets)
    game = EnginePlay({"p": body}, choices)
    game.follow(flaw.path)
    into = {flow.id for flow in process.incoming[flaw.node]}
    random = Random(seed)
    while game.steps < _STEPS:
        assert game.state == "active", (seed, flaw, body)
        assert into & set(game.view()[2]), (seed, flaw, body)
        if not game.rows or len(game.rows) > 40:
            break
        game.act_at_random(random)


def _splits(process: Process, move: Move) -> Iterator[tuple[str, set[str]]]:
    """The elements that a move leaves, and the flows along which it goes."""
    flows = [process.flows[part] for part in parts_of(move) if part in process.flows]
    by_source: dict[str, set[str]] = {}
    for flow in flows:
        by_source.setdefault(flow.source, set()).add(flow.id)
    yield from by_source.items()
