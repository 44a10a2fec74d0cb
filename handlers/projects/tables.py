"""Field projects and what is written down on site."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import not_negative, one_of

WITNESS_EVENTS = ("important_work", "test", "parameter_measurement", "milestone")


class FieldProject(Base):
    """The project of an order."""

    __tablename__ = "field_project"
    __table_args__ = (one_of("outcome", ("completed", "open_items", "cancelled")),)

    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"), primary_key=True)
    contract_no: Mapped[str | None] = mapped_column(Name)
    address: Mapped[str] = mapped_column(Name)
    account_manager: Mapped[str | None] = mapped_column(Name)
    pm_id: Mapped[str | None] = mapped_column(ForeignKey("employee.user_id"))  #: from two people on
    team: Mapped[list[str]] = mapped_column(Json)
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    outcome: Mapped[str | None] = mapped_column(Name)


class SiteCheckIn(Base):
    """Somebody was on site: once at the start and once at the end of a day."""

    __tablename__ = "site_check_in"
    __table_args__ = (
        UniqueConstraint("order_id", "user_id", "on_day", "moment"),
        one_of("moment", ("start", "end")),
        not_negative("distance_from_site_m"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("field_project.order_id"))
    user_id: Mapped[str] = mapped_column(Name)
    on_day: Mapped[date]
    moment: Mapped[str] = mapped_column(Name)
    place: Mapped[str] = mapped_column(Name)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    distance_from_site_m: Mapped[int | None]  #: NULL when the place is not on our map
    at: Mapped[datetime] = mapped_column(UtcInstant)


class DailyReport(Base):
    """What was done on a day, how far it is, what is in the way."""

    __tablename__ = "daily_report"
    __table_args__ = (UniqueConstraint("order_id", "on_day"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("field_project.order_id"))
    on_day: Mapped[date]
    content: Mapped[str] = mapped_column(Text)
    progress: Mapped[str] = mapped_column(Text)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    reported_at: Mapped[datetime] = mapped_column(UtcInstant)
    reported_by: Mapped[str | None] = mapped_column(Name)


class WitnessRecord(Base):
    """An event that others saw, with its pictures and papers."""

    __tablename__ = "witness_record"
    __table_args__ = (UniqueConstraint("order_id", "title"), one_of("event", WITNESS_EVENTS))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("field_project.order_id"))
    event: Mapped[str] = mapped_column(Name)
    title: Mapped[str] = mapped_column(Name)
    witnesses: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    photos: Mapped[list[str]] = mapped_column(Json)  #: attachments
    papers: Mapped[list[str]] = mapped_column(Json)
    important: Mapped[bool]
    confirmation: Mapped[str | None] = mapped_column(Id)  #: attachment of the customer's signature
    witnessed_at: Mapped[datetime] = mapped_column(UtcInstant)


class SiteHandover(Base):
    """The accessories and parts that the customer took over."""

    __tablename__ = "site_handover"

    order_id: Mapped[str] = mapped_column(ForeignKey("field_project.order_id"), primary_key=True)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    customer_sig: Mapped[str] = mapped_column(Id)
    receipt_no: Mapped[str | None] = mapped_column(Id)  #: for what is taken back
    handed_over_at: Mapped[datetime] = mapped_column(UtcInstant)
