"""Writes a scenario as people do: lists of steps line by line, values of a step in braces, texts bare wherever they are read as texts."""

from typing import Any

import yaml

from engine.scenarios.yaml_text import RESOLVERS

_WIDTH = 160


class _Dumper(yaml.SafeDumper):
    """Resolves plain scalars as the reader does."""

    yaml_implicit_resolvers: dict[str, Any] = RESOLVERS

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 -- PyYAML's own signature
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 -- the reader knows none
        return True


class _Lines(dict[str, Any]):
    """Keys and values of which each has a line of its own."""


class _Steps(list[_Lines]):
    """A list whose items begin on lines of their own."""


def _keys_in_lines(dumper: yaml.SafeDumper, data: _Lines) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=False)


def _items_in_lines(dumper: yaml.SafeDumper, data: _Steps) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=False)


_Dumper.add_representer(_Lines, _keys_in_lines)
_Dumper.add_representer(_Steps, _items_in_lines)


def write_yaml(scenario: dict[str, Any]) -> str:
    """The YAML text of a scenario."""
    steps = _Steps(_Lines(step) for step in scenario["steps"])
    lines = _Lines(scenario | {"steps": steps, "expect": _Lines(scenario["expect"])})
    return yaml.dump(lines, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=True, width=_WIDTH)
