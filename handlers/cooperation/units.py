"""Which unit of the group a product belongs to."""

from sqlalchemy import select

from engine.runtime.handlers import JobContext, handler
from handlers.cooperation.tables import GroupUnit
from handlers.fields import Option, Request, Result


class FindUnit(Request):
    """The product the customer asked for, and which unit the person asked thinks of."""

    product: str
    unit_guess: str | None = None


class UnitFound(Result):
    """The units to choose from, the likeliest first; nobody is turned away because none is known for the product."""

    unit_options: list[Option]
    suggested_unit_id: str | None = None
    suggested_contact: str | None = None


@handler("cooperation.find_unit", title="查责任单位", title_en="Find the responsible unit")
def find_unit(ctx: JobContext, request: FindUnit) -> UnitFound:
    """Units whose product words occur in what the customer asked for, before the one that was guessed, before the others."""
    units = ctx.session.scalars(select(GroupUnit).where(GroupUnit.active).order_by(GroupUnit.id)).all()

    def likelihood(unit: GroupUnit) -> int:
        named = sum(word in request.product for word in unit.products)
        return 2 * named + (request.unit_guess is not None and request.unit_guess in unit.name)

    ordered = sorted(units, key=lambda unit: -likelihood(unit))
    best = ordered[0] if ordered and likelihood(ordered[0]) else None
    return UnitFound(
        unit_options=[_option(unit) for unit in ordered],
        suggested_unit_id=best.id if best else None,
        suggested_contact=f"{best.contact_person} {best.contact_phone}" if best else None,
    )


def _option(unit: GroupUnit) -> Option:
    return Option(
        label=f"{unit.name}（{unit.contact_person} {unit.contact_phone}）",
        label_en=f"{unit.name_en} ({unit.contact_person} {unit.contact_phone})",
        value=unit.id,
    )
