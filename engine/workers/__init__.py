"""Runs jobs and timers: APScheduler wiring, and Celery as a carrier to other machines."""

from engine.workers.carrier import Carrier
from engine.workers.executor import Executor

__all__ = ["Carrier", "Executor"]
