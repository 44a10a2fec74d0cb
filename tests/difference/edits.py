"""Edits as an owner makes them in a modeler, on shipped files."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROCESSES = Path(__file__).parents[2] / "processes"

CALLBACK = "callback/callback.bpmn"
ONSITE = "onsite_service/onsite_service.bpmn"
ARRIVAL = "shared/dmn_arrival_deadline.dmn"
REASON = "callback/f_callback_reason.form"


@dataclass(frozen=True)
class Edit:
    """One edit, and the one change that the list should name."""

    title: str
    file: str
    make: Callable[[str], str]
    kind: str
    part: str
    aspect: str
    says: str  #: part of the Chinese sentence

    def versions(self) -> tuple[bytes, bytes]:
        """The file before and after."""
        text = (PROCESSES / self.file).read_text("utf-8")
        edited = self.make(text)
        assert edited != text, self.title
        return text.encode(), edited.encode()


def swap(*pairs: tuple[str, str]) -> Callable[[str], str]:
    """Replace each first text by the second, once."""

    def make(text: str) -> str:
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        return text

    return make


def within(anchor: str, *pairs: tuple[str, str]) -> Callable[[str], str]:
    """Replace behind the first place where the anchor stands."""

    def make(text: str) -> str:
        head, found, tail = text.partition(anchor)
        assert found, anchor
        return head + found + swap(*pairs)(tail)

    return make


def cut(start: str, end: str) -> Callable[[str], str]:
    """Take out everything from one text up to and with another."""

    def make(text: str) -> str:
        head, found, rest = text.partition(start)
        assert found, start
        return head + rest.partition(end)[2]

    return make


def both(*steps: Callable[[str], str]) -> Callable[[str], str]:
    """Several steps of one edit."""

    def make(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    return make


def form(change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    """Change a form's JSON in place."""

    def make(text: str) -> str:
        schema = json.loads(text)
        change(schema)
        return json.dumps(schema, ensure_ascii=False, indent=2)

    return make


def field(key: str, change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    """Change one field of a form in place."""
    return form(lambda schema: change(next(item for item in schema["components"] if item.get("key") == key)))
