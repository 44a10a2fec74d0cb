"""Clauses for elements that cite none: what the live version cites, what elements of the same name cite, or the clause of that name."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from engine.diagrams.model import Element, Process
from engine.manuals.catalogue import CLAUSES, Catalogue, Clause, read_catalogue
from engine.runtime.package import Package
from engine.studio.fixes.fix import Around


def likely_clauses(element: Element, process: Process, around: Around) -> tuple[str, ...]:
    """The clauses an element most likely realises, all of them in the manuals; none when nothing speaks for any."""
    for found in (_live(element, process, around.live), _of_the_same_name(element, around.package), _by_title(element, process, around)):
        known = tuple(clause for clause in found if clause in around.known.clauses)
        if known:
            return known
    return ()


def titles(clauses: tuple[str, ...], around: Around) -> dict[str, str]:
    """What clauses are called, in Chinese and English, each with its id."""
    catalogue = _catalogue(around.package).clauses
    return {
        "zh": "、".join(f"{clause} {catalogue[clause].title_zh}" for clause in clauses),
        "en": ", ".join(f"{clause} {catalogue[clause].title_en}" for clause in clauses),
    }


def _live(element: Element, process: Process, live: Package) -> tuple[str, ...]:
    found = (item.elements.get(element.id) for item in live.processes if item.id == process.id)
    return next((item.clauses for item in found if item is not None), ())


def _of_the_same_name(element: Element, package: Package) -> tuple[str, ...]:
    """What most elements of this kind and name cite; none when as many cite something else."""
    elements = chain.from_iterable(process.elements.values() for process in package.processes)
    cited = Counter(item.clauses for item in elements if item.clauses and (item.type, item.name) == (element.type, element.name))
    first, *others = [*cited.most_common(2), ((), 0)] if element.name else [((), 0)]
    return () if others and others[0][1] == first[1] else first[0]


def _by_title(element: Element, process: Process, around: Around) -> Iterator[str]:
    """The clause that has the element's name as its title, if it is one only: among the process's own first."""
    named = [clause for clause in _catalogue(around.package).clauses.values() if element.name and element.name == clause.title_zh]
    own = [clause for clause in named if _concerns(clause, process.id)]
    for found in (own, named):
        if len(found) == 1:
            yield found[0].id
            return


def _concerns(clause: Clause, process_id: str) -> bool:
    return process_id in (clause.process, *clause.also, *clause.shown_in)


def _catalogue(package: Package) -> Catalogue:
    return read_catalogue(package.files.get(CLAUSES, b""))
