"""Taking parts back: labelled when broken, checked by the specialist, written into the ledger and on the repair form."""

from typing import Literal

from sqlalchemy import func, select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Request, Result
from handlers.numbers import daily_number
from handlers.orders.tables import RepairForm, Slip
from handlers.parts.ledger import post
from handlers.parts.stock import part_of_barcode
from handlers.parts.tables import FaultLabel, LedgerEntry, Loan
from handlers.refusals import refusal


class MakeLabel(Request):
    """What is wrong with the part taken out."""

    loan_id: str
    symptom: str
    cause: str | None = None
    engineer_id: str | None = None
    barcode: str | None = None
    """Of the broken part; it need not be the one that was lent."""


class LabelMade(Result):
    """The label."""

    fault_label_no: str


@handler("parts.fault_label", title="出故障标签", title_en="Make a fault label")
def fault_label(ctx: JobContext, request: MakeLabel) -> LabelMade:
    """Label a broken part that comes back for a loan; the same fault again gives the same label.

    Raises:
        NotFound: there is no such loan.
    """
    loan = _loan(ctx, request.loan_id)
    known = select(FaultLabel).where(FaultLabel.loan_id == loan.id, FaultLabel.symptom == request.symptom)
    label = ctx.session.scalars(known).first()
    if label is None:
        label = FaultLabel(
            no=daily_number(ctx, "BQ"),
            loan_id=loan.id,
            part_no=loan.part_no,
            barcode=request.barcode.upper() if request.barcode else None,
            order_id=loan.order_id,
            symptom=request.symptom,
            cause=request.cause,
            engineer_id=request.engineer_id or loan.engineer_id,
            labelled_at=ctx.now(),
        )
        ctx.session.add(label)
    return LabelMade(fault_label_no=label.no)


class ConfirmReturn(Request):
    """What came back, as the specialist finds it."""

    loan_id: str
    returned_kind: Literal["unused", "replaced_defective", "consumed_no_return"]
    condition: Literal["good", "defective"] = "good"
    barcode: str | None = None
    seal_unbroken: bool | None = None
    fault_label_no: str | None = None


class ReturnConfirmed(Result):
    """The ledger entry, and whether the repair form could be marked: all parts of the order are back."""

    ledger_no: str
    returned_condition: Literal["good", "defective"]
    defective: bool
    repair_form_marked: bool
    open_loans_left: int
    returned_barcode: str | None
    """Of the piece that came back; None when nothing did."""


@handler(
    "parts.confirm_return",
    title="确认归还",
    title_en="Confirm the return of a part",
    errors=("LOAN_NOT_OPEN", "PART_MISMATCH", "LABEL_REQUIRED"),
)
def confirm_return(ctx: JobContext, request: ConfirmReturn) -> ReturnConfirmed:
    """Close a loan.  An unused piece goes back to the shelf or, broken, to the defective ones; a replaced part comes in as defective while
    the lent one stays with the customer; a consumed one stays there too.

    Raises:
        BpmnError: LOAN_NOT_OPEN, another confirmation closed it; PART_MISMATCH, another part came back; LABEL_REQUIRED, a broken part
            without its label.
        NotFound: there is no such loan.
    """
    loan = _loan(ctx, request.loan_id)
    condition: Literal["good", "defective"] = "defective" if request.returned_kind == "replaced_defective" else request.condition
    if loan.returned_at is not None:
        return _again(ctx, loan, condition)
    _check_part(ctx, loan, request)
    if request.returned_kind == "replaced_defective":
        _require_label(ctx, loan, request.fault_label_no)
    entry = _move_back(ctx, loan, request, condition)
    loan.returned_at = ctx.now()
    loan.returned_kind = request.returned_kind
    loan.condition = condition
    loan.return_confirmed_by = ctx.actor
    loan.return_key = ctx.idempotency_key
    ctx.session.flush()
    return _confirmed(ctx, loan, entry, condition)


