"""Matters, service orders, dispatch slips, repair forms and where a machine is kept."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import not_negative, one_of, positive

ORDER_KINDS = (
    "emergency_repair",
    "general_fault",
    "preventive_maintenance",
    "technical_enquiry",
    "spare_part_replacement",
    "installation",
    "inspection",
    "alteration",
    "training",
    "complaint",
)
ORDER_STATUSES = ("open", "in_progress", "waiting", "completed", "closed", "declined", "cancelled")
ORDER_RESULTS = ("resolved", "open_items", "declined", "cancelled", "answered", "handed_on")
SERVICE_MODES = ("remote", "onsite", "send_in", "reply", "project")
SLIP_STATUSES = ("new", "contacted", "assigned", "on_the_way", "on_site", "done", "unfinished_red", "archived")
VISIT_RESULTS = ("repaired", "unrepaired", "not_reproduced", "declined")
PLACES = ("customer", "counter", "store", "bench", "repaired_area", "company")


class Matter(Base):
    """One problem of one customer; every contact and order about it belongs here."""

    __tablename__ = "matter"
    __table_args__ = (Index(None, "customer_id", "opened_at"), positive("contact_count"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    device_serial: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    contact_count: Mapped[int]


class ServiceOrder(Base):
    """What a customer asked for, from the first call to the archive."""

    __tablename__ = "service_order"
    __table_args__ = (
        Index(None, "customer_id", "received_at"),
        Index(None, "matter_id"),
        Index(None, "status", "received_at"),
        one_of("kind", ORDER_KINDS),
        one_of("status", ORDER_STATUSES),
        one_of("result", ORDER_RESULTS),
        one_of("coverage", ("free", "paid")),
        one_of("service_mode", SERVICE_MODES),
        one_of("urgency", ("normal", "urgent", "emergency")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    matter_id: Mapped[str] = mapped_column(ForeignKey("matter.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    request_key: Mapped[str] = mapped_column(Name, unique=True)  #: one order per request, however often it is asked for
    kind: Mapped[str] = mapped_column(Name)
    channel: Mapped[str] = mapped_column(Name)
    first_request_at: Mapped[datetime] = mapped_column(UtcInstant)  #: from here the two hours of first contact count
    received_at: Mapped[datetime] = mapped_column(UtcInstant)
    received_by: Mapped[str | None] = mapped_column(Name)
    need_kind: Mapped[str | None] = mapped_column(Name)
    need_content: Mapped[str | None] = mapped_column(Text)
    device_serial: Mapped[str | None] = mapped_column(String(64))
    device_model: Mapped[str | None] = mapped_column(Name)
    contract_no: Mapped[str | None] = mapped_column(String(64))
    contact_person: Mapped[str | None] = mapped_column(Name)
    contact_phone: Mapped[str | None] = mapped_column(String(32))
    address: Mapped[str | None] = mapped_column(Name)
    desired_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    special_requirements: Mapped[str | None] = mapped_column(Text)
    urgency: Mapped[str] = mapped_column(Name)
    impact: Mapped[str | None] = mapped_column(Text)
    coverage: Mapped[str | None] = mapped_column(Name)
    paid_type: Mapped[str | None] = mapped_column(Name)
    service_mode: Mapped[str | None] = mapped_column(Name)
    confirmed_with_customer: Mapped[bool]
    late_answer: Mapped[bool]
    status: Mapped[str] = mapped_column(Name)
    result: Mapped[str | None] = mapped_column(Name)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    version: Mapped[int]


class Slip(Base):
    """One planned visit: part A by the hotline, B by the coordinator, C by the engineer."""

    __tablename__ = "slip"
    __table_args__ = (
        UniqueConstraint("order_id", "visit_no"),
        Index(None, "status", "filled_at"),
        positive("visit_no"),
        one_of("status", SLIP_STATUSES),
        one_of("colour", ("none", "red")),
        one_of("fault_type_guess", ("hardware", "software", "unknown")),
        one_of("band", ("in_area", "within_80km", "agreed")),
        one_of("visit_result", VISIT_RESULTS),
        not_negative("distance_km"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    visit_no: Mapped[int]
    status: Mapped[str] = mapped_column(Name)
    colour: Mapped[str] = mapped_column(Name)
    class_code: Mapped[str | None] = mapped_column(Name)
    version: Mapped[int]
    # part A
    customer_unit: Mapped[str] = mapped_column(Name)
    address: Mapped[str] = mapped_column(Name)
    contact_person: Mapped[str] = mapped_column(Name)
    contact_phone: Mapped[str] = mapped_column(String(32))
    device_model: Mapped[str] = mapped_column(Name)
    device_serial: Mapped[str | None] = mapped_column(String(64))
    fault: Mapped[str] = mapped_column(Text)
    fault_type_guess: Mapped[str] = mapped_column(Name)
    in_warranty: Mapped[bool]
    in_onsite_period: Mapped[bool]
    paid: Mapped[bool]
    requested_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    special_request: Mapped[str | None] = mapped_column(Text)
    special_handling: Mapped[bool]
    filled_at: Mapped[datetime] = mapped_column(UtcInstant)
    filled_by: Mapped[str | None] = mapped_column(Name)
    # part B
    received_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    contacted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    judged_fault: Mapped[str | None] = mapped_column(Text)
    band: Mapped[str | None] = mapped_column(Name)
    distance_km: Mapped[float | None]
    due_arrival_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    promised_visit_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    same_day: Mapped[bool | None]
    parts_needed: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    # part C
    departed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    service_content: Mapped[str | None] = mapped_column(Text)
    visit_result: Mapped[str | None] = mapped_column(Name)
    parts_used: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    next_step: Mapped[str | None] = mapped_column(Text)
    customer_sig: Mapped[str | None] = mapped_column(Id)  #: attachment of the signature
    part_returned: Mapped[bool | None]
    exception_approved_by: Mapped[str | None] = mapped_column(Name)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class RepairForm(Base):
    """The repair form of one visit, or of a device that was brought in; what the columns do not name is kept in `content`."""

    __tablename__ = "repair_form"
    __table_args__ = (
        Index(None, "order_id"),
        Index(
            "uq_repair_form_order_without_slip",
            "order_id",
            unique=True,
            sqlite_where=text("slip_id IS NULL"),
            postgresql_where=text("slip_id IS NULL"),
        ),
        one_of("fault_type", ("hardware", "software", "man_made", "none")),
    )

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    slip_id: Mapped[str | None] = mapped_column(ForeignKey("slip.id"), unique=True)  #: none for a device brought in
    fault_type: Mapped[str | None] = mapped_column(Name)
    reproduced: Mapped[bool | None]
    customer_sig: Mapped[str | None] = mapped_column(Id)
    engineer_sig: Mapped[str | None] = mapped_column(Id)
    part_return_confirmed: Mapped[bool]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_at: Mapped[datetime] = mapped_column(UtcInstant)


class Receipt(Base):
    """A voucher for a machine the customer handed over."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("order_id", "kind"), one_of("kind", ("pickup", "take_back")))

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    kind: Mapped[str] = mapped_column(Name)
    items: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    issued_on: Mapped[date]
    issued_by: Mapped[str | None] = mapped_column(Name)
    returned_at: Mapped[datetime | None] = mapped_column(UtcInstant)  #: when the customer got the machine back


class CustodyMove(Base):
    """A machine went from one place to another."""

    __tablename__ = "custody_move"
    __table_args__ = (Index(None, "order_id", "moved_at"), one_of("from_place", PLACES), one_of("to_place", PLACES))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    device_serial: Mapped[str | None] = mapped_column(String(64))
    from_place: Mapped[str] = mapped_column(Name)
    to_place: Mapped[str] = mapped_column(Name)
    moved_at: Mapped[datetime] = mapped_column(UtcInstant)
    moved_by: Mapped[str | None] = mapped_column(Name)
