"""Reads a scenario and says, line by line, what is wrong with it."""

from typing import Any

from pydantic import ValidationError

from engine.errors import DeploymentRefused, InvalidInput, Problem
from engine.feel.errors import nearest
from engine.scenarios.model import STEPS, Given, Scenario, scenario_of, verb_of
from engine.scenarios.world import Effect
from engine.scenarios.yaml_text import Place, Text

_KINDS = {
    "string": ("文字", "a text"),
    "int": ("整数", "a whole number"),
    "dict": ("“键: 值”", "keys and values"),
    "list": ("列表", "a list"),
    "bool": ("true 或 false", "true or false"),
    "model_attributes": ("“键: 值”", "keys and values"),
    "model": ("“键: 值”", "keys and values"),
}
#: What a value must look like, by the beginning of its pattern.
_FORMS = {
    r"^\d{4}": ("办公时间，如 2026-03-05 13:30", "an office time such as 2026-03-05 13:30"),
    r"^(=.+": ("办公时间（如 2026-03-05 13:30）或 = 开头的 FEEL", "an office time such as 2026-03-05 13:30, or FEEL behind ="),
    r"^[a-z]": ("小写字母、数字和下划线组成的名字", "a name of small letters, digits and underscores"),
}


class ScenarioRefused(DeploymentRefused):
    """A scenario that cannot be played as written; `problems` says where and what to do."""

    code = "OPS-140"

    def __init__(self, problems: list[Problem]) -> None:
        """Args: problems: every finding."""
        InvalidInput.__init__(
            self,
            "\n".join(problem.text("zh") for problem in problems),
            "\n".join(problem.text("en") for problem in problems),
            problems=[problem.__dict__ for problem in problems],
        )
        self.problems = problems


class Written:
    """A scenario and where each part of it is written."""

    def __init__(self, resource: str, content: bytes, effects: tuple[Effect, ...]) -> None:
        """Read a scenario.

        Args:
            resource: name of the file, for messages.
            content: of the file.
            effects: what it may expect besides what the engine knows.

        Raises:
            ScenarioRefused: with all problems of its form; names are checked by `check_names`.
        """
        self.resource = resource
        try:
            self._text = Text(content)
        except InvalidInput as error:
            line = error.details["line"]
            raise ScenarioRefused(
                [Problem("scenario-form", error.zh, error.en, resource, line=line if isinstance(line, int) else 0)]
            ) from None
        model = scenario_of(effects)
        try:
            self.scenario: Scenario = model.model_validate(self._text.value)
        except ValidationError as error:
            first = {_written_place(item["loc"]): item for item in reversed(error.errors())}
            problems = [self._problem(place, item, model) for place, item in first.items()]
            raise ScenarioRefused(sorted(problems, key=lambda problem: problem.line)) from None

    def problem(self, place: Place, zh: str, en: str, code: str = "scenario-name") -> Problem:
        """A finding about a part of the scenario."""
        return Problem(code, zh, en, self.resource, line=self._text.line(place))

    def _problem(self, place: Place, error: Any, model: type[Scenario]) -> Problem:
        key = next((part for part in reversed(place) if isinstance(part, str)), "")
        kind: str = error["type"]
        if kind == "extra_forbidden":
            known = self._keys(model, place[:-1])
            close = nearest(key, known)
            zh = f"不认识“{key}”，" + (f"是否指 {close}？" if close else "") + f"这里可以写：{'、'.join(known)}。"
            en = f"Unknown key “{key}”" + (f", did you mean {close}?" if close else ".") + f" Here you may write: {', '.join(known)}."
        elif kind == "missing":
            zh, en = f"缺少“{key}”。", f"“{key}” is missing."
        elif kind == "union_tag_not_found":
            zh = f"一步要有以下之一：{'、'.join(STEPS)}。"
            en = f"A step has one of: {', '.join(STEPS)}."
        elif kind == "string_pattern_mismatch":
            zh_form, en_form = next(form for start, form in _FORMS.items() if error["ctx"]["pattern"].startswith(start))
            zh, en = f"“{key}”应是{zh_form}。", f"“{key}” must be {en_form}."
        elif kind.removesuffix("_type") in _KINDS:
            zh_kind, en_kind = _KINDS[kind.removesuffix("_type")]
            zh, en = f"“{key}”应是{zh_kind}。", f"“{key}” must be {en_kind}."
        else:
            zh, en = f"“{key}”的值不对：{error['msg']}。", f"The value of “{key}” is wrong: {error['msg']}."
        return self.problem(place, zh, en, "scenario-form")

    def _keys(self, model: type[Scenario], place: Place) -> list[str]:
        """The keys that may be written at a place."""
        part: Any = model
        if place[-1:] == ("expect",):
            part = model.model_fields["expect"].annotation
        elif place[:1] == ("given",):
            part = Given
        elif place[:1] == ("steps",):
            part = STEPS[verb_of(self._text.value["steps"][place[1]]) or ""]
        return [field.alias or name for name, field in part.model_fields.items()]


def _written_place(location: Place) -> Place:
    """Where pydantic found an error, without the kinds of steps and values that it puts between."""
    place = (*location[:2], *location[3:]) if location[0:1] == ("steps",) else location
    while place and isinstance(place[-1], str) and (place[-1] in ("str", "int") or "[" in place[-1]):
        place = place[:-1]
    return place
