"""Lending parts under the rule: no return, no new loan (前件不还，后件不借)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.dispatch.tables import Employee
from handlers.fields import Instant, Names, Option, Request, Result, in_utc, local_day, local_text
from handlers.numbers import daily_number
from handlers.orders.case import case_key, order_of
from handlers.parts.ledger import post
from handlers.parts.stock import part_of_barcode, require_stock, slip_id_for
from handlers.parts.tables import FailedLoan, LedgerEntry, Loan, Part, Reservation, StockItem
from handlers.refusals import refusal


class OpenLoan(Result):
    """A part somebody still has."""

    loan_id: str
    part_no: str
    part_name: str
    qty: int
    barcode: str
    trip_id: str
    order_id: str
    engineer_id: str
    issued_at: Instant
    due_at: Instant
    loan_text: str
    loan_text_en: str


class CheckEligibility(Request):
    """Who wants to borrow, for which trip."""

    engineer_id: str
    trip_id: str


class Eligibility(Result):
    """Whether a loan is allowed, and what stands in its way."""

    eligible: bool
    open_loans: list[OpenLoan]
    open_loans_of_other_trip: int
    open_loans_text: str
    open_loans_text_en: str


@handler("parts.check_loan_eligibility", title="查前件是否已还", title_en="Check whether former parts are returned")
def check_loan_eligibility(ctx: JobContext, request: CheckEligibility) -> Eligibility:
    """The parts an engineer has from other trips; any of them blocks a new loan, several for the same trip do not."""
    blocking = [describe(ctx, loan) for loan in _blocking(ctx, request.engineer_id, request.trip_id)]
    return Eligibility(
        eligible=not blocking,
        open_loans=blocking,
        open_loans_of_other_trip=len(blocking),
        open_loans_text="\n".join(loan.loan_text for loan in blocking),
        open_loans_text_en="\n".join(loan.loan_text_en for loan in blocking),
    )


class IssuePart(Request):
    """One line of a loan card."""

    engineer_id: str
    order_id: str | None = None
    slip_id: str | None = None
    trip_id: str
    part_no: str
    barcode: str
    qty: int = Field(default=1, gt=0)
    card_no: str | None = None
    purpose: str | None = None
    due_back: Instant | None = None
    """Default: the end of the day."""
    override_reason: str | None = None


class PartIssued(Result):
    """The loan and its ledger entry."""

    loan_id: str
    ledger_no: str
    card_no: str
    loan_due_at: Instant


@handler(
    "parts.issue", title="发放备件", title_en="Issue a part", errors=("OUT_OF_STOCK", "PREVIOUS_PART_NOT_RETURNED", "BARCODE_MISMATCH")
)
def issue(ctx: JobContext, request: IssuePart) -> PartIssued:
    """Hand pieces to an engineer: a loan, a ledger entry, and the slip's reservation used up.

    Raises:
        BpmnError: PREVIOUS_PART_NOT_RETURNED, a part of another trip is still out; BARCODE_MISMATCH, the code is of another part or
            not on the shelf; OUT_OF_STOCK, too few, or kept for other slips and no reason to take them.
        NotFound: no such engineer.
    """
    order = order_of(ctx, request.order_id)
    slip_id = slip_id_for(ctx, request.slip_id, order.id)
    if ctx.session.get(Employee, request.engineer_id, with_for_update=True) is None:  # one loan after the other for each person
        raise NotFound(f"没有工程师 {request.engineer_id}。", f"There is no engineer {request.engineer_id}.")
    if done := ctx.session.scalars(select(Loan).where(Loan.request_key == ctx.idempotency_key)).first():
        return _issued(ctx, done)
    if blocking := _blocking(ctx, request.engineer_id, request.trip_id):
        raise refusal(
            "PREVIOUS_PART_NOT_RETURNED",
            f"前件未还，后件不借：还有 {len(blocking)} 件他趟备件未还。",
            f"No return, no new loan: {len(blocking)} part(s) of another trip are still out.",
            open_loans_of_other_trip=len(blocking),
        )
    ctx.session.get(Part, request.part_no, with_for_update=True)
    require_stock(ctx, request.part_no, request.qty, slip_id, request.override_reason)
    barcode = request.barcode.upper()
    _require_on_shelf(ctx, request.part_no, barcode, request.qty)
    loan = Loan(
        id=daily_number(ctx, "JY"),
        request_key=ctx.idempotency_key,
        card_no=request.card_no or f"K-{request.trip_id}",
        order_id=order.id,
        slip_id=slip_id,
        engineer_id=request.engineer_id,
        trip_id=request.trip_id,
        part_no=request.part_no,
        barcode=barcode,
        qty=request.qty,
        purpose=request.purpose,
        issued_at=ctx.now(),
        issued_by=ctx.actor,
        due_at=in_utc(ctx, request.due_back) or _end_of_today(ctx),
    )
    ctx.session.add(loan)
    ctx.session.flush()
    post(ctx, "out_loan", part_no=loan.part_no, barcode=barcode, qty=loan.qty, from_place="shelf", to_place="loan", reference=loan.id)
    _use_reservation(ctx, slip_id, request.part_no)
    return _issued(ctx, loan)


def _issued(ctx: JobContext, loan: Loan) -> PartIssued:
    entry = select(LedgerEntry.no).where(LedgerEntry.reference == loan.id, LedgerEntry.kind == "out_loan")
    return PartIssued(loan_id=loan.id, ledger_no=ctx.session.scalars(entry).one(), card_no=loan.card_no, loan_due_at=loan.due_at)


def _blocking(ctx: JobContext, engineer_id: str, trip_id: str) -> list[Loan]:
    open_ones = select(Loan).where(Loan.engineer_id == engineer_id, Loan.returned_at.is_(None), Loan.trip_id != trip_id)
    return list(ctx.session.scalars(open_ones.order_by(Loan.issued_at, Loan.id)))


def _require_on_shelf(ctx: JobContext, part_no: str, barcode: str, qty: int) -> None:
    item = ctx.session.get(StockItem, (barcode, "shelf"), with_for_update=True)
    if item is not None and item.part_no == part_no and item.qty >= qty:
        return
    found = part_of_barcode(ctx, barcode)
    is_this = found is not None and found.no == part_no
    raise refusal(
        "BARCODE_MISMATCH",
        f"条码 {barcode} {'不在货架上' if is_this else f'不是备件 {part_no}'}，请重新扫描。",
        f"The barcode {barcode} is {'not on the shelf' if is_this else f'not of part {part_no}'}; scan again.",
        barcode=barcode,
    )


def _use_reservation(ctx: JobContext, slip_id: str | None, part_no: str) -> None:
    kept = select(Reservation).where(Reservation.slip_id == slip_id, Reservation.part_no == part_no, Reservation.state == "open")
    for reservation in ctx.session.scalars(kept):
        reservation.state = "used"


def _end_of_today(ctx: JobContext) -> datetime:
    zone = ZoneInfo(ctx.settings.time_zone)
    midnight = datetime.combine(local_day(ctx, None) + timedelta(days=1), time.min, zone)
    return midnight.astimezone(UTC)


class RecordFailedLoan(Request):
    """What was wanted and not there."""

    part_no: str
    qty: int = Field(default=1, gt=0)
    order_id: str | None = None
    engineer_id: str | None = None
    needed_by: Instant | None = None
    note: str | None = None


class FailedLoanRecorded(Result):
    """The slip of the failed loan."""

    failed_loan_no: str


@handler("parts.record_failed_loan", title="登记借用失败", title_en="Record a failed loan")
def record_failed_loan(ctx: JobContext, request: RecordFailedLoan) -> FailedLoanRecorded:
    """Note a part that could not be lent, once per order and part: it counts for the hit rate.  Wanted again, it is asked for anew."""
    order_id = case_key(ctx, request.order_id)
    failed = ctx.session.scalars(select(FailedLoan).where(FailedLoan.order_id == order_id, FailedLoan.part_no == request.part_no)).first()
    if failed is None:
        failed = FailedLoan(
            no=daily_number(ctx, "JS"),
            part_no=request.part_no,
            qty=request.qty,
            order_id=order_id,
            engineer_id=request.engineer_id,
            needed_by=in_utc(ctx, request.needed_by),
            note=request.note,
            failed_at=ctx.now(),
        )
        ctx.session.add(failed)
    failed.application_no = None
    return FailedLoanRecorded(failed_loan_no=failed.no)


class OpenLoansQuery(Request):
    """Whose or which loans; all when nothing is given."""

    order_id: str | None = None
    engineer_id: str | None = None
    loan_ids: Names | None = None
    overdue: bool = False
    """Only those that should be back by now."""


class OpenLoans(Result):
    """What is still out."""

    open_loans: list[OpenLoan]
    loan_ids: list[str]
    open_count: int
    loan_options: list[Option]
    open_loans_text: str
    open_loans_text_en: str


@handler("parts.open_loans", title="查未还备件", title_en="Find parts not returned")
def open_loans(ctx: JobContext, request: OpenLoansQuery) -> OpenLoans:
    """The loans that are open, the oldest first."""
    query = select(Loan).where(Loan.returned_at.is_(None))
    if request.order_id:
        query = query.where(Loan.order_id == request.order_id)
    if request.engineer_id:
        query = query.where(Loan.engineer_id == request.engineer_id)
    if request.loan_ids is not None:
        query = query.where(Loan.id.in_(request.loan_ids))
    if request.overdue:
        query = query.where(Loan.due_at < ctx.now())
    found = [describe(ctx, loan) for loan in ctx.session.scalars(query.order_by(Loan.issued_at, Loan.id))]
    return OpenLoans(
        open_loans=found,
        loan_ids=[loan.loan_id for loan in found],
        open_count=len(found),
        loan_options=[Option(label=loan.loan_text, label_en=loan.loan_text_en, value=loan.loan_id) for loan in found],
        open_loans_text="\n".join(loan.loan_text for loan in found),
        open_loans_text_en="\n".join(loan.loan_text_en for loan in found),
    )


def describe(ctx: JobContext, loan: Loan) -> OpenLoan:
    """A loan as forms show it."""
    part = ctx.session.get_one(Part, loan.part_no)
    engineer = ctx.session.get_one(Employee, loan.engineer_id)
    due = local_text(ctx, loan.due_at)
    return OpenLoan(
        loan_id=loan.id,
        part_no=loan.part_no,
        part_name=part.name,
        qty=loan.qty,
        barcode=loan.barcode,
        trip_id=loan.trip_id,
        order_id=loan.order_id,
        engineer_id=loan.engineer_id,
        issued_at=loan.issued_at,
        due_at=loan.due_at,
        loan_text=f"{part.name} {loan.barcode} ×{loan.qty}，{engineer.name}，{loan.order_id}，应于 {due} 前归还",
        loan_text_en=f"{part.name} {loan.barcode} ×{loan.qty}, {engineer.name}, {loan.order_id}, due back {due}",
    )
