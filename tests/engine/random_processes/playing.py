"""Plays a random process on the engine and on the oracles, side by side."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from engine.clock import SimulatedClock
from tests.engine.diagram import bpmn
from tests.engine.random_processes import blocks as b
from tests.engine.random_processes.desk import Desk, Row
from tests.engine.random_processes.drawing import draw
from tests.engine.random_processes.generator import Generator
from tests.engine.random_processes.graphs import Graphs
from tests.engine.random_processes.oracle import Oracle as BlockOracle
from tests.engine.random_processes.possibilities import Oracle, TooManyPossibilities

#: A play that goes on longer is ended.
STEPS = 60
#: A case in which more than this waits goes on multiplying.
MOST_WAITING = 40
_DEED = re.compile(r"(.+?)(?: (=|\+|breaks|reports) (\w+))?")
#: When every play begins.
BEGIN = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)


@dataclass
class Case:
    """Processes in short BPMN by id; what p is made of, if it is made of blocks."""

    bodies: dict[str, str]
    blocks: b.Scope | None = None

    def text(self) -> str:
        """To read, and to keep as a file (see `found`)."""
        return "\n".join(f"{key}:\n{body.strip()}" for key, body in self.bodies.items())


def of_blocks(seed: int) -> Case:
    """Structured: every split has its join."""
    process = Generator(seed).process()
    return Case(draw(process), process)


def of_graphs(seed: int) -> Case:
    """Any flow from anywhere to anywhere."""
    return Case(Graphs(seed).processes())


KINDS: dict[str, Callable[[int], Case]] = {"blocks": of_blocks, "graphs": of_graphs}


class Play:
    """One case, the engine and the oracles, and the way they went."""

    def __init__(self, case: Case, *, reloading: bool) -> None:
        """Args: reloading: save and read back between any two steps."""
        diagrams = {key: bpmn(body, key) for key, body in case.bodies.items()}
        self.clock = SimulatedClock(BEGIN)
        self.way: list[str] = []
        self.signals: list[Row] = []  #: who has yet to get a signal that was thrown
        self.oracle = Oracle(diagrams)
        self.blocks = None if case.blocks is None else BlockOracle(case.blocks)
        self.engine = Desk(diagrams, self.clock, reloading=reloading)
        self.compare()

    @property
    def goes_on(self) -> bool:
        """Whether anything more may happen that is worth looking at."""
        engine = self.engine
        return engine.state == "active" and bool(engine.rows) and engine.steps < STEPS and len(engine.rows) < MOST_WAITING

    def compare(self) -> None:
        """Engine and oracles agree."""
        seen, expected = self.engine.view(), [game.view() for game in self.oracle.games]
        assert self.oracle.keep(seen), f"the engine shows {seen}, the oracle says {expected}"
        if self.blocks is not None:
            names = sorted(row.what for row in self.engine.rows.values())
            expected_names = self.blocks.waiting()
            assert (self.engine.state, names) == (self.blocks.state, expected_names), f"{names} is not {expected_names}"

    # -- acting ------------------------------------------------------------------------------------------------------

    def act(self, random: Random) -> None:
        """Somebody or something does one of the things that are possible, at random."""
        names = sorted({row.what for row in self.engine.rows.values()})
        has_timers = any(row.due_at is not None for row in self.engine.rows.values())
        name = "signal" if self.signals else random.choice([*names, *["clock"] * has_timers])
        if name == "signal":
            self.do(name)
        elif name == "clock":
            self.do(f"clock + {random.randint(1, 9)}")
        else:
            self.do(self._deed(self.engine.oldest(name), random))

    def _deed(self, row: Row, random: Random) -> str:
        x, luck = random.randint(0, 2), random.random()
        if row.due_at is not None:
            return f"clock + {max(0, -((self.clock.now() - row.due_at) // timedelta(hours=1)))}"
        if row.kind in ("handler", "before", "after") and luck < 0.15:
            return f"{row.what} breaks down"
        if row.kind == "handler" and luck < 0.4:
            return f"{row.what} reports E"
        brings_x = row.kind in ("user", "handler") or (row.kind in ("message", "signal") and luck < 0.5)
        return f"{row.what} = {x}" if brings_x else row.what

    def do(self, deed: str) -> None:
        """One line of a way: `w1 = 2`, `e5`, `clock + 3`, `s4 breaks down`, `s4 reports E`, or `signal` for one that was thrown."""
        self.way.append(deed)
        name, how, value = _DEED.fullmatch(deed).groups()
        if deed == "signal":
            row = self.signals.pop(0)
            if row.id in self.engine.rows:
                self._happen(row, None)
        elif how == "+":
            self._pass_time(int(value))
        elif how == "breaks":
            row = self.engine.oldest(name)
            self.engine.break_down(row, {"x": 2} if row.kind == "handler" else {})
            self.compare()
        elif how == "reports":
            self._report(self.engine.oldest(name), value)
        else:
            self._happen(self.engine.oldest(name), int(value) if how else None)

    def _happen(self, row: Row, x: int | None) -> None:
        if row.due_at is not None and sum(other.what == row.what for other in self.engine.rows.values()) > 1:
            self.blocks = None  # it knows no time, so it cannot tell which of several is due
        self.engine.happen(row, {} if x is None else {"x": x})
        self.oracle.happen(row.what, x)
        if self.blocks is not None:
            self.blocks.happen(row.what, x)
        self.signals += self.engine.signals
        self.compare()

    def _pass_time(self, hours: int) -> None:
        """The clock jumps; what is due fires one after the other."""
        self.clock.advance(timedelta(hours=hours))
        self.oracle.pass_time(hours)
        while self.engine.steps < STEPS and (row := self.engine.next_due()) is not None:
            self._happen(row, None)

    def _report(self, row: Row, code: str) -> None:
        caught = self.oracle.games[0].catches(row.what, code)
        assert self.engine.report(row, code) == caught, f"the oracle says that {code} is {'not ' * (not caught)}caught"
        if caught:
            self.oracle.happen(row.what, error=code)
            if self.blocks is not None:
                self.blocks.fail(row.what)
        self.compare()


class Different(AssertionError):
    """Engine and oracles differ; the message has the seed, then what a file in `found` has: the way there and the diagram, both shrunk."""


def play(kind: str, seed: int, *, reloading: bool) -> int:
    """Play the process of a seed to its end, or for some steps; returns the steps.

    Raises:
        Different: engine and oracles differ.
    """
    from tests.engine.random_processes.shrinking import shrink

    case, random, way = KINDS[kind](seed), Random(seed), list[str]()
    try:
        game = Play(case, reloading=reloading)
        way = game.way
        while game.goes_on:
            game.act(random)
    except TooManyPossibilities:
        return 0
    except Exception as error:
        case, way = shrink(case, list(way))
        raise Different(f"# {kind}, seed {seed}, reloading {reloading}: {error}\n{'; '.join(way)}\n{case.text()}") from error
    return game.engine.steps
