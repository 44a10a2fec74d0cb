"""A mixed month at random: every case ends, stock and loans balance, every promise is kept or its breach is on record, every replay comes out the same."""

from pathlib import Path

import pytest

from engine.runtime.catalog import DefinitionCache
from engine.runtime.package import read_directory, read_package
from engine.scenarios.office import prepare
from handlers.scenarios import world
from tests.month.laws import violations
from tests.month.people import Month

PROCESSES = Path(__file__).parents[2] / "processes"


@pytest.mark.timeout(14_400)
@pytest.mark.parametrize(
    ("seed", "cases", "days"),
    [
        pytest.param("week", 10, 3, id="10 cases"),
        *(pytest.param(f"month {number}", 400, 30, id=f"400 cases, month {number}", marks=pytest.mark.soak) for number in range(1, 6)),
    ],
)
def test_everything_ends_and_balances(tmp_path: Path, seed: str, cases: int, days: int) -> None:
    """Given a month of requests and people who act at random but validly, when all is done, then no case is stuck the books agree and every replay comes out the same."""
    office = world()
    with prepare(PROCESSES, tmp_path, office).opened(office, "month", DefinitionCache()) as engine:
        month = Month(engine, read_package(read_directory(PROCESSES)), seed, cases, days)
        month.play()

        assert [f"seed {seed}: {found}" for found in (*month.failures, *violations(engine))] == []
