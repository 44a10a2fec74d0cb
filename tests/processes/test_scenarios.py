"""Every scenario of every procedure goes as its owner wrote it, and together they pass every flow and every decision row."""

from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from engine.runtime.catalog import DefinitionCache
from engine.runtime.package import Package, read_directory, read_package
from engine.scenarios.coverage import Coverage, Touched
from engine.scenarios.desk import Desk
from engine.scenarios.names import Names
from engine.scenarios.office import engine_on, prepare
from engine.scenarios.play import Played, play
from engine.scenarios.script import read_script
from handlers.scenarios import world
from tests.conftest import created, opened

PROCESSES = Path(__file__).parents[2] / "processes"
LIBRARY = {path.relative_to(PROCESSES).as_posix(): path.read_bytes() for path in sorted(PROCESSES.glob("*/scenarios/*.yaml"))}
PROCEDURES = sorted(path.parent.name for path in PROCESSES.glob("*/*.bpmn"))
#: One scenario of each procedure, to be played on PostgreSQL, too.
SAMPLE = sorted({resource.split("/")[0]: resource for resource in LIBRARY}.values())

pytestmark = pytest.mark.xdist_group("scenarios")  # so that each is played once
_numbers = count(1)

Play = Callable[[str], Played]


@pytest.fixture(scope="module")
def package() -> Package:
    """All procedures."""
    return read_package(read_directory(PROCESSES))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Play:
    """Plays a scenario, each once."""
    return cache(Desk(prepare(PROCESSES, tmp_path_factory.mktemp("scenarios"), world()), world, LIBRARY).play)


def told(played: Played) -> str:
    """The findings, for people."""
    return "\n".join(problem.text("en") for problem in played.problems)


@pytest.mark.parametrize("resource", LIBRARY)
def test_scenario(played: Play, package: Package, resource: str) -> None:
    """Given a scenario of a procedure, when everybody does their steps, then all is as its owner expects."""
    office = world()
    problems = Names(package, office).check(read_script(resource, LIBRARY, office.effects))

    assert [problem.text("en") for problem in problems] == []
    assert played(resource).passed, told(played(resource))


@pytest.mark.parametrize("process", PROCEDURES)
@pytest.mark.timeout(600)  # alone it plays all scenarios of the procedures that share a decision
def test_scenarios_pass_everything(played: Play, package: Package, process: str) -> None:
    """Given all scenarios of a procedure, when they were played, then every sequence flow and every row of its decisions was passed."""
    coverage = Coverage(package)
    processes = coverage.sharing(process)
    found = Touched()
    for resource in LIBRARY:
        if resource.split("/")[0] in processes:
            found.add(played(resource).touched)
    (own,) = (item for item in coverage.of(sorted(processes), found) if item.process == process)

    assert [(part.key, missed.id) for part in own.parts for missed in part.missed] == []


@pytest.mark.parametrize("resource", SAMPLE)
def test_scenario_on_postgres(
    postgres_server: str, office_postgres: str, tmp_path: Path, definitions: DefinitionCache, resource: str
) -> None:
    """Given PostgreSQL, when a scenario of a procedure is played, then it goes as on SQLite."""
    office = world()
    script = read_script(resource, LIBRARY, office.effects)
    with created(postgres_server, f"{office_postgres}_scenario_{next(_numbers)}", template=office_postgres) as url:
        for database in opened(url):
            result = play(engine_on(database, PROCESSES, tmp_path, office, definitions), script, office)

    assert result.passed, told(result)
