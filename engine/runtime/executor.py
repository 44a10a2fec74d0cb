"""Runs everything that is due in the calling thread: for tests, scenarios and the demo month."""

from engine.runtime import jobs, timers
from engine.runtime.engine import Engine

#: More rounds than this means that work makes work without end.
MAX_ROUNDS = 100_000


def run_until_idle(engine: Engine, worker: str = "inline") -> int:
    """Run jobs and fire timers until nothing is due; returns how many ran.

    Raises:
        RuntimeError: it does not come to an end.
    """
    done = 0
    while done < MAX_ROUNDS:
        if jobs.run_next(engine, worker):
            done += 1
            continue
        fired = timers.fire_due(engine)
        if not fired:
            return done
        done += fired
    message = f"{MAX_ROUNDS} pieces of work and no end"
    raise RuntimeError(message)
