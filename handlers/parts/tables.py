"""Spare parts: what there is, who has it, and the ledger every move goes through."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, String, Table, Text, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from engine.storage.triggers import append_only
from handlers.constraints import not_negative, one_of, positive
from handlers.money import Money

#: Where a part can be; shelf, defective and loan are ours, the others are the world outside.
STOCK_PLACES = ("supplier", "shelf", "loan", "defective", "customer", "centre", "scrapped", "difference")
LEDGER_KINDS = ("in", "out_loan", "return", "consume", "adjust", "scrap", "exchange")


class Part(Base):
    """A kind of spare part."""

    __tablename__ = "part"
    __table_args__ = (not_negative("cost"), not_negative("min_qty"), CheckConstraint("min_qty <= max_qty", name="levels"))

    no: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Name)
    unit: Mapped[str] = mapped_column(String(16))
    applies_to: Mapped[list[str]] = mapped_column(Json)  #: device models
    is_serialised: Mapped[bool]  #: each piece has a barcode of its own; else the part number is the barcode
    supplier: Mapped[str] = mapped_column(Name)
    cost: Mapped[Decimal] = mapped_column(Money)
    trait: Mapped[str] = mapped_column(Name)
    location: Mapped[str] = mapped_column(Name)  #: the shelf
    min_qty: Mapped[int]
    max_qty: Mapped[int]


class StockItem(Base):
    """How many pieces of one barcode are at one place: always the sum of the ledger, written only together with it."""

    __tablename__ = "stock_item"
    __table_args__ = (Index(None, "part_no", "place"), not_negative("qty"), one_of("place", ("shelf", "loan", "defective")))

    barcode: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[str] = mapped_column(String(16), primary_key=True)
    part_no: Mapped[str] = mapped_column(ForeignKey("part.no"))
    qty: Mapped[int]


class LedgerEntry(Base):
    """One move of pieces from a place to a place; never changed, never removed (triggers refuse it)."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index(None, "part_no", "moved_at"),
        Index(None, "barcode"),
        Index(None, "reference"),
        positive("qty"),
        one_of("kind", LEDGER_KINDS),
        one_of("from_place", STOCK_PLACES),
        one_of("to_place", STOCK_PLACES),
        CheckConstraint("from_place <> to_place", name="moves"),
    )

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Name)
    part_no: Mapped[str] = mapped_column(ForeignKey("part.no"))
    barcode: Mapped[str] = mapped_column(String(64))
    qty: Mapped[int]
    from_place: Mapped[str] = mapped_column(String(16))
    to_place: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str] = mapped_column(Id)  #: the loan, application or count that it belongs to
    moved_at: Mapped[datetime] = mapped_column(UtcInstant)
    moved_by: Mapped[str | None] = mapped_column(Name)


