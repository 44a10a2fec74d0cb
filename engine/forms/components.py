"""The parts of a form-js schema: which components exist, which carry a value and under which key."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Component = dict[str, Any]

TEXTS = frozenset({"textfield", "textarea"})
SINGLE_CHOICES = frozenset({"select", "radio"})
MULTIPLE_CHOICES = frozenset({"checklist", "taglist"})
ATTACHMENT_LISTS = frozenset({"photo", "filepicker"})
INPUTS = TEXTS | SINGLE_CHOICES | MULTIPLE_CHOICES | ATTACHMENT_LISTS | {"number", "datetime", "checkbox", "expression", "signature"}
CONTAINERS = frozenset({"group", "dynamiclist"})
PRESENTATION = frozenset({"text", "html", "image", "table", "spacer", "separator", "button"})

#: what form-js puts into an input that nobody has filled
EMPTY_VALUES: dict[str, Any] = {
    "textfield": "",
    "textarea": "",
    "checkbox": False,
    "checklist": [],
    "taglist": [],
    "photo": [],
    "filepicker": [],
}

#: properties of a component that are objects where it has them
_OBJECTS = ("validate", "conditional", "layout", "properties")

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Placed:
    """A component with the path of its value; a path of a list row has no index yet."""

    component: Component
    path: tuple[str, ...]
    depth: int


def are_components(inside: Any) -> bool:
    """Whether something read from a file is a list of components with objects where form-js has some, and so is what they hold."""
    open_ = [inside]
    while open_:
        found = open_.pop()
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            return False
        if not all(isinstance(item.get(name) or {}, dict) for item in found for name in _OBJECTS):
            return False
        open_ += [item["components"] for item in found if item.get("components") is not None]
    return True


def children(component: Component) -> list[Component]:
    """The components directly inside."""
    inside = component.get("components")
    return [child for child in inside if isinstance(child, dict)] if isinstance(inside, list) else []


def own_path(component: Component) -> tuple[str, ...]:
    """What a component adds to the path: the key of an input, the `path` of a container."""
    text = component.get("key") if component.get("type") in INPUTS else component.get("path")
    return tuple(part for part in str(text or "").split(".") if part)


def is_list(component: Component) -> bool:
    """Whether the container repeats its children once for each row of a list."""
    return component.get("type") == "dynamiclist" and bool(component.get("isRepeating"))


def walk(schema: Component) -> Iterator[Placed]:
    """Every component below the schema, outer before inner."""
    pending = [Placed(child, (), 1) for child in children(schema)]
    while pending:
        placed = pending.pop(0)
        path = placed.path + own_path(placed.component)
        yield Placed(placed.component, path, placed.depth)
        pending[:0] = [Placed(child, path, placed.depth + 1) for child in children(placed.component)]


def path_text(path: Path) -> str:
    """The path as people and the browser write it: `lines[0].qty`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
