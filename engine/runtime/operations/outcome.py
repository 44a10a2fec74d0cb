"""What an operation closes, opens and changes: the difference between two looks at the rows of a case."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
from sqlalchemy import Row, select

from engine.runtime.step import Step
from engine.storage.tables import (
    Event,
    EventSubscription,
    Incident,
    Job,
    Message,
    ProcessInstance,
    Timer,
    UserTask,
    UserTaskCandidate,
)


@dataclass(frozen=True)
class Item:
    """Something alive in a case.

    `kind`: task (user task), timer, job, subscription (message or signal), token (anything else that stands at an element), incident, instance.
    """

    kind: str
    id: str
    instance_id: str
    element_id: str | None
    name: str  #: of the element or the process, as drawn
    facts: dict[str, Any] = field(default_factory=dict)  #: assignee, candidates, due_at, topic, key …, by kind


@dataclass(frozen=True)
class Change:
    """Something that stays, but differently: paused, due later, at another element, with another form."""

    before: Item
    after: Item


@dataclass(frozen=True)
class VariableChange:
    """A variable of the process, or of the scope with this element run."""

    instance_id: str
    name: str
    before: Any
    after: Any
    scope: str | None = None
    was_there: bool = True
    is_there: bool = True

    @property
    def changes_type(self) -> bool:
        """Whether a value is replaced by one of another JSON type (all numbers are one type)."""
        kinds = [float if isinstance(value, int) and not isinstance(value, bool) else type(value) for value in (self.before, self.after)]
        return self.was_there and self.is_there and None not in (self.before, self.after) and kinds[0] is not kinds[1]


@dataclass(frozen=True)
class Outcome:
    """What an operation does to a case; of a plan, what it would do now."""

    instance_id: str
    root_id: str
    revision: int  #: of the case before; `apply(expected=…)` refuses when it is not this any more
    closes: tuple[Item, ...]
    opens: tuple[Item, ...]
    changes: tuple[Change, ...]
    keeps: tuple[Item, ...]
    variables: tuple[VariableChange, ...]
    passes: tuple[Item, ...]  #: elements that were run through
    sends: tuple[str, ...]  #: names of messages on their way
    state: str  #: of the instance after it
    started: str | None = None  #: id of the case that was started, if any

    def affected_people(self) -> frozenset[str]:
        """Ids of everybody who has a task that closes or changes."""
        items = [*self.closes, *(change.before for change in self.changes)]
        return frozenset(str(item.facts["assignee"]) for item in items if item.kind == "task" and item.facts.get("assignee"))

    def to_json(self) -> dict[str, Any]:
        """As JSON values; instants are ISO texts."""
        plain: dict[str, Any] = orjson.loads(orjson.dumps(asdict(self)))
        return plain


@dataclass(frozen=True)
class Snapshot:
    """A case at one moment."""

    items: Mapping[tuple[str, str], Item]
    variables: Mapping[tuple[str, str | None], Mapping[str, Any]]  #: by (instance id, scope)
    instances: Mapping[str, Any]  #: rows by id
    messages: frozenset[tuple[str, str]]  #: (id, name) of what the case has sent and nobody has received

    @property
    def revision(self) -> int:
        """Grows with every step of the case."""
        return sum(row.revision for row in self.instances.values())


def snapshot(step: Step, root_ids: set[str]) -> Snapshot:
    """The cases of these roots as they are in the database now, within the step's transaction."""
    table = ProcessInstance.__table__
    rows = {
        row.id: row
        for row in step.session.execute(select(table).where(table.c.root_id.in_(root_ids)).order_by(table.c.started_at, table.c.id))
    }
    items: dict[tuple[str, str], Item] = {}
    variables: dict[tuple[str, str | None], Mapping[str, Any]] = {}
    known = _waiting(step, root_ids, rows)
    taken = {item.facts.get("element_instance_id", item.id) for item in known if item.kind != "incident"}
    for row in rows.values():
        if row.ended_at is None:
            known.append(_instance(step, row))
            taken.add(row.parent_element_instance_id)
    for row in rows.values():
        for element_instance_id, element_id, is_leaf, data in _runs(row):
            scope = None if element_instance_id is None else element_instance_id
            if data:
                variables[row.id, scope] = data
            if is_leaf and row.ended_at is None and element_instance_id is not None and element_instance_id not in taken:
                known.append(Item("token", element_instance_id, row.id, element_id, _label(step, row, element_id)))
    for item in known:
        items[item.kind, item.id] = item
    messages = Message.__table__
    sent = select(messages.c.id, messages.c.name).where(messages.c.thrown_by_instance_id.in_(rows), messages.c.state == "waiting")
    return Snapshot(items, variables, rows, frozenset((row.id, row.name) for row in step.session.execute(sent)))


