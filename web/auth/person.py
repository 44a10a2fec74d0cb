"""The person behind a request, with the groups that decide what they may see and do."""

from dataclasses import dataclass
from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.tables import Membership, User

ADMIN = "opsbook-admin"
OWNER = "opsbook-owner"
AUDITOR = "opsbook-auditor"
PLANNER = "opsbook-planner"


@dataclass(frozen=True)
class Person(UserMixin):
    """A signed-in user, read once per request."""

    id: str
    name: str
    locale: str
    session_epoch: int
    groups: frozenset[str]
    created_at: datetime

    @property
    def is_admin(self) -> bool:
        """Whether they run the installation: people, incidents, every case."""
        return ADMIN in self.groups

    @property
    def is_owner(self) -> bool:
        """Whether they own processes."""
        return OWNER in self.groups

    @property
    def is_auditor(self) -> bool:
        """Whether they may read everything and change nothing."""
        return AUDITOR in self.groups

    @property
    def plans(self) -> bool:
        """Whether they set deadlines and priorities in the cases they see."""
        return bool(self.groups & {ADMIN, OWNER, PLANNER})

    @property
    def sees_everything(self) -> bool:
        """Whether no case is hidden from them."""
        return bool(self.groups & {ADMIN, OWNER, AUDITOR})


def load_person(session: Session, user_id: str) -> Person | None:
    """The active user with this id and all groups, in one statement; None when unknown or deactivated."""
    rows = session.execute(
        select(User.id, User.name, User.locale, User.session_epoch, User.created_at, Membership.group_id)
        .outerjoin(Membership, Membership.user_id == User.id)
        .where(User.id == user_id, User.active)
    ).all()
    if not rows:
        return None
    first = rows[0]
    groups = frozenset(row.group_id for row in rows if row.group_id is not None)
    return Person(first.id, first.name, first.locale, first.session_epoch, groups, first.created_at)
