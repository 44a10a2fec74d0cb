"""The course of one finished case on files that are tried: the same inputs, at the same instants, as long as the case asks for them."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from engine.errors import FormRejected, NotFound, OpsbookError
from engine.runtime.execution.deadlocks import report_deadlocks
from engine.runtime.execution.effects import Effects, HistoryEvent
from engine.runtime.hindsight.entering import Entries
from engine.runtime.hindsight.outcome import Outcome, Place, Stop
from engine.runtime.hindsight.past import ByHand, Past, PastProcess, compare
from engine.runtime.hindsight.result import Counted, compared
from engine.runtime.hindsight.telling import Told, told_now, told_then
from engine.runtime.hindsight.tried import Tried, TriedCatalog
from engine.runtime.hindsight.waiting import RECORDED, Turn, Wait
from engine.runtime.hindsight.waits import Waits, place_of
from engine.runtime.replaying.inputs import CannotReplay, begin, input_of
from engine.runtime.replaying.past_world import PastStep, deployment_of
from engine.runtime.replaying.recorded import Recorded, histories_of, restart_of
from engine.runtime.step import OpenInstance
from engine.storage.tables import Event, ProcessInstance

if TYPE_CHECKING:
    from engine.runtime.engine import Engine

#: A case that takes more turns than so many for each event of its history runs in a circle.
_TURNS = 5


def look_back(engine: "Engine", root_id: str, tried: Tried) -> Outcome:
    """Do a finished case again on files that are tried; nothing is written.

    Raises:
        NotFound: there is no such case, or its process is none any more.
    """
    with engine.database.session() as session:
        root = session.get(ProcessInstance, root_id)
        if root is None or root.parent_id is not None or root.ended_at is None:
            raise NotFound(f"没有已结束的案例 {root_id}。", f"There is no finished case {root_id}.", id=root_id)
        return _Course(engine, session, root_id, tried).outcome()


class _Step(PastStep):
    """Instances that were called then have the ids they had."""

    def __init__(self, engine: "Engine", catalog: TriedCatalog, past: Past) -> None:
        super().__init__(engine, catalog, {})
        self._past = past

    def _id_of_called(self, caller: OpenInstance, call_id: str) -> str:
        element_id = caller.execution.tasks[call_id].task_spec.element.id
        return self._past.next_called(caller.row["id"], element_id) or super()._id_of_called(caller, call_id)


class _Course:
    """One case, as far as it has come."""

    def __init__(self, engine: "Engine", session: Session, root_id: str, tried: Tried) -> None:
        self._histories = histories_of(session, root_id)
        self._first = self._histories[root_id].events[0]
        self._restart = restart_of(session, self._histories[root_id])
        self._catalog = TriedCatalog(session, engine.cache, deployment_of(session, engine.cache, self._histories[root_id]), tried)
        self._past = Past(self._histories, {name: self._process_of(recorded) for name, recorded in self._histories.items()})
        self._entries = Entries(session, self._catalog, root_id)
        self._step = _Step(engine, self._catalog, self._past)
        self._surroundings = self._step.surroundings
        self._waits = Waits(self._past, self._entries, self._surroundings, self._step.instances)
        self._entered: dict[tuple[str, str], list[str]] = defaultdict(list)  #: runs by instance and element
        self._told: list[Told] = []
        self._unasked: Stop | None = None
        self._late: tuple[Counted, Counted] = (Counter(), Counter())

    def _process_of(self, recorded: Recorded) -> PastProcess:
        versions = [event.data["target"] for event in recorded.events if event.type == "CaseMigrated"]
        then = [self._catalog.process(version).spec.process for version in (recorded.events[0].data["definition"], *versions)]
        return compare(then, self._catalog.process_by_key(then[0].id).spec.process)

    def outcome(self) -> Outcome:
        """Run it as far as it comes, and compare."""
        stop = self._run() or (self._waits.stop() if self._is_active() else self._unasked)
        return compared(self._past, told_then(self._past), self._told, stop, self._late)

    def _run(self) -> Stop | None:
        """Go on until nothing happens any more, or something cannot be done."""
        place = self._past_place(self._first)
        try:
            self._begin()
            for _ in range(_TURNS * sum(len(recorded.events) for recorded in self._histories.values())):
                coming = self._coming() if self._is_active() else None
                if coming is None:
                    break
                if isinstance(coming, ByHand):
                    place = self._past_place(coming.events[0])
                    self._intervene(coming)
                else:
                    turn, wait = coming
                    place = place_of(wait.instance, wait.element.id)
                    self._take(turn, wait)
            else:
                at = self._surroundings.now.isoformat()
                return Stop(
                    "incident", place, at, zh="案例在这里绕圈，走不到头。", en="The case runs in a circle here and comes to no end."
                )
        except FormRejected as refused:
            return Stop("refused", place, self._surroundings.now.isoformat(), fields=_wrong(refused))
        except OpsbookError as error:
            return Stop("incident", place, self._surroundings.now.isoformat(), zh=error.text("zh"), en=error.text("en"))
        except CannotReplay as error:
            zh, en = f"当时在这里做的事现在做不成：{error}", f"What was done here then cannot be done: {error}"
            return Stop("incident", place, self._surroundings.now.isoformat(), zh=zh, en=en)
        return None

    def _is_active(self) -> bool:
        return bool(self._step.instances[self._first.instance_id].row["state"] == "active")

    def _past_place(self, event: Event) -> Place:
        known, element_id = self._past.processes[event.instance_id], str(event.element_id or "")
        return Place(known.now.id, known.name(element_id), known.label(element_id) if element_id else known.now.name)

    # -- going on ----------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        compiled = self._catalog.process_by_key(self._past.processes[self._first.instance_id].now.id)
        self._step.turn_to(self._first.happened_at, self._first.actor)
        variables = self._entries.at_start(self._first, compiled, self._surroundings)
        first = _copy(self._first, data=self._first.data | {"definition": compiled.definition.id, "variables": variables})
        events = self._histories[self._first.instance_id].events[1:]
        entered = [_copy(event, element_id=self._past.element_of(event)) for event in events if event.type == "ElementEntered"]
        begin(self._step, Recorded([first, *entered[:1]]), self._restart)
        self._look()

    def _coming(self) -> ByHand | tuple[Turn, Wait] | None:
        """What happens next: to a run that waits, or what people did from outside."""
        coming, hand = self._waits.next(), self._past.by_hand[0] if self._past.by_hand else None
        if hand is None or (coming is not None and (coming[0].at, coming[0].order) < (hand.events[0].happened_at, (RECORDED, hand.place))):
            return coming
        return self._past.by_hand.popleft()

    def _take(self, turn: Turn, wait: Wait) -> None:
        event = turn.event
        self._step.turn_to(turn.at, event.actor)
        beside: list[Event] = []
        if event.type == "UserTaskCompleted" and wait.past is not None:
            try:
                values = self._entries.at_task(wait, event, self._surroundings)
            except FormRejected as refused:
                wait.refused, wait.refused_at = _wrong(refused), turn.at
                return
            event = _copy(event, element_instance_id=wait.run, data=event.data | {"values": values})
            self._note_lateness(wait, turn)
        elif event.type == "JobSucceeded":
            beside = [Event(type="JobCreated", element_instance_id=wait.run, data={"job_id": event.element_instance_id})]
        else:
            event = _copy(event, element_instance_id=wait.run)
            beside = [Event(type="TimerScheduled", element_instance_id=wait.run, data={})] if turn.goes_on else []
        wait.happened(turn, self._surroundings)
        if wait.kind == "timer":
            self._told.append(told_now(turn.at, wait.instance, HistoryEvent(event.type, wait.element.id, wait.run, {})))
        self._do(wait.instance, event, beside)

    def _intervene(self, hand: ByHand) -> None:
        """Do what people did, where the instance is still there."""
        first, *others = [self._translated(event) for event in hand.events]
        instance = self._step.instances.get(first.instance_id)
        if instance is None or instance.row["state"] != "active":
            return
        self._step.turn_to(max(first.happened_at, self._surroundings.now), first.actor)
        if first.type == "InstanceCancelRequested":
            self._unasked = self._waits.unasked()  # it would have stood there when it was cancelled
        self._do(instance, first, others)

    def _do(self, instance: OpenInstance, event: Event, beside: list[Event]) -> None:
        do = input_of(event)
        assert do is not None
        do(self._step, instance, event, Recorded(beside))
        self._look()

    def _translated(self, event: Event) -> Event:
        """Something done by hand, said of the elements and runs there are now."""
        data, known = dict(event.data), self._past.processes[event.instance_id]
        if data.get("scope") is not None:
            data["scope"] = self._run_now(event.instance_id, data["scope"])
        data["instructions"] = [dict(instruction) for instruction in data.get("instructions", ())]
        for instruction in data["instructions"]:
            for name in ("element_instance_id", "ancestor_element_instance_id"):
                if name in instruction:
                    instruction[name] = self._run_now(event.instance_id, instruction[name])
            if "element_id" in instruction:
                instruction["element_id"] = known.name(instruction["element_id"])
        return _copy(event, data=data)

    def _run_now(self, instance_id: str, run: str) -> str:
        """The run that an element has now for one it had then: the n-th for the n-th."""
        for (instance, element_id), runs in self._past.entered.items():
            now = self._entered[instance, element_id] if instance == instance_id and run in runs else []
            if len(now) > (number := runs.index(run) if run in runs else 0):
                return now[number]
        return run

    # -- looking -----------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Let the case run on, and note where it has been and what it waits for."""
        self._step.run()
        for instance in list(self._step.instances.values()):
            if instance.row["state"] == "active":
                report_deadlocks(instance.execution)
            self._step._name_case(instance)  # noqa: SLF001 -- a step of ours does what every step does at its end
            effects, instance.execution.effects = instance.execution.effects, Effects()
            for made in effects.events:
                self._told.append(told_now(self._surroundings.now, instance, made))
                if made.type == "ElementEntered":
                    self._entered[instance.row["id"], str(made.element_id)].append(str(made.element_instance_id))
            self._waits.look(instance, effects)

    def _note_lateness(self, wait: Wait, turn: Turn) -> None:
        before, after = self._late
        task = (wait.instance.execution.spec.process.id, wait.element.id)
        due_then, due_now = wait.past.due_at if wait.past is not None else None, wait.row["due_at"]
        before[task] += due_then is not None and turn.event.happened_at > datetime.fromisoformat(due_then)
        after[task] += due_now is not None and turn.at > due_now


def _copy(event: Event, **changes: Any) -> Event:
    """An event of its own, which no session knows."""
    values = {column.key: getattr(event, column.key) for column in Event.__table__.columns}
    return Event(**values | changes)


def _wrong(refused: FormRejected) -> dict[str, dict[str, str]]:
    return {path: {"zh": problem.zh, "en": problem.en} for path, problem in refused.fields.items()}
