"""The ways in which a process may begin in a sandbox, each with the values that its scenarios give."""

from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import select

from engine.errors import ExpressionError
from engine.runtime.engine import Engine
from engine.scenarios.acting import Acting
from engine.scenarios.model import Publish
from engine.scenarios.model import Start as StartStep
from engine.scenarios.reading import ScenarioRefused
from engine.scenarios.script import Line, named, read_script
from engine.storage.tables import FormDefinition, ProcessDefinition, StartSubscription
from engine.studio.sandboxes.sandbox import Sandbox


@dataclass(frozen=True)
class Start:
    """One way to begin."""

    kind: Literal["by hand", "message"]
    name: str  #: of the message; of the process, if somebody starts it
    element_id: str | None = None  #: of the message start event
    form: FormDefinition | None = None
    groups: tuple[str, ...] = ()  #: who may start it by hand; empty: everybody
    by: str | None = None  #: who does in the scenario that the run begins like
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def starts_of(sandbox: Sandbox, engine: Engine) -> list[Start]:
    """How the process that is tried may begin now, by somebody's hand or by a message; time is a timer like others."""
    process, acting = sandbox.record.process, sandbox.acting(engine)
    examples = _examples(sandbox)
    with engine.database.session() as session:
        definition = session.scalars(
            select(ProcessDefinition).where(ProcessDefinition.key == process, ProcessDefinition.state == "live")
        ).one()
        messages = session.scalars(
            select(StartSubscription)
            .where(StartSubscription.process_key == process, StartSubscription.kind == "message")
            .order_by(StartSubscription.element_id)
        ).all()
        form = session.scalars(
            select(FormDefinition).where(FormDefinition.key == definition.start_form).order_by(FormDefinition.version.desc()).limit(1)
        ).one_or_none()
    found = []
    if any(event.event is None or event.event.kind == "none" for event in _start_events(engine, definition.id)):
        example = examples.get(process)
        by = example.part.by if example is not None else None
        found.append(Start("by hand", process, None, form, tuple(definition.starter_groups), by, *_given(acting, example)))
    found += [
        Start("message", str(row.name), row.element_id, None, (), None, *_given(acting, examples.get(str(row.name)))) for row in messages
    ]
    return found


def messages_of(sandbox: Sandbox, engine: Engine) -> dict[str, dict[str, Any]]:
    """The values that the scenarios of the process send with messages, by the message's name."""
    acting = sandbox.acting(engine)
    return {name: _given(acting, line)[1] for name, line in _examples(sandbox).items() if isinstance(line.part, Publish)}


def _start_events(engine: Engine, definition_id: str) -> list[Any]:
    with engine.step(rehearsed=True) as step:
        process = step.surroundings.catalog.process(definition_id).spec.process
    return list(process.start_events(process.id))


def _examples(sandbox: Sandbox) -> dict[str, Line]:
    """For each way to begin a step that does so: of the scenario that the run begins like, else of the first that has one."""
    known = _known_examples.get(sandbox.record.id)
    if known is None:
        if len(_known_examples) >= _MOST_KNOWN:
            _known_examples.clear()
        known = _known_examples[sandbox.record.id] = _read_examples(sandbox)
    return known


#: Of the sandboxes that this process has met, since their scenarios never change.
_known_examples: dict[str, dict[str, Line]] = {}
_MOST_KNOWN = 32


def _read_examples(sandbox: Sandbox) -> dict[str, Line]:
    library, process = sandbox.library(), sandbox.record.process
    names = sorted(name for name in library if name.startswith(f"{process}/"))
    base = f"{process}/scenarios/{sandbox.record.base}.yaml"
    found: dict[str, Line] = {}
    for resource in sorted(names, key=lambda name: name != base):
        try:
            steps = read_script(resource, library, sandbox.world.effects).steps
        except ScenarioRefused:
            continue
        for line in steps:
            if isinstance(line.part, StartStep | Publish):
                found.setdefault(named(line.part), line)
    return found


def _given(acting: Acting, line: Line | None) -> tuple[str, dict[str, Any]]:
    """Key and values of a step; what only another scenario's results would say is left empty."""
    if line is None:
        return "", {}
    values = {name: _resolved(acting, value) for name, value in line.part.values.items()}
    return str(_resolved(acting, line.part.key) or ""), values


def _resolved(acting: Acting, value: Any) -> Any:
    try:
        return acting.values.resolve(value)
    except ExpressionError:
        return None
