"""YAML with the line of every value, and without YAML's surprises.

Only what looks like one is a number, `true` or `false`: `no`, `on`, `10:30` and dates stay texts. A key given twice and
anchors are refused.
"""

import re
from typing import Any

import yaml

from engine.errors import InvalidInput

Place = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """Resolves plain scalars as YAML 1.2 does."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 -- filled below, of this class alone

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise _refused("这里不用锚点和别名。", "Anchors and aliases are not used here.", self.peek_event().start_mark.line)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)


for _tag, _pattern, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", list("tf")),
    ("int", r"-?(?:0|[1-9]\d*)", list("-0123456789")),
    ("float", r"-?(?:0|[1-9]\d*)\.\d+(?:[eE][-+]?\d+)?", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), _first)

#: What plain texts are, by their first character; also for who writes what is read here.
RESOLVERS = _Loader.yaml_implicit_resolvers


class Text:
    """A YAML text, read."""

    def __init__(self, content: bytes) -> None:
        """Read it.

        Raises:
            InvalidInput: it is no YAML, or has what is not used here; `line` in the details.
        """
        self._lines: dict[Place, int] = {(): 1}
        try:
            self._loader = _Loader(content)
            node = self._loader.get_single_node()
            self.value: Any = None if node is None else self._read(node, ())
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line if error.problem_mark else 0
            raise _refused(f"不是有效的 YAML：{error.problem}。", f"Not valid YAML: {error.problem}.", line) from None
        except yaml.YAMLError as error:
            raise _refused(f"不是有效的 YAML：{error}。", f"Not valid YAML: {error}.", 0) from None

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest one around it that is written down."""
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]

    def _read(self, node: Any, place: Place) -> Any:
        self._lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self._read(item, (*place, index)) for index, item in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            return self._loader.construct_object(node)
        values: dict[str, Any] = {}
        for key, item in node.value:
            name = str(key.value)
            if name in values:
                raise _refused(f"“{name}”写了两次。", f"“{name}” is given twice.", key.start_mark.line)
            self._lines[*place, name] = key.start_mark.line + 1
            values[name] = self._read(item, (*place, name))
        return values


def _refused(zh: str, en: str, line: int) -> InvalidInput:
    return InvalidInput(zh, en, line=line + 1)
