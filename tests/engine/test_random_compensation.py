"""Random nestings of tasks, sub-processes and multi-instances, undone in exactly the order that the nesting says."""

from random import Random  # noqa: TID251 -- a drawing, the same for a seed

import pytest

from tests.engine.conftest import Play


class Nesting:
    """A random sequence of things that complete, with or without something that undoes them."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._ids = iter(f"x{number}" for number in range(1000))
        self.undoing: list[str] = []
        self.body, self.undone = self._sequence(3)

    def _sequence(self, depth: int) -> tuple[str, list[str]]:
        """(a scope's diagram, what undoing the scope runs, in order)."""
        drawn, undone = [], []
        chain = []
        for _ in range(self._random.randint(1, 4)):
            identifier, xml, undo = self._sub_process(depth - 1) if depth and self._random.random() < 0.5 else self._task()
            chain.append(identifier)
            drawn.append(xml)
            undone.append(undo)
        start, end = f"start_{next(self._ids)}", f"end_{next(self._ids)}"
        return f"{start} {' '.join(chain)} {end} {''.join(drawn)}", [item for undo in reversed(undone) for item in undo]

    def _task(self) -> tuple[str, str, list[str]]:
        identifier, (rounds, times) = next(self._ids), self._rounds()
        task = f'<task id="{identifier}" {rounds}/>'
        if self._random.random() < 0.3:
            return identifier, task, []
        xml, handler = self._handler(identifier)
        return identifier, task + xml, [handler] * times

    def _sub_process(self, depth: int) -> tuple[str, str, list[str]]:
        identifier, (rounds, times) = next(self._ids), self._rounds()
        body, undone = self._sequence(depth)
        beside = ""
        kind = self._random.choice(("inside", "inside", "boundary", "event"))
        if kind == "boundary":
            beside, handler = self._handler(identifier)
            undone = [handler]
        elif kind == "event":
            on, before, throw, after = (next(self._ids) for _ in range(4))
            throws = self._random.random() < 0.5
            body += f"""<subProcess id="{on}" triggeredByEvent="true">start_{on} {before} {throw} {after} end_{on}
              <startEvent id="start_{on}" compensate=""/><task id="{before}"/><task id="{after}"/>
              {f'<intermediateThrowEvent id="{throw}" compensate=""/>' if throws else f'<task id="{throw}"/>'}</subProcess>"""
            self.undoing += [before, after]
            undone = [before, *(undone if throws else []), after]
        tag = self._random.choice(("subProcess", "transaction"))
        return identifier, f'<{tag} id="{identifier}" {rounds}>{body}</{tag}>{beside}', undone * times

    def _rounds(self) -> tuple[str, int]:
        """One after the other: rounds side by side complete in an order that the nesting does not tell."""
        times = self._random.choice((1, 1, 2, 3))
        attributes = self._random.choice((f'times="{times}" sequential="true"', f'again="loopCounter &lt; {times}"'))
        return ("", 1) if times == 1 else (attributes, times)

    def _handler(self, identifier: str) -> tuple[str, str]:
        handler, event = next(self._ids), next(self._ids)
        self.undoing.append(handler)
        boundary = f'<boundaryEvent id="{event}" on="{identifier}" by="{handler}"/>'
        return f'{boundary}<task id="{handler}" isForCompensation="true"/>', handler


@pytest.mark.parametrize("seed", range(25))
def test_a_nesting_is_undone_in_reverse(play: Play, seed: int) -> None:
    """Given things inside things that completed, when compensation is thrown around them, then exactly what undoes them runs, last first."""
    nesting = Nesting(seed)
    throw = '<intermediateThrowEvent id="undo" compensate="all"/>'
    case = play.begin(f'start all undo end <subProcess id="all">{nesting.body}</subProcess>{throw}')
    assert play.ended(case) == "end", play.incidents()
    undoing = frozenset(nesting.undoing)
    assert [element for element in play.path(case) if element in undoing] == nesting.undone
