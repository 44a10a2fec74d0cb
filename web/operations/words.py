"""What an operation would do, in words that a colleague understands."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.runtime.operations import Change, Item, Outcome, VariableChange
from web.definitions import Definition, definition
from web.directory import group_names, people_names
from web.display import when
from web.labels import label


@dataclass(frozen=True)
class Said:
    """One line of a preview."""

    icon: str
    text: str
    detail: str = ""


@dataclass(frozen=True)
class Preview:
    """An outcome in words; empty lists are left out of the page."""

    closes: list[Said]
    opens: list[Said]
    changes: list[Said]
    variables: list[Said]
    passes: list[str]
    sends: list[str]
    people: list[str]  #: names of everybody who has a task that closes or changes
    ends: bool  #: the instance is over afterwards
    does_nothing: bool


def preview(session: Session, outcome: Outcome) -> Preview:
    """An outcome in the reader's words."""
    teller = _Teller(session, outcome)
    changes = [said for change in outcome.changes if (said := teller.change(change)) is not None]
    found = Preview(
        closes=teller.items(outcome.closes),
        opens=teller.items(outcome.opens),
        changes=changes,
        variables=[_variable(change) for change in outcome.variables],
        passes=list(dict.fromkeys(teller.title(item) for item in outcome.passes)),
        sends=list(outcome.sends),
        people=sorted(teller.names.get(user, user) for user in outcome.affected_people()),
        ends=outcome.state in ("completed", "cancelled", "failed") and any(item.id == outcome.instance_id for item in outcome.closes),
        does_nothing=False,
    )
    nothing = not (found.closes or found.opens or found.changes or found.variables or found.passes)
    return Preview(**found.__dict__ | {"does_nothing": nothing})


def shown(value: Any) -> str:
    """A variable's value as JSON text, short."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:120]}…"


#: In which order kinds are told.
_ORDER = ("instance", "task", "job", "subscription", "timer", "token", "incident")
_ICONS = {
    "instance": "cases",
    "task": "user",
    "job": "flow",
    "subscription": "comment",
    "timer": "clock",
    "token": "arrow",
    "incident": "alert",
}


class _Teller:
    """Knows the names that items refer to."""

    def __init__(self, session: Session, outcome: Outcome) -> None:
        items = [
            *outcome.closes,
            *outcome.opens,
            *outcome.keeps,
            *(item for change in outcome.changes for item in (change.before, change.after)),
        ]
        self._drawn = {item.instance_id: definition(session, item.facts["definition"]) for item in items if item.kind == "instance"}
        candidates = {name for item in items for name in item.facts.get("candidates", ())}
        self._groups = group_names(session, [name.removeprefix("group:") for name in candidates if name.startswith("group:")])
        users = {item.facts.get("assignee") for item in items} | {name.removeprefix("user:") for name in candidates}
        self.names: Mapping[str, str] = people_names(session, users)

    def items(self, items: Iterable[Item]) -> list[Said]:
        ordered = sorted(items, key=lambda item: _ORDER.index(item.kind))
        return [Said(_ICONS[item.kind], *self._words(item)) for item in ordered]

    def title(self, item: Item) -> str:
        drawn: Definition | None = self._drawn.get(item.instance_id)
        if drawn is None:
            return item.name
        if item.kind == "instance":
            return drawn.title
        return label(item.name, drawn.english) if item.kind == "task" else drawn.element_title(item.element_id) or item.name

    def change(self, change: Change) -> Said | None:
        before, after = change.before, change.after
        if after.kind == "instance":
            versions = [item.facts["definition"].rpartition(":")[2] for item in (before, after)]
            if versions[0] == versions[1]:
                return None  # suspended or resumed: its tasks and timers say so
            return Said(
                "flow",
                gettext("“%(name)s”换到版本 %(number)s", name=self.title(after), number=versions[1]),
                f"{versions[0]} → {versions[1]}",
            )
        told: list[str] = []
        if before.facts.get("suspended") != after.facts.get("suspended"):
            told.append(gettext("暂停") if after.facts["suspended"] else gettext("继续"))
        if before.element_id != after.element_id:
            told.append(gettext("现在是“%(name)s”", name=self.title(after)))
        if before.facts.get("due_at") != after.facts.get("due_at"):
            told.append(gettext("期限 %(before)s → %(after)s", before=when(before.facts["due_at"]), after=when(after.facts["due_at"])))
        if before.facts.get("form") != after.facts.get("form"):
            told.append(gettext("换成新表单"))
        text, detail = self._words(before)
        return Said(_ICONS[before.kind], text, gettext("；").join([*told, *([detail] if detail else [])]))

    def _words(self, item: Item) -> tuple[str, str]:
        tell: Callable[[Item, str], tuple[str, str]] = getattr(self, f"_{item.kind}")
        return tell(item, self.title(item))

    def _instance(self, item: Item, title: str) -> tuple[str, str]:
        if item.facts["parent_id"] is None:
            return gettext("案例“%(name)s”", name=title), str(item.facts["business_key"] or "")
        return gettext("子流程“%(name)s”", name=title), ""

    def _task(self, item: Item, title: str) -> tuple[str, str]:
        facts = item.facts
        told = []
        if facts["assignee"]:
            told.append(gettext("%(who)s 正在办理", who=self.names.get(facts["assignee"], facts["assignee"])))
        elif facts["candidates"]:
            told.append(gettext("可认领：%(who)s", who=gettext("、").join(self._candidate(name) for name in facts["candidates"])))
        if facts["has_draft"]:
            told.append(gettext("有未提交的草稿"))
        if facts["due_at"]:
            told.append(gettext("期限 %(when)s", when=when(facts["due_at"])))
        return gettext("任务“%(name)s”", name=title), gettext("；").join(told)

    def _candidate(self, candidate: str) -> str:
        kind, _, name = candidate.partition(":")
        return self._groups.get(name, name) if kind == "group" else self.names.get(name, name)

    def _timer(self, item: Item, title: str) -> tuple[str, str]:
        return gettext("计时“%(name)s”", name=title), when(item.facts["due_at"])

    def _job(self, item: Item, title: str) -> tuple[str, str]:
        return gettext("系统处理“%(name)s”", name=title), gettext("已失败，等待处理") if item.facts["state"] == "failed" else ""

    def _subscription(self, item: Item, title: str) -> tuple[str, str]:
        key = item.facts["correlation_key"]
        return gettext("等待“%(name)s”", name=title), f"{item.facts['name']} {key or ''}".strip()

    def _token(self, _item: Item, title: str) -> tuple[str, str]:
        return gettext("停在“%(name)s”", name=title), ""

    def _incident(self, item: Item, title: str) -> tuple[str, str]:
        return gettext("“%(name)s”的异常", name=title), str(item.facts["message"])


def _variable(change: VariableChange) -> Said:
    if not change.was_there:
        return Said("plus", change.name, gettext("新增：%(value)s", value=shown(change.after)))
    if not change.is_there:
        return Said("stop", change.name, gettext("删除，原为 %(value)s", value=shown(change.before)))
    detail = f"{shown(change.before)} → {shown(change.after)}"
    if change.changes_type:
        return Said("alert", change.name, gettext("%(change)s（类型改变）", change=detail))
    return Said("file", change.name, detail)
