"""Makes random processes from a seed."""

from random import Random

from tests.engine.random_processes import blocks as b


class Generator:
    """Draws blocks until a budget of elements is spent."""

    def __init__(self, seed: int) -> None:
        """Args: seed: the same seed makes the same process."""
        self.random = Random(seed)
        self.budget = self.random.choice((6, 12, 20, 30))
        self.number = 0

    def process(self) -> b.Scope:
        """A whole process."""
        inside = [self._handler(("message", "signal", "timer"), gone=False)] if self.random.random() < 0.2 else []
        return b.Scope("p", self._sequence(depth=0, gone=True, closing=True), inside=inside)

    def _name(self, prefix: str) -> str:
        self.number += 1
        self.budget -= 1
        return f"{prefix}{self.number}"

    def _sequence(self, depth: int, *, gone: bool, closing: bool) -> b.Sequence:
        """`gone`: whether its token may end before its end; `closing`: whether it may end the scope (only after a wait, so that no two race)."""
        parts = [self._block(depth, gone=gone, closing=closing) for _ in range(self.random.randint(0 if depth else 2, 3))]
        if closing and self.random.random() < 0.12:
            leave = b.Sequence([b.Work(self._name("w")), b.Leave(self._name("end"), self.random.choice(("terminate", "error")))])
            parts.append(b.Choice(self._name("c"), [leave, b.Sequence([])]))
        elif gone and depth and self.random.random() < 0.1:
            parts.append(b.Leave(self._name("end"), "none"))
        return b.Sequence(parts)

    def _block(self, depth: int, *, gone: bool, closing: bool) -> b.Block:
        if self.budget <= 0 or depth > 4:
            return self._work()
        kinds = ("work", "work", "wait", "quiet", "rounds", "choice", "all", "all", "some", "some", "repeat", "race", "scope", "scope")
        kind = self.random.choice(kinds)
        if kind == "work":
            return self._work()
        if kind == "wait":
            return b.Wait(self._name("e"), self._event(), self._hours())
        if kind == "quiet":
            return b.Quiet(self._name("q"))
        if kind == "rounds":
            return self._work(self.random.randint(0, 3), sequential=self.random.random() < 0.5)
        if kind == "choice":
            return b.Choice(self._name("c"), self._branches(depth, gone=gone, closing=closing))
        if kind == "all":
            return b.All(self._name("f"), self._branches(depth, gone=False, closing=closing))
        if kind == "some":
            return b.Some(self._name("s"), self._branches(depth, gone=gone, closing=closing))
        if kind == "repeat":
            body = self._sequence(depth + 1, gone=gone, closing=closing)
            return b.Repeat(self._name("r"), b.Sequence([b.Work(self._name("w")), *body.parts]))
        if kind == "race":
            branches = self._branches(depth, gone=gone, closing=closing)
            return b.Race(self._name("g"), branches, [self._event() for _ in branches], [self._hours() for _ in branches])
        return self._scope(depth, gone=gone, closing=closing)

    def _work(self, rounds: int | None = None, *, sequential: bool = False) -> b.Work:
        tag = self.random.choice(("userTask", "userTask", "userTask", "serviceTask"))
        before, after = self.random.random() < 0.07, self.random.random() < 0.07
        return b.Work(self._name("w"), rounds, sequential, tag, before, after)

    def _event(self) -> str:
        return self.random.choice(("message", "message", "receive", "signal", "timer"))

    def _hours(self) -> int:
        return self.random.randint(1, 4)

    def _branches(self, depth: int, *, gone: bool, closing: bool) -> list[b.Block]:
        return [self._sequence(depth + 1, gone=gone, closing=closing) for _ in range(self.random.randint(2, 3))]

    def _scope(self, depth: int, *, gone: bool, closing: bool) -> b.Scope:
        name = self._name("sub")
        body = self._sequence(depth + 1, gone=True, closing=True)
        boundaries = [
            self._handler(("message", "timer", "signal"), depth=depth + 1, gone=gone) for _ in range(self.random.choice((0, 0, 1, 2)))
        ]
        if not closing or self.random.random() < 0.7:
            boundaries.append(b.Handler(self._name("b"), "error", True, self._sequence(depth + 1, gone=False, closing=False)))
        inside = [self._handler(("message", "signal"), depth=depth + 1, gone=True) for _ in range(self.random.choice((0, 0, 0, 1)))]
        rounds = self.random.choice((None, None, None, 0, 1, 2))
        called = self.random.random() < 0.25
        return b.Scope(name, body, boundaries, inside, rounds, sequential=self.random.random() < 0.5, called=called)

    def _handler(self, kinds: tuple[str, ...], depth: int = 1, *, gone: bool) -> b.Handler:
        interrupting = self.random.random() < 0.5
        if interrupting or "error" in kinds:
            body = self._sequence(depth, gone=gone, closing=False)
        else:  # it may run several times at once in one scope, where tokens of different runs would meet at a join
            body = b.Sequence([b.Work(self._name("w")) for _ in range(self.random.randint(0, 2))])
        return b.Handler(self._name("b"), self.random.choice(kinds), interrupting, body, self._hours())
