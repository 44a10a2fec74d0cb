"""Writes small DMN models."""

from collections.abc import Sequence
from html import escape
from typing import Any

from engine.dmn import Model, read_dmn
from engine.feel import Environment, to_json
from tests.feel.evaluating import environment

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(inside: str, name: str = "model") -> bytes:
    """A DMN 1.5 file."""
    return f'<definitions xmlns="{NAMESPACE}" id="{name}" name="{name}" namespace="urn:{name}">{inside}</definitions>'.encode()


def literal(text: str, attributes: str = "") -> str:
    """A literal expression."""
    return f"<literalExpression {attributes}><text>{escape(text)}</text></literalExpression>"


def decision(name: str, logic: str, requires: str = "", type_name: str = "") -> str:
    """A decision; `requires` is a list of `kind:id` separated by spaces, kind one of input, decision, knowledge."""
    links = "".join(_link(*item.split(":")) for item in requires.split())
    declared = f'typeRef="{escape(type_name)}"' if type_name else ""
    variable = f'<variable name="{name}" {declared}/>'
    return f'<decision id="{name}" name="{name}">{variable}{links}{logic}</decision>'


def _link(kind: str, target: str) -> str:
    outer = "knowledgeRequirement" if kind == "knowledge" else "informationRequirement"
    return f'<{outer}><required{kind.capitalize()} href="#{target}"/></{outer}>'


def input_data(name: str, type_name: str = "Any") -> str:
    """An input."""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{type_name}"/></inputData>'


def table(
    inputs: Sequence[str], outputs: Sequence[str], rules: Sequence[Sequence[str]], policy: str = "UNIQUE", attributes: str = ""
) -> str:
    """A decision table. An output is `name` or `name|allowed values` or `name|allowed|default`; a rule lists conditions, then results."""
    columns = "".join(f"<input><inputExpression><text>{escape(text)}</text></inputExpression></input>" for text in inputs)
    for output in outputs:
        name, allowed, default = (*output.split("|"), "", "")[:3]
        columns += f'<output name="{name}">'
        columns += f"<outputValues><text>{escape(allowed)}</text></outputValues>" if allowed else ""
        columns += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
        columns += "</output>"
    rows = ""
    for number, rule in enumerate(rules, start=1):
        cells = "".join(
            f"<{kind}Entry><text>{escape(cell)}</text></{kind}Entry>"
            for n, cell in enumerate(rule)
            for kind in ["input" if n < len(inputs) else "output"]
        )
        rows += f'<rule id="r{number}"><description>row {number}</description>{cells}</rule>'
    return f'<decisionTable hitPolicy="{policy}" {attributes}>{columns}{rows}</decisionTable>'


def read(inside: str) -> Model:
    """The model, which must be without problems."""
    model = read_dmn(definitions(inside))
    assert not model.problems, model.problems
    return model


def decided(inside: str, key: str, context: dict[str, Any] | None = None, env: Environment | None = None, **choices: Any) -> Any:
    """The JSON value of a decision."""
    return to_json(read(inside).decide(key, context or {}, env or environment(), **choices).value)
