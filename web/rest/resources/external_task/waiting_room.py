"""Where requests for external tasks wait until there is work for them: threads asleep, no connection to the database, one watcher for all."""

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import cast

from flask import Flask, current_app

from engine.errors import DatabaseUnavailable
from engine.runtime.engine import WORK, Engine
from engine.runtime.external_tasks import waiting_tasks

_log = logging.getLogger(__name__)
_EXTENSION = "opsbook_waiting_room"

#: Work that no commit of this process announces (a retry whose time has come, another process) is seen within this time.
LOOK_AGAIN_S = 1.0


class WaitingRoom:
    """Requests that wait, each with a bell that rings when there may be work of its topics."""

    def __init__(self, engine: Engine) -> None:
        """Args: engine: whose tasks are waited for."""
        self._engine = engine
        self._seats = threading.BoundedSemaphore(max(engine.settings.external_waits, 1))
        self._waiting: dict[threading.Event, frozenset[str]] = {}
        self._lock = threading.Lock()
        self._news = threading.Event()
        engine.database.on_notify(WORK, self._news.set)

    @contextmanager
    def seat(self, topics: Iterable[str]) -> Iterator[threading.Event | None]:
        """A bell to wait for; None when the room is full, so that requests of people always find a thread."""
        if self._engine.settings.external_waits < 1 or not self._seats.acquire(blocking=False):
            yield None
            return
        bell = threading.Event()
        try:
            with self._lock:
                self._waiting[bell] = frozenset(topics)
                if len(self._waiting) == 1:
                    threading.Thread(target=self._watch, name="opsbook-external-tasks", daemon=True).start()
            yield bell
        finally:
            with self._lock:
                del self._waiting[bell]
            self._seats.release()

    def _watch(self) -> None:
        """One question to the database for all who wait, after every piece of news and once a while; ends when the room is empty."""
        while True:
            self._news.wait(LOOK_AGAIN_S)
            self._news.clear()
            with self._lock:
                if not self._waiting:
                    return
            self._ring()

    def _ring(self) -> None:
        """As many bells as there are tasks, of those who wait longest: waking everybody for one task would keep the database busy."""
        try:
            tasks = waiting_tasks(self._engine)
        except DatabaseUnavailable:
            _log.exception("could not look for external tasks; again in %s s", LOOK_AGAIN_S)
            return
        with self._lock:
            for bell, topics in list(self._waiting.items()):
                topic = next((topic for topic in topics if tasks.get(topic)), None)
                if topic is not None:
                    tasks[topic] -= 1
                    self._waiting[bell] = self._waiting.pop(bell)  # the next time it is somebody else's turn
                    bell.set()


def open_room(app: Flask, engine: Engine) -> None:
    """Give an application its waiting room."""
    app.extensions[_EXTENSION] = WaitingRoom(engine)


def waiting_room() -> WaitingRoom:
    """The waiting room of the application at hand."""
    return cast("WaitingRoom", current_app.extensions[_EXTENSION])
