"""Tasks: pass-through, user, service, send, receive, script and business rule."""

from tests.engine.conftest import Play, form


def test_tasks_run_one_after_the_other(play: Play) -> None:
    """Given a chain of user tasks, when each is completed, then the next one opens and the case ends at the end event."""
    case = play.begin("start a b end")
    assert play.open_elements() == ["a"]
    play.complete("a")
    assert play.open_elements() == ["b"]
    play.complete("b")
    assert play.state(case) == ("completed", "end")
    assert play.path(case) == ["start", "a", "b", "end"]


def test_abstract_and_manual_tasks_pass_through(play: Play) -> None:
    """Tasks that are nobody's duty here are recorded and passed."""
    case = play.begin('start t m end <task id="t"/><manualTask id="m"/>')
    assert play.path(case) == ["start", "t", "m", "end"]
