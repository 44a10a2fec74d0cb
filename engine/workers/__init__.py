"""Runs jobs and timers: APScheduler wiring."""
