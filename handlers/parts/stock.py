"""What is on the shelf, what is kept back, what a barcode means."""

from dataclasses import dataclass

from pydantic import Field
from sqlalchemy import func, select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Option, Request, Result
from handlers.orders.case import newest_slip, slip_of
from handlers.orders.slips import PartQty
from handlers.parts.tables import Part, Reservation, StockItem
from handlers.refusals import refusal

#: So many barcodes fit on the specialist's screen.
_BARCODES_SHOWN = 10


@dataclass(frozen=True)
class Availability:
    """The pieces of one part on the shelf, seen by one slip."""

    on_hand: int
    reserved: int  #: for other slips

    @property
    def available(self) -> int:
        """What this slip may take without asking anybody."""
        return max(0, self.on_hand - self.reserved)


def availability(ctx: JobContext, part_no: str, slip_id: str | None) -> Availability:
    """Count the shelf; a slip's own reservation is no obstacle to it."""
    shelf = select(func.coalesce(func.sum(StockItem.qty), 0)).where(StockItem.part_no == part_no, StockItem.place == "shelf")
    kept = select(func.coalesce(func.sum(Reservation.qty), 0)).where(Reservation.part_no == part_no, Reservation.state == "open")
    if slip_id:
        kept = kept.where(Reservation.slip_id != slip_id)
    return Availability(ctx.session.scalar(shelf) or 0, ctx.session.scalar(kept) or 0)


class CatalogueQuery(Request):
    """For which device; every part when left out or unknown."""

    device_model: str | None = None


class CatalogueLine(Result):
    """One part."""

    part_no: str
    part_name: str
    unit: str
    available: int


class Catalogue(Result):
    """The parts to choose from."""

    part_options: list[Option]
    catalogue: list[CatalogueLine]


@handler("parts.catalogue", title="备件目录", title_en="Parts to choose from")
def catalogue(ctx: JobContext, request: CatalogueQuery) -> Catalogue:
    """Parts that fit a device, those of all devices when none is known to fit."""
    parts = list(ctx.session.scalars(select(Part).order_by(Part.name, Part.no)))
    fitting = [part for part in parts if request.device_model in part.applies_to]
    lines = [
        CatalogueLine(part_no=part.no, part_name=part.name, unit=part.unit, available=availability(ctx, part.no, None).available)
        for part in fitting or parts
    ]
    return Catalogue(part_options=[_option(line) for line in lines], catalogue=lines)


def _option(line: CatalogueLine) -> Option:
    return Option(
        label=f"{line.part_name}（{line.part_no}，可用 {line.available}）",
        label_en=f"{line.part_name} ({line.part_no}, {line.available} available)",
        value=line.part_no,
    )


class StockQuery(Request):
    """Which parts, for which slip."""

    parts: list[PartQty]
    slip_id: str | None = None


class StockLine(Result):
    """One part on the shelf; `reserved` counts what is kept for other slips."""

    part_no: str
    part_name: str
    qty: int
    on_hand: int
    reserved: int
    available: int
    location: str
    barcodes: list[str]
    most_of_one: int
    """So many pieces lie under one barcode: more are handed out one by one."""
    enough: bool


class StockFound(Result):
    """The shelf, line by line and in words."""

    stock_lines: list[StockLine]
    all_available: bool
    any_available: bool
    stock_text: str
    stock_text_en: str


@handler("parts.stock_query", title="查可用数", title_en="Query the stock", errors=("PART_UNKNOWN",))
def stock_query(ctx: JobContext, request: StockQuery) -> StockFound:
    """How many of each part a slip could have.

    Raises:
        BpmnError: PART_UNKNOWN, a part number that does not exist.
    """
    unknown = [line.part_no for line in request.parts if ctx.session.get(Part, line.part_no) is None]
    if unknown:
        raise refusal(
            "PART_UNKNOWN", f"没有这些备件：{'、'.join(unknown)}。", f"Unknown parts: {', '.join(unknown)}.", unknown_parts=unknown
        )
    lines = [_line(ctx, line, request.slip_id) for line in request.parts]
    return StockFound(
        stock_lines=lines,
        all_available=all(line.enough for line in lines),
        any_available=any(line.enough for line in lines),
        stock_text="\n".join(
            f"{line.part_name}（{line.part_no}）要 {line.qty}，在库 {line.on_hand}，他单留件 {line.reserved}，库位 {line.location}"
            for line in lines
        ),
        stock_text_en="\n".join(
            f"{line.part_name} ({line.part_no}): wanted {line.qty}, on hand {line.on_hand}, kept for other slips {line.reserved}, "
            f"shelf {line.location}"
            for line in lines
        ),
    )


def _line(ctx: JobContext, wanted: PartQty, slip_id: str | None) -> StockLine:
    part = ctx.session.get_one(Part, wanted.part_no)
    count = availability(ctx, part.no, slip_id)
    shelf = select(StockItem).where(StockItem.part_no == part.no, StockItem.place == "shelf", StockItem.qty > 0).order_by(StockItem.barcode)
    items = ctx.session.scalars(shelf).all()
    return StockLine(
        part_no=part.no,
        part_name=part.name,
        qty=wanted.qty,
        on_hand=count.on_hand,
        reserved=count.reserved,
        available=count.available,
        location=part.location,
        barcodes=[item.barcode for item in items[:_BARCODES_SHOWN]],
        most_of_one=max((item.qty for item in items), default=0),
        enough=count.available >= wanted.qty,
    )


