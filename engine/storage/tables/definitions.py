"""What was deployed: files, and the definitions read from them, versioned by key."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Json, Name, UtcInstant


class Deployment(Base):
    """One act of deploying: who, when, which files."""

    __tablename__ = "deployment"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Name)
    source: Mapped[str] = mapped_column(Name)
    deployed_at: Mapped[datetime] = mapped_column(UtcInstant)
    deployed_by: Mapped[str | None] = mapped_column(Name)
    state: Mapped[str] = mapped_column(
        Name, server_default="live"
    )  #: live, candidate (waits for publishing), published (as another deployment) or withdrawn


class Resource(Base):
    """One file of a deployment, as it was."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("deployment_id", "name"), Index(None, "name"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))
    name: Mapped[str] = mapped_column(Name)
    sha256: Mapped[str] = mapped_column(Id)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ProcessDefinition(Base):
    """One version of a process; the newest `live` version of a key is the one that starts."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)  #: `key:version`
    key: Mapped[str] = mapped_column(Name)
    version: Mapped[int]
    version_tag: Mapped[str | None] = mapped_column(Name)
    name: Mapped[str] = mapped_column(Name)
    state: Mapped[str] = mapped_column(Name)  #: candidate, live or retired
    suspended: Mapped[bool] = mapped_column(server_default=false())  #: starts no new instances for now
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))
    resource_id: Mapped[str] = mapped_column(ForeignKey("resource.id"))
    sha256: Mapped[str] = mapped_column(Id)
    startable: Mapped[bool]  #: isStartableInTasklist
    starter_groups: Mapped[list[str]] = mapped_column(Json)  #: candidateStarterGroups
    start_form: Mapped[str | None] = mapped_column(Name)  #: form key of the none start event
    english: Mapped[dict[str, Any]] = mapped_column(Json)  #: Chinese label to English label


class DecisionDefinition(Base):
    """One version of a DMN decision."""

    __tablename__ = "decision_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Name)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(Name)
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))
    resource_id: Mapped[str] = mapped_column(ForeignKey("resource.id"))
    sha256: Mapped[str] = mapped_column(Id)


class FormDefinition(Base):
    """One version of a form-js form."""

    __tablename__ = "form_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Name)
    version: Mapped[int]
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))
    sha256: Mapped[str] = mapped_column(Id)
    form_schema: Mapped[dict[str, Any]] = mapped_column(Json)
    english: Mapped[dict[str, Any]] = mapped_column(Json)


class StartSubscription(Base):
    """A start event of the live version of a process that waits for a message, a signal or a time."""

    __tablename__ = "start_subscription"
    __table_args__ = (Index(None, "kind", "name"), Index(None, "due_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Name)  #: message, signal or timer
    name: Mapped[str | None] = mapped_column(Name)
    process_definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    process_key: Mapped[str] = mapped_column(Name)
    element_id: Mapped[str] = mapped_column(Name)
    due_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    remaining: Mapped[int | None]  #: repetitions left of a cycle; NULL for endless
