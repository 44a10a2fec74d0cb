"""Money: received, invoiced, handed over, booked."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.billing.tables import CashHandover, Invoice, Payment, Quotation
from handlers.customers.tables import Customer
from handlers.fields import Amount, Instant, Names, Request, Result, in_utc, local_day
from handlers.money import rounded, yuan
from handlers.numbers import daily_number
from handlers.orders.case import order_of
from handlers.refusals import refusal


class RecordPayment(Request):
    """What was received, how, by whom."""

    order_id: str | None = None
    quotation_id: str | None = None
    """Default: the order's accepted quotation."""
    amount: Decimal = Field(gt=0)
    method: Literal["cash", "transfer", "card"]
    received_by: str | None = None
    paid_at: Instant | None = None
    check_amount: bool = False


class PaymentRecorded(Result):
    """The payment; the difference is what was paid less what was quoted."""

    payment_id: str
    quoted_total: Amount | None = None
    amount_difference: Amount


@handler("billing.record_payment", title="收款", title_en="Record a payment", errors=("AMOUNT_MISMATCH",))
def record_payment(ctx: JobContext, request: RecordPayment) -> PaymentRecorded:
    """Keep a payment, once per job, beside the quotation it answers.

    Raises:
        BpmnError: AMOUNT_MISMATCH, another amount than quoted, when `check_amount` asks for it.
    """
    order = order_of(ctx, request.order_id)
    quotation = _quotation(ctx, request.quotation_id, order.id)
    amount = rounded(request.amount)
    difference = amount - quotation.total if quotation else Decimal()
    if request.check_amount and difference and quotation:
        raise refusal(
            "AMOUNT_MISMATCH",
            f"实收 {yuan(amount)}，报价 {yuan(quotation.total)}，请核准差额。",
            f"Received {yuan(amount)}, quoted {yuan(quotation.total)}; the difference needs approval.",
            amount_difference=float(difference),
        )
    payment = ctx.session.scalars(select(Payment).where(Payment.request_key == ctx.idempotency_key)).first()
    if payment is None:
        payment = Payment(
            id=daily_number(ctx, "SK"),
            order_id=order.id,
            quotation_id=quotation.id if quotation else None,
            request_key=ctx.idempotency_key,
            amount=amount,
            method=request.method,
            received_by=request.received_by or ctx.actor,
            paid_at=in_utc(ctx, request.paid_at) or ctx.now(),
        )
        ctx.session.add(payment)
    return PaymentRecorded(payment_id=payment.id, quoted_total=quotation.total if quotation else None, amount_difference=difference)


def _quotation(ctx: JobContext, quotation_id: str | None, order_id: str) -> Quotation | None:
    if quotation_id:
        return ctx.session.get(Quotation, quotation_id)
    accepted = select(Quotation).where(Quotation.order_id == order_id, Quotation.state == "accepted")
    return ctx.session.scalars(accepted.order_by(Quotation.made_at.desc()).limit(1)).first()


class ApproveDifference(Request):
    """Why another amount than quoted is right, and who says so."""

    payment_id: str
    difference_reason: str
    approved_by: str | None = None


class DifferenceApproved(Result):
    """The payment."""

    payment_id: str


@handler("billing.approve_difference", title="核准差额", title_en="Approve a difference")
def approve_difference(ctx: JobContext, request: ApproveDifference) -> DifferenceApproved:
    """Note on a payment who approved that it differs from the quotation, and why."""
    payment = _payment(ctx, request.payment_id)
    payment.difference_reason = request.difference_reason
    payment.difference_approved_by = request.approved_by or ctx.actor
    return DifferenceApproved(payment_id=payment.id)


class IssueInvoice(Request):
    """For which payment; the customer is the payer when none is named."""

    payment_id: str
    payer: str | None = None
    tax_no: str | None = None


class InvoiceIssued(Result):
    """The invoice."""

    invoice_no: str
    invoice_date: date