def _loan(ctx: JobContext, loan_id: str) -> Loan:
    loan = ctx.session.get(Loan, loan_id, with_for_update=True)
    if loan is None:
        raise NotFound(f"没有借用记录 {loan_id}。", f"There is no loan {loan_id}.", loan_id=loan_id)
    return loan


def _again(ctx: JobContext, loan: Loan, condition: Literal["good", "defective"]) -> ReturnConfirmed:
    """What this very job did before; two procedures may bring back the same piece, and only one of them goes on with it."""
    if loan.return_key != ctx.idempotency_key:
        raise refusal("LOAN_NOT_OPEN", f"借用 {loan.id} 已经归还。", f"The loan {loan.id} is closed already.")
    last = select(LedgerEntry).where(LedgerEntry.reference == loan.id).order_by(LedgerEntry.moved_at.desc(), LedgerEntry.no.desc()).limit(1)
    return _confirmed(ctx, loan, ctx.session.scalars(last).one(), condition)


def _check_part(ctx: JobContext, loan: Loan, request: ConfirmReturn) -> None:
    """An unused piece is the very one that was lent; a replaced one is at least the same kind of part."""
    if request.returned_kind == "consumed_no_return":
        return
    barcode = request.barcode.upper() if request.barcode else None
    if request.returned_kind == "unused":
        matches = barcode in (None, loan.barcode)
    else:
        part = part_of_barcode(ctx, barcode) if barcode else None
        matches = part is None or part.no == loan.part_no
    if not matches:
        raise refusal(
            "PART_MISMATCH",
            f"退回的 {barcode} 与借出的 {loan.barcode} 不符。",
            f"{barcode} came back, {loan.barcode} was lent.",
            barcode=barcode,
            lent_barcode=loan.barcode,
        )


def _require_label(ctx: JobContext, loan: Loan, label_no: str | None) -> None:
    labels = select(FaultLabel.no).where(FaultLabel.loan_id == loan.id)
    if label_no:
        labels = labels.where(FaultLabel.no == label_no)
    if ctx.session.scalars(labels.limit(1)).first() is None:
        raise refusal("LABEL_REQUIRED", "换下的故障件要先填故障标签。", "A replaced part needs its fault label first.", loan_id=loan.id)


def _move_back(ctx: JobContext, loan: Loan, request: ConfirmReturn, condition: str) -> LedgerEntry:
    if request.returned_kind == "unused":
        place = "shelf" if condition == "good" else "defective"
        return post(
            ctx, "return", part_no=loan.part_no, barcode=loan.barcode, qty=loan.qty, from_place="loan", to_place=place, reference=loan.id
        )
    used = post(
        ctx, "consume", part_no=loan.part_no, barcode=loan.barcode, qty=loan.qty, from_place="loan", to_place="customer", reference=loan.id
    )
    if request.returned_kind == "consumed_no_return":
        return used
    broken = (request.barcode or f"{loan.part_no}-R{loan.id}").upper()
    return post(
        ctx, "return", part_no=loan.part_no, barcode=broken, qty=loan.qty, from_place="customer", to_place="defective", reference=loan.id
    )


def _confirmed(ctx: JobContext, loan: Loan, entry: LedgerEntry, condition: Literal["good", "defective"]) -> ReturnConfirmed:
    still_out = select(func.count()).select_from(Loan).where(Loan.order_id == loan.order_id, Loan.returned_at.is_(None))
    left = ctx.session.scalar(still_out) or 0
    marked = False
    if left == 0:
        for form in ctx.session.scalars(select(RepairForm).where(RepairForm.order_id == loan.order_id)):
            form.part_return_confirmed = True
            marked = True
        for slip in ctx.session.scalars(select(Slip).where(Slip.id == loan.slip_id)):
            slip.part_returned = True
    return ReturnConfirmed(
        ledger_no=entry.no,
        returned_condition=condition,
        defective=condition == "defective",
        repair_form_marked=marked,
        open_loans_left=left,
        returned_barcode=entry.barcode if entry.kind == "return" else None,
    )
