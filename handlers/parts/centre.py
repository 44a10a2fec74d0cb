"""The parts centre: what we ask of it, what it answers, and what goes back to it."""

from datetime import datetime
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Instant, Request, Result, in_utc
from handlers.numbers import daily_number
from handlers.orders.slips import PartQty
from handlers.orders.tables import ServiceOrder
from handlers.parameters import parameter
from handlers.parts.ledger import post
from handlers.parts.stock import place_of
from handlers.parts.tables import Application, FailedLoan


class CentreLine(PartQty):
    """A part we need; with a barcode, the piece that goes back in exchange for it."""

    barcode: str | None = None


class ApplyToCentre(Request):
    """What we need and why."""

    lines: list[CentreLine] = Field(min_length=1)
    urgency: Literal["normal", "urgent"] = "normal"
    application_reason: Literal["failed_loan", "planning", "return_exchange"] = "failed_loan"
    order_id: str | None = None


class Applied(Result):
    """The application, and when the goods may be expected."""

    application_no: str
    expected_at: Instant


@handler("parts.apply_to_centre", title="向备件中心申请", title_en="Apply to the parts centre", errors=("OUT_OF_STOCK",))
def apply_to_centre(ctx: JobContext, request: ApplyToCentre) -> Applied:
    """Ask the parts centre for parts, once per job; failed loans of the order then point to it, and pieces to be exchanged leave the store.

    Raises:
        BpmnError: OUT_OF_STOCK, a piece to be exchanged is not in our store.
    """
    application = ctx.session.scalars(select(Application).where(Application.request_key == ctx.idempotency_key)).first()
    if application is None:
        order_id = request.order_id or ctx.business_key
        order = ctx.session.get(ServiceOrder, order_id) if order_id else None
        days = int(parameter(ctx, "part_application_working_days"))
        application = Application(
            no=daily_number(ctx, "SQ"),
            order_id=order.id if order else None,
            lines=[line.model_dump(exclude_none=True) for line in request.lines],
            urgency=request.urgency,
            reason=request.application_reason,
            status="sent",
            request_key=ctx.idempotency_key,
            sent_at=ctx.now(),
            sent_by=ctx.actor,
            expected_at=ctx.calendars.get().add_days(ctx.now(), days).due_at,
        )
        ctx.session.add(application)
        ctx.session.flush()
        _point_failed_loans(ctx, application)
        if application.reason == "return_exchange":
            _send_back(ctx, application, request.lines)
    return Applied(application_no=application.no, expected_at=application.expected_at)


def _point_failed_loans(ctx: JobContext, application: Application) -> None:
    failed = select(FailedLoan).where(FailedLoan.order_id == application.order_id, FailedLoan.application_no.is_(None))
    for slip in ctx.session.scalars(failed.where(FailedLoan.part_no.in_(line["part_no"] for line in application.lines))):
        slip.application_no = application.no


def _send_back(ctx: JobContext, application: Application, lines: list[CentreLine]) -> None:
    for line in lines:
        if line.barcode is None:
            continue
        barcode = line.barcode.upper()
        place = place_of(ctx, barcode, line.qty)
        post(
            ctx,
            "exchange",
            part_no=line.part_no,
            barcode=barcode,
            qty=line.qty,
            from_place=place,
            to_place="centre",
            reference=application.no,
        )


class RecordAnswer(Request):
    """What the parts centre says to an application."""

    application_no: str
    available: bool
    expected_at: Instant | None = None
    """When it delivers; what we expected so far when left out."""


class AnswerRecorded(Result):
    """When the goods are expected now."""

    available: bool
    expected_at: Instant


@handler("parts.record_centre_answer", title="登记中心答复", title_en="Record the centre's answer")
def record_centre_answer(ctx: JobContext, request: RecordAnswer) -> AnswerRecorded:
    """Write down whether the centre has the parts and when it delivers; the last answer counts.

    Raises:
        NotFound: no such application.
    """
    application = application_of(ctx, request.application_no)
    application.available = request.available
    application.answered_at = ctx.now()
    expect(application, in_utc(ctx, request.expected_at))
    return AnswerRecorded(available=request.available, expected_at=application.expected_at)


def application_of(ctx: JobContext, number: str) -> Application:
    """An application, held against others.

    Raises:
        NotFound: there is none of that number.
    """
    application = ctx.session.get(Application, number, with_for_update=True)
    if application is None:
        raise NotFound(f"没有申请单 {number}。", f"There is no application {number}.", application_no=number)
    return application


def expect(application: Application, at: datetime | None) -> None:
    """Goods are promised for another time."""
    if at is not None:
        application.expected_at = at
