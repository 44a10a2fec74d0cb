"""Celery carries handlers' jobs to workers of its own: its messages are the ids of due jobs, the job table stays the truth.

A message is no more than a wake-up: whoever gets it leases the job like every other worker, so one that comes twice or late finds nothing to do.
One that is lost is sent again, since the job is still due. So the broker may forget everything at any time.
"""

import logging
import threading
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from engine.clock import monotonic_s
from engine.errors import InvalidInput
from engine.ids import new_id
from engine.runtime import claims
from engine.runtime.engine import Engine
from engine.workers.children import MakeEngine
from engine.workers.leases import HEARTBEAT_S
from engine.workers.runner import JobRunner

_log = logging.getLogger(__name__)

#: A job that nobody has begun so long after its message is sent again, and the broker forgets the first one.
RESEND_S = 10

_TASK = "opsbook.job"
_SETTINGS = {
    "task_default_queue": "opsbook",
    "task_default_delivery_mode": "transient",  # the table remembers; the broker's disk need not
    "task_ignore_result": True,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "worker_prefetch_multiplier": 1,  # what one worker has not begun another one may
    # Celery would raise the number again from its pool's threads, which read each other's answers from the connection and hang
    "worker_enable_prefetch_count_reduction": False,
    "worker_enable_remote_control": False,
    "worker_hijack_root_logger": False,
}


class Carrier:
    """One end of the line, in processes that send jobs and in processes that do them."""

    def __init__(self, engine: Engine, make_engine: MakeEngine | None = None) -> None:
        """Connect to nothing yet.

        Args:
            engine: of this process.
            make_engine: builds the engines of the processes in which handlers run, see `JobRunner`.

        Raises:
            InvalidInput: no broker is set, or Celery is not installed.
        """
        if not engine.settings.broker_url:
            raise InvalidInput("请用 OPSBOOK_BROKER_URL 指定 RabbitMQ。", "Set OPSBOOK_BROKER_URL to the address of RabbitMQ.")
        try:
            from celery import Celery
        except ImportError:
            raise InvalidInput(
                "没有安装 Celery：请执行 pip install 'opsbook[celery]'。", "Celery is missing: pip install 'opsbook[celery]'."
            ) from None
        self._engine = engine
        self._name = f"celery-{new_id()[-12:]}"
        self._runner = JobRunner(engine, make_engine)
        self._sending = threading.Lock()
        self._sent_s: dict[str, float] = {}
        self._celery: Any = Celery("opsbook", broker=engine.settings.broker_url, set_as_current=False)
        self._celery.conf.update(_SETTINGS)
        self._celery.task(self._do, name=_TASK)

    def send_due(self) -> None:
        """Send the due jobs that were not sent lately; without a broker they wait for the next try."""
        from kombu.exceptions import OperationalError

        with self._sending:
            now_s = monotonic_s()
            self._sent_s = {job_id: sent_s for job_id, sent_s in self._sent_s.items() if now_s - sent_s < RESEND_S}
            try:
                for job_id in claims.due_for_handlers(self._engine).values():
                    if job_id not in self._sent_s:
                        self._send(job_id)
                        self._sent_s[job_id] = now_s
            except OperationalError as error:
                _log.warning("the broker is away, handlers' jobs wait: %s", error)

    def work(self, threads: int) -> None:
        """Do what the broker brings until SIGTERM; then finish what runs and return."""
        heart = BackgroundScheduler(timezone="UTC")
        heart.add_job(self._runner.extend_leases, "interval", seconds=HEARTBEAT_S)
        heart.start()
        try:
            lonely = ("--without-gossip", "--without-mingle", "--without-heartbeat")  # its workers need not know of each other
            self._celery.worker_main(["worker", "--pool=threads", f"--concurrency={threads}", f"--hostname={self._name}@%h", *lonely])
        finally:
            heart.shutdown()
            self._runner.stop()

    def _send(self, job_id: str) -> None:
        once_more = {"max_retries": 1, "interval_start": 0}  # a connection from before the broker's restart fails once
        self._celery.send_task(_TASK, [job_id], expiration=RESEND_S, retry=True, retry_policy=once_more)

    def _do(self, job_id: str) -> None:
        lease = claims.claim(self._engine, self._name, job_id)
        if lease is None:
            return
        self._runner.run(lease)
        self.send_due()  # the case may have waited for this one
