"""Files as values of variables: kept as attachments of the case; the variable's value is the attachment's id, as in forms."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.ids import new_id
from engine.storage.contents import ContentStore
from engine.storage.tables import Attachment, ProcessInstance
from web.current import database, engine, now
from web.rest.values import FileFacts, GivenFile, TypedValue, VariableValue, read_variables, show_variables

_ID_DIGITS = 32


def keep_variables(given: Mapping[str, TypedValue], actor: str) -> dict[str, Any]:
    """The engine's values of sent variables, files among them kept and replaced by their attachment's id.

    Raises:
        InvalidInput: an unknown type, a value that is not of its type, or a file that is not kept.
    """
    values = read_variables(given)
    return {name: keep_file(value, actor) if isinstance(value, GivenFile) else value for name, value in values.items()}


def keep_file(file: GivenFile, actor: str) -> str:
    """Keep a file that belongs to no case yet; returns the attachment's id.

    Raises:
        InvalidInput: too big, or of a kind that is not kept.
    """
    stored = ContentStore(engine().settings).put(file.name, file.content)
    row: dict[str, Any] = {"id": new_id(), "root_id": None, "instance_id": None, "task_id": None, "name": file.name[-200:], "kind": "file"}
    row |= {"media_type": stored.media_type, "size_bytes": stored.size_bytes, "sha256": stored.sha256}
    with database().transaction() as session:
        session.execute(insert(Attachment.__table__), row | {"added_at": now(), "added_by": actor})
    return str(row["id"])


def belong_to(instance_id: str, values: Mapping[str, Any]) -> None:
    """Make kept files part of the case whose variables name them."""
    ids = _possible_ids(values)
    if not ids:
        return
    with database().transaction() as session:
        root_id = session.scalar(select(ProcessInstance.root_id).where(ProcessInstance.id == instance_id))
        session.execute(
            update(Attachment).where(Attachment.id.in_(ids), Attachment.root_id.is_(None)).values(root_id=root_id, instance_id=instance_id)
        )


def show(session: Session, root_id: str, values: Mapping[str, Any]) -> dict[str, VariableValue]:
    """Variables of a case as they are answered, its files as files."""
    return show_variables(values, facts(session, root_id, values))


def facts(session: Session, root_id: str, values: Mapping[str, Any]) -> dict[str, FileFacts]:
    """The attachments of a case among the values, by id."""
    ids = _possible_ids(values)
    if not ids:
        return {}
    found = session.scalars(select(Attachment).where(Attachment.root_id == root_id, Attachment.id.in_(ids)))
    return {file.id: FileFacts(file.name, file.media_type) for file in found}


def content(session: Session, root_id: str, attachment_id: str) -> tuple[bytes, FileFacts] | None:
    """The bytes of a file of a case; None when the id is none of its files."""
    found = session.scalar(select(Attachment).where(Attachment.root_id == root_id, Attachment.id == attachment_id))
    return (ContentStore(engine().settings).get(found.sha256), FileFacts(found.name, found.media_type)) if found else None


def _possible_ids(values: Mapping[str, Any]) -> list[str]:
    return [value for value in values.values() if isinstance(value, str) and len(value) == _ID_DIGITS and value.isalnum()]
