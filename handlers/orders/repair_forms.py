"""The repair form of a visit or of a device brought in: filled in bit by bit, complete when nothing required is blank."""

from typing import Any, Literal

from pydantic import Field

from engine.runtime.handlers import JobContext, handler
from handlers.fields import Request, Result
from handlers.numbers import daily_number
from handlers.orders.case import newest_slip, order_of, repair_form_of, slip_of
from handlers.orders.tables import RepairForm

_REQUIRED = (
    "device_model",
    "warranty_card_checked",
    "packing_list_checked",
    "configuration_standard",
    "exterior",
    "connections",
    "fault_description",
    "reproduced",
    "fault_type",
    "cause",
    "measures",
    "solution_given",
    "engineer_sig",
    "customer_sig",
)


class SaveRepairForm(Request):
    """What is known so far."""

    order_id: str | None = None
    slip_id: str | None = None
    device_model: str | None = None
    device_serial: str | None = None
    warranty_card_checked: bool | None = None
    packing_list_checked: bool | None = None
    configuration_standard: bool | None = None
    configuration_note: str | None = None
    exterior: Literal["ok", "damaged"] | None = None
    connections: Literal["ok", "loose"] | None = None
    fault_description: str | None = None
    reproduced: bool | None = None
    observed_minutes: int | None = Field(default=None, ge=0)
    fault_type: Literal["hardware", "software", "man_made", "none"] | None = None
    man_made_evidence: str | None = None
    cause: str | None = None
    faulty_part: str | None = None
    part_barcode: str | None = None
    company_part: bool | None = None
    measures: list[dict[str, Any]] | None = None
    parts: list[dict[str, Any]] | None = None
    inspection: list[dict[str, Any]] | None = None
    open_items: str | None = None
    solution_given: str | None = None
    engineer_sig: str | None = None
    customer_sig: str | None = None


class RepairFormSaved(Result):
    """The form, and what it still lacks."""

    repair_no: str
    repair_form_complete: bool
    missing_fields: list[str]


@handler("orders.save_repair_form", title="存维修单", title_en="Save the repair form")
def save_repair_form(ctx: JobContext, request: SaveRepairForm) -> RepairFormSaved:
    """Keep the repair form of an order's visit, or of the device brought in; later values win, values not given stay."""
    order = order_of(ctx, request.order_id)
    slip = slip_of(ctx, request.slip_id, order.id) if request.slip_id else newest_slip(ctx, order.id)
    form = repair_form_of(ctx, order.id, slip)
    if form is None:
        form = RepairForm(
            no=daily_number(ctx, "WX"),
            order_id=order.id,
            slip_id=slip.id if slip else None,
            part_return_confirmed=False,
            content={},
            saved_at=ctx.now(),
        )
        ctx.session.add(form)
    device = slip or order
    given = request.model_dump(exclude={"order_id", "slip_id"}, exclude_none=True)
    form.content = {"device_model": device.device_model, "device_serial": device.device_serial, **form.content, **given}
    for column in ("fault_type", "reproduced", "customer_sig", "engineer_sig"):
        setattr(form, column, form.content.get(column))
    form.saved_at = ctx.now()
    missing = [name for name in _required(form.content) if form.content.get(name) in (None, "", [])]
    return RepairFormSaved(repair_no=form.no, repair_form_complete=not missing, missing_fields=missing)


def _required(content: dict[str, Any]) -> tuple[str, ...]:
    """A fault blamed on people needs its evidence."""
    return (*_REQUIRED, "man_made_evidence") if content.get("fault_type") == "man_made" else _REQUIRED
