"""Compares what a scenario expects with what is there."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.runtime import state
from engine.scenarios import history
from engine.scenarios.model import Expectation
from engine.scenarios.values import Values
from engine.scenarios.world import Difference, Effect
from engine.storage.tables import ProcessInstance, UserTask

#: Key of an expectation, and what is different.
Finding = tuple[str, Difference]


class Present:
    """How things stand now."""

    def __init__(self, session: Session, values: Values, local: Callable[[datetime], str], before: dict[str, Any]) -> None:
        """Args: local: an instant as office wall clock; before: how the effects stood before the first step."""
        self._session = session
        self._values = values
        self._local = local
        self._before = before

    def differences(self, expect: Expectation, effects: tuple[Effect, ...], *, at_end: bool) -> Iterator[Finding]:
        """Everything that is not as expected."""
        for key in ("ended", "open", "path", "not_path", "variables", "deadlines", "messages"):
            expected = getattr(expect, key)
            if expected is not None:
                for difference in getattr(self, f"_{key}")(expected):
                    yield key, difference
        troubles = history.troubles(self._session)
        if len(troubles) != expect.incidents:
            yield "incidents", _not("；".join(troubles) or "0", str(expect.incidents))
        written = expect.model_dump(exclude_none=True)
        for effect in effects:
            expected = written.get(effect.key, effect.default if at_end else None)
            if expected is not None:
                after = effect.look(self._session)
                found = effect.differs(self._values.resolve(expected), self._before[effect.key], after)
                if found is not None:
                    yield effect.key, found

    def _ended(self, expected: str | dict[str, str | list[str]]) -> Iterator[Difference]:
        if isinstance(expected, str):
            yield from self._ends(history.instances_of(self._session)[:1], [expected])
            return
        for process, ends in expected.items():
            found = history.instances_of(self._session, process)
            if isinstance(ends, str):
                yield from self._ends(found[:1], [ends], process)
            else:
                yield from self._ends(found, ends, process)

    def _ends(self, found: list[ProcessInstance], expected: list[str], process: str = "") -> Iterator[Difference]:
        ends = [item.end_element_id or item.state for item in found]
        if ends != expected:
            zh, en = _not(_listed(ends), _listed(expected))
            yield f"{process} {zh}".strip(), f"{process} {en}".strip()

    def _open(self, expected: list[str]) -> Iterator[Difference]:
        query = select(UserTask.element_id).where(UserTask.state == "open").order_by(UserTask.created_at, UserTask.id)
        found = list(self._session.scalars(query))
        if sorted(found) != sorted(expected):
            yield _not(_listed(found), _listed(expected))

    def _path(self, expected: list[str]) -> Iterator[Difference]:
        trail = history.passed(self._session)
        missing = history.first_missing(expected, trail)
        if missing is not None:
            walked = " → ".join(item.element_id for item in trail)
            yield f"没有在应有的次序上经过 {missing}，实际：{walked}", f"{missing} was not passed in its place; passed: {walked}"

    def _not_path(self, expected: list[str]) -> Iterator[Difference]:
        walked = {item.element_id for item in history.passed(self._session)}
        for element_id in expected:
            if element_id in walked:
                yield f"经过了 {element_id}", f"{element_id} was passed"

    def _variables(self, expected: dict[str, Any]) -> Iterator[Difference]:
        first = history.instances_of(self._session)[:1]
        found = state.variables_of(first[0].runtime_state) if first else {}
        for name, value in self._values.resolve(expected).items():
            if not same(found.get(name), value):
                zh, en = _not(repr(found.get(name)), repr(value))
                yield f"{name} {zh}", f"{name} {en}"

    def _deadlines(self, expected: dict[str, str]) -> Iterator[Difference]:
        for element_id, due in self._values.resolve(expected).items():
            newest = select(UserTask.due_at).where(UserTask.element_id == element_id).order_by(UserTask.created_at.desc()).limit(1)
            expected_at, found = datetime.fromisoformat(due), self._session.scalars(newest).one_or_none()
            if found != expected_at:
                zh, en = _not("—" if found is None else self._local(found), self._local(expected_at))
                yield f"{element_id} {zh}", f"{element_id} {en}"

    def _messages(self, expected: list[str]) -> Iterator[Difference]:
        thrown = history.thrown_messages(self._session)
        rest = iter(thrown)
        if not all(name in rest for name in expected):
            yield _not(_listed(thrown), _listed(expected))


def same(found: Any, expected: Any) -> bool:
    """Whether two JSON values are equal; instants as instants."""
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in found)
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    instant = _instant(expected)
    return bool(found == expected) or (instant is not None and _instant(found) == instant)


def _instant(value: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(value.split("@")[0]) if isinstance(value, str) else None
    except ValueError:
        return None
    return instant if instant is not None and instant.tzinfo is not None else None


def _listed(names: list[str]) -> str:
    return "、".join(names) or "（无 / none）"


def _not(found: str, expected: str) -> Difference:
    return f"应为 {expected}，实为 {found}", f"expected {expected}, found {found}"
