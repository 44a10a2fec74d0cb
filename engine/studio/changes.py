"""The record of what was done to files in the studio; it only grows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.ids import new_id
from engine.storage.tables import ResourceChange


def record(
    session: Session,
    now: datetime,
    *,
    kind: str,
    key: str,
    action: str,
    actor: str,
    version: int | None = None,
    deployment_id: str | None = None,
    note: str = "",
) -> None:
    """Append one entry; what the fields mean says `ResourceChange`."""
    session.add(
        ResourceChange(
            id=new_id(),
            kind=kind,
            key=key,
            action=action,
            version=version,
            deployment_id=deployment_id,
            note=note,
            happened_at=now,
            user_id=actor,
        )
    )


def changes_of(session: Session, key: str) -> Sequence[ResourceChange]:
    """What was done to a file, the newest first."""
    return session.scalars(select(ResourceChange).where(ResourceChange.key == key).order_by(ResourceChange.id.desc())).all()


def newest_changes(session: Session) -> dict[str, ResourceChange]:
    """The last thing that was done to each file, by its name."""
    newest = select(func.max(ResourceChange.id)).group_by(ResourceChange.key)
    return {change.key: change for change in session.scalars(select(ResourceChange).where(ResourceChange.id.in_(newest)))}
