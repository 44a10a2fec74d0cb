"""The names a scenario uses: do processes, elements, fields, messages and handlers of these names exist?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.diagrams.model import Element, Process
from engine.errors import Problem
from engine.feel.errors import suggestion
from engine.forms.components import walk
from engine.runtime.package import Package
from engine.scenarios.model import Answer, Complete, Expectation, Given, Look, Publish, Start
from engine.scenarios.reading import Written
from engine.scenarios.script import Script
from engine.scenarios.world import World
from engine.scenarios.yaml_text import Place

#: What an instance is instead of at an end event.
_STATES = ("active", "suspended", "cancelled", "failed")


@dataclass
class Names:
    """Everything that scenarios may name."""

    package: Package
    world: World
    _problems: list[Problem] = field(default_factory=list)

    @cached_property
    def processes(self) -> dict[str, Process]:
        """By id."""
        return {process.id: process for process in self.package.processes}

    @cached_property
    def forms(self) -> dict[str, dict[str, Any]]:
        """Schemas by id."""
        return {str(schema["id"]): schema for schema in self.package.forms.values()}

    @cached_property
    def messages(self) -> set[str]:
        """Every message of every diagram."""
        elements = [element for process in self.processes.values() for element in process.elements.values()]
        thrown = {element.event.name for element in elements if element.event is not None and element.event.kind == "message"}
        return thrown | {element.message for element in elements if element.message}

    def elements(self, element_id: str, process: str | None = None) -> list[Element]:
        """The elements of an id, in one process or in all."""
        among = self.processes.values() if process is None else [self.processes[process]] if process in self.processes else []
        return [found for one in among if (found := one.elements.get(element_id)) is not None]

    def check(self, script: Script) -> list[Problem]:
        """What a scenario names wrongly; the one it begins like is checked by itself."""
        self._problems = []
        written, scenario = script.own, script.own.scenario
        self._known(written, ("name",), script.process, self.processes, ("流程", "process"))
        for index, key in enumerate(scenario.clocks):
            self._known(written, ("clocks", index), key, self.processes, ("流程", "process"))
        for index, given in enumerate(scenario.given):
            self._given(written, ("given", index), given)
        for index, step in enumerate(scenario.steps):
            place: Place = ("steps", index)
            if isinstance(step, Start):
                self._start(written, place, step)
            elif isinstance(step, Publish):
                self._known(written, (*place, "message"), step.message, self.messages, ("消息", "message"))
            elif isinstance(step, Complete):
                self._complete(written, place, step)
            elif isinstance(step, Answer):
                self._answer(written, place, step)
            elif isinstance(step, Given):
                self._given(written, place, step)
            elif isinstance(step, Look):
                self._expect(written, (*place, "expect"), step.expect)
        self._expect(written, ("expect",), scenario.expect)
        if scenario.expect.ended is None and scenario.expect.open is None:
            self._problems.append(
                written.problem(
                    ("expect",), "结尾至少要写 ended（或仍未办的任务 open）。", "The end says at least `ended` (or which tasks are `open`)."
                )
            )
        return self._problems

    def _given(self, written: Written, place: Place, given: Given) -> None:
        topic = given.do
        handler = self.world.preparations.get(topic) or self.world.handlers.get(topic)
        known = [item.topic for registry in (self.world.handlers, self.world.preparations) for item in registry]
        self._known(written, (*place, "do"), topic, known, ("处理器", "handler"))
        if handler is not None:
            fields = [item.alias or name for name, item in handler.request.model_fields.items()]
            for name in given.values:
                self._known(written, (*place, "with", name), name, fields, (f"{topic} 的输入", f"input of {topic}"))

    def _start(self, written: Written, place: Place, step: Start) -> None:
        self._known(written, (*place, "start"), step.start, self.processes, ("流程", "process"))
        process = self.processes.get(step.start)
        start = next((item for item in process.start_events(process.id) if item.camunda.get("formRef")), None) if process else None
        if start is not None:
            self._fields(written, (*place, "with"), step.values, [start])

    def _complete(self, written: Written, place: Place, step: Complete) -> None:
        if step.process is not None:
            self._known(written, (*place, "process"), step.process, self.processes, ("流程", "process"))
        self._element(written, (*place, "complete"), step.complete, "userTask", step.process)
        tasks = [element for element in self.elements(step.complete, step.process) if element.type == "userTask"]
        if tasks:
            self._fields(written, (*place, "enter"), step.enter, tasks)

    def _answer(self, written: Written, place: Place, step: Answer) -> None:
        if step.process is not None:
            self._known(written, (*place, "process"), step.process, self.processes, ("流程", "process"))
        among = self.elements(step.answer, step.process)
        if not any(element.camunda.get("topic") for element in among):
            known = {element.id for one in self.processes.values() for element in one.elements.values() if element.camunda.get("topic")}
            self._known(written, (*place, "answer"), step.answer, known, ("由处理器办理的元素", "element with a handler"))
        if sum(part is not None for part in (step.values, step.error, step.failure)) > 1:
            zh, en = "with、error 和 failure 只能写一个。", "Only one of `with`, `error` and `failure`."
            self._problems.append(written.problem((*place, "answer"), zh, en))

    def _fields(self, written: Written, place: Place, values: dict[str, Any], elements: list[Element]) -> None:
        forms = [self.forms[key] for element in elements if (key := element.camunda.get("formRef")) in self.forms]
        fields = {placed.path[0] for form in forms for placed in walk(form) if placed.path}
        for name in values:
            self._known(written, (*place, name), name, fields, ("表单里的字段", "field of the form"))

    def _expect(self, written: Written, place: Place, expect: Expectation) -> None:
        ended = expect.ended
        if isinstance(ended, str):
            self._element(written, (*place, "ended"), ended, "endEvent")
        for process, ends in (ended or {}).items() if isinstance(ended, dict) else ():
            self._known(written, (*place, "ended", process), process, self.processes, ("流程", "process"))
            for end in [ends] if isinstance(ends, str) else ends:
                self._element(written, (*place, "ended", process), end, "endEvent", process)
        for key, type_ in (("open", "userTask"), ("path", ""), ("not_path", ""), ("deadlines", "userTask")):
            for index, element_id in enumerate(getattr(expect, key) or ()):
                self._element(written, (*place, key, element_id if key == "deadlines" else index), element_id, type_)
        for index, name in enumerate(expect.messages or ()):
            self._known(written, (*place, "messages", index), name, self.messages, ("消息", "message"))

    def _element(self, written: Written, place: Place, element_id: str, type_: str, process: str | None = None) -> None:
        among = [self.processes[process]] if process in self.processes else list(self.processes.values())
        known = [element.id for one in among for element in one.elements.values() if type_ in ("", element.type)]
        known += _STATES if type_ == "endEvent" else ()
        kind = {"userTask": ("人工任务", "user task"), "endEvent": ("结束事件", "end event")}.get(type_, ("元素", "element"))
        self._known(written, place, element_id, known, kind)

    def _known(self, written: Written, place: Place, name: str, known: Iterable[str], kind: tuple[str, str]) -> None:
        if name not in (names := set(known)):
            zh, en = suggestion(name, names)
            self._problems.append(written.problem(place, f"没有{kind[0]}“{name}”{zh}", f"There is no {kind[1]} “{name}”{en}"))
