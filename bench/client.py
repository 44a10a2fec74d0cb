"""One person at work, as a process of its own: `python -m bench.client ADDRESS USER`.

Reads a number of seconds from each line it is sent, starts cases and completes their tasks for so long, and answers with the number of completions.
"""

import sys

from bench import linear
from bench.browsing import Browser
from engine.clock import monotonic_s


def main(address: str, user: str) -> None:
    """Sign in, then work whenever told to."""
    browser = Browser(address, user)
    print("ready", flush=True)
    for line in sys.stdin:
        print(_work(browser, float(line)), flush=True)


def _work(browser: Browser, seconds: float) -> int:
    until, done, task = monotonic_s() + seconds, 0, ""
    while monotonic_s() < until:
        if not task.startswith("/tasks/"):
            task = browser.send(f"/start/{linear.KEY}", {"data": {}})["redirect"]
        task = browser.send(f"{task}/complete", {"data": linear.SUBMITTED})["redirect"]
        done += 1
    return done


if __name__ == "__main__":
    main(*sys.argv[1:])
