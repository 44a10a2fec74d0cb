"""Programs that call Opsbook: their tokens, and what they changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant
from engine.storage.triggers import keep_append_only


class ApiToken(Base):
    """A secret by which a program acts for a person; only its hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = (Index(None, "user_id"), Index(None, "secret_sha256", unique=True))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(Name)
    secret_sha256: Mapped[str] = mapped_column(Id)
    scopes: Mapped[list[str]] = mapped_column(Json)
    topics: Mapped[list[str]] = mapped_column(Json)  #: of external tasks, for the scope `external-tasks`
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    created_by: Mapped[str | None] = mapped_column(Name)  #: NULL: on the command line
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcInstant)  #: to the hour
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    revoked_by: Mapped[str | None] = mapped_column(Name)


class RestCall(Base):
    """One call of the REST interface that changed something or tried to."""

    __tablename__ = "rest_call"
    __table_args__ = (Index(None, "called_at"), Index(None, "user_id", "called_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    called_at: Mapped[datetime] = mapped_column(UtcInstant)
    user_id: Mapped[str] = mapped_column(Name)
    token_id: Mapped[str | None] = mapped_column(Id)
    operation: Mapped[str] = mapped_column(Name)
    path: Mapped[str] = mapped_column(Name)
    status: Mapped[int]
    error: Mapped[str | None] = mapped_column(Name)  #: the `type` of the answer
    address: Mapped[str] = mapped_column(Name)


keep_append_only(RestCall.__table__)
