"""Runs jobs and timers: APScheduler wiring."""

from engine.workers.executor import Executor

__all__ = ["Executor"]
