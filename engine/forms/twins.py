"""Texts that handlers and diagrams compose come in two languages: `stock_text`, and its English twin `stock_text_en`.

A form declares only the first. An English reader sees the twin in fields, templates and labels of options. What is kept of a form is
the same in both languages: the text, with its twin beside it; a text that somebody changed has no twin any more.
"""

from collections.abc import Iterator
from typing import Any

from engine.forms.components import TEXTS, Component, Path, children, is_list, own_path, walk
from engine.forms.tree import get, put

SUFFIX = "_en"


def twin_of(path: Path) -> Path:
    """Where the twin of a text stands."""
    return (*path[:-1], f"{path[-1]}{SUFFIX}")


def in_english(values: Any) -> Any:
    """The values, at every depth, with the twin in the place of each text that has one."""
    if isinstance(values, list):
        return [in_english(item) for item in values]
    if not isinstance(values, dict):
        return values
    return {name: values.get(f"{name}{SUFFIX}") or value if isinstance(value, str) else in_english(value) for name, value in values.items()}


class Twins:
    """The texts of a form that have a twin before it is filled in; a twin that the form itself asks for is a field like others."""

    def __init__(self, schema: Component, variables: dict[str, Any], initial: dict[str, Any]) -> None:
        """Args: variables: where the twins are. initial: what the form shows at first, in Chinese."""
        declared = {placed.path for placed in walk(schema)}
        paths = [path for path in _texts(children(schema), (), initial) if twin_of(_column(path)) not in declared]
        pairs = [(path, get(initial, path), get(variables, twin_of(path))) for path in paths]
        self._pairs = [(path, text, twin) for path, text, twin in pairs if isinstance(twin, str) and twin]

    def show(self, values: dict[str, Any], *, english: bool) -> None:
        """Put every text that is one of a pair in the reader's language, in place."""
        for path, text, twin in self._pairs:
            if get(values, path) in (text, twin):
                put(values, path, twin if english else text)

    def text(self, path: Path, shown: Any) -> Any:
        """The text that a reader saw, in whichever row it stands by now; what is no twin is itself."""
        return next((text for _, text, twin in self._of_column(path) if twin == shown), shown)

    def twin(self, path: Path, text: Any) -> str | None:
        """The twin of a text, unless it was changed."""
        return next((twin for _, known, twin in self._of_column(path) if known == text), None)

    def __contains__(self, path: Path) -> bool:
        """Whether a text had a twin before."""
        return any(self._of_column(path))

    def _of_column(self, path: Path) -> Iterator[tuple[Path, Any, str]]:
        column = _column(path)
        return (pair for pair in self._pairs if _column(pair[0]) == column)


def _texts(components: list[Component], path: Path, initial: dict[str, Any]) -> Iterator[Path]:
    for component in components:
        here = path + own_path(component)
        if is_list(component):
            for index in range(len(get(initial, here))):
                yield from _texts(children(component), (*here, index), initial)
        elif component.get("type") in TEXTS:
            yield here
        else:
            yield from _texts(children(component), here, initial)


def _column(path: Path) -> Path:
    """The path without the numbers of rows."""
    return tuple(part for part in path if not isinstance(part, int))
