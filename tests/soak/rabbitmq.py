"""A RabbitMQ server of our own for the tests: from the machine's packages, on loopback ports, with its data in a folder, thrown away at the end."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kombu import Connection
from kombu.exceptions import OperationalError

from tests.soak.office import free_port

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_START_TRIES = 600


class Broker:
    """A server that can be killed and started again with what it had."""

    def __init__(self, folder: Path) -> None:
        """Args: folder: for its data, its logs and its cookie."""
        port, self._names_port = free_port(), free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{port}//"
        self._folder = folder
        (folder / "plugins").write_text("[].")
        self._environment = {
            "PATH": os.environ["PATH"],  # noqa: TID251 -- of the process to start
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._names_port),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_NODENAME": f"opsbook-{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
        }
        # started here, or the server would leave one behind
        self._names = subprocess.Popen(["epmd", "-port", str(self._names_port), "-address", "127.0.0.1"], env=self._environment)
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when it takes connections."""
        with (self._folder / "said").open("ab") as log:
            self._server = subprocess.Popen(  # a session of its own, since the script leaves a virtual machine behind that must die with it
                [SERVER], env=self._environment, cwd=self._folder, stdout=log, stderr=log, start_new_session=True
            )
        pause = threading.Event()
        for _ in range(_START_TRIES):
            with suppress(OperationalError, OSError), Connection(self.url, connect_timeout=2) as connection:
                connection.connect()
                return
            assert self._server.poll() is None, (self._folder / "said").read_text()
            pause.wait(0.2)
        raise AssertionError((self._folder / "said").read_text())

    def kill(self) -> None:
        """Kill -9."""
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
            self._server = None

    def close(self) -> None:
        """Leave nothing running."""
        self.kill()
        self._names.kill()
        self._names.wait()


@contextmanager
def running_broker(folder: Path) -> Iterator[Broker]:
    """A broker that runs until the end of the block."""
    broker = Broker(folder)
    try:
        broker.start()
        yield broker
    finally:
        broker.close()
