"""The registry: every module of `bench.sections` is a section.

A section has a docstring whose first line is its title, `DATABASES` (each of them is measured; none: it needs no database) and
`rows(stage)`, which yields its figures.
"""

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from bench import sections
from bench.rows import Row
from bench.stage import Stage


@dataclass(frozen=True)
class Section:
    """Something to measure."""

    name: str
    title: str
    databases: tuple[str, ...]
    rows: Callable[[Stage], Iterator[Row]]


def all_sections() -> list[Section]:
    """Every section, by name."""
    return [_read(module.name) for module in pkgutil.iter_modules(sections.__path__)]


def _read(name: str) -> Section:
    module = import_module(f"{sections.__name__}.{name}")
    return Section(name, str(module.__doc__).partition("\n")[0], module.DATABASES, module.rows)
