"""Which order and which slip a job is about."""

from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext
from handlers.orders.tables import RepairForm, ServiceOrder, Slip


def case_key(ctx: JobContext, order_id: str | None) -> str:
    """The order's id as given, else the case's business key; the order itself need not exist yet.

    Raises:
        NotFound: neither is known.
    """
    key = order_id or ctx.business_key
    if not key:
        raise NotFound("这个案例还没有服务单号，请给出 order_id。", "This case has no order id yet; give order_id.")
    return key


def order_of(ctx: JobContext, order_id: str | None) -> ServiceOrder:
    """The order a request means.

    Raises:
        NotFound: there is no such order.
    """
    key = case_key(ctx, order_id)
    order = ctx.session.get(ServiceOrder, key)
    if order is None:
        raise NotFound(f"没有服务单 {key}。", f"There is no service order {key}.", order_id=key)
    return order


def slip_of(ctx: JobContext, slip_id: str | None, order_id: str | None) -> Slip:
    """The slip a request means: the named one, else the newest of the order.

    Raises:
        NotFound: there is no such slip.
    """
    slip = ctx.session.get(Slip, slip_id) if slip_id else newest_slip(ctx, case_key(ctx, order_id))
    if slip is None:
        raise NotFound(
            f"没有派工单 {slip_id or order_id}。", f"There is no slip {slip_id or order_id}.", slip_id=slip_id, order_id=order_id
        )
    return slip


def newest_slip(ctx: JobContext, order_id: str) -> Slip | None:
    """The slip of the order's last visit, if there is one."""
    return ctx.session.scalars(select(Slip).where(Slip.order_id == order_id).order_by(Slip.visit_no.desc()).limit(1)).first()


def repair_form_of(ctx: JobContext, order_id: str, slip: Slip | None) -> RepairForm | None:
    """The repair form of a visit; without a visit that of the device brought in."""
    form = select(RepairForm).where(RepairForm.order_id == order_id, RepairForm.slip_id == (slip.id if slip else None))
    return ctx.session.scalars(form).first()
