"""What the notices page shows."""

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from engine.storage.tables import ProcessInstance
from handlers.notify.tables import Notification
from web.auth.person import Person
from web.permissions import visible_cases

#: More than these nobody reads; older ones stay in the history of their cases.
MOST = 200


def newest(session: Session, person: Person) -> list[tuple[Notification, str | None]]:
    """The person's notices, newest first, with the case behind each if the person may see it."""
    found = session.execute(
        select(Notification, ProcessInstance.id)
        .outerjoin(ProcessInstance, and_(ProcessInstance.id == Notification.instance_id, visible_cases(person)))
        .where(Notification.user_id == person.id)
        .order_by(Notification.sent_at.desc(), Notification.id)
        .limit(MOST)
    )
    return [(notice, case_id) for notice, case_id in found]


def unread(session: Session, person: Person) -> int:
    """How many notices the person has not seen."""
    found = session.scalar(select(func.count()).where(Notification.user_id == person.id, Notification.read_at.is_(None)))
    return found or 0
