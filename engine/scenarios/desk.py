"""Where scenarios are played: one after the other, or in several processes side by side."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from engine.runtime.catalog import DefinitionCache
from engine.scenarios.office import Office
from engine.scenarios.play import Played, play
from engine.scenarios.script import read_script
from engine.scenarios.world import World

#: Makes the world, in this process and in those beside it; a function of a module, so that it can be named across processes.
MakeWorld = Callable[[], World]


@dataclass
class Desk:
    """An office, with the scenarios that may be played in copies of it."""

    office: Office
    make_world: MakeWorld
    library: Mapping[str, bytes]  #: content of the scenario files, by resource
    _cache: DefinitionCache = field(default_factory=DefinitionCache)

    def __post_init__(self) -> None:
        """Make the world once."""
        self._world: World = self.make_world()

    def play_all(self, resources: Sequence[str], jobs: int) -> Iterator[Played]:
        """Play scenarios that were checked, in as many processes as jobs."""
        if jobs < 2 or len(resources) < 2:
            yield from map(self.play, resources)
            return
        with ProcessPoolExecutor(jobs, get_context("spawn"), _sit_down, (self.office, self.make_world, self.library)) as pool:
            yield from pool.map(_play_here, resources)

    def play(self, resource: str) -> Played:
        """Play one on a copy of the office."""
        script = read_script(resource, self.library, self._world.effects)
        with self.office.opened(self._world, resource.replace("/", "-"), self._cache) as engine:
            return play(engine, script, self._world)


_desks: list[Desk] = []  # of this process, when it is one of several


def _sit_down(office: Office, make_world: MakeWorld, library: Mapping[str, bytes]) -> None:
    _desks.append(Desk(office, make_world, library))


def _play_here(resource: str) -> Played:
    return _desks[0].play(resource)
