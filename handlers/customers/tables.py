"""Customers, whom to call, what they own and what was agreed with them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Name, UtcInstant
from handlers.constraints import one_of


class Customer(Base):
    """A unit that is served."""

    __tablename__ = "customer"
    __table_args__ = (one_of("level", ("ordinary", "key", "vip")),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    unit_name: Mapped[str] = mapped_column(Name, unique=True)
    level: Mapped[str] = mapped_column(Name)
    region: Mapped[str] = mapped_column(Name)
    address: Mapped[str] = mapped_column(Name)
    preferences: Mapped[str | None] = mapped_column(Text)
    data_checked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)


class Contact(Base):
    """A person of a customer."""

    __tablename__ = "contact"
    __table_args__ = (Index(None, "customer_id"), Index(None, "phone"), Index(None, "email"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    name: Mapped[str] = mapped_column(Name)
    phone: Mapped[str] = mapped_column(String(32))
    email: Mapped[str | None] = mapped_column(Name)
    title: Mapped[str | None] = mapped_column(Name)
    is_responsible: Mapped[bool]


class Device(Base):
    """A device at a customer's, with its warranty and the period in which repairs come to the door."""

    __tablename__ = "device"
    __table_args__ = (
        Index(None, "customer_id"),
        CheckConstraint("onsite_until <= warranty_until", name="onsite_within_warranty"),
        one_of("service_line", ("server", "storage", "network", "pc", "printer", "ups")),
    )

    serial: Mapped[str] = mapped_column(String(64), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    model: Mapped[str] = mapped_column(Name)
    service_line: Mapped[str] = mapped_column(Name)
    standard_configuration: Mapped[str] = mapped_column(Text)
    sold_on: Mapped[date]
    warranty_until: Mapped[date]
    onsite_until: Mapped[date]
    company_product: Mapped[bool]
    location: Mapped[str | None] = mapped_column(Name)


class Contract(Base):
    """A service contract; while it runs, its customer's devices are covered."""

    __tablename__ = "contract"
    __table_args__ = (Index(None, "customer_id", "ends_on"), CheckConstraint("starts_on <= ends_on", name="period"))

    contract_no: Mapped[str] = mapped_column(String(64), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    project_name: Mapped[str] = mapped_column(Name)
    coverage: Mapped[str] = mapped_column(Text)  #: what is free, in words
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class CustomerLead(Base):
    """What a customer said in passing: an opinion, or something they may want to buy."""

    __tablename__ = "customer_lead"
    __table_args__ = (UniqueConstraint("order_id", "text"), Index(None, "customer_id"), one_of("kind", ("opinion", "lead")))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    kind: Mapped[str] = mapped_column(Name)
    text: Mapped[str] = mapped_column(Text)
    lead_for: Mapped[str] = mapped_column(Name)  #: the group that has to know
    heard_at: Mapped[datetime] = mapped_column(UtcInstant)
    heard_by: Mapped[str | None] = mapped_column(Name)
