"""Who else in the group makes what."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name


class GroupUnit(Base):
    """A unit of the group with products of its own and the person to turn to."""

    __tablename__ = "group_unit"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Name, unique=True)
    name_en: Mapped[str] = mapped_column(Name)
    products: Mapped[list[str]] = mapped_column(Json)  #: words by which its products are recognised
    contact_person: Mapped[str] = mapped_column(Name)
    contact_phone: Mapped[str] = mapped_column(String(32))
    active: Mapped[bool]
