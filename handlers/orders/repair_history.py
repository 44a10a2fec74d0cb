"""Earlier repairs of a device: what was found and done, for whoever has to find out why it fails again."""

from datetime import timedelta

from sqlalchemy import select

from engine.runtime.handlers import JobContext, handler
from handlers.fields import Instant, Request, Result, local_text
from handlers.orders.case import order_of
from handlers.orders.tables import RepairForm, ServiceOrder

_FAULTS = {
    "hardware": ("硬件故障", "hardware fault"),
    "software": ("软件故障", "software fault"),
    "man_made": ("人为故障", "caused by people"),
    "none": ("没有故障", "no fault"),
}


class RepairHistory(Request):
    """Of which device; the order's own when no serial number is given."""

    order_id: str | None = None
    device_serial: str | None = None
    days: int = 365


class EarlierRepair(Result):
    """One repair form."""

    repair_no: str
    order_id: str
    saved_at: Instant
    fault_type: str | None
    cause: str | None
    solution_given: str | None


class HistoryFound(Result):
    """The repairs, the latest first."""

    earlier_repairs: list[EarlierRepair]
    repair_count: int
    history_text: str
    history_text_en: str


@handler("orders.repair_history", title="查历次维修", title_en="Find earlier repairs")
def repair_history(ctx: JobContext, request: RepairHistory) -> HistoryFound:
    """The repair forms of a device, and of its order, within so many days."""
    order = order_of(ctx, request.order_id)
    serial = request.device_serial or order.device_serial
    same = ServiceOrder.device_serial == serial if serial else ServiceOrder.id == order.id
    forms = ctx.session.scalars(
        select(RepairForm)
        .join(ServiceOrder, ServiceOrder.id == RepairForm.order_id)
        .where(same, RepairForm.saved_at >= ctx.now() - timedelta(days=request.days))
        .order_by(RepairForm.saved_at.desc(), RepairForm.no.desc())
    ).all()
    return HistoryFound(
        earlier_repairs=[_repair(form) for form in forms],
        repair_count=len(forms),
        history_text="\n".join(_line(ctx, form, 0) for form in forms) or "没有以往的维修记录",
        history_text_en="\n".join(_line(ctx, form, 1) for form in forms) or "No earlier repair is on record",
    )


def _repair(form: RepairForm) -> EarlierRepair:
    return EarlierRepair(
        repair_no=form.no,
        order_id=form.order_id,
        saved_at=form.saved_at,
        fault_type=form.fault_type,
        cause=form.content.get("cause"),
        solution_given=form.content.get("solution_given"),
    )


def _line(ctx: JobContext, form: RepairForm, language: int) -> str:
    """One repair in a line; `language` is 0 for Chinese, 1 for English."""
    fault = _FAULTS.get(form.fault_type or "", ("待查", "not yet known"))[language]
    told = [form.no, local_text(ctx, form.saved_at), fault, form.content.get("cause"), form.content.get("solution_given")]
    return " · ".join(str(part) for part in told if part)
