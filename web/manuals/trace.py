"""What the pages know of the manuals and the procedures that run; read once, and again when something is deployed or a parameter changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.manuals.catalogue import Catalogue, Clause
from engine.manuals.coverage import Coverage, cover
from engine.manuals.deviations import Deviation, compare_figures
from engine.manuals.places import Place
from engine.manuals.procedures import Procedures, Spot
from engine.runtime.catalog import newest_edition
from engine.runtime.manuals import Manuals, live_manuals
from engine.storage.tables import ProcessDefinition

_KEPT = "opsbook_manuals"


@dataclass(frozen=True)
class Trace:
    """From clauses to the procedures, and back."""

    edition: str
    manuals: Manuals
    definitions: Mapping[str, str]  #: process key to the id of its live version

    @property
    def catalogue(self) -> Catalogue:
        """Every clause."""
        return self.manuals.catalogue

    @property
    def procedures(self) -> Procedures:
        """What runs."""
        return self.manuals.procedures

    @cached_property
    def coverage(self) -> Coverage:
        """The state of every clause."""
        return cover(self.catalogue, self.procedures)

    @cached_property
    def deviations(self) -> tuple[Deviation, ...]:
        """Figures that depart from their clause."""
        return compare_figures(self.catalogue, self.procedures).deviations

    @cached_property
    def by_spot(self) -> Mapping[Spot, list[tuple[Clause, Place]]]:
        """The clauses of every place in a diagram, in the manuals' order; those of a form, decision or parameter are where they are used."""
        found: dict[Spot, list[tuple[Clause, Place]]] = {}
        for clause_id, clause in self.catalogue.clauses.items():
            for place in self.coverage.places.get(clause_id, ()):
                for spot in place.spots:
                    found.setdefault(spot, []).append((clause, place))
        return found

    def deviations_of(self, clause: Clause) -> list[Deviation]:
        """The figures of a clause that are otherwise somewhere."""
        return [deviation for deviation in self.deviations if deviation.reference.clause == clause.id]

    def deviations_of_parameter(self, name: str) -> list[Deviation]:
        """The figures of clauses from which a parameter departs."""
        return [item for item in self.deviations if item.place.kind == "parameter" and item.place.owner == name]


def trace(session: Session) -> Trace:
    """The newest state of things."""
    edition = session.scalars(select(newest_edition())).one()
    kept = current_app.extensions.get(_KEPT)
    if not isinstance(kept, Trace) or kept.edition != edition:
        definitions = session.execute(select(ProcessDefinition.key, ProcessDefinition.id).where(ProcessDefinition.state == "live"))
        kept = Trace(edition, live_manuals(session), {row.key: row.id for row in definitions})
        current_app.extensions[_KEPT] = kept
    return kept
