"""What the demo remembers of itself."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, UtcInstant


class DemoFill(Base):
    """The weeks that were played for the demo: one row, and none outside of demo mode."""

    __tablename__ = "demo_fill"

    id: Mapped[int] = mapped_column(primary_key=True)
    begins_at: Mapped[datetime] = mapped_column(UtcInstant)  #: of the simulated clock
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant)  #: of the engine's clock; without it the filling was interrupted
