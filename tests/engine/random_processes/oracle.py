"""Plays blocks without tokens, gateways or a diagram: every running block knows what it waits for and what comes after.

Independent of the engine on purpose: the two share nothing but the meaning of BPMN.
"""

from collections.abc import Iterator

from tests.engine.random_processes import blocks as b
from tests.engine.random_processes.running import Closed, Offer, Running, RunningWork, World, never_arrives


class RunningSequence(Running):
    """The part of a sequence that is at hand, and the rest."""

    def __init__(self, world: World, scope: "RunningScope | None", block: b.Sequence) -> None:
        super().__init__(world, scope)
        self.rest = list(block.parts)
        self.current: Running | None = None
        self.settle()

    def offers(self) -> Iterator[Offer]:
        if self.current is not None:
            yield from self.current.offers()

    def may_arrive(self) -> bool:
        return not self.gone and (self.current is None or self.current.may_arrive()) and not any(never_arrives(part) for part in self.rest)

    def settle(self) -> None:
        if self.current is not None:
            self.current.settle()
        while not self.done and (self.current is None or self.current.done):
            if self.current is not None and self.current.gone:
                self.done = self.gone = True
            elif not self.rest:
                self.done = True
            else:
                self.current = begin(self.rest.pop(0), self.world, self.scope)


class RunningBranches(Running):
    """Several branches at once; done when all are, gone when all are gone.

    An inclusive join does not wait for those that cannot arrive any more: they go on beside.
    """

    def __init__(self, world: World, scope: "RunningScope | None", branches: list[b.Block], *, inclusive: bool) -> None:
        super().__init__(world, scope)
        self.inclusive = inclusive
        self.branches = [begin(branch, world, scope) for branch in branches]
        self.settle()

    def offers(self) -> Iterator[Offer]:
        for branch in self.branches:
            yield from branch.offers()

    def settle(self) -> None:
        for branch in self.branches:
            branch.settle()
        if self.inclusive and any(branch.done and not branch.gone for branch in self.branches):
            lost = [branch for branch in self.branches if not branch.done and not branch.may_arrive()]
            self.branches = [branch for branch in self.branches if branch not in lost]
            if lost and self.scope is not None:
                self.scope.sides += lost
        self.done = all(branch.done for branch in self.branches)
        self.gone = all(branch.gone for branch in self.branches)

    def may_arrive(self) -> bool:
        return any(branch.may_arrive() for branch in self.branches)


class RunningRepeat(Running):
    """The round of a loop that is at hand."""

    def __init__(self, world: World, scope: "RunningScope | None", block: b.Repeat) -> None:
        super().__init__(world, scope)
        self.block = block
        self.current = begin(block.body, world, scope)
        self.settle()

    def offers(self) -> Iterator[Offer]:
        yield from self.current.offers()

    def may_arrive(self) -> bool:
        return self.current.may_arrive()

    def settle(self) -> None:
        self.current.settle()
        while self.current.done and not self.done:
            if self.current.gone or self.world.x != 1:
                self.done, self.gone = True, self.current.gone
            else:
                self.current = begin(self.block.body, self.world, self.scope)


class RunningRace(Running):
    """A race, or the branch that won it."""

    def __init__(self, world: World, scope: "RunningScope | None", block: b.Race) -> None:
        super().__init__(world, scope)
        self.block = block
        self.chosen: Running | None = None

    def offers(self) -> Iterator[Offer]:
        if self.chosen is not None:
            yield from self.chosen.offers()
        else:
            yield from ((self.block.event(number).name, self) for number in range(len(self.block.branches)))

    def take(self, name: str) -> None:
        numbers = {self.block.event(number).name: number for number in range(len(self.block.branches))}
        self.chosen = begin(self.block.branches[numbers[name]], self.world, self.scope)
        self.settle()

    def may_arrive(self) -> bool:
        return not never_arrives(self.block) if self.chosen is None else self.chosen.may_arrive()

    def settle(self) -> None:
        if self.chosen is not None:
            self.chosen.settle()
            self.done, self.gone = self.chosen.done, self.chosen.gone


class RunningScope(Running):
    """One run of a scope: its body, what runs beside it, and the event sub-processes that watch."""

    def __init__(self, world: World, scope: "RunningScope | None", block: b.Scope) -> None:
        super().__init__(world, scope)
        self.handlers = list(block.inside)
        self.sides: list[Running] = []
        self.main: Running | None = None
        self.error = False
        try:
            self.main = begin(block.body, world, self)
        except Closed as closed:
            self.close(closed)
        self.settle()

    def offers(self) -> Iterator[Offer]:
        if self.main is not None:
            yield from self.main.offers()
        for side in self.sides:
            yield from side.offers()
        if not self.done:
            yield from ((f"start_{handler.name}", self) for handler in self.handlers)

    def take(self, name: str) -> None:
        handler = next(handler for handler in self.handlers if f"start_{handler.name}" == name)
        if handler.interrupting:
            self.main, self.sides, self.handlers = None, [], []
        self.sides.append(RunningScope(self.world, self, b.Scope(handler.name, handler.body)))
        self.settle()

    def close(self, closed: Closed) -> None:
        """The scope is over."""
        self.main, self.sides, self.handlers = None, [], []
        self.error = closed.kind == "error"
        self.done = True

    def settle(self) -> None:
        for part in [*self.sides, *([self.main] if self.main else [])]:
            try:
                part.settle()
            except Closed as closed:
                self.close(closed)
                return
        if any(isinstance(side, RunningScope) and side.error for side in self.sides):
            self.close(Closed("error"))
            return
        self.sides = [side for side in self.sides if not side.done]
        self.done = self.done or (not self.sides and (self.main is None or self.main.done))


