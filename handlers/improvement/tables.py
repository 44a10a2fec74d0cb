"""What the cycle of improvement leaves behind: minutes, measures and their effect, praise, strategies, answers of staff."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import one_of, positive

#: How staff are heard (manual M3, 2.4.2 step 1).
STAFF_TOOLS = ("weekly_meeting", "interview", "internal_card", "staff_forum", "suggestions", "opinion_survey")
PRAISE_KINDS = ("award", "small_success", "friendly")


class ImprovementMeeting(Base):
    """The minutes of a weekly meeting; `id` is the case it was held in."""

    __tablename__ = "improvement_meeting"
    __table_args__ = (Index(None, "held_on"), one_of("staff_tool", STAFF_TOOLS))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    held_on: Mapped[date]
    held_by: Mapped[str | None] = mapped_column(Name)
    staff_tool: Mapped[str] = mapped_column(Name)
    attendees: Mapped[list[str]] = mapped_column(Json)  #: user ids
    points: Mapped[list[dict[str, Any]]] = mapped_column(Json)  #: source, text, measure, owner, due


class ImprovementMeasure(Base):
    """One attempt at an improvement: who does what until when, what came of it, and whether it had an effect."""

    __tablename__ = "improvement_measure"
    __table_args__ = (UniqueConstraint("item_id", "round"), Index(None, "due_on"), positive("round"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("improvement_item.id"))
    round: Mapped[int]  #: 1, and one more each time that the measure before had no effect
    measure: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Name)
    due_on: Mapped[date]
    done: Mapped[bool | None]
    result: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    effective: Mapped[bool | None]
    checked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    checked_by: Mapped[str | None] = mapped_column(Name)


class Recognition(Base):
    """An employee who is praised in public."""

    __tablename__ = "recognition"
    __table_args__ = (UniqueConstraint("case_id", "employee", "kind"), one_of("kind", PRAISE_KINDS))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    case_id: Mapped[str] = mapped_column(Id)
    employee: Mapped[str] = mapped_column(Name)  #: user id
    kind: Mapped[str] = mapped_column(Name)
    deed: Mapped[str] = mapped_column(Text)
    reward: Mapped[str | None] = mapped_column(Text)
    proposed_by: Mapped[str | None] = mapped_column(Name)
    awarded_at: Mapped[datetime] = mapped_column(UtcInstant)


class ServiceStrategy(Base):
    """What the office wants its service to be; `id` is the case it was made in."""

    __tablename__ = "service_strategy"
    __table_args__ = (Index(None, "decided_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    goals: Mapped[list[str]] = mapped_column(Json)
    standards: Mapped[str | None] = mapped_column(Text)
    education: Mapped[str | None] = mapped_column(Text)
    obstacles: Mapped[str | None] = mapped_column(Text)
    recovery_system: Mapped[str | None] = mapped_column(Text)
    rewards: Mapped[str | None] = mapped_column(Text)
    measuring: Mapped[str | None] = mapped_column(Text)
    empowerment: Mapped[str | None] = mapped_column(Text)  #: what each post may decide by itself
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)
    decided_by: Mapped[str | None] = mapped_column(Name)


class StaffSurvey(Base):
    """What one employee answered as an internal customer, once per survey."""

    __tablename__ = "staff_survey"
    __table_args__ = (
        UniqueConstraint("case_id", "user_id"),
        Index(None, "answered_at"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    case_id: Mapped[str] = mapped_column(Id)
    case_key: Mapped[str] = mapped_column(Name)  #: its business key
    user_id: Mapped[str] = mapped_column(Name)
    score: Mapped[int]
    internal_customers: Mapped[str] = mapped_column(Text)
    help_answer: Mapped[str] = mapped_column(Text)
    cooperation_answer: Mapped[str] = mapped_column(Text)
    proposal: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UtcInstant)
