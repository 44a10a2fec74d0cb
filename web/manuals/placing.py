"""Places of clauses as pages show them: what it is, where it is, and how often real cases passed it."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.manuals.catalogue import Clause
from engine.manuals.places import Kind, Place
from engine.manuals.procedures import Spot
from web.definitions import Definition, definition, newest_form
from web.labels import label
from web.manuals import exercise, words
from web.manuals.trace import Trace

#: Icon of each kind of place.
ICONS: dict[Kind, str] = {
    "process": "flow",
    "element": "flow",
    "form_field": "file",
    "decision_row": "rows",
    "parameter": "dial",
    "guidance": "book",
}
#: What says most about a clause comes first.
_ORDER = ("parameter", "decision_row", "form_field", "element", "guidance", "process")


@dataclass(frozen=True)
class Mark:
    """One place, as a link."""

    kind: Kind
    text: str
    href: str
    times: int  #: how often cases passed it


class Placing:
    """Turns places into links; one for each page."""

    def __init__(self, session: Session, trace: Trace) -> None:
        """Args: session: to read titles and counts."""
        self._session = session
        self._trace = trace
        self._counts = exercise.completions(session)

    def marks(self, clause: Clause) -> list[Mark]:
        """Where a clause lives."""
        found = self._trace.coverage.places.get(clause.id, ())
        marks = [mark for place in sorted(found, key=lambda place: _ORDER.index(place.kind)) for mark in self._of_place(place)]
        return list({(mark.kind, mark.text, mark.href): mark for mark in marks}.values())

    def times(self, clause: Clause) -> int:
        """How often cases passed any place of a clause."""
        return exercise.times(self._counts, (spot for place in self._trace.coverage.places.get(clause.id, ()) for spot in place.spots))

    def times_at(self, spot: Spot) -> int:
        """How often cases passed a place of a diagram."""
        return exercise.times(self._counts, [spot])

    def drawn(self, process: str) -> Definition:
        """The live version of a process."""
        return definition(self._session, self._trace.definitions[process])

    def at(self, spot: Spot) -> str:
        """Process and element, in the reader's language."""
        drawn = self.drawn(spot.process)
        return f"{drawn.title} › {drawn.element_title(spot.element)}" if spot.element else drawn.title

    def through(self, place: Place) -> str:
        """What of a step a clause concerns, when it is not the step itself."""
        if place.kind == "form_field":
            return str(gettext("表单字段“%(name)s”", name=self._field(place)))
        if place.kind == "decision_row":
            return str(gettext("决策表第 %(number)s 行", number=place.part))
        if place.kind == "parameter":
            return str(gettext("参数“%(name)s”", name=words.title(self._trace.procedures.parameters[place.owner])))
        return str(gettext("提示卡")) if place.kind == "guidance" else ""

    def _of_place(self, place: Place) -> list[Mark]:
        times = exercise.times(self._counts, place.spots)
        if place.kind == "parameter":
            return [Mark("parameter", self.through(place), url_for("manuals.parameter", name=place.owner), times)]
        if place.kind in ("form_field", "decision_row"):
            first = place.spots[0] if place.spots else None
            text = " › ".join(part for part in (self.at(first) if first else place.owner, self.through(place)) if part)
            return [Mark(place.kind, text, _link(first) if first else "", times)]
        return [Mark(place.kind, self.at(spot), _link(spot), self.times_at(spot)) for spot in place.spots]

    def _field(self, place: Place) -> str:
        return label(place.label or place.part, newest_form(self._session, place.owner).english)


def _link(spot: Spot) -> str:
    return url_for("manuals.process", key=spot.process, element=spot.element or None)