class RunningSubProcess(Running):
    """A sub-process with its rounds and boundary events."""

    def __init__(self, world: World, scope: "RunningScope | None", block: b.Scope) -> None:
        super().__init__(world, scope)
        self.block = block
        self.left = 1 if block.rounds is None else block.rounds
        self.runs: list[RunningScope] = []
        self.handlers = [handler for handler in block.boundaries if handler.kind != "error"]
        self.instead: Running | None = None
        for _ in range(min(self.left, 1) if block.sequential else self.left):
            self._begin_round()
        self.settle()

    def _begin_round(self) -> None:
        self.left -= 1
        self.runs.append(RunningScope(self.world.called() if self.block.called else self.world, self.scope, self.block))

    def offers(self) -> Iterator[Offer]:
        if self.instead is not None:
            yield from self.instead.offers()
            return
        for run in self.runs:
            yield from run.offers()
        if not self.done:
            yield from ((handler.name, self) for handler in self.handlers)

    def take(self, name: str) -> None:
        self._handle(next(handler for handler in self.handlers if handler.name == name))
        self.settle()

    def _handle(self, handler: b.Handler) -> None:
        if handler.interrupting:
            self.runs, self.left, self.handlers = [], 0, []
            self.instead = begin(handler.body, self.world, self.scope)
        else:
            assert self.scope is not None
            self.scope.sides.append(begin(handler.body, self.world, self.scope))

    def may_arrive(self) -> bool:
        return self.instead is None or self.instead.may_arrive()

    def settle(self) -> None:
        if self.instead is None:
            self._settle_rounds()
        if self.instead is not None:
            self.instead.settle()
            self.done, self.gone = self.instead.done, self.instead.gone

    def _settle_rounds(self) -> None:
        while True:
            for run in self.runs:
                run.settle()
            if any(run.error for run in self.runs):
                catcher = next((handler for handler in self.block.boundaries if handler.kind == "error"), None)
                if catcher is None:
                    raise Closed("error")
                self._handle(catcher)
                return
            self.runs = [run for run in self.runs if not run.done]
            if self.runs or not self.left:
                break
            self._begin_round()
        self.done = not self.runs and not self.left


def begin(block: b.Block, world: World, scope: RunningScope | None) -> Running:
    """Begin a block."""
    if isinstance(block, b.Leave) and block.kind != "none":
        raise Closed(block.kind)
    if isinstance(block, b.Work | b.Wait):
        return RunningWork(world, scope, block)
    if isinstance(block, b.Scope):
        return RunningSubProcess(world, scope, block)
    if isinstance(block, b.Sequence):
        return RunningSequence(world, scope, block)
    if isinstance(block, b.Choice):
        return begin(block.branches[min(world.x, len(block.branches) - 1)], world, scope)
    if isinstance(block, b.All):
        return RunningBranches(world, scope, block.branches, inclusive=False)
    if isinstance(block, b.Some):
        chosen = [branch for number, branch in enumerate(block.branches[:-1]) if world.x > number]
        return RunningBranches(world, scope, chosen or block.branches[-1:], inclusive=True)
    if isinstance(block, b.Repeat):
        return RunningRepeat(world, scope, block)
    if isinstance(block, b.Race):
        return RunningRace(world, scope, block)
    passed = Running(world, scope)
    passed.done, passed.gone = True, isinstance(block, b.Leave)
    return passed


class Oracle:
    """A process at play."""

    def __init__(self, process: b.Scope) -> None:
        """Begin it."""
        self.world = World()
        self.root = RunningScope(self.world, None, process)

    @property
    def state(self) -> str:
        """active, completed or failed."""
        return "failed" if self.root.error else "completed" if self.root.done else "active"

    def waiting(self) -> list[str]:
        """Names of all that may happen, sorted, as often as they may."""
        return sorted(name for name, _ in self.root.offers()) if self.state == "active" else []

    def happen(self, name: str, x: int | None) -> None:
        """The oldest offer of this name happens; it may set x."""
        taker = self._oldest(name)
        if x is not None:
            taker.world.x = x
        taker.take(name)
        self.root.settle()

    def fail(self, name: str) -> None:
        """The worker of the oldest offer of this name reports an error."""
        taker = self._oldest(name)
        assert isinstance(taker, RunningWork)
        taker.broken = True
        self.root.settle()

    def _oldest(self, name: str) -> Running:
        return min((taker for offered, taker in self.root.offers() if offered == name), key=lambda taker: taker.age)
