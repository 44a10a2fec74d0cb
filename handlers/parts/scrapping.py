"""The last stage of a part: proposed, assessed, approved, disposed of before a witness, written off."""

from decimal import Decimal
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Amount, Names, Option, Request, Result
from handlers.money import rounded
from handlers.numbers import daily_number
from handlers.parts.approvals import require_approval
from handlers.parts.ledger import post
from handlers.parts.lifecycle_tables import Scrapping
from handlers.parts.stock import place_of
from handlers.parts.tables import Part, StockItem
from handlers.refusals import refusal

_PLACES = {"defective": ("待处理区", "with the defective ones"), "shelf": ("货架", "on the shelf")}


class ListScrappable(Request):
    """Of which part; every one when left out."""

    part_no: str | None = None


class ScrappablePieces(Result):
    """What lies in the store and may be scrapped, the defective pieces first."""

    scrap_options: list[Option]


@handler("parts.list_scrappable", title="查可报废备件", title_en="List what may be scrapped")
def list_scrappable(ctx: JobContext, request: ListScrappable) -> ScrappablePieces:
    """The pieces in the store by barcode; what is on loan cannot be scrapped."""
    query = select(StockItem, Part).join(Part, Part.no == StockItem.part_no).where(StockItem.place.in_(_PLACES), StockItem.qty > 0)
    if request.part_no:
        query = query.where(StockItem.part_no == request.part_no)
    return ScrappablePieces(
        scrap_options=[
            Option(
                label=f"{part.name} {item.barcode} ×{item.qty}，{_PLACES[item.place][0]}",
                label_en=f"{part.no} {item.barcode} ×{item.qty}, {_PLACES[item.place][1]}",
                value=item.barcode,
            )
            for item, part in ctx.session.execute(query.order_by(StockItem.place, StockItem.barcode))
        ]
    )


class ProposeScrap(Request):
    """What is to be scrapped and why; the value is that of the catalogue unless given."""

    barcode: str
    qty: int = Field(default=1, gt=0)
    scrap_reason: Literal["defective", "obsolete", "damaged", "lost"]
    scrap_value: Amount | None = None


class ScrapProposed(Result):
    """The scrapping."""

    scrap_no: str
    part_no: str
    part_name: str
    scrap_value: Amount


@handler("parts.propose_scrap", title="登记报废申请", title_en="Record a proposal to scrap", errors=("OUT_OF_STOCK",))
def propose_scrap(ctx: JobContext, request: ProposeScrap) -> ScrapProposed:
    """Write down what is proposed for scrapping, once per job.

    Raises:
        BpmnError: OUT_OF_STOCK, there are not so many pieces of that barcode in the store.
    """
    scrapping = ctx.session.scalars(select(Scrapping).where(Scrapping.request_key == ctx.idempotency_key)).first()
    if scrapping is None:
        barcode = request.barcode.upper()
        item = ctx.session.get_one(StockItem, (barcode, place_of(ctx, barcode, request.qty)))
        part = ctx.session.get_one(Part, item.part_no)
        scrapping = Scrapping(
            no=daily_number(ctx, "BF"),
            part_no=part.no,
            barcode=barcode,
            qty=request.qty,
            reason=request.scrap_reason,
            value=rounded(part.cost * request.qty if request.scrap_value is None else Decimal(request.scrap_value)),
            state="proposed",
            request_key=ctx.idempotency_key,
            proposed_at=ctx.now(),
            proposed_by=ctx.actor,
        )
        ctx.session.add(scrapping)
    part = ctx.session.get_one(Part, scrapping.part_no)
    return ScrapProposed(scrap_no=scrapping.no, part_no=part.no, part_name=part.name, scrap_value=scrapping.value)


class AssessScrap(Request):
    """The technical verdict."""

    scrap_no: str
    repairable: bool
    exchangeable: bool
    measured: str
    assessed_by: str | None = None


class ScrapAssessed(Result):
    """A part that can be repaired or exchanged is not scrapped."""

    kept: bool


