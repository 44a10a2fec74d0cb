"""Quality problems and their 8D reports."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Name, UtcInstant
from handlers.constraints import one_of

SEVERITIES = ("low", "medium", "high")


class QualityIssue(Base):
    """A fault of a product that somebody found, until it is cured and will not come back."""

    __tablename__ = "quality_issue"
    __table_args__ = (Index(None, "order_id"), Index(None, "closed_at"), one_of("severity", SEVERITIES))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    device_serial: Mapped[str | None] = mapped_column(String(64))
    device_model: Mapped[str | None] = mapped_column(Name)
    part: Mapped[str | None] = mapped_column(Name)
    symptom: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(Name)
    found_at: Mapped[datetime] = mapped_column(UtcInstant)
    found_by: Mapped[str | None] = mapped_column(Name)
    is_defect: Mapped[bool | None]  #: not known before the issue is closed
    solved_on_site: Mapped[bool | None]
    solution: Mapped[str | None] = mapped_column(Text)
    prevention: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    closed_by: Mapped[str | None] = mapped_column(Name)


class Report8D(Base):
    """The eight disciplines of one quality problem; blank until the department has worked on it."""

    __tablename__ = "report_8d"

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    quality_issue_id: Mapped[str] = mapped_column(ForeignKey("quality_issue.id"), unique=True)
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    saved_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    saved_by: Mapped[str | None] = mapped_column(Name)
    d1_team: Mapped[str | None] = mapped_column(Text)
    d2_description: Mapped[str | None] = mapped_column(Text)
    d3_containment: Mapped[str | None] = mapped_column(Text)
    d4_root_cause: Mapped[str | None] = mapped_column(Text)
    d5_corrective: Mapped[str | None] = mapped_column(Text)
    d6_implemented: Mapped[str | None] = mapped_column(Text)
    d7_prevention: Mapped[str | None] = mapped_column(Text)
    d8_closure: Mapped[str | None] = mapped_column(Text)
