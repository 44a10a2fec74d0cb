"""People, groups and who belongs where."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Name, UtcInstant


class User(Base):
    """A person who signs in."""

    __tablename__ = "user"

    id: Mapped[str] = mapped_column(Name, primary_key=True)  #: sign-in name
    name: Mapped[str] = mapped_column(Name)
    email: Mapped[str | None] = mapped_column(Name)
    password_hash: Mapped[str | None] = mapped_column(Name)
    locale: Mapped[str] = mapped_column(Name)
    active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    session_epoch: Mapped[int]  #: raised to end all sessions of the person
    failed_logins: Mapped[int]
    locked_until: Mapped[datetime | None] = mapped_column(UtcInstant)


class Group(Base):
    """A role of the manuals, or one of the product's own: opsbook-admin, opsbook-owner, opsbook-auditor."""

    __tablename__ = "group"

    id: Mapped[str] = mapped_column(Name, primary_key=True)
    name: Mapped[str] = mapped_column(Name)
    name_en: Mapped[str] = mapped_column(Name)


class Membership(Base):
    """One person in one group."""

    __tablename__ = "membership"
    __table_args__ = (Index(None, "group_id"),)

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("group.id"), primary_key=True)


class SignInAddress(Base):
    """A network address from which somebody failed to sign in, to slow down guessing across many accounts."""

    __tablename__ = "sign_in_address"

    address: Mapped[str] = mapped_column(Name, primary_key=True)
    failures: Mapped[int]
    locked_until: Mapped[datetime | None] = mapped_column(UtcInstant)
