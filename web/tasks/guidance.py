"""What the manual says about a step: cards beside the form, and the items that must be ticked before it may be completed."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagrams.model import Element
from engine.errors import InvalidInput
from engine.manuals.catalogue import CLAUSES, Clause, read_catalogue
from engine.runtime.clause_ticks import TICK
from engine.storage.tables import Event, UserTask
from web.current import engine


def clauses_of(element: Element | None) -> list[Clause]:
    """The clauses that a step realises, then those shown beside it as guidance; the mandatory ones first."""
    if element is None:
        return []
    ids = [*element.clauses, *(part.strip() for part in element.properties.get("opsbook:guidance", "").split(",") if part.strip())]
    catalogue = _catalogue()
    found = [catalogue[clause_id] for clause_id in dict.fromkeys(ids) if clause_id in catalogue]
    return sorted(found, key=lambda clause: not clause.mandatory)


def ticked(session: Session, task: UserTask) -> set[str]:
    """Ids of the clauses that are ticked on this task now, by its history."""
    changes = session.scalars(
        select(Event.data)
        .where(Event.instance_id == task.instance_id, Event.type == "UserTaskChanged", Event.element_instance_id == task.id)
        .order_by(Event.sequence)
    )
    found: set[str] = set()
    for data in changes:
        field = str(data.get("field", ""))
        if field.startswith(TICK):
            (found.add if data.get("after") else found.discard)(field.removeprefix(TICK))
    return found


def require_ticks(session: Session, task: UserTask, element: Element | None) -> None:
    """Let a task be completed only when every mandatory clause of its step is ticked.

    Raises:
        InvalidInput: names the clauses that are missing.
    """
    mandatory = [clause for clause in clauses_of(element) if clause.mandatory]
    done = ticked(session, task) if mandatory else set()
    missing = [clause for clause in mandatory if clause.id not in done]
    if missing:
        raise InvalidInput(
            "请先在手册卡片上勾选必做项：" + "、".join(clause.title_zh for clause in missing) + "。",
            "First tick what the manual makes mandatory: " + ", ".join(clause.title_en for clause in missing) + ".",
            missing=[clause.id for clause in missing],
        )


def _catalogue() -> Mapping[str, Clause]:
    path = engine().settings.processes_dir / CLAUSES
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> Mapping[str, Clause]:
    return read_catalogue(path.read_bytes()).clauses
