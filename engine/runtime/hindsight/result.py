"""Compares how a case went with how it would go."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from engine.runtime.hindsight.outcome import Outcome, Parting, Place, State, Stop, Tally
from engine.runtime.hindsight.past import Past
from engine.runtime.hindsight.path import Fork, Path, first_fork
from engine.runtime.hindsight.telling import Told, moves

#: What is counted: process and element or flow.
Counted = Counter[tuple[str, str]]

_STATES: dict[str, State] = {"refused": "refused", "incident": "failed"}


def compared(past: Past, then: list[Told], now: list[Told], stop: Stop | None, late: tuple[Counted, Counted]) -> Outcome:
    """What became of a case.

    Args:
        past: what is known of its processes.
        then: everything that was recorded.
        now: everything that would be recorded.
        stop: why it does not come to an end, if so.
        late: tasks that were done after their due date, then and now.
    """
    shared = frozenset(past.processes.keys() & {told.instance_id for told in now})
    added = {name: past.processes[name].added for name in shared}
    before = Path(moves(then, shared), {name: past.processes[name].gone for name in shared})
    fork = first_fork(before, Path(moves(now, shared), added), added if stop is not None else None)
    new = _entered(past, now, {name: known.added for name, known in past.processes.items()})
    gone = _entered(past, then, {name: known.gone for name, known in past.processes.items()})
    return Outcome(
        state=_state(fork, stop, changed=bool(new or gone)),
        parting=_parting(past, fork) if fork is not None else None,
        stop=stop,
        added=new,
        dropped=gone,
        flows=_tallies(_flows_then(past, then), Counter((told.process, told.data["flow_id"]) for told in now if told.type == "FlowTaken")),
        fired=_tallies(
            *(Counter((told.process, told.element_id) for told in events if told.type == "TimerFired") for events in (then, now))
        ),
        late=_tallies(*late),
    )


def _state(fork: Fork | None, stop: Stop | None, *, changed: bool) -> State:
    """What came first says what the case is."""
    if stop is not None and (fork is None or stop.at < fork.at.isoformat()):
        return _STATES.get(stop.why, "stuck")
    if fork is not None:
        return "other"
    return "steps" if changed else "same"


def _parting(past: Past, fork: Fork) -> Parting:
    instance_id, source, _ = fork.way
    after = _place(past, instance_id, source) if source and source != past.processes[instance_id].now.id else None
    to, instead = (tuple(_place(past, instance_id, target) for target in sorted(targets)) for targets in (fork.to, fork.instead))
    return Parting(after, to, instead, fork.at.isoformat())


def _entered(past: Past, events: Iterable[Told], wanted: dict[str, frozenset[str]]) -> tuple[Place, ...]:
    """The elements among these that were entered, each once."""
    found = [told for told in events if told.type == "ElementEntered" and told.element_id in wanted.get(told.instance_id, ())]
    return tuple(dict.fromkeys(_place(past, told.instance_id, told.element_id) for told in found))


def _place(past: Past, instance_id: str, element_id: str) -> Place:
    known = past.processes[instance_id]
    return Place(known.now.id, element_id, known.label(element_id))


def _flows_then(past: Past, then: list[Told]) -> Counted:
    """How often each flow was taken, under the id it has now: that of the flow between the same elements where its own is gone."""
    found: Counted = Counter()
    for told in then:
        if told.type != "FlowTaken":
            continue
        now = past.processes[told.instance_id].now
        between = (flow.id for flow in now.outgoing.get(told.element_id, []) if flow.target == told.target)
        flow_id = told.data["flow_id"] if told.data["flow_id"] in now.flows else next(between, None)
        if flow_id is not None:
            found[told.process, flow_id] += 1
    return found


def _tallies(before: Counted, after: Counted) -> dict[str, dict[str, Tally]]:
    found: dict[str, dict[str, Tally]] = defaultdict(dict)
    for process, name in sorted(before.keys() | after.keys()):
        found[process][name] = Tally(before[process, name], after[process, name])
    return dict(found)
