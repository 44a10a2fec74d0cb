"""Mixed weeks and months at random: every case ends, stock and loans balance, every promise is kept in time or its breach is on record.

A month that went wrong is played again alone by its seed: `pytest -m soak tests/month -k "month_3"`.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.runtime.catalog import DefinitionCache
from engine.runtime.engine import Engine
from engine.runtime.package import Package, read_directory, read_package
from engine.scenarios.office import Office, prepare
from handlers.scenarios import world
from tests.month.laws import cases, replays, violations
from tests.month.people import Month

PROCESSES = Path(__file__).parents[2] / "processes"
#: A month has about 230 cases; so many months of no fewer than this make two thousand.
FEWEST_CASES = 150
MONTHS = range(1, 15)

Play = Callable[[str, int, int], Engine]


@pytest.fixture(scope="module")
def package() -> Package:
    """All procedures."""
    return read_package(read_directory(PROCESSES))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with all procedures and its master data, to be copied."""
    return prepare(PROCESSES, tmp_path_factory.mktemp("office"), world())


@pytest.fixture
def play(office: Office, package: Package) -> Iterator[Play]:
    """Lets requests come in within so many days, until everything is over; whatever went wrong fails the test, with the seed."""
    with office.opened(world(), "month", DefinitionCache()) as engine:

        def played(seed: str, requests: int, days: int) -> Engine:
            month = Month(engine, package, seed, requests, days)
            month.play()
            assert [f"seed {seed}: {found}" for found in (*month.failures, *violations(engine))] == []
            return engine

        yield played


def test_a_week_ends_balances_and_replays(play: Play) -> None:
    """Given requests of some days and people who act at random but validly, when all is done, then no case is stuck, the books agree and every tenth case comes out the same when it is replayed."""
    engine = play("week", 10, 3)

    assert list(replays(engine, every=10)) == []


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("number", MONTHS, ids="month_{}".format)
def test_a_month_ends_and_balances(play: Play, capsys: pytest.CaptureFixture[str], number: int) -> None:
    """Given the requests of a month and what the office does by itself, with people who act at random but validly, when all is done, then no case is stuck and the books agree."""
    counted = cases(play(f"month {number}", 25, 30))

    with capsys.disabled():
        sys.stdout.write(f"\nmonth {number}: {counted.total()} cases, {dict(counted.most_common())}\n")
    assert counted.total() >= FEWEST_CASES