class Reservation(Base):
    """Pieces kept back for a slip."""

    __tablename__ = "reservation"
    __table_args__ = (
        UniqueConstraint("slip_id", "part_no"),
        Index(None, "part_no", "state"),
        positive("qty"),
        one_of("state", ("open", "used", "released")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    part_no: Mapped[str] = mapped_column(ForeignKey("part.no"))
    qty: Mapped[int]
    slip_id: Mapped[str] = mapped_column(ForeignKey("slip.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    made_by: Mapped[str | None] = mapped_column(Name)
    override_reason: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Name)


class Loan(Base):
    """Pieces an engineer took along on a trip; open until the parts specialist confirms what became of them."""

    __tablename__ = "loan"
    __table_args__ = (
        Index(None, "engineer_id", "returned_at"),
        Index(None, "order_id"),
        Index(None, "returned_at", "due_at"),
        positive("qty"),
        one_of("returned_kind", ("unused", "replaced_defective", "consumed_no_return")),
        CheckConstraint("(returned_at IS NULL) = (returned_kind IS NULL)", name="return_complete"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    request_key: Mapped[str] = mapped_column(Name, unique=True)  #: one loan per job
    card_no: Mapped[str] = mapped_column(Id)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    slip_id: Mapped[str | None] = mapped_column(ForeignKey("slip.id"))
    engineer_id: Mapped[str] = mapped_column(ForeignKey("employee.user_id"))
    trip_id: Mapped[str] = mapped_column(Id)
    part_no: Mapped[str] = mapped_column(ForeignKey("part.no"))
    barcode: Mapped[str] = mapped_column(String(64))
    qty: Mapped[int]
    purpose: Mapped[str | None] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(UtcInstant)
    issued_by: Mapped[str | None] = mapped_column(Name)
    due_at: Mapped[datetime] = mapped_column(UtcInstant)
    returned_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    returned_kind: Mapped[str | None] = mapped_column(Name)
    condition: Mapped[str | None] = mapped_column(Name)
    return_confirmed_by: Mapped[str | None] = mapped_column(Name)
    return_key: Mapped[str | None] = mapped_column(Name)  #: of the job that confirmed it


class FaultLabel(Base):
    """The label on a part that came back broken."""

    __tablename__ = "fault_label"
    __table_args__ = (Index(None, "loan_id"),)

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    loan_id: Mapped[str] = mapped_column(ForeignKey("loan.id"))
    part_no: Mapped[str] = mapped_column(ForeignKey("part.no"))
    barcode: Mapped[str | None] = mapped_column(String(64))
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    symptom: Mapped[str] = mapped_column(Text)
    cause: Mapped[str | None] = mapped_column(Text)
    engineer_id: Mapped[str] = mapped_column(ForeignKey("employee.user_id"))
    labelled_at: Mapped[datetime] = mapped_column(UtcInstant)


class FailedLoan(Base):
    """A part was wanted and not there; counts for the hit rate."""

    __tablename__ = "failed_loan"
    __table_args__ = (UniqueConstraint("order_id", "part_no"), positive("qty"))

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    part_no: Mapped[str] = mapped_column(ForeignKey("part.no"))
    qty: Mapped[int]
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    engineer_id: Mapped[str | None] = mapped_column(ForeignKey("employee.user_id"))
    needed_by: Mapped[datetime | None] = mapped_column(UtcInstant)
    note: Mapped[str | None] = mapped_column(Text)
    failed_at: Mapped[datetime] = mapped_column(UtcInstant)
    application_no: Mapped[str | None] = mapped_column(ForeignKey("application.no"))


class Application(Base):
    """A request to the parts centre."""

    __tablename__ = "application"
    __table_args__ = (
        Index(None, "order_id"),
        Index(None, "status"),
        one_of("status", ("sent", "received")),
        one_of("urgency", ("normal", "urgent")),
        one_of("reason", ("failed_loan", "planning", "return_exchange")),
    )

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str | None] = mapped_column(ForeignKey("service_order.id"))
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    urgency: Mapped[str] = mapped_column(Name)
    reason: Mapped[str] = mapped_column(Name)
    status: Mapped[str] = mapped_column(Name)
    request_key: Mapped[str] = mapped_column(Name, unique=True)
    sent_at: Mapped[datetime] = mapped_column(UtcInstant)
    sent_by: Mapped[str | None] = mapped_column(Name)
    expected_at: Mapped[datetime] = mapped_column(UtcInstant)
    available: Mapped[bool | None]  #: the centre's answer: does it have the parts
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    goods_receipt_no: Mapped[str | None] = mapped_column(Id, unique=True)  #: of the last delivery
    received_at: Mapped[datetime | None] = mapped_column(UtcInstant)


@event.listens_for(LedgerEntry.__table__, "after_create")
def _protect(table: Table, connection: Connection, **_options: Any) -> None:
    """Make the ledger append-only wherever it is created."""
    for statement in append_only(table.name, is_postgres=connection.dialect.name == "postgresql"):
        connection.execute(text(statement))
