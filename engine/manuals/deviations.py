"""Figures of diagrams, decision tables and parameters that say something else than their clause.

A place is held against a figure when it names it (`clause#figure`), and, for times, also when it only names the clause:
whoever replaces a deadline at an element that cites its clause has changed the clause's figure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.diagrams.model import Element, Process
from engine.manuals.catalogue import Catalogue
from engine.manuals.figures import agree, durations_in, is_quantity, is_time, numbers_in, working_days_in
from engine.manuals.places import CLAUSE_PROPERTY, Place, fields_of, find_places
from engine.manuals.procedures import Procedures, Spot, parameters_read, texts_of, times_of
from engine.manuals.references import Reference, read_references


@dataclass(frozen=True)
class Found:
    """A figure as it stands somewhere."""

    value: Any
    unit: str = ""
    parameter: str = ""  #: through which it comes


@dataclass(frozen=True)
class Deviation:
    """A figure that is not its clause's."""

    reference: Reference
    demanded: Any
    found: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Figures:
    """What became of the figures that the manuals state."""

    deviations: tuple[Deviation, ...]
    unheld: tuple[Reference, ...]  #: quantities of processes that exist, found nowhere


def compare_figures(catalogue: Catalogue, procedures: Procedures) -> Figures:
    """Hold every figure of the procedures against its clause."""
    search = _Search(catalogue, procedures)
    deviations = (*search.in_parameters(), *search.in_rows(), *search.in_fields(), *search.in_diagrams())
    demanded = (
        Reference(clause.id, key)
        for clause in catalogue.clauses.values()
        if clause.process in procedures.processes
        for key, figure in clause.stated.items()
        if is_quantity(key, figure)
    )
    return Figures(deviations, tuple(reference for reference in demanded if reference not in search.placed))


class _Search:
    """Goes through the places once."""

    def __init__(self, catalogue: Catalogue, procedures: Procedures) -> None:
        self._catalogue = catalogue
        self._procedures = procedures
        self._places = [place for found in find_places(procedures).values() for place in found]
        self.placed: set[Reference] = set()  #: figures that have a place, whether it says the same or not
        self.decided: set[Reference] = set()  #: those whose place is a row

    def in_parameters(self) -> Iterator[Deviation]:
        """Parameters that name a figure."""
        for place in self._of("parameter"):
            yield from self._named(place, [self._parameter(place.owner)])

    def in_rows(self) -> Iterator[Deviation]:
        """Rows of decision tables, by what is written in their cells; a row that cites a clause has all its quantities or none."""
        for place in self._of("decision_row"):
            table = self._procedures.decisions[place.owner].table
            cells = "\n".join(table.rules[int(place.part) - 1].texts) if table else ""
            yield from self._named(place, self._written(cells, numbers=True))
            if not place.reference.figure:
                wanted = self._quantities(place.reference.clause)
                found = self._written(cells, numbers=any(isinstance(figure, int) for figure in wanted.values()))
                strange = [item for item in found if not self._follows(item, place.reference.clause)]
                for key, figure in wanted.items():
                    if not self._is_there(place, key, figure, found) and strange:
                        yield self._deviation(place, key, figure, strange)

    def in_fields(self) -> Iterator[Deviation]:
        """Form fields that name a figure, by their limits and their default."""
        for place in self._of("form_field"):
            fields = (item for item in fields_of(self._procedures.forms[place.owner]) if item.get("key") == place.part)
            texts = [str(value) for item in fields for value in (item.get("defaultValue", ""), *(item.get("validate") or {}).values())]
            yield from self._named(place, self._written("\n".join(texts), numbers=True))

    def in_diagrams(self) -> Iterator[Deviation]:
        """Elements with their boundary events: the deadline of a task is often drawn as its boundary timer."""
        for process in self._procedures.processes.values():
            for element in process.elements.values():
                if not element.attached_to:
                    yield from self._at(process, element)

    def _at(self, process: Process, element: Element) -> Iterator[Deviation]:
        group = (element, *process.boundaries.get(element.id, ()))
        cited = list(dict.fromkeys(ref for item in group for ref in read_references(item.properties.get(CLAUSE_PROPERTY, ""))))
        times = self._written("\n".join(times_of(process, element)), numbers=False)
        strange = [found for found in times if not any(self._follows(found, reference.clause) for reference in cited)]
        for reference in cited:
            place = Place("element", reference, (Spot(process.id, element.id),))
            texts = "\n".join(text for item in group for text in texts_of(process, item))
            yield from self._named(place, self._written(texts, numbers=True))
            if not reference.figure:
                yield from self._cited(place, times, strange)

    def _cited(self, place: Place, times: list[Found], strange: list[Found]) -> Iterator[Deviation]:
        """Times at an element that none of its clauses explains; parameters do not count once the clause's time is there or in a decision."""
        for key, figure in self._quantities(place.reference.clause).items():
            if is_time(key, figure):
                is_kept = self._is_there(place, key, figure, times) or Reference(place.reference.clause, key) in self.decided
                doubtful = [found for found in strange if not (is_kept and found.parameter)]
                if doubtful:
                    yield self._deviation(place, key, figure, doubtful)

    def _named(self, place: Place, found: list[Found]) -> Iterator[Deviation]:
        """A figure that the place names has to be there."""
        clause = self._catalogue.clauses.get(place.reference.clause)
        key = place.reference.figure
        if clause and key in clause.stated and not self._is_there(place, key, clause.stated[key], found):
            yield self._deviation(place, key, clause.stated[key], found)

    def _is_there(self, place: Place, key: str, figure: Any, found: list[Found]) -> bool:
        is_same = any(agree(key, figure, item.value, item.unit) for item in found)
        if is_same:
            self._place(place, key)
        return is_same

    def _place(self, place: Place, key: str) -> Reference:
        reference = Reference(place.reference.clause, key)
        self.placed.add(reference)
        if place.kind == "decision_row":
            self.decided.add(reference)
        return reference

    def _deviation(self, place: Place, key: str, figure: Any, found: list[Found]) -> Deviation:
        return Deviation(self._place(place, key), figure, tuple(dict.fromkeys(str(item.value) for item in found)), place)

    def _follows(self, found: Found, clause: str) -> bool:
        """Whether a figure is one of a clause's: it says the same, or its parameter names the clause and is judged by itself."""
        if found.parameter and any(item.clause == clause for item in self._procedures.parameters[found.parameter].references):
            return True
        return any(agree(key, figure, found.value, found.unit) for key, figure in self._quantities(clause).items())

    def _written(self, text: str, *, numbers: bool) -> list[Found]:
        """The figures of an expression: durations, working days, parameters and, if wanted, every number."""
        parameters = [self._parameter(name) for name in parameters_read(text) if name in self._procedures.parameters]
        return [
            *(Found(item) for item in durations_in(text)),
            *(Found(item, "working_days") for item in working_days_in(text)),
            *(Found(item) for item in (numbers_in(text) if numbers else ())),
            *parameters,
        ]

    def _parameter(self, name: str) -> Found:
        parameter = self._procedures.parameters[name]
        return Found(parameter.value, parameter.unit, name)

    def _quantities(self, clause_id: str) -> Mapping[str, Any]:
        clause = self._catalogue.clauses.get(clause_id)
        return {key: figure for key, figure in (clause.stated if clause else {}).items() if is_quantity(key, figure)}

    def _of(self, kind: str) -> Iterator[Place]:
        return (place for place in self._places if place.kind == kind)
