"""The server that `opsbook serve` uses, in a thread of the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import waitress
from flask import Flask
from waitress.wasyncore import close_all


@contextmanager
def waitress_serving(app: Flask, threads: int) -> Iterator[int]:
    """Serve an application on a free port, which it gives; stopped at the end."""
    sockets: dict[int, Any] = {}
    server = waitress.create_server(app, sockets, host="127.0.0.1", port=0, threads=threads, channel_request_lookahead=1)
    serving = Thread(target=server.run)
    serving.start()
    try:
        yield server.effective_port
    finally:
        server.task_dispatcher.shutdown()
        # The loop closes its sockets itself: closed from here, it may be asking for one that is no longer open.
        server.trigger.pull_trigger(lambda: close_all(sockets))
        serving.join()