@handler("parts.assess_scrap", title="登记技术鉴定", title_en="Record the technical verdict")
def assess_scrap(ctx: JobContext, request: AssessScrap) -> ScrapAssessed:
    """Write down what was measured; what can be repaired or exchanged is kept.

    Raises:
        NotFound: no such scrapping.
    """
    scrapping = _scrapping(ctx, request.scrap_no)
    scrapping.repairable, scrapping.exchangeable = request.repairable, request.exchangeable
    scrapping.measured = request.measured
    scrapping.assessed_by = request.assessed_by or ctx.actor
    kept = request.repairable or request.exchangeable
    if kept:
        scrapping.state = "kept"
    return ScrapAssessed(kept=kept)


class RejectScrap(Request):
    """Why it is not scrapped, and who says so."""

    scrap_no: str
    rejection: str
    rejected_by: str | None = None


class ScrapRejected(Result):
    """The state."""

    scrap_state: str


@handler("parts.reject_scrap", title="登记不予报废", title_en="Record that it is not scrapped")
def reject_scrap(ctx: JobContext, request: RejectScrap) -> ScrapRejected:
    """Close a proposal that was not approved; the part stays where it is.

    Raises:
        NotFound: no such scrapping.
    """
    scrapping = _scrapping(ctx, request.scrap_no)
    scrapping.state, scrapping.rejection, scrapping.approved_by = "rejected", request.rejection, request.rejected_by
    return ScrapRejected(scrap_state=scrapping.state)


class ScrapPart(Request):
    """How it is disposed of, before whom, and who approved it."""

    scrap_no: str
    approved_by: str | None = None
    method: Literal["destroy", "recycle", "return"]
    witness_sig: str | None = None
    photos: Names = Field(default_factory=list)


class PartScrapped(Result):
    """The ledger entry."""

    ledger_no: str


@handler("parts.scrap", title="报废出账", title_en="Scrap a part", errors=("NOT_APPROVED", "OUT_OF_STOCK"))
def scrap(ctx: JobContext, request: ScrapPart) -> PartScrapped:
    """Take a part out of the store for good, once per proposal.

    Raises:
        BpmnError: NOT_APPROVED, no service manager approved it, or it was kept or rejected; OUT_OF_STOCK, it is not there any more.
        NotFound: no such scrapping.
    """
    scrapping = _scrapping(ctx, request.scrap_no)
    if scrapping.ledger_no is None:
        if scrapping.state != "proposed":
            raise refusal("NOT_APPROVED", f"{scrapping.no} 不在待报废状态。", f"{scrapping.no} is not waiting to be scrapped.")
        scrapping.approved_by = require_approval(ctx, request.approved_by, "service_manager", "NOT_APPROVED")
        place = place_of(ctx, scrapping.barcode, scrapping.qty)
        entry = post(
            ctx,
            "scrap",
            part_no=scrapping.part_no,
            barcode=scrapping.barcode,
            qty=scrapping.qty,
            from_place=place,
            to_place="scrapped",
            reference=scrapping.no,
        )
        scrapping.state, scrapping.ledger_no = "scrapped", entry.no
        scrapping.method, scrapping.witness_sig, scrapping.photos = request.method, request.witness_sig, request.photos
    return PartScrapped(ledger_no=scrapping.ledger_no)


class BookScrap(Request):
    """The accounting voucher."""

    scrap_no: str
    voucher: str


class ScrapBooked(Result):
    """The amount written off."""

    written_off: Amount


@handler("parts.book_scrap", title="报废核销入账", title_en="Write off a scrapped part")
def book_scrap(ctx: JobContext, request: BookScrap) -> ScrapBooked:
    """Put a scrapping into the books; the same voucher again changes nothing.

    Raises:
        NotFound: no such scrapping.
    """
    scrapping = _scrapping(ctx, request.scrap_no)
    if scrapping.voucher != request.voucher:
        scrapping.voucher, scrapping.booked_at, scrapping.booked_by = request.voucher, ctx.now(), ctx.actor
    return ScrapBooked(written_off=scrapping.value)


def _scrapping(ctx: JobContext, number: str) -> Scrapping:
    scrapping = ctx.session.get(Scrapping, number, with_for_update=True)
    if scrapping is None:
        raise NotFound(f"没有报废单 {number}。", f"There is no scrapping {number}.", scrap_no=number)
    return scrapping
