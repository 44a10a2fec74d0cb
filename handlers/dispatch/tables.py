"""The office, the places it serves, its engineers, and who goes where."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import one_of


class Office(Base):
    """A service office."""

    __tablename__ = "office"
    __table_args__ = (one_of("level", ("center", "region", "office", "authorised_station")),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Name)
    level: Mapped[str] = mapped_column(Name)
    address: Mapped[str] = mapped_column(Name)
    phone: Mapped[str] = mapped_column(String(32))
    latitude: Mapped[float]
    longitude: Mapped[float]


class Area(Base):
    """A district or town with the coordinates of its middle; addresses are recognised by its name."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    name: Mapped[str] = mapped_column(Name, primary_key=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    latitude: Mapped[float]
    longitude: Mapped[float]
    in_service_area: Mapped[bool]


class Skill(Base):
    """Something an engineer can do; employees and the forms name it by its code."""

    __tablename__ = "skill"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(Name, unique=True)
    name_en: Mapped[str] = mapped_column(Name)


class Employee(Base):
    """A person of the office, in their trade; `user_id` is their sign-in name."""

    __tablename__ = "employee"
    __table_args__ = (Index(None, "office_id", "active"), CheckConstraint("grade BETWEEN 1 AND 3", name="grade"))

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    name: Mapped[str] = mapped_column(Name)
    mobile: Mapped[str] = mapped_column(String(32))
    is_engineer: Mapped[bool]
    grade: Mapped[int]  #: 1 to 3, 3 is the highest
    skills: Mapped[list[str]] = mapped_column(Json)  #: codes of Skill
    in_station: Mapped[bool]  #: usually waits at the office when not on a visit
    home_area: Mapped[str | None] = mapped_column(ForeignKey("area.name"))
    absent_until: Mapped[datetime | None] = mapped_column(UtcInstant)
    active: Mapped[bool]


class Assignment(Base):
    """Who is in charge of a slip, or goes to a project, which has none; open ones make up an engineer's load."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(None, "engineer_id", "released_at"),
        Index(None, "slip_id", "kind"),
        Index(None, "order_id"),
        one_of("kind", ("first_contact", "visit", "urgent", "project")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    slip_id: Mapped[str | None] = mapped_column(ForeignKey("slip.id"))
    engineer_id: Mapped[str] = mapped_column(ForeignKey("employee.user_id"))
    kind: Mapped[str] = mapped_column(Name)
    trip_id: Mapped[str] = mapped_column(Id)
    visit_on: Mapped[date | None]
    assigned_at: Mapped[datetime] = mapped_column(UtcInstant)
    assigned_by: Mapped[str | None] = mapped_column(Name)
    reason: Mapped[str | None] = mapped_column(Text)
    released_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Appointment(Base):
    """A visit agreed with a customer, moved or cancelled; the newest one of an order counts."""

    __tablename__ = "appointment"
    __table_args__ = (
        Index(None, "order_id", "agreed_at"),
        one_of("initiator", ("us", "customer")),
        one_of("reason", ("emergency", "part_missing", "engineer", "customer_wish", "conditions_not_met", "other")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    slip_id: Mapped[str | None] = mapped_column(ForeignKey("slip.id"))
    visit_at: Mapped[datetime | None] = mapped_column(UtcInstant)  #: NULL when cancelled
    changed_from: Mapped[datetime | None] = mapped_column(UtcInstant)
    initiator: Mapped[str | None] = mapped_column(Name)
    reason: Mapped[str | None] = mapped_column(Name)
    reason_text: Mapped[str | None] = mapped_column(Text)
    notified_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    notice_hours: Mapped[float | None]
    notice_short: Mapped[bool]
    in_project: Mapped[bool]
    agreed_at: Mapped[datetime] = mapped_column(UtcInstant)
    agreed_by: Mapped[str | None] = mapped_column(Name)
