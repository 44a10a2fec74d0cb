"""Whom a change concerns, and who has confirmed that they read it (M3-upd-2, M3-not-1)."""

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.runtime.engine import Engine
from engine.runtime.step import Step
from engine.storage.tables import Membership, Publication, PublicationReader, User

_READERS = PublicationReader.__table__


def tell(step: Step, publication: Publication) -> None:
    """Put a change that is live before everybody of the groups that it concerns."""
    members = select(Membership.user_id).where(Membership.group_id.in_(publication.groups))
    people = step.session.scalars(select(User.id).where(User.active, User.id.in_(members)).order_by(User.id)).all()
    rows = [{"publication_id": publication.id, "user_id": user, "told_at": step.surroundings.now, "read_at": None} for user in people]
    if rows:
        step.session.execute(insert(_READERS), rows)


def unread(session: Session, user_id: str) -> list[Publication]:
    """Changes that somebody has not confirmed yet, newest first."""
    query = select(Publication).join(PublicationReader, PublicationReader.publication_id == Publication.id)
    return list(
        session.scalars(
            query.where(PublicationReader.user_id == user_id, PublicationReader.read_at.is_(None)).order_by(Publication.live_at.desc())
        )
    )


def confirm(engine: Engine, publication_id: str, *, actor: str) -> None:
    """Write down that somebody read of a change; a second time changes nothing.

    Raises:
        NotFound: the change does not concern this person.
    """
    with engine.step(actor) as step:
        this = (_READERS.c.publication_id == publication_id, _READERS.c.user_id == actor)
        if step.session.execute(select(_READERS.c.user_id).where(*this)).one_or_none() is None:
            raise NotFound("没有这条通知。", "There is no such notice.", id=publication_id)
        step.session.execute(update(_READERS).where(*this, _READERS.c.read_at.is_(None)).values(read_at=step.surroundings.now))
