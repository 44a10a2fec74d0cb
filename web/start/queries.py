"""Which processes a person may start."""

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.storage.tables import ProcessDefinition
from web.auth.person import Person


def startable(session: Session, person: Person) -> list[ProcessDefinition]:
    """The newest live version of every process that the person may start from the page."""
    newest = (
        select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version"))
        .where(ProcessDefinition.state == "live")
        .group_by(ProcessDefinition.key)
        .subquery()
    )
    found = session.scalars(
        select(ProcessDefinition)
        .join(newest, and_(newest.c.key == ProcessDefinition.key, newest.c.version == ProcessDefinition.version))
        .where(ProcessDefinition.startable)
        .order_by(ProcessDefinition.name)
    )
    return [definition for definition in found if may_start(person, definition)]


def may_start(person: Person, definition: ProcessDefinition) -> bool:
    """Whether the person is in a starter group; administrators and owners may start what nobody else is named for, too."""
    groups = set(definition.starter_groups)
    if person.is_admin or person.is_owner:
        return True
    return not person.is_auditor and (not groups or bool(groups & person.groups))


def require_startable(session: Session, person: Person, key: str) -> ProcessDefinition:
    """The definition that a start of this process uses.

    Raises:
        NotFound: unknown, not startable from a page, or not for this person.
    """
    for definition in startable(session, person):
        if definition.key == key:
            return definition
    raise NotFound("没有这个流程，或者您无权发起。", "There is no such process, or you may not start it.")
