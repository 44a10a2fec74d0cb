"""Parameters that the office changes: from then on for everything, at once, with a history that nobody rewrites."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import DatabaseError

from engine.errors import ChangedMeanwhile, InvalidInput, NotFound
from engine.runtime import deployments
from engine.runtime.parameters import change_parameter, changes_of, current_parameters, restore_parameter
from engine.storage.tables import ParameterChange
from tests.engine.conftest import Play
from tests.engine.diagram import bpmn
from tests.engine.handling import WEEK

FILE = b"""
pause: PT1H
limit: 3
names: [one, two]
rows: [{item: a, ok: b}]
shut: "18:00:00+08:00"
kinds: {a: [x]}
working_hours: {default: {monday: ["09:00-12:00"]}}
"""
BODY = 'start wait end <intermediateCatchEvent id="wait" duration="=duration(parameters.pause)"/>'


def deployed(play: Play, content: bytes = FILE) -> Play:
    deployments.deploy(play.engine, {"manuals/parameters.yaml": content, "p.bpmn": bpmn(BODY, "p")}, name="p")
    return play


def change(play: Play, name: str, value: Any, **more: Any) -> None:
    with play.engine.database.session() as session:
        before = current_parameters(session)[name].value if name in current_parameters(session) else None
    change_parameter(play.engine, name, value, **{"before": before, "actor": "owner", "reason": "更稳妥"} | more)


def due(play: Play) -> list[timedelta]:
    return sorted(timer.due_at - play.clock.now() for timer in play.timers())


def test_a_change_counts_for_timers_set_from_now_on(once: Play) -> None:
    """Given a running case that waits one hour, when the pause becomes two, then a new case waits two and the running one still one."""
    deployed(once)
    once.start("p")

    change(once, "pause", "PT2H")
    once.start("p")

    assert due(once) == [timedelta(hours=1), timedelta(hours=2)]


def test_a_running_engine_uses_the_change_at_once(once: Play) -> None:
    """Given a server that has read the parameters, when another one changes them, then its next step already has the new figure."""
    deployed(once)
    running = once.engine
    with running.step() as step:
        assert step.surroundings.base_context()["parameters"]["limit"] == 3

    change(once, "limit", 5)

    with running.step() as step:
        assert step.surroundings.base_context()["parameters"]["limit"] == 5


def test_working_hours_count_at_once(once: Play) -> None:
    """Given a calendar in use, when another server changes the working hours, then the next deadline is reckoned with them."""
    deployed(once)
    running = once.engine
    opening = datetime(2026, 3, 7, 0, 0, tzinfo=UTC)  # a Saturday
    with running.step() as step:
        step.surroundings.base_context()
        assert not step.surroundings.calendar().is_working(opening + timedelta(hours=2))

    change(once, "working_hours", {"default": WEEK | {"saturday": ["09:00-12:00"]}})

    with running.step() as step:
        step.surroundings.base_context()
        assert step.surroundings.calendar().is_working(opening + timedelta(hours=2))


def test_the_history_says_who_changed_what_when_and_why(once: Play) -> None:
    """Given two changes and the way back to the file, when the history is read, then all three are there, newest first, and cannot be removed."""
    deployed(once)
    change(once, "limit", 4)
    change(once, "limit", 5, actor="owner2", reason="人手不够")
    restore_parameter(once.engine, "limit", before=5, actor="owner", reason="够了")

    with once.engine.database.session() as session:
        history = changes_of(session, "limit")
        assert current_parameters(session)["limit"].value == 3
    assert [(item.before, item.after, item.restored, item.changed_by, item.reason) for item in history] == [
        (5, 3, True, "owner", "够了"),
        (4, 5, False, "owner2", "人手不够"),
        (3, 4, False, "owner", "更稳妥"),
    ]
    assert history[0].changed_at == once.clock.now()
    with pytest.raises(DatabaseError, match="append-only"), once.engine.database.transaction() as session:
        session.execute(delete(ParameterChange))


def test_the_office_and_the_file_do_not_drift_apart(once: Play) -> None:
    """Given a changed and an unchanged parameter, when a new file is deployed, then the office's figure stays, the other follows, and going back gives the new file's."""
    deployed(once)
    change(once, "limit", 5)

    deployed(once, FILE.replace(b"limit: 3", b"limit: 2").replace(b"PT1H", b"PT3H"))

    def now() -> tuple[Any, Any]:
        with once.engine.database.session() as session:
            values = current_parameters(session)
            return values["limit"].value, values["pause"].value

    assert now() == (5, "PT3H")
    restore_parameter(once.engine, "limit", before=5, actor="owner", reason="随文件")
    assert now() == (2, "PT3H")


def test_a_change_that_no_longer_fits_its_parameter_does_not_count(once: Play) -> None:
    """Given a changed duration, when a new file makes a number of it, then the file's number holds."""
    deployed(once)
    change(once, "pause", "PT2H")

    deployed(once, FILE.replace(b"pause: PT1H", b"pause: 60"))

    with once.engine.database.session() as session:
        assert current_parameters(session)["pause"].value == 60


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("pause", "PT0S", "more than nothing"),
        ("pause", "-PT1H", "more than nothing"),
        ("pause", "P5000D", "at most ten years"),
        ("pause", "soon", "wrong kind"),
        ("pause", 3, "wrong kind"),
        ("limit", -1, "0 to"),
        ("limit", 2.5, "whole"),
        ("limit", True, "wrong kind"),
        ("limit", 3, "the same"),
        ("names", [], "1 to"),
        ("names", ["a", " "], "1 to"),
        ("rows", [{"item": "a"}], "Every row"),
        ("shut", "26:00:00+08:00", "time of day"),
        ("kinds", {"b": ["x"]}, "names of the entries"),
        ("working_hours", {"default": {"monday": ["12:00-09:00"]}}, "in order"),
        ("working_hours", {"default": {}}, "at least one|needs"),
        ("working_hours", {"other": {"monday": ["09:00-12:00"]}}, "Calendars"),
    ],
)
def test_what_does_not_fit_is_refused(once: Play, name: str, value: Any, said: str) -> None:
    """Given a value of another kind, out of range or not in order, when it is set, then it is refused and nothing is recorded."""
    deployed(once)

    with pytest.raises(InvalidInput, match=said):
        change(once, name, value)
    with once.engine.database.session() as session:
        assert changes_of(session, name) == []


def test_a_change_needs_a_reason_a_parameter_and_fresh_eyes(once: Play) -> None:
    """Given no reason, an unknown name, or a figure that somebody else has just changed, when a parameter is set, then it is refused."""
    deployed(once)

    with pytest.raises(InvalidInput, match="why"):
        change(once, "limit", 4, reason=" ")
    with pytest.raises(NotFound):
        change(once, "unknown", 4)
    with pytest.raises(ChangedMeanwhile):
        change(once, "limit", 4, before=7)
