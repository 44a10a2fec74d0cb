"""Runs scenarios: all that are asked for, side by side if wanted, and sums up what they covered."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import InvalidInput, Problem
from engine.runtime.package import read_directory, read_package
from engine.scenarios.coverage import Coverage, ProcessCoverage, Touched
from engine.scenarios.desk import Desk, MakeWorld
from engine.scenarios.names import Names
from engine.scenarios.office import prepare
from engine.scenarios.play import Played
from engine.scenarios.reading import ScenarioRefused
from engine.scenarios.script import read_script


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
    folders = {file.parents[1].name for file in files} | {
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
    library = {_resource(file, asked.root): file.read_bytes() for file in _files(asked.root)}
    report = Report()
    ready: list[str] = []
    for resource in (_resource(file, asked.root) for file in asked.files):
        problems = _problems(resource, library, names)
        if problems:
            report.played.append(Played(resource, "", problems))
            tell(report.played[-1])
        else:
            ready.append(resource)
    with tempfile.TemporaryDirectory(prefix="opsbook-scenarios-") as folder:
        desk = Desk(prepare(asked.root, Path(folder), world), make_world, library)
        for played in desk.play_all(ready, jobs):
            report.played.append(played)
            tell(played)
    found = Touched()
    for played in report.played:
        found.add(played.touched)
    report.played.sort(key=lambda played: played.resource)
    report.coverage = Coverage(package).of(list(asked.processes), found)
    return report


def _problems(resource: str, library: Mapping[str, bytes], names: Names) -> list[Problem]:
    """What is wrong with a scenario before it is played."""
    try:
        return names.check(read_script(resource, library, names.world.effects))
    except ScenarioRefused as refused:
        return refused.problems


def _root(path: Path) -> Path:
    if path.is_file():
        return path.parents[2]
    if path.name == "scenarios":
        return path.parents[1]
    return path.parent if any(path.glob("*.bpmn")) else path


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [file for file in path.rglob("*.yaml") if file.parent.name == "scenarios"]


def _resource(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()
