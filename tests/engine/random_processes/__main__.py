"""`python -m tests.engine.random_processes FIRST LAST`: play many seeds, plain and with save-and-reload, and print those that differ."""

import sys
from datetime import UTC, datetime

from engine.clock import SimulatedClock
from tests.engine.random_processes.playing import play


def main(first: int, last: int) -> int:
    """Play the seeds from first up to before last; how many differ."""
    clock = SimulatedClock(datetime(2026, 3, 5, 2, 0, tzinfo=UTC))
    steps, differing = 0, 0
    for seed in range(first, last):
        try:
            steps += play(seed, clock, reloading=seed % 2 == 0)
        except Exception as error:
            differing += 1
            sys.stdout.write(f"{error}\n")
    sys.stdout.write(f"{last - first} processes, {steps} steps, {differing} differences\n")
    return differing


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]), int(sys.argv[2]))))
