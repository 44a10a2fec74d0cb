"""Business numbers people can read over the phone: `FW20261121-0007`."""

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.runtime.handlers import JobContext
from engine.storage.base import Base
from handlers.fields import local_day


class NumberSeries(Base):
    """The last number given in one series."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(64), primary_key=True)
    last: Mapped[int]


_NEXT = text(
    "INSERT INTO number_series (series, last) VALUES (:series, 1) "
    "ON CONFLICT (series) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)


def next_in_series(session: Session, series: str) -> int:
    """The next number of a series, from 1; without gaps as long as transactions commit."""
    return int(session.execute(_NEXT, {"series": series}).scalar_one())


def daily_number(ctx: JobContext, prefix: str) -> str:
    """The next number of today: prefix, the office's date, a count of the day."""
    series = f"{prefix}{local_day(ctx, None):%Y%m%d}"
    return f"{series}-{next_in_series(ctx.session, series):04d}"


def plain_number(session: Session, prefix: str) -> str:
    """The next number of a series that never starts again: `KH0042`."""
    return f"{prefix}{next_in_series(session, prefix):04d}"
