"""Maintenance that contracts promise: cycles, the visits planned from them, and what was measured."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import one_of, positive

VISIT_STATES = ("planned", "started", "done", "done_with_defects", "cancelled")


class MaintenanceCycle(Base):
    """What a contract promises for a device, how often, by which instruction."""

    __tablename__ = "maintenance_cycle"
    __table_args__ = (UniqueConstraint("contract_no", "device_serial", "item"), positive("interval_days"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    contract_no: Mapped[str] = mapped_column(ForeignKey("contract.contract_no"))
    device_serial: Mapped[str] = mapped_column(ForeignKey("device.serial"))
    item: Mapped[str] = mapped_column(Name)
    first_due_on: Mapped[date]
    interval_days: Mapped[int]
    instruction: Mapped[str] = mapped_column(Text)  #: the standard work instruction
    checklist: Mapped[list[dict[str, Any]]] = mapped_column(Json)  #: rows to fill in: item, method, unit, limit


class PlannedVisit(Base):
    """One visit of a cycle, or one that a customer asked for."""

    __tablename__ = "planned_visit"
    __table_args__ = (UniqueConstraint("cycle_id", "due_on"), Index(None, "state", "due_on"), one_of("state", VISIT_STATES))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    cycle_id: Mapped[str | None] = mapped_column(ForeignKey("maintenance_cycle.id"))  #: none when a customer asked for it
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    device_serial: Mapped[str | None] = mapped_column(String(64))
    item: Mapped[str] = mapped_column(Name)
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(Name)
    order_id: Mapped[str | None] = mapped_column(ForeignKey("service_order.id"), unique=True)
    rows: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)  #: what was done and measured
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