class ReservePart(Request):
    """What to keep back for which slip."""

    part_no: str
    qty: int = Field(default=1, gt=0)
    slip_id: str | None = None
    order_id: str | None = None
    override_reason: str | None = None
    """Why a piece that is kept for another slip may be taken."""


class PartReserved(Result):
    """The reservation."""

    reservation_id: str


@handler("parts.reserve", title="留件", title_en="Reserve a part", errors=("OUT_OF_STOCK",))
def reserve(ctx: JobContext, request: ReservePart) -> PartReserved:
    """Keep pieces back for a slip, once per slip and part.

    Raises:
        BpmnError: OUT_OF_STOCK, too few, or kept for others and no reason to take them.
    """
    return PartReserved(
        reservation_id=keep(ctx, slip_of(ctx, request.slip_id, request.order_id).id, request.part_no, request.qty, request.override_reason)
    )


def keep(ctx: JobContext, slip_id: str, part_no: str, qty: int, override_reason: str | None = None) -> str:
    """Keep pieces back for a slip; refuses with OUT_OF_STOCK as `require_stock`. The reservation's id."""
    known = ctx.session.scalars(select(Reservation).where(Reservation.slip_id == slip_id, Reservation.part_no == part_no)).first()
    if known is not None and known.state == "open" and known.qty == qty:
        return known.id
    ctx.session.get(Part, part_no, with_for_update=True)  # two slips do not reserve the last piece at once
    require_stock(ctx, part_no, qty, slip_id, override_reason)
    if known is None:
        known = Reservation(id=new_id(), part_no=part_no, slip_id=slip_id)
        ctx.session.add(known)
    known.qty = qty
    known.made_at = ctx.now()
    known.made_by = ctx.actor
    known.override_reason = override_reason
    known.state = "open"
    return known.id


def require_stock(ctx: JobContext, part_no: str, qty: int, slip_id: str | None, override_reason: str | None) -> None:
    """Refuse with OUT_OF_STOCK unless so many pieces are there for this slip."""
    count = availability(ctx, part_no, slip_id)
    if count.available >= qty or (override_reason and count.on_hand >= qty):
        return
    raise refusal(
        "OUT_OF_STOCK",
        f"{part_no} 要 {qty} 件，在库 {count.on_hand} 件，其中他单留件 {count.reserved} 件。",
        f"{qty} of {part_no} wanted, {count.on_hand} on hand, {count.reserved} of them kept for other slips.",
        part_no=part_no,
        on_hand=count.on_hand,
        reserved=count.reserved,
    )


def place_of(ctx: JobContext, barcode: str, qty: int) -> str:
    """Where in our store so many pieces of a barcode lie, the defective ones first; refuses with OUT_OF_STOCK when they do not."""
    for place in ("defective", "shelf"):
        item = ctx.session.get(StockItem, (barcode, place), with_for_update=True)
        if item is not None and item.qty >= qty:
            return place
    raise refusal("OUT_OF_STOCK", f"库里没有 {qty} 件 {barcode}。", f"There are no {qty} of {barcode} in the store.", barcode=barcode)


class VerifyBarcode(Request):
    """The code on a part, and the device it was found in."""

    barcode: str
    device_serial: str | None = None


class BarcodeVerified(Result):
    """Whether it is a part of ours."""

    company_part: bool
    part_no: str | None = None
    part_name: str | None = None


@handler("parts.verify_barcode", title="核对部件条码", title_en="Verify a barcode", errors=("BARCODE_UNREADABLE",))
def verify_barcode(ctx: JobContext, request: VerifyBarcode) -> BarcodeVerified:
    """Recognise a part by its barcode: one we stock or stocked, or the part number the code begins with.

    Raises:
        BpmnError: BARCODE_UNREADABLE, other characters than barcodes have.
    """
    code = request.barcode.upper()
    if not all(character.isascii() and (character.isalnum() or character in "-./") for character in code):
        raise refusal(
            "BARCODE_UNREADABLE",
            f"条码“{request.barcode}”无法识别，请人工核对。",
            f"The barcode {request.barcode!r} is not readable; check by hand.",
        )
    part = part_of_barcode(ctx, code)
    return BarcodeVerified(company_part=part is not None, part_no=part.no if part else None, part_name=part.name if part else None)


def part_of_barcode(ctx: JobContext, barcode: str) -> Part | None:
    """The part a barcode belongs to: as registered, else by the part number in front of its last hyphen."""
    part_no = ctx.session.scalars(select(StockItem.part_no).where(StockItem.barcode == barcode).limit(1)).first()
    return ctx.session.get(Part, part_no or barcode) or ctx.session.get(Part, barcode.rpartition("-")[0])


def slip_id_for(ctx: JobContext, slip_id: str | None, order_id: str) -> str | None:
    """The slip a part is wanted for: as given, else the order's newest one."""
    if slip_id:
        return slip_id
    slip = newest_slip(ctx, order_id)
    return slip.id if slip else None
