"""Plays the inputs of a case again and compares what comes out, event by event."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from engine.errors import NotFound, OpsbookError
from engine.runtime import state
from engine.runtime.execution.deadlocks import report_deadlocks
from engine.runtime.execution.effects import Effects, HistoryEvent
from engine.runtime.replaying.inputs import TELL_THEMSELVES, CannotReplay, begin, input_of, is_remark
from engine.runtime.replaying.past_world import PastCatalog, PastStep, deployment_of
from engine.runtime.replaying.recorded import Recorded, histories_of, restart_of
from engine.storage.tables import Event, ProcessInstance

if TYPE_CHECKING:
    from engine.runtime.engine import Engine

#: What is made anew at random, and says nothing.
_RANDOM = frozenset(("job_id",))


@dataclass(frozen=True)
class Cause:
    """The recorded input after which something else came out: if an input was tampered with, it is this one or an earlier one."""

    instance_id: str
    sequence: int


@dataclass(frozen=True)
class Difference:
    """Where the replay first parts from the history: what was recorded, what came out instead (None: nothing), and why."""

    instance_id: str
    sequence: int
    recorded: dict[str, Any] | None
    replayed: dict[str, Any] | None
    zh: str
    en: str
    cause: Cause | None = None  #: none for what was recorded without an input that brings it about


@dataclass(frozen=True)
class Verdict:
    """The outcome for one case: how much was done again and compared, and the first difference if there is one."""

    root_id: str
    inputs: int
    events: int
    difference: Difference | None = None


def verify(engine: "Engine", root_id: str) -> Verdict:
    """Replay a case, running or ended, with everything it called; nothing is written.

    Raises:
        NotFound: no such case.
    """
    with engine.database.session() as session:
        root = session.get(ProcessInstance, root_id)
        if root is None or root.parent_id is not None:
            raise NotFound(f"没有案例 {root_id}。", f"There is no case {root_id}.", id=root_id)
        histories = histories_of(session, root_id)
        catalog = PastCatalog(session, engine.cache, deployment_of(session, engine.cache, histories[root_id]))
        return _Replay(engine, catalog, root_id, histories, restart_of(session, histories[root_id])).verdict()


class _Different(Exception):
    def __init__(self, difference: Difference) -> None:
        super().__init__(difference.en)
        self.difference = difference

    def after(self, event: Event) -> "_Different":
        """The same, with the input that was done again last."""
        return _Different(replace(self.difference, cause=Cause(event.instance_id, event.sequence)))


@dataclass
class _Replay:
    """One case, as far as it is replayed."""

    engine: "Engine"
    catalog: PastCatalog
    root_id: str
    histories: dict[str, Recorded]
    restart: Event | None
    inputs: int = 0
    step: PastStep = field(init=False)

    def verdict(self) -> Verdict:
        difference = None
        try:
            self._begin()
            while self._go_on():
                pass
            self._require_nothing_left()
        except _Different as found:
            difference = found.difference
        return Verdict(self.root_id, self.inputs, sum(recorded.position for recorded in self.histories.values()), difference)

    # -- doing again -------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        called: dict[str, deque[tuple[str, str]]] = {}
        for recorded in self.histories.values():
            for event in recorded.events:
                if event.type == "CalledInstanceStarted":
                    called.setdefault(str(event.element_instance_id), deque()).append((event.data["instance_id"], event.data["process"]))
        self.step = PastStep(self.engine, self.catalog, called)
        recorded = self.histories[self.root_id]
        first = recorded.events[0]
        self.step.turn_to(first.happened_at, first.actor)
        self._compare_after(first, lambda: begin(self.step, recorded, self.restart))
        self.inputs += 1

    def _go_on(self) -> bool:
        """Do the next input; False when there is none. Of inputs at one instant the history of each instance says which came first."""
        heads = list(self._next_inputs())
        if not heads:
            return False
        instant = min(head.happened_at for head in heads)
        first, *others = [head for head in heads if head.happened_at == instant]
        before = self._remember() if others else None
        try:
            self._do(first)
        except _Different:
            if before is None or not any(self._fits(head, before) for head in others):
                raise
        self.inputs += 1
        return True

    def _fits(self, head: Event, before: Any) -> bool:
        self._restore(before)
        try:
            self._do(head)
        except _Different:
            return False
        return True

    def _next_inputs(self) -> Iterator[Event]:
        for instance_id in self.step.instances:
            recorded = self.histories[instance_id]
            head = next((event for event in recorded.events[recorded.position :] if not is_remark(event)), None)
            if head is not None and input_of(head) is not None:
                yield head

    def _do(self, event: Event) -> None:
        recorded, instance = self.histories[event.instance_id], self.step.instances[event.instance_id]
        do = input_of(event)
        assert do is not None
        while recorded.events[recorded.position] is not event:
            recorded.take()  # remarks
        if event.type not in TELL_THEMSELVES:
            recorded.take()
        self.step.turn_to(event.happened_at, event.actor)
        self._compare_after(event, lambda: do(self.step, instance, event, _after(recorded, event)))

    # -- comparing ---------------------------------------------------------------------------------------------------

    def _compare_after(self, event: Event, do: Callable[[], object]) -> None:
        """Do an input again, let the case run on, and compare what came out."""
        try:
            do()
            self.step.run()
        except (CannotReplay, OpsbookError) as error:
            raise _Different(_refused(event, error)).after(event) from error
        try:
            self._compare()
        except _Different as found:
            raise found.after(event) from None

    def _compare(self) -> None:
        for instance in list(self.step.instances.values()):
            if instance.row["state"] == "active":
                report_deadlocks(instance.execution)
            self.step._name_case(instance)  # noqa: SLF001 -- a step of ours does what every step does at its end
            effects, instance.execution.effects = instance.execution.effects, Effects()
            recorded = self.histories.get(instance.row["id"])
            for made in effects.events:
                _match(instance.row["id"], recorded, made)

    def _require_nothing_left(self) -> None:
        for instance_id, recorded in self.histories.items():
            for event in recorded.events[recorded.position :]:
                if not is_remark(event):
                    raise _Different(
                        _difference(
                            instance_id, event, None, "记录里有，重放没有产生。", "It was recorded, and the replay did not bring it about."
                        )
                    )

    # -- going back --------------------------------------------------------------------------------------------------

    def _remember(self) -> Any:
        positions = {instance_id: recorded.position for instance_id, recorded in self.histories.items()}
        saved = {key: (dict(item.row), item.execution.spec, state.save(item.execution)) for key, item in self.step.instances.items()}
        return positions, saved, {run: deque(waiting) for run, waiting in self.step.called.items()}

    def _restore(self, before: Any) -> None:
        positions, saved, called = before
        for instance_id, position in positions.items():
            self.histories[instance_id].position = position
        self.step.called = called
        self.step.instances = {key: self.step.instances[key] for key in saved}
        for key, (row, spec, content) in saved.items():
            instance = self.step.instances[key]
            instance.row = row
            instance.execution = state.load(content, spec, row["id"], row["business_key"], self.step.surroundings)


def _after(recorded: Recorded, event: Event) -> Recorded:
    """The history behind an event that is told anew."""
    if recorded.head() is not event:
        return recorded
    behind = Recorded(recorded.events)
    behind.position = recorded.position + 1
    return behind


def _match(instance_id: str, recorded: Recorded | None, made: HistoryEvent) -> None:
    """The next event of the history is this one, apart from remarks in between."""
    if recorded is not None and made.type == "VariableChanged":
        # failing the same value another one of the same variable, so that the two stand side by side
        _ = recorded.bring_forward(lambda event: _essence(event) == _essence(made)) or recorded.bring_forward(
            lambda event: _variable(event) == _variable(made)
        )
    while recorded is not None and (head := recorded.head()) is not None:
        if _essence(head) == _essence(made):
            recorded.take()
            return
        if not is_remark(head) or head.type == made.type:
            raise _Different(
                _difference(instance_id, head, made, "重放得到的与记录不同。", "The replay brought about something else than was recorded.")
            )
        recorded.take()
    raise _Different(_difference(instance_id, None, made, "重放产生了记录里没有的事。", "The replay brought about what was not recorded."))


def _essence(event: Event | HistoryEvent) -> tuple[Any, ...]:
    return (
        event.type,
        event.element_id,
        event.element_instance_id,
        {name: value for name, value in event.data.items() if name not in _RANDOM},
    )


def _variable(event: Event | HistoryEvent) -> tuple[Any, ...]:
    return event.data.get("scope"), event.data.get("name")


def _difference(instance_id: str, event: Event | None, made: HistoryEvent | None, zh: str, en: str) -> Difference:
    return Difference(instance_id, 0 if event is None else event.sequence, _told(event), _told(made), zh, en)


def _refused(event: Event, error: Exception) -> Difference:
    text = (error.text("zh"), error.text("en")) if isinstance(error, OpsbookError) else (str(error), str(error))
    return Difference(
        event.instance_id, event.sequence, _told(event), None, f"重放时这一步做不成：{text[0]}", f"This cannot be done again: {text[1]}"
    )


def _told(event: Event | HistoryEvent | None) -> dict[str, Any] | None:
    return None if event is None else {"type": event.type, "element_id": event.element_id, "data": event.data}
