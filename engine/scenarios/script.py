"""What is played, line by line: a scenario's own lines, after those of the one it begins like."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Problem
from engine.feel.errors import suggestion
from engine.scenarios.model import OPENING, Answer, Complete, Publish, Start
from engine.scenarios.reading import ScenarioRefused, Written
from engine.scenarios.world import Effect
from engine.scenarios.yaml_text import Place


@dataclass(frozen=True)
class Line:
    """One thing to do, and where it is written."""

    written: Written
    place: Place
    part: Any

    def problem(self, zh: str, en: str, code: str, inside: Place = ()) -> Problem:
        """A finding about it."""
        return self.written.problem((*self.place, *inside), zh, en, code)


@dataclass(frozen=True)
class Script:
    """A scenario with everything it takes over."""

    own: Written
    process: str  #: whose folder it is in
    at: str
    clocks: frozenset[str]
    given: tuple[Line, ...]
    steps: tuple[Line, ...]

    def answered_with(self, line: Line) -> frozenset[str]:
        """The elements whose handlers wait at a step: what its own scenario answers, and what those do that it begins like."""
        last = max(index for index, item in enumerate(self.steps) if item.written is line.written)
        return frozenset(item.part.answer for item in self.steps[: last + 1] if isinstance(item.part, Answer))

    def before(self, stop: str | None) -> tuple[Line, ...] | None:
        """The steps before the first one of an element, message or process; all without one, none at all if there is no such step."""
        if stop is None:
            return self.steps
        names = [named(line.part) for line in self.steps]
        return self.steps[: names.index(stop)] if stop in names else None


def read_script(resource: str, library: Mapping[str, bytes], effects: tuple[Effect, ...], within: tuple[str, ...] = ()) -> Script:
    """Read a scenario and the ones it begins like.

    Args:
        resource: its file, `callback/scenarios/satisfied.yaml`.
        library: the content of all scenario files, by resource.
        effects: what scenarios may expect besides what the engine knows.
        within: the ones that begin like it, to notice a circle.

    Raises:
        ScenarioRefused: one of them cannot be read, or there is none of that name.
    """
    written = Written(resource, library[resource], effects)
    scenario = written.scenario
    own_given = _lines(written, "given", scenario.given)
    own_steps = _lines(written, "steps", scenario.steps)
    process = resource.split("/", maxsplit=1)[0]
    if scenario.begins_like is None:
        clocks = frozenset({process, *scenario.clocks})
        return Script(written, process, scenario.at or OPENING, clocks, own_given, own_steps)
    base_name = _resource(scenario.begins_like, process)
    if base_name not in library or base_name in (*within, resource):
        zh, en = suggestion(base_name, library.keys() - {resource, *within})
        raise ScenarioRefused([written.problem(("begins_like",), f"没有场景 {base_name}{zh}", f"There is no scenario {base_name}{en}")])
    base = read_script(base_name, library, effects, (*within, resource))
    steps = (*_before(written, base), *own_steps)
    return Script(written, process, base.at, base.clocks | {*scenario.clocks}, (*base.given, *own_given), steps)


def _before(written: Written, base: Script) -> tuple[Line, ...]:
    """The steps of the base that come before the one where the ways part."""
    stop = written.scenario.up_to
    found = base.before(stop)
    if found is None:
        zh, en = suggestion(stop or "", [name for line in base.steps if (name := named(line.part))])
        raise ScenarioRefused(
            [written.problem(("up_to",), f"{base.own.resource} 里没有步骤“{stop}”{zh}", f"{base.own.resource} has no step “{stop}”{en}")]
        )
    return found


def named(step: Any) -> str:
    """What `up_to` calls a step."""
    if isinstance(step, Complete):
        return step.complete
    if isinstance(step, Answer):
        return step.answer
    return step.message if isinstance(step, Publish) else step.start if isinstance(step, Start) else ""


def _lines(written: Written, key: str, parts: list[Any]) -> tuple[Line, ...]:
    return tuple(Line(written, (key, index), part) for index, part in enumerate(parts))


def _resource(name: str, process: str) -> str:
    """The file of a scenario that is named by its folder's process and its own name, or by its name alone."""
    folder, _, stem = name.rpartition("/")
    return f"{folder or process}/scenarios/{stem}.yaml"
