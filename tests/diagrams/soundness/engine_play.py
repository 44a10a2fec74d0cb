"""Plays a way that the soundness check tells of on the engine itself."""

import re
from random import Random
from typing import Any

from engine.clock import SimulatedClock
from engine.diagrams.soundness.play import Move
from engine.runtime.execution.deadlocks import report_deadlocks
from engine.runtime.execution.effects import Effects
from tests.engine.diagram import bpmn
from tests.engine.random_processes.desk import Desk, Row
from tests.engine.random_processes.past import Past
from tests.engine.random_processes.playing import BEGIN

_CONDITION = re.compile(rb'(<sequenceFlow id="(\w+)"[^>]*><conditionExpression>)[^<]*')


class EnginePlay(Desk):
    """One case on the engine in memory, whose conditional flows are chosen from outside."""

    def __init__(self, bodies: dict[str, str], choices: dict[str, list[set[str]]] | None = None) -> None:
        """Args: choices: by element, the flows that it goes along, the first time, the second, …"""
        self.choices = choices or {}
        diagrams = {key: _CONDITION.sub(rb"\1take_\2 = 1", bpmn(body, key)) for key, body in bodies.items()}
        self.random: Random | None = None
        super().__init__(diagrams, SimulatedClock(BEGIN), reloading=False)

    def blocked(self) -> set[str]:
        """The joins that the engine reports as waiting for nobody."""
        found = set[str]()
        for instance in self._active():
            report_deadlocks(instance.execution)
            instance.execution.effects = Effects()
            found |= instance.execution.task_tree.internal_data.get("blocked", {}).keys()
        return found

    def act(self, row: Row) -> None:
        """Somebody does what there is to do."""
        self.clock.set(max(self.clock.now(), row.due_at or BEGIN))
        self.happen(row, {})

    def act_at_random(self, random: Random) -> None:
        """Anything happens, and every condition comes out by chance."""
        self.random = random
        self.act(random.choice(sorted(self.rows.values(), key=lambda row: (row.what, row.id))))

    def follow(self, path: tuple[Move, ...]) -> None:
        """What waits is done in the order of a way."""
        for move in path:
            if not move.event:
                for part in parts_of(move):
                    self._finish(part)
                continue
            self._act_on(move.node, "before")
            event = self.root.execution.spec.process.elements[move.event].event
            if event is not None and event.kind == "error":
                assert self.report(self.oldest(move.node), event.name or "E")
            else:
                self._finish(move.event)

    def _finish(self, element: str) -> None:
        for stage in ("before", "", "after"):
            self._act_on(element, stage)

    def _act_on(self, element: str, stage: str) -> None:
        waiting = [row for row in self.rows.values() if row.what == f"{stage} {element}".strip()]
        if waiting:
            self.act(min(waiting, key=self._age))

    def _run(self) -> None:
        self._choose()
        super()._run()

    def _do(self, row: Row, variables: dict[str, Any]) -> None:
        self._choose()
        super()._do(row, variables)

    def _choose(self) -> None:
        for instance in self.step.instances.values():
            known = self.pasts.setdefault(str(instance.row["id"]), Past()).variables
            for flow in instance.execution.spec.process.flows.values():
                if flow.condition:
                    following = self.choices.get(flow.source) or [set()]
                    chosen = self.random.random() < 0.5 if self.random is not None else flow.id in following[0]
                    known[f"take_{flow.id}"] = instance.execution.task_tree.data[f"take_{flow.id}"] = int(chosen)

    def _write(self, instance: Any, effects: Effects) -> None:
        for event in effects.events:
            following = self.choices.get(event.element_id or "")
            if event.type == "FlowTaken" and following:
                following[0].discard(event.data["flow_id"])
                if not following[0]:
                    following.pop(0)
        super()._write(instance, effects)


def parts_of(move: Move) -> list[str]:
    """The elements and flows of a move, in order."""
    return [move.node, *(part for item in move.exits for part in (*item.through, item.flow) if part)]
