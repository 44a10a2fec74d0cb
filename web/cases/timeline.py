"""The history of a case, line by line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.storage.tables import Event
from web.cases.steps import STEPS
from web.cases.told import WORDS, Told
from web.definitions import Definition
from web.labels import is_twin
from web.language import locale


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    at: datetime
    who: str
    text: str
    tone: str = "quiet"  #: good, info, warn, bad or quiet
    detail: str = ""
    process: str = ""  #: name of the called process it happened in


def lines(events: list[Event], drawn: Callable[[Event], Definition], names: Mapping[str, str], root_id: str) -> list[Line]:
    """Tell events in words.

    Args:
        events: in the order they shall be shown.
        drawn: the version of the process in which an event happened.
        names: names of people, by user id.
        root_id: lines of other instances say which process they belong to.
    """
    found = []
    changed = {str(event.data.get("name")) for event in events if event.type == "VariableChanged"}
    for event in events:
        definition = drawn(event)
        if _is_other_language(event, changed):
            continue
        told = Told(event.data, definition.element_title(event.element_id), names, definition)
        tell = WORDS.get(event.type) or STEPS.get(event.type)
        tone, text, *detail = tell(told) if tell else ("quiet", f"{event.type} {told.element}".strip())
        process = definition.title if event.instance_id != root_id else ""
        found.append(
            Line(event.happened_at, told.name(event.actor) if event.actor else "", text, tone, detail[0] if detail else "", process)
        )
    return found


def _is_other_language(event: Event, changed: set[str]) -> bool:
    """Whether a variable's change is told again in the reader's language."""
    name = str(event.data.get("name"))
    if event.type != "VariableChanged":
        return False
    return is_twin(name, changed) if locale() == "zh" else f"{name}_en" in changed


def people_in(events: list[Event]) -> set[str]:
    """Ids of everybody a line may name."""
    found = {event.actor for event in events if event.actor}
    for event in events:
        if not event.type.startswith("UserTask"):
            continue  # a variable's values are no people, and there may be thousands
        found |= {str(event.data[key]) for key in ("before", "after", "assignee") if isinstance(event.data.get(key), str)}
    return found


#: What the rest is left out of, unless the reader asks for everything.
_MINOR = frozenset(
    (
        "TimerScheduled",
        "MessageThrown",
        "ConditionEvaluated",
        "DecisionEvaluated",
        "VariableChanged",
        "ErrorCaught",
        "JobSucceeded",
        "UserTaskUnclaimed",
    )
)

#: What is shown at first.
MAIN_TYPES = tuple(name for name in WORDS if name not in _MINOR)
