"""What a look back found, in figures for the diagram and in words for each case."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from engine.diagrams.reader import read_diagram
from engine.errors import OpsbookError
from engine.storage.tables import Hindsight, HindsightCase
from engine.studio.together import live_package
from web.current import engine
from web.labels import label
from web.language import gettext, locale

#: What needs a look comes first.
STATES = ("failed", "refused", "stuck", "other", "steps", "waiting", "same", "cancelled")


#: A case of a batch, its business key, and when it ended.
Found = Sequence[Row[HindsightCase, str | None, datetime | None]]


@dataclass(frozen=True)
class Line:
    """One case, in words."""

    root_id: str
    business_key: str | None
    ended_at: datetime | None
    state: str
    told: list[str]
    elements: frozenset[str]  #: of the process that is drawn


@dataclass(frozen=True)
class Change:
    """How often something was, and how often it would have been."""

    name: str
    before: int
    after: int


class Figures:
    """Everything that is said of a batch."""

    def __init__(self, batch: Hindsight, cases: Found, words: Mapping[str, Any], labels: Mapping[str, str]) -> None:
        """Args: words: English of labels; labels: of the elements of the process that is drawn."""
        self._process = batch.process_key
        self._outcomes = [case.outcome for case, _, _ in cases]
        self._words = words
        self._labels = labels
        self._lines = [self._line(*found) for found in cases]
        self.counts = Counter(line.state for line in self._lines)
        self.total = len(cases)
        self.done = self.total - self.counts["waiting"] - self.counts["cancelled"]

    def name(self, process: str, element_id: str, text: str = "") -> str:
        """What people call an element."""
        known = self._labels.get(element_id) if process == self._process else None
        return label(known or text or element_id, self._words)

    def lines(self, state: str, element: str) -> list[Line]:
        """The cases of a state, of an element, or all."""
        found = [line for line in self._lines if state in ("", line.state) and (not element or element in line.elements)]
        return sorted(found, key=lambda line: STATES.index(line.state))

    def changes(self, what: str) -> list[Change]:
        """Timers that fire (`fired`) or tasks that are late (`late`) more or less often."""
        tallies = self._tallies(what)
        found = [Change(self.name(self._process, name), before, after) for name, (before, after) in tallies.items() if before != after]
        return sorted(found, key=lambda change: -abs(change.after - change.before))

    def props(self, batch: Hindsight) -> dict[str, Any]:
        """Properties of the island: the diagram, what goes along its flows, and where cases part or stop."""
        places = Counter(name for line in self._lines for name in line.elements)
        return {
            "xmlUrl": url_for("studio.hindsight_diagram", batch_id=batch.id),
            "casesUrl": url_for("studio.hindsight_cases", batch_id=batch.id),
            "locale": locale(),
            "labels": dict(self._words) if locale() == "en" else {},
            "flows": self._tallies("flows"),
            "places": dict(places),
        }

    def _tallies(self, what: str) -> dict[str, tuple[int, int]]:
        before: Counter[str] = Counter()
        after: Counter[str] = Counter()
        for outcome in self._outcomes:
            for name, tally in outcome.get(what, {}).get(self._process, {}).items():
                before[name] += tally["before"]
                after[name] += tally["after"]
        return {name: (before[name], after[name]) for name in sorted(before.keys() | after.keys())}

    # -- words -------------------------------------------------------------------------------------------------------

    def _line(self, case: HindsightCase, business_key: str | None, ended_at: datetime | None) -> Line:
        outcome = case.outcome
        parting, stop = outcome.get("parting"), outcome.get("stop")
        places = [*outcome.get("added", ()), *outcome.get("dropped", ())]
        told = [gettext("新的步骤：%(names)s", names=self._names(outcome["added"]))] if outcome.get("added") else []
        told += [gettext("不再有的步骤：%(names)s", names=self._names(outcome["dropped"]))] if outcome.get("dropped") else []
        if parting:
            places += [parting["after"]] if parting["after"] else []
            told.append(self._parting(parting))
        if stop:
            places.append(stop["place"])
            told.append(self._stop(stop))
        if outcome.get("already"):
            told.append(gettext("按现行版本也是这样。"))
        if "error" in outcome:
            told.append(outcome["error"][locale()])
        elements = frozenset(place["element_id"] for place in places if place["process"] == self._process)
        return Line(case.root_id, business_key, ended_at, case.state, told, elements)

    def _parting(self, parting: Mapping[str, Any]) -> str:
        to, instead = self._names(parting["to"]), self._names(parting["instead"])
        if parting["after"] is None:
            return gettext("结局不同：%(to)s，原为%(instead)s", to=to or gettext("无"), instead=instead or gettext("无"))
        after = self._names([parting["after"]])
        if to and instead:
            return gettext("在%(after)s之后去了%(to)s，而不是%(instead)s", after=after, to=to, instead=instead)
        if to:
            return gettext("在%(after)s之后还去了%(to)s", after=after, to=to)
        return gettext("在%(after)s之后不再去%(instead)s", after=after, instead=instead)

    def _stop(self, stop: Mapping[str, Any]) -> str:
        name = self._names([stop["place"]])
        why = stop["why"]
        if why == "refused":
            fields = gettext("；").join(f"{path}: {problem[locale()]}" for path, problem in stop["fields"].items())
            return gettext("%(name)s的表单不接受当时填写的内容：%(fields)s", name=name, fields=fields)
        if why == "incident":
            return gettext("在%(name)s出现异常：%(why)s", name=name, why=stop[locale()] or stop["en"])
        if why == "task":
            return (
                gettext("%(name)s要填写过去没有的内容", name=name) if stop["is_new"] else gettext("%(name)s在过去没有这一次办理", name=name)
            )
        if why == "handler":
            return gettext("%(name)s要一个过去没有的处理结果", name=name)
        return gettext("%(name)s要等一条过去没有收到的消息", name=name)

    def _names(self, places: Sequence[Mapping[str, str]]) -> str:
        ends = {"InstanceCompleted": gettext("办结"), "InstanceCancelled": gettext("取消"), "InstanceFailed": gettext("异常结束")}
        names = [ends.get(place["element_id"]) or self.name(place["process"], place["element_id"], place["label"]) for place in places]
        return gettext("、").join(gettext("“%(name)s”", name=name) for name in names)


def figures_of(session: Session, batch: Hindsight, cases: Found) -> Figures:
    """The figures of a batch, with the names of the diagram that was tried."""
    package = live_package(engine(), session)
    content = batch.files.get(batch.key, "").encode() or package.files.get(batch.key, b"")
    try:
        processes = read_diagram(content).processes
    except OpsbookError:
        processes = []
    labels = {element.id: element.label for process in processes for element in process.elements.values()}
    return Figures(batch, cases, package.english_of(batch.key), labels)
