"""What the manuals say of one element of a diagram."""

from flask import render_template
from sqlalchemy.orm import Session

from engine.manuals.catalogue import Clause
from engine.manuals.procedures import Spot, parameters_read, texts_of
from web.definitions import Definition
from web.manuals import words
from web.manuals.placing import Placing
from web.manuals.trace import trace
from web.manuals.values import shown_value


def element_notes(session: Session, drawn: Definition, element_id: str) -> str:
    """The clauses, cards and parameters of an element, as a piece of page; a hint where there is no such element."""
    traced = trace(session)
    found = drawn.element(element_id.removesuffix("_label"))
    placing = Placing(session, traced)
    spot = Spot(drawn.key, found.id) if found else Spot(drawn.key)
    there: dict[str, tuple[Clause, list[str]]] = {}
    for clause, place in traced.by_spot.get(spot, []):
        through = there.setdefault(clause.id, (clause, []))[1]
        through += [text for text in [placing.through(place)] if text]
    names = dict.fromkeys(name for text in (texts_of(drawn.process, found) if found else ()) for name in parameters_read(text))
    return render_template(
        "manuals/element.html",
        drawn=drawn,
        element=found,
        there=there.values(),
        parameters=[traced.procedures.parameters[name] for name in names if name in traced.procedures.parameters],
        placing=placing,
        words=words,
        shown_value=shown_value,
        times=placing.times_at(spot),
    )