def difference(instance_id: str, before: Snapshot, after: Snapshot, step: Step) -> Outcome:
    """What happened between two looks."""
    kept = [(item, after.items[key]) for key, item in before.items.items() if key in after.items]
    started = next((row.id for row in after.instances.values() if row.id not in before.instances and row.parent_id is None), None)
    return Outcome(
        instance_id=instance_id,
        root_id=before.instances[instance_id].root_id,
        revision=before.revision,
        closes=tuple(item for key, item in before.items.items() if key not in after.items),
        opens=tuple(item for key, item in after.items.items() if key not in before.items),
        changes=tuple(Change(old, new) for old, new in kept if old != new),
        keeps=tuple(new for old, new in kept if old == new),
        variables=tuple(_variable_changes(before, after)),
        passes=tuple(_passed(before, after, step)),
        sends=tuple(sorted(name for _, name in after.messages - before.messages)),
        state=after.instances[instance_id].state,
        started=started,
    )


def _waiting(step: Step, root_ids: Iterable[str], rows: Mapping[str, Any]) -> list[Item]:
    """User tasks, timers, jobs, subscriptions and incidents, oldest first."""
    session = step.session
    candidates: dict[str, list[str]] = {}
    tasks = UserTask.__table__
    open_tasks = (tasks.c.root_id.in_(root_ids), tasks.c.state == "open")
    may_claim = UserTaskCandidate.__table__
    for row in session.execute(
        select(may_claim).join(tasks, tasks.c.id == may_claim.c.task_id).where(*open_tasks).order_by(may_claim.c.kind, may_claim.c.name)
    ):
        candidates.setdefault(row.task_id, []).append(f"{row.kind}:{row.name}")
    found: list[Item] = []
    for row in session.execute(select(tasks).where(*open_tasks).order_by(tasks.c.created_at, tasks.c.id)):
        facts = {
            "assignee": row.assignee,
            "candidates": candidates.get(row.id, []),
            "due_at": row.due_at,
            "explanation": row.due_explanation,
            "form": row.form_definition_id,
            "has_draft": row.draft is not None,
            "suspended": row.suspended,
        }
        found.append(Item("task", row.id, row.instance_id, row.element_id, row.name, facts))
    for kind, model, states, names in (
        ("timer", Timer, ("waiting", "given to a job"), ("due_at", "explanation", "cycle", "suspended")),
        ("job", Job, ("ready", "leased", "failed"), ("element_instance_id", "kind", "topic", "state", "suspended")),
        ("subscription", EventSubscription, None, ("kind", "name", "correlation_key")),
        ("incident", Incident, ("open",), ("kind", "message")),
    ):
        table = model.__table__
        query = select(table).where(table.c.root_id.in_(root_ids))
        if model is Job:
            query = query.where(table.c.kind != "migrate")  # it belongs to a batch, not to the procedure
        for row in session.execute(query.where(table.c.state.in_(states)) if states else query):
            facts = {name: getattr(row, name) for name in names}
            found.append(Item(kind, row.id, row.instance_id, row.element_id, _label(step, rows[row.instance_id], row.element_id), facts))
    return found


def _instance(step: Step, row: Row[Any]) -> Item:
    definition = step.surroundings.catalog.process(row.process_definition_id).definition
    facts = {"definition": row.process_definition_id, "state": row.state, "business_key": row.business_key, "parent_id": row.parent_id}
    return Item("instance", row.id, row.id, None, definition.name, facts)


def _runs(row: Row[Any]) -> Iterable[tuple[str | None, str, bool, Mapping[str, Any]]]:
    """(element run, None for the process; element; whether it is a token without tokens inside; its variables) of everything alive."""
    saved = orjson.loads(row.runtime_state)["tasks"]
    holders = {parent for _, parent, _, _, _, internal in saved if "watch" not in internal}
    for number, parent, element_id, _, data, internal in saved:
        is_leaf = "watch" not in internal and number not in holders
        yield (None if parent is None else f"{row.id}-{number}"), element_id, is_leaf, data


def _label(step: Step, row: Row[Any], element_id: str | None) -> str:
    process = step.surroundings.catalog.process(row.process_definition_id).spec.process
    element = process.elements.get(element_id or "")
    return element.label if element else element_id or ""


def _variable_changes(before: Snapshot, after: Snapshot) -> Iterable[VariableChange]:
    for holder, values in after.variables.items():
        old = before.variables.get(holder)
        if old is None and (holder[1] is not None or holder[0] not in before.instances):
            continue  # a new scope begins with its own variables
        yield from _changed(holder, old or {}, values)
    for holder, values in before.variables.items():
        if holder[1] is None and holder not in after.variables:
            yield from _changed(holder, values, {})


def _changed(holder: tuple[str, str | None], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[VariableChange]:
    for name in [*old, *(name for name in new if name not in old)]:
        if old.get(name) != new.get(name) or (name in old) != (name in new) or type(old.get(name)) is not type(new.get(name)):
            yield VariableChange(holder[0], name, old.get(name), new.get(name), holder[1], name in old, name in new)


def _passed(before: Snapshot, after: Snapshot, step: Step) -> Iterable[Item]:
    table = Event.__table__
    for row in after.instances.values():
        known = before.instances[row.id].event_count if row.id in before.instances else 0
        query = select(table.c.element_id, table.c.element_instance_id).where(
            table.c.instance_id == row.id, table.c.sequence > known, table.c.type == "ElementCompleted"
        )
        for event in step.session.execute(query.order_by(table.c.sequence)) if row.event_count > known else ():
            yield Item("token", event.element_instance_id or "", row.id, event.element_id, _label(step, row, event.element_id))