@handler("billing.issue_invoice", title="开票", title_en="Issue an invoice")
def issue_invoice(ctx: JobContext, request: IssueInvoice) -> InvoiceIssued:
    """Make the invoice of a payment: one, however often it is asked for."""
    payment = _payment(ctx, request.payment_id)
    invoice = ctx.session.scalars(select(Invoice).where(Invoice.payment_id == payment.id)).first()
    if invoice is None:
        customer = ctx.session.get_one(Customer, order_of(ctx, payment.order_id).customer_id)
        invoice = Invoice(
            no=daily_number(ctx, "FP"),
            payment_id=payment.id,
            payer=request.payer or customer.unit_name,
            tax_no=request.tax_no,
            amount=payment.amount,
            issued_on=local_day(ctx, None),
        )
        ctx.session.add(invoice)
    return InvoiceIssued(invoice_no=invoice.no, invoice_date=invoice.issued_on)


class ConfirmHandover(Request):
    """What the administrative specialist counted."""

    order_id: str | None = None
    payment_ids: Names | None = None
    """Default: the order's payments that were not handed over yet."""
    counted: Decimal = Field(ge=0)
    accept_difference: bool = False
    note: str | None = None


class HandoverConfirmed(Result):
    """The hand-over; the difference is what was counted less what was expected."""

    handover_id: str
    cash_expected: Amount
    cash_difference: Amount


@handler("billing.confirm_cash_handover", title="点收交款", title_en="Confirm the hand-over of money", errors=("COUNT_DIFFERENCE",))
def confirm_cash_handover(ctx: JobContext, request: ConfirmHandover) -> HandoverConfirmed:
    """Take over payments from an engineer; payments that were handed over already count once.

    Raises:
        BpmnError: COUNT_DIFFERENCE, the money does not agree and the difference is not accepted.
        NotFound: no payment of that id.
    """
    payments = _to_hand_over(ctx, request)
    done = next((payment.handover_id for payment in payments if payment.handover_id), None)
    if done is not None:
        handover = ctx.session.get_one(CashHandover, done)
        return HandoverConfirmed(handover_id=handover.id, cash_expected=handover.expected, cash_difference=handover.difference)
    expected = sum((payment.amount for payment in payments), Decimal())
    counted = rounded(request.counted)
    difference = counted - expected
    if difference and not request.accept_difference:
        raise refusal(
            "COUNT_DIFFERENCE",
            f"应交 {yuan(expected)}，点收 {yuan(counted)}，相差 {yuan(difference)}。",
            f"Expected {yuan(expected)}, counted {yuan(counted)}, difference {yuan(difference)}.",
            cash_expected=float(expected),
            cash_difference=float(difference),
        )
    handover = CashHandover(
        id=daily_number(ctx, "JK"),
        admin_id=ctx.actor,
        expected=expected,
        counted=counted,
        difference=difference,
        note=request.note,
        counted_at=ctx.now(),
    )
    ctx.session.add(handover)
    ctx.session.flush()
    for payment in payments:
        payment.handover_id = handover.id
    return HandoverConfirmed(handover_id=handover.id, cash_expected=expected, cash_difference=difference)


def _to_hand_over(ctx: JobContext, request: ConfirmHandover) -> list[Payment]:
    if request.payment_ids is not None:
        return [_payment(ctx, payment_id) for payment_id in request.payment_ids]
    order = order_of(ctx, request.order_id)
    payments = list(ctx.session.scalars(select(Payment).where(Payment.order_id == order.id).order_by(Payment.id)))
    return [payment for payment in payments if payment.handover_id is None] or payments


def _payment(ctx: JobContext, payment_id: str) -> Payment:
    payment = ctx.session.get(Payment, payment_id)
    if payment is None:
        raise NotFound(f"没有收款 {payment_id}。", f"There is no payment {payment_id}.", payment_id=payment_id)
    return payment


class Book(Request):
    """The accountant's voucher."""

    order_id: str | None = None
    voucher: str


class Booked(Result):
    """How many payments were booked now."""

    booked_count: int


@handler("billing.book", title="入账", title_en="Book the payments")
def book(ctx: JobContext, request: Book) -> Booked:
    """Write the voucher number on the order's payments that have none."""
    order = order_of(ctx, request.order_id)
    payments = ctx.session.scalars(select(Payment).where(Payment.order_id == order.id, Payment.voucher.is_(None))).all()
    for payment in payments:
        payment.voucher = request.voucher
    return Booked(booked_count=len(payments))
