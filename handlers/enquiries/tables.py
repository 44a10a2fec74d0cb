"""Questions of customers and what they were told."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Name, UtcInstant
from handlers.constraints import one_of


class EnquiryRecord(Base):
    """One question of a customer."""

    __tablename__ = "enquiry_record"
    __table_args__ = (
        Index(None, "order_id", "asked_at"),
        Index(None, "answered_at", "due_at"),
        one_of("kind", ("technical", "pre_sale", "send_in")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(Id)  #: an order, or the business key of a case that has none
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customer.id"))
    kind: Mapped[str] = mapped_column(Name)
    question: Mapped[str] = mapped_column(Text)
    sure: Mapped[bool]  #: the first person asked was sure of the answer
    promised_text: Mapped[str | None] = mapped_column(Text)
    handed_to: Mapped[str | None] = mapped_column(Name)
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    asked_by: Mapped[str | None] = mapped_column(Name)
    due_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    answer: Mapped[str | None] = mapped_column(Text)
    answer_en: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    answered_by: Mapped[str | None] = mapped_column(Name)
    understood: Mapped[bool | None]
