"""The server is killed while it works in a sandbox: the run stands as before or as after, and goes on."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from engine.studio.sandboxes import Sandbox, find
from handlers.scenarios import world
from tests.web.conftest import Site
from tests.web.sandbox_run import Run, tried

_KILLED = 9
#: What changes a folder; each is told just before it is done.
_FILE_EVENTS = ("os.mkdir", "os.remove", "os.rename", "os.chmod", "shutil.copyfile")


def _dying_at(point: int, folder: Path) -> None:
    """From now on this process ends without a word before the point-th change of a file in a folder, or commit of a database."""
    passed = 0

    def count(*_arguments: Any) -> None:
        nonlocal passed
        passed += 1
        if passed == point:
            os._exit(_KILLED)

    def look(name: str, arguments: tuple[Any, ...]) -> None:
        if (name in _FILE_EVENTS or (name == "open" and "w" in str(arguments[1]))) and str(arguments[0]).startswith(str(folder)):
            count()

    sys.addaudithook(look)
    event.listen(Engine, "commit", count)


def _done_in_another_process(sandbox: Callable[[], Sandbox], change: Callable[[Sandbox], None], point: int) -> bool:
    """Change a sandbox in a process that dies at a point; whether it came to the end before."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            found = sandbox()
            _dying_at(point, found.folder)
            change(found)
            status = 0
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, _KILLED)
    return status == 0


def _answer(sandbox: Sandbox) -> None:
    sandbox.play({"answer": "archive", "with": {"archive_no": "A-77"}})


def _begun(shop: Site, undone: int) -> tuple[Run, list[str]]:
    """A run of seven steps of which some are undone, and what its page said after each that is left."""
    run = tried(shop)
    told = [run.words()]
    run.start()
    told.append(run.words())
    for _ in range(5):
        run.post("time", amount="1", unit="minutes")
        told.append(run.words())
    run.complete(wanted=3)
    told.append(run.words())
    for _ in range(undone):
        run.post("undo")
    return run, told[: 8 - undone]


@pytest.mark.parametrize(
    ("change", "undone", "steps_then"),
    [(_answer, 0, 8), (Sandbox.undo, 0, 6), (Sandbox.undo, 5, 1), (Sandbox.restart, 0, 0)],
    ids=["a step", "undoing a step that is kept", "undoing one by doing the others again", "beginning again"],
)
def test_a_killed_change_is_done_or_not_done(shop: Site, change: Callable[[Sandbox], None], undone: int, steps_then: int) -> None:
    """Given a run, when the server is killed at any moment of a change, then the page is as before or as after it, and one goes on and back."""
    run, told = _begun(shop, undone)
    settings, world_of_shop = shop.engine.settings, replace(world(), handlers=shop.engine.handlers)

    def sandbox() -> Sandbox:
        return Sandbox(find(settings, run.address.rpartition("/")[2], "owner"), world_of_shop)

    folder = sandbox().folder
    kept = shutil.copytree(folder, folder.parent.parent / "kept")
    assert _done_in_another_process(sandbox, change, 0)
    told.append(run.words())
    before, after, back = told[7 - undone], told[-1], told[max(steps_then - 1, 0)]
    assert before != after

    point = 0
    done = False
    while not done:
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        point += 1
        done = _done_in_another_process(sandbox, change, point)
        found = run.words()
        assert found in (before, after), point
        if found == before:
            change(sandbox())
            assert run.words() == after, point
        run.post("undo")
        assert run.words() == back, point
    assert point > 3
