"""The shipped procedures, as they are or with a change that somebody made."""

from functools import lru_cache
from pathlib import Path

from engine.manuals.catalogue import CLAUSES, MANUALS, Catalogue, read_catalogue
from engine.manuals.parameters import PARAMETERS, read_parameters
from engine.manuals.procedures import Procedures
from engine.runtime.package import Files, read_directory, read_package

PROCESSES = Path(__file__).parents[2] / "processes"


@lru_cache
def files() -> Files:
    """Every file of the processes folder."""
    return read_directory(PROCESSES)


@lru_cache
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return read_catalogue(files()[CLAUSES], files()[MANUALS])


def procedures(changed: Files | None = None) -> Procedures:
    """The shipped procedures with some files changed."""
    package = read_package(files() | (changed or {}))
    assert package.problems == []
    parameters = read_parameters(package.files[PARAMETERS])
    return Procedures(package.processes, package.forms.values(), package.models.values(), parameters)


def edited(name: str, before: str, after: str) -> Files:
    """A file in which a text was replaced everywhere."""
    text = files()[name].decode()
    assert before in text, f"{name} has no {before}"
    return {name: text.replace(before, after).encode()}
