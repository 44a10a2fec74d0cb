"""Training material, trainings of customers and how they were judged."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from handlers.constraints import positive

TOPICS = ("use", "maintenance", "overhaul", "emergency")


class TrainingMaterial(Base):
    """A text to teach from; only a reviewed one may be used."""

    __tablename__ = "training_material"
    __table_args__ = (Index(None, "product"), positive("version"))

    no: Mapped[str] = mapped_column(Id, primary_key=True)
    title: Mapped[str] = mapped_column(Name)
    title_en: Mapped[str | None] = mapped_column(Name)
    product: Mapped[str | None] = mapped_column(Name)  #: a model; NULL serves every product
    topics: Mapped[list[str]] = mapped_column(Json)
    version: Mapped[int]
    reviewed: Mapped[bool]
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    reviewed_by: Mapped[str | None] = mapped_column(Name)
    remarks: Mapped[str | None] = mapped_column(Text)
    attachment_ids: Mapped[list[str]] = mapped_column(Json)


class Training(Base):
    """One training at a customer's; `id` is the case it was held in."""

    __tablename__ = "training"
    __table_args__ = (Index(None, "order_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("service_order.id"))
    held_on: Mapped[date]
    trainer: Mapped[str | None] = mapped_column(Name)
    topics: Mapped[list[str]] = mapped_column(Json)
    trainees: Mapped[list[str]] = mapped_column(Json)
    materials: Mapped[list[dict[str, object]]] = mapped_column(Json)  #: number and version of what was taught from


class TrainingEvaluation(Base):
    """What one trainee thought of it, 1 to 5."""

    __tablename__ = "training_evaluation"
    __table_args__ = (UniqueConstraint("training_id", "trainee"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    training_id: Mapped[str] = mapped_column(ForeignKey("training.id"))
    trainee: Mapped[str] = mapped_column(Name)
    content: Mapped[int]
    delivery: Mapped[int]
    usefulness: Mapped[int]
    suggestion: Mapped[str | None] = mapped_column(Text)
