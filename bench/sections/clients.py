"""One, two and four people completing tasks at the same time, on a real `opsbook serve` with PostgreSQL."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from bench import linear
from bench.browsing import add_person
from bench.processes import cpu_s, serving
from bench.rows import Row
from bench.stage import POSTGRES, Stage
from engine.clock import monotonic_s

DATABASES = (POSTGRES,)

_CROWDS = (1, 2, 4)


def rows(stage: Stage) -> Iterator[Row]:
    """Completions per second, without pauses between them; the crowds work in turn, so that all meet the same machine. Clients are processes."""
    seconds, turns = stage.sized((6.0, 5), (1.0, 1))
    with ExitStack() as opened:
        engine = opened.enter_context(stage.engine())
        for number in range(max(_CROWDS)):
            add_person(engine, f"person{number}", [linear.GROUP])
        url = engine.database.url.render_as_string(hide_password=False)
        server = opened.enter_context(serving(url, stage.databases.folder, assignee="=initiator"))
        people = [opened.enter_context(_person(server.address, f"person{number}")) for number in range(max(_CROWDS))]
        _completed(people, 1.0)  # fills the caches
        rates: dict[int, list[float]] = {crowd: [] for crowd in _CROWDS}
        busy: dict[int, list[tuple[float, float]]] = {crowd: [] for crowd in _CROWDS}
        for turn in range(turns):
            for crowd in _CROWDS if turn % 2 == 0 else reversed(_CROWDS):
                begun, served, clicked = monotonic_s(), server.cpu_s(), sum(cpu_s(person.pid) for person in people)
                done = _completed(people[:crowd], seconds)
                spent = monotonic_s() - begun
                rates[crowd].append(done / spent)
                busy[crowd].append(((server.cpu_s() - served) / done, (sum(cpu_s(person.pid) for person in people) - clicked) / done))
    for crowd in _CROWDS:
        ours, theirs = (median(shares) * 1000 for shares in zip(*busy[crowd], strict=True))
        note = f"CPU per completion: server {ours:.1f} ms, clients {theirs:.1f} ms"
        yield Row(f"completions per second, {crowd} {'client' if crowd == 1 else 'clients'}", median(rates[crowd]), "/s", note)
    for crowd in _CROWDS[1:]:
        fall = median(one / many for one, many in zip(rates[1], rates[crowd], strict=True))
        yield Row(f"1 client ÷ {crowd} clients", fall, "×", "more than 1 would mean that more people get less done", limit=1.1)


@contextmanager
def _person(address: str, user: str) -> "Iterator[subprocess.Popen[str]]":
    command = [sys.executable, "-m", "bench.client", address, user]
    person = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- ourselves
    try:
        _heard(person)
        yield person
    finally:
        person.kill()
        person.wait()


def _completed(people: "list[subprocess.Popen[str]]", seconds: float) -> int:
    for person in people:
        print(seconds, file=person.stdin, flush=True)
    return sum(int(_heard(person)) for person in people)


def _heard(person: "subprocess.Popen[str]") -> str:
    assert person.stdout
    return person.stdout.readline().strip()
