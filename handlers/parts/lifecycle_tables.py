"""A part's life around the shelf: bought, received, counted, planned, scrapped."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import not_negative, one_of, positive
from handlers.money import Money

SCRAP_REASONS = ("defective", "obsolete", "damaged", "lost")
SCRAP_METHODS = ("destroy", "recycle", "return")


class PurchaseOrder(Base):
    """Parts bought from a supplier because the parts centre has none; never without somebody's approval."""

    __tablename__ = "purchase_order"
    __table_args__ = (not_negative("price"), not_negative("invoice_amount"))

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    application_no: Mapped[str] = mapped_column(ForeignKey("application.no"), unique=True)  #: one order per application
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    supplier: Mapped[str] = mapped_column(Name)
    price: Mapped[Decimal] = mapped_column(Money)  #: of the whole order
    deliver_on: Mapped[date]
    approved_by: Mapped[str] = mapped_column(Name)
    ordered_at: Mapped[datetime] = mapped_column(UtcInstant)
    ordered_by: Mapped[str | None] = mapped_column(Name)
    invoice_no: Mapped[str | None] = mapped_column(String(64))
    invoice_amount: Mapped[Decimal | None] = mapped_column(Money)
    booked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    booked_by: Mapped[str | None] = mapped_column(Name)


class GoodsReceipt(Base):
    """One delivery, as it was checked; its pieces are ledger entries that name it."""

    __tablename__ = "goods_receipt"
    __table_args__ = (UniqueConstraint("application_no", "delivery_note"),)

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    application_no: Mapped[str | None] = mapped_column(ForeignKey("application.no"))
    delivery_note: Mapped[str] = mapped_column(String(64))  #: the sender's number, '' when there is none
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    differences: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    claim: Mapped[str | None] = mapped_column(Text)  #: what was claimed from the sender
    request_key: Mapped[str] = mapped_column(Name, unique=True)
    received_at: Mapped[datetime] = mapped_column(UtcInstant)
    received_by: Mapped[str | None] = mapped_column(Name)


class StockLevel(Base):
    """Least and most pieces of a part to keep, as approved; the newest one also stands at the part."""

    __tablename__ = "stock_level"
    __table_args__ = (not_negative("min_qty"), CheckConstraint("min_qty <= max_qty", name="levels"))

    part_no: Mapped[str] = mapped_column(ForeignKey("part.no"), primary_key=True)
    valid_from: Mapped[datetime] = mapped_column(UtcInstant, primary_key=True)
    min_qty: Mapped[int]
    max_qty: Mapped[int]
    reason: Mapped[str | None] = mapped_column(Text)  #: why it is not what the table proposed
    approved_by: Mapped[str] = mapped_column(Name)


class Stocktake(Base):
    """One count of the shelves; only one is open at a time."""

    __tablename__ = "stocktake"
    __table_args__ = (Index(None, "state"), one_of("state", ("open", "agreed", "adjusted", "left_open")))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(Name)
    request_key: Mapped[str] = mapped_column(Name, unique=True)
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    opened_by: Mapped[str | None] = mapped_column(Name)
    book_ok: Mapped[bool | None]
    voucher_ok: Mapped[bool | None]
    card_ok: Mapped[bool | None]
    goods_ok: Mapped[bool | None]
    difference_reason: Mapped[str | None] = mapped_column(Text)
    loss_suspected: Mapped[bool | None]
    reconciled_by: Mapped[str | None] = mapped_column(Name)
    approved_by: Mapped[str | None] = mapped_column(Name)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class StocktakeLine(Base):
    """One barcode of a count: what the books said when it was opened, and what was found."""

    __tablename__ = "stocktake_line"
    __table_args__ = (
        not_negative("book_qty"),
        not_negative("counted_qty"),
        not_negative("recounted_qty"),
        not_negative("damaged_qty"),
    )

    stocktake_id: Mapped[str] = mapped_column(ForeignKey("stocktake.id"), primary_key=True)
    barcode: Mapped[str] = mapped_column(String(64), primary_key=True)
    part_no: Mapped[str] = mapped_column(ForeignKey("part.no"))
    location: Mapped[str] = mapped_column(Name)
    book_qty: Mapped[int]  #: when the count was opened
    expected_qty: Mapped[int | None]  #: the same when the shelf was counted: pieces move in between
    counted_qty: Mapped[int | None]
    counted_by: Mapped[str | None] = mapped_column(Name)
    recounted_qty: Mapped[int | None]
    recounted_by: Mapped[str | None] = mapped_column(Name)
    damaged_qty: Mapped[int] = mapped_column(default=0)  #: of those found
    ledger_no: Mapped[str | None] = mapped_column(ForeignKey("ledger_entry.no"))  #: the adjustment

    @property
    def difference(self) -> int:
        """Found minus expected; the second count decides. What was not found at all is missing."""
        found = self.recounted_qty if self.recounted_qty is not None else self.counted_qty or 0
        return found - (self.book_qty if self.expected_qty is None else self.expected_qty)


class Scrapping(Base):
    """A part proposed for scrapping, and what became of it."""

    __tablename__ = "scrapping"
    __table_args__ = (
        Index(None, "state"),
        positive("qty"),
        not_negative("value"),
        one_of("reason", SCRAP_REASONS),
        one_of("method", SCRAP_METHODS),
        one_of("state", ("proposed", "kept", "rejected", "scrapped")),
    )

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    part_no: Mapped[str] = mapped_column(ForeignKey("part.no"))
    barcode: Mapped[str] = mapped_column(String(64))
    qty: Mapped[int]
    reason: Mapped[str] = mapped_column(Name)
    value: Mapped[Decimal] = mapped_column(Money)
    state: Mapped[str] = mapped_column(Name)
    request_key: Mapped[str] = mapped_column(Name, unique=True)
    proposed_at: Mapped[datetime] = mapped_column(UtcInstant)
    proposed_by: Mapped[str | None] = mapped_column(Name)
    repairable: Mapped[bool | None]
    exchangeable: Mapped[bool | None]
    measured: Mapped[str | None] = mapped_column(Text)
    assessed_by: Mapped[str | None] = mapped_column(Name)
    approved_by: Mapped[str | None] = mapped_column(Name)
    rejection: Mapped[str | None] = mapped_column(Text)
    method: Mapped[str | None] = mapped_column(Name)
    witness_sig: Mapped[str | None] = mapped_column(Id)  #: attachment of the signature
    photos: Mapped[list[str] | None] = mapped_column(Json)  #: attachments
    ledger_no: Mapped[str | None] = mapped_column(ForeignKey("ledger_entry.no"))
    voucher: Mapped[str | None] = mapped_column(String(64))
    booked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    booked_by: Mapped[str | None] = mapped_column(Name)
