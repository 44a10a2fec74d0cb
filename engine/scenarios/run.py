"""Runs scenarios: all that are asked for, side by side if wanted, and sums up what they covered."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from engine.errors import InvalidInput, Problem
from engine.runtime.catalog import DefinitionCache
from engine.runtime.package import read_directory, read_package
from engine.scenarios.coverage import Coverage, ProcessCoverage, Touched
from engine.scenarios.names import Names
from engine.scenarios.office import Office, prepare
from engine.scenarios.play import Played, play
from engine.scenarios.reading import ScenarioRefused, Written
from engine.scenarios.world import World

#: Makes the world, in this process and in those beside it; a function of a module, so that it can be named across processes.
MakeWorld = Callable[[], World]


@dataclass
class Report:
    """What came of it."""

    played: list[Played] = field(default_factory=list)
    coverage: list[ProcessCoverage] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every scenario went as expected."""
        return all(played.passed for played in self.played)

    @property
    def is_full(self) -> bool:
        """Whether every process that was asked for is covered."""
        return all(item.is_full for item in self.coverage)


@dataclass(frozen=True)
class Asked:
    """Scenario files, and the processes whose coverage counts."""

    root: Path  #: the folder of all processes
    files: tuple[Path, ...]
    processes: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A scenario file."""

    resource: str  #: its name below the folder of all processes
    content: bytes
    process: str  #: whose folder it is in

    def read(self, world: World) -> Written:
        """Read it.

        Raises:
            ScenarioRefused: it cannot be played as written.
        """
        return Written(self.resource, self.content, world.effects)


def asked_for(paths: Sequence[Path]) -> Asked:
    """Find the scenarios of processes folders, process folders, scenario folders and single files.

    Raises:
        InvalidInput: the paths are of different processes folders, or there is no scenario.
    """
    roots = {_root(path.resolve()) for path in paths}
    if len(roots) != 1:
        raise InvalidInput("请一次只测一个流程目录里的场景。", "Test the scenarios of one processes folder at a time.")
    (root,) = roots
    files = sorted({file for path in paths for file in _files(path.resolve())})
    folders = {_process(file) for file in files} | {
        diagram.parent.name for path in paths if path.is_dir() for diagram in path.resolve().rglob("*.bpmn")
    }
    if not files and not folders:
        raise InvalidInput("这里没有场景。", "There are no scenarios here.", path=str(paths[0]))
    return Asked(root, tuple(files), tuple(sorted(folders)))


def run(asked: Asked, make_world: MakeWorld, *, jobs: int = 1, tell: Callable[[Played], None] = lambda _: None) -> Report:
    """Play the scenarios that are asked for.

    Args:
        asked: which.
        make_world: their handlers, effects and master data.
        jobs: how many processes play side by side.
        tell: hears of each as soon as it is over.

    Raises:
        DeploymentRefused: the processes cannot be deployed.
    """
    world = make_world()
    package = read_package(read_directory(asked.root))
    names = Names(package, world)
    report = Report()
    ready: list[Source] = []
    for file in asked.files:
        source = Source(file.relative_to(asked.root).as_posix(), file.read_bytes(), _process(file))
        problems = _problems(source, names)
        if problems:
            report.played.append(Played(source.resource, "", problems))
            tell(report.played[-1])
        else:
            ready.append(source)
    with tempfile.TemporaryDirectory(prefix="opsbook-scenarios-") as folder:
        office = prepare(asked.root, Path(folder), world)
        for played in _play_all(office, ready, make_world, jobs):
            report.played.append(played)
            tell(played)
    found = Touched()
    for played in report.played:
        found.add(played.touched)
    report.played.sort(key=lambda played: played.resource)
    report.coverage = Coverage(package).of(list(asked.processes), found)
    return report


def _problems(source: Source, names: Names) -> list[Problem]:
    """What is wrong with a scenario before it is played."""
    try:
        return names.check(source.read(names.world), source.process)
    except ScenarioRefused as refused:
        return refused.problems


def _play_all(office: Office, ready: list[Source], make_world: MakeWorld, jobs: int) -> Iterator[Played]:
    if jobs < 2 or len(ready) < 2:
        yield from map(_Desk(office, make_world).play, ready)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _sit_down, (office, make_world)) as pool:
        yield from pool.map(_play_here, ready)


class _Desk:
    """One process that plays scenarios, one after the other."""

    def __init__(self, office: Office, make_world: MakeWorld) -> None:
        self._office, self._world, self._cache = office, make_world(), DefinitionCache()

    def play(self, source: Source) -> Played:
        with self._office.opened(self._world, source.resource.replace("/", "-"), self._cache) as engine:
            return play(engine, source.read(self._world), source.process, self._world)


_desks: list[_Desk] = []  # of this process, when it is one of several


def _sit_down(office: Office, make_world: MakeWorld) -> None:
    _desks.append(_Desk(office, make_world))


def _play_here(source: Source) -> Played:
    return _desks[0].play(source)


def _root(path: Path) -> Path:
    if path.is_file():
        return path.parents[2]
    if path.name == "scenarios":
        return path.parents[1]
    return path.parent if any(path.glob("*.bpmn")) else path


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [file for file in path.rglob("*.yaml") if file.parent.name == "scenarios"]


def _process(file: Path) -> str:
    """The process whose folder a scenario is in."""
    return file.parents[1].name
