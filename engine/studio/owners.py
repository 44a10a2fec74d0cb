"""Who owns which process, and so may edit its diagram and the forms and decision tables beside it."""

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from engine.runtime.engine import Engine
from engine.storage.tables import Membership, ProcessOwner, User
from engine.studio.changes import record
from engine.studio.live import LiveFile


def owners(session: Session) -> dict[str, list[str]]:
    """Ids of the owners by process; a process without any is missing."""
    found: dict[str, list[str]] = {}
    for row in session.scalars(select(ProcessOwner).order_by(ProcessOwner.process_key, ProcessOwner.user_id)):
        found.setdefault(row.process_key, []).append(row.user_id)
    return found


def owners_of_file(key: str, live: Iterable[LiveFile], owned: dict[str, list[str]]) -> tuple[str, ...]:
    """Owners of the processes that a file belongs to: those drawn in it, else those drawn in its folder; none for shared files."""
    files = [file for file in live if file.kind == "bpmn"]
    folder = str(PurePosixPath(key).parent)
    own = [file for file in files if file.key == key]
    beside = [file for file in files if folder != "." and str(PurePosixPath(file.key).parent) == folder]
    processes = [process for file in own or beside for process in file.definitions]
    return tuple(dict.fromkeys(user for process in processes for user in owned.get(process, ())))


def set_owners(engine: Engine, process_key: str, users: Collection[str], *, group: str, actor: str) -> None:
    """Say who owns a process; nobody means every owner.

    Args:
        engine: whose database keeps it.
        process_key: the process.
        users: its owners.
        group: to which they have to belong.
        actor: who says so.

    Raises:
        InvalidInput: somebody is no active member of the group.
    """
    with engine.database.transaction() as session:
        members = set(session.scalars(select(User.id).join(Membership).where(User.active, Membership.group_id == group)))
        for user in sorted(set(users) - members):
            raise InvalidInput(f"“{user}”不是流程负责人。", f"“{user}” is no process owner.", user=user)
        session.execute(delete(ProcessOwner).where(ProcessOwner.process_key == process_key))
        session.add_all(ProcessOwner(process_key=process_key, user_id=user) for user in sorted(set(users)))
        record(session, engine.clock.now(), kind="bpmn", key=process_key, action="owners", actor=actor, note="、".join(sorted(set(users))))
