"""Where to go after a task: on with the same case if more of it is the person's, else back to the inbox."""

from threading import Event

from flask import url_for

from web.auth.person import Person
from web.current import database
from web.tasks.queries import is_working, next_task

#: How long to wait for service tasks between two tasks of the same person, in seconds, and how often to look.
_PATIENCE_S = 1.5
_LOOK_EVERY_S = 0.1


def after(person: Person, root_id: str) -> tuple[str, bool]:
    """The address to go to, and whether it is another task of the same case."""
    pause = Event()
    for _ in range(int(_PATIENCE_S / _LOOK_EVERY_S)):
        with database().session() as session:
            found = next_task(session, person, root_id)
            if found is not None:
                return url_for("tasks.show", task_id=found), True
            if not is_working(session, root_id):
                break
        pause.wait(_LOOK_EVERY_S)
    return url_for("inbox.index"), False
