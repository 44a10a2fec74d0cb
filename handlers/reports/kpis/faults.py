"""What breaks: model, part and cause."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from handlers.orders.tables import RepairForm, ServiceOrder
from handlers.parts.tables import Part
from handlers.reports.kpis.people import engineer_of_order
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope, Words

#: Of a cause that is told at length, its beginning names the class.
_LONGEST_CAUSE = 100
_UNKNOWN = ("未注明", "Not said")


@measure("fault_types", Kind.TOTAL, Unit.CASES)
def faults(scope: Scope) -> Iterator[Observation]:
    """Orders whose repair was written down in the month, by model, faulty part and cause; of several visits the last that found a fault."""
    query = select(RepairForm, ServiceOrder.device_model, engineer_of_order(ServiceOrder.id).label("engineer"))
    query = query.join(ServiceOrder, ServiceOrder.id == RepairForm.order_id).where(scope.within(RepairForm.saved_at))
    names = dict(scope.session.execute(select(Part.no, Part.name)).all())
    counted: dict[str, Observation] = {}
    for row in scope.rows(query.order_by(RepairForm.saved_at, RepairForm.no)):
        form: RepairForm = row.RepairForm
        if form.fault_type in (None, "none"):
            continue
        group = _class(form.content, str(form.content.get("device_model") or row.device_model or ""), names)
        counted[form.order_id] = Observation(form.order_id, form.saved_at, person=row.engineer, group=group)
    yield from counted.values()


def _class(content: Mapping[str, Any], model: str, names: Mapping[str, str]) -> Words:
    """Model, part and cause of a repair form; the part is the one that is named, else those that were exchanged."""
    told = content.get("faulty_part")
    exchanged = [part["part_no"] for part in content.get("parts") or () if part.get("action") == "replaced"]
    part = "、".join(names.get(name, name) for name in ([told] if told else exchanged))
    cause = str(content.get("cause") or "")[:_LONGEST_CAUSE]
    known = " · ".join(word for word in (model, part, cause) if word)
    return (known, known) if known else _UNKNOWN
