"""What the manual says about a step: cards beside the form, and the items that must be ticked before it may be completed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagrams.model import Element
from engine.errors import InvalidInput
from engine.runtime.clause_ticks import TICK
from engine.storage.tables import Event, UserTask
from web.current import engine
from web.language import locale


@dataclass(frozen=True)
class Clause:
    """One clause of the catalogue."""

    id: str
    place_zh: str  #: manual and paragraph
    place_en: str
    title_zh: str
    title_en: str
    requirement_zh: str
    requirement_en: str
    kind: str
    mandatory: bool

    @property
    def place(self) -> str:
        """Manual and paragraph, in the reader's language."""
        return self.place_zh if locale() == "zh" else self.place_en

    @property
    def title(self) -> str:
        """The heading in the reader's language."""
        return self.title_zh if locale() == "zh" else self.title_en

    @property
    def requirement(self) -> str:
        """What it asks for, in the reader's language."""
        return self.requirement_zh if locale() == "zh" else self.requirement_en


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


def kind_name(clause: Clause) -> str:
    """What kind of clause it is, in a word."""
    names = {
        "rule": gettext("规则"),
        "step": gettext("步骤"),
        "record": gettext("记录"),
        "prohibition": gettext("禁止"),
        "deadline": gettext("时限"),
        "escalation": gettext("上报"),
        "metric": gettext("指标"),
        "role-duty": gettext("职责"),
        "form-field": gettext("表单"),
        "context": gettext("背景"),
    }
    return str(names.get(clause.kind, clause.kind))


def _catalogue() -> Mapping[str, Clause]:
    path = engine().settings.processes_dir / "manuals" / "clauses.yaml"
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> Mapping[str, Clause]:
    entries = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 — both are safe loaders
    return {entry["id"]: _clause(entry) for entry in entries}


def _clause(entry: Mapping[str, Any]) -> Clause:
    return Clause(
        id=entry["id"],
        place_zh=f"{entry['manual']} {entry['ref']}",
        place_en=f"{entry['manual']} {entry.get('ref_en', entry['ref'])}",
        title_zh=entry["title_zh"],
        title_en=entry["title_en"],
        requirement_zh=entry["requirement_zh"],
        requirement_en=entry["requirement_en"],
        kind=entry["kind"],
        mandatory="mandatory" in str(entry.get("encode_as", "")),
    )
