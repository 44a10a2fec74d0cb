"""Figures that were counted once and are kept."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Json, Name, UtcInstant


class KpiMonth(Base):
    """A month whose figures are kept."""

    __tablename__ = "kpi_month"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)  #: see handlers.reports.months
    counted_at: Mapped[datetime] = mapped_column(UtcInstant)


class KpiCell(Base):
    """What the observations of one measure in a month sum up to, of one person and one group."""

    __tablename__ = "kpi_cell"
    __table_args__ = (Index(None, "measure", "month"),)

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    measure: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(Name, primary_key=True)  #: '' of nobody
    group_zh: Mapped[str] = mapped_column(String(600), primary_key=True)  #: '' of no group
    group_en: Mapped[str] = mapped_column(String(600))
    numerator: Mapped[float]
    denominator: Mapped[float]
    observations: Mapped[int]
    missed: Mapped[int]
    values: Mapped[list[int] | None] = mapped_column(Json)  #: each one, where a percentile is told
