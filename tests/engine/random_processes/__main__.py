"""`python -m tests.engine.random_processes blocks|graphs FIRST LAST`: play many seeds, plain and with save-and-reload, and print those that differ."""

import sys

from tests.engine.random_processes.playing import play


def main(kind: str, first: int, last: int) -> int:
    """Play the seeds from first up to before last; how many differ."""
    steps, differing = 0, 0
    for seed in range(first, last):
        try:
            steps += play(kind, seed, reloading=seed % 2 == 0)
        except AssertionError as error:
            differing += 1
            sys.stdout.write(f"{error}\n\n")
    sys.stdout.write(f"{last - first} of {kind} from {first}: {steps} steps, {differing} differences\n")
    return differing


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
