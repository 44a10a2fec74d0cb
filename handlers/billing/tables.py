"""Price list, quotations, payments, invoices and the hand-over of cash."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import not_negative, one_of, positive
from handlers.money import Money

PAID_TYPES = (
    "hardware_upgrade",
    "technical_training",
    "software",
    "out_of_warranty_repair",
    "out_of_warranty_inspection",
    "man_made",
    "other_product",
)


class PriceItem(Base):
    """One line of the price list, from a day on."""

    __tablename__ = "price_item"
    __table_args__ = (
        not_negative("price"),
        one_of("paid_type", PAID_TYPES),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="period"),
    )

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_until: Mapped[date | None]
    name: Mapped[str] = mapped_column(Name)
    paid_type: Mapped[str | None] = mapped_column(Name)  #: NULL: belongs to every kind of paid service
    unit: Mapped[str] = mapped_column(String(16))
    price: Mapped[Decimal] = mapped_column(Money)
    is_standard: Mapped[bool]  #: proposed when a service of its kind is quoted
    set_by: Mapped[str | None] = mapped_column(Name)


class Quotation(Base):
    """An offer to a customer; an order has at most one that is open or accepted."""

    __tablename__ = "quotation"
    __table_args__ = (
        Index(None, "order_id", "state"),
        not_negative("total"),
        one_of("state", ("open", "accepted", "declined", "replaced")),
        one_of("paid_type", PAID_TYPES),
        one_of("evidence", ("phone", "signature", "message")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    paid_type: Mapped[str] = mapped_column(Name)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    total: Mapped[Decimal] = mapped_column(Money)
    valid_until: Mapped[date]
    state: Mapped[str] = mapped_column(Name)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    made_by: Mapped[str | None] = mapped_column(Name)
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    answered_by: Mapped[str | None] = mapped_column(Name)
    evidence: Mapped[str | None] = mapped_column(Name)
    alternatives: Mapped[str | None] = mapped_column(Text)


class CashHandover(Base):
    """Money counted by the administrative specialist."""

    __tablename__ = "cash_handover"
    __table_args__ = (not_negative("counted"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    admin_id: Mapped[str | None] = mapped_column(Name)
    expected: Mapped[Decimal] = mapped_column(Money)
    counted: Mapped[Decimal] = mapped_column(Money)
    difference: Mapped[Decimal] = mapped_column(Money)
    note: Mapped[str | None] = mapped_column(Text)
    counted_at: Mapped[datetime] = mapped_column(UtcInstant)


class Payment(Base):
    """Money received from a customer."""

    __tablename__ = "payment"
    __table_args__ = (
        Index(None, "order_id"),
        Index(None, "handover_id"),
        positive("amount"),
        one_of("method", ("cash", "transfer", "card")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    quotation_id: Mapped[str | None] = mapped_column(ForeignKey("quotation.id"))
    request_key: Mapped[str] = mapped_column(Name, unique=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    method: Mapped[str] = mapped_column(Name)
    received_by: Mapped[str | None] = mapped_column(Name)
    paid_at: Mapped[datetime] = mapped_column(UtcInstant)
    difference_reason: Mapped[str | None] = mapped_column(Text)
    difference_approved_by: Mapped[str | None] = mapped_column(Name)
    handover_id: Mapped[str | None] = mapped_column(ForeignKey("cash_handover.id"))
    voucher: Mapped[str | None] = mapped_column(Name)  #: the accountant's voucher number once booked


class Invoice(Base):
    """The invoice of a payment."""

    __tablename__ = "invoice"

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payment.id"), unique=True)
    payer: Mapped[str] = mapped_column(Name)
    tax_no: Mapped[str | None] = mapped_column(Name)
    amount: Mapped[Decimal] = mapped_column(Money)
    issued_on: Mapped[date]
