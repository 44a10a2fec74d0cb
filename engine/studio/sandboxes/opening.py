"""Opening a sandbox: what is live with the person's drafts in its place is deployed into an office of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from engine.errors import DeploymentRefused, Problem
from engine.ids import new_id
from engine.runtime.engine import Engine
from engine.runtime.folder import lay_out
from engine.runtime.package import Package
from engine.scenarios.office import prepare
from engine.scenarios.reading import ScenarioRefused
from engine.scenarios.script import named, read_script
from engine.scenarios.world import World
from engine.studio.bundles import used_by
from engine.studio.drafts import drafts_of
from engine.studio.findings import Finding, problems_of, shown
from engine.studio.sandboxes.sandbox import OFFICES, PROCESSES, Sandbox
from engine.studio.sandboxes.store import Record, remove, root
from engine.studio.together import live_package, with_drafts
from engine.studio.trials import scenario_files


@dataclass(frozen=True)
class Beginning:
    """A scenario that a run may begin like."""

    name: str
    title: str
    about: str
    stops: tuple[str, ...]  #: its steps before which one may go one's own way


def beginnings(engine: Engine, world: World, key: str) -> list[Beginning]:
    """The scenarios of the process of a diagram, by name; what cannot be read is left out."""
    library = scenario_files(engine.settings.processes_dir)
    process = key.partition("/")[0]
    found = []
    for resource in sorted(name for name in library if name.startswith(f"{process}/")):
        try:
            script = read_script(resource, library, world.effects)
        except ScenarioRefused:
            continue
        stops = dict.fromkeys(name for line in script.steps if (name := named(line.part)))
        scenario = script.own.scenario
        found.append(Beginning(Path(resource).stem, scenario.name, scenario.about or "", tuple(stops)))
    return found


def refusals(engine: Engine, session: Session, key: str, actor: str) -> list[Finding]:
    """The errors for which a person's draft cannot be tried: its own, and those of drafts that it uses."""
    drafts = drafts_of(session, actor)
    package = with_drafts(live_package(engine, session), drafts)
    needed = _needed(package, key)
    return [shown(problem, package) for problem in _errors(engine, session, package, drafts) if problem.resource in needed]


def begin(engine: Engine, world: World, key: str, *, actor: str, base: str | None = None, up_to: str | None = None) -> str:
    """Open a sandbox for a diagram; returns its id.

    Args:
        engine: whose live files and drafts there are; nothing of it is changed.
        world: of the office.
        key: the diagram's file.
        actor: whose sandbox and whose drafts.
        base: name of the scenario to begin like.
        up_to: the step of that scenario before which to stop; its end without.

    Raises:
        DeploymentRefused: the draft cannot run.
        InvalidInput: the scenario does not get so far on the draft.
    """
    with engine.database.session() as session:
        live, drafts = live_package(engine, session), drafts_of(session, actor)
        package = with_drafts(live, drafts)
        errors = _errors(engine, session, package, drafts)
    needed = _needed(package, key)
    own = [problem for problem in errors if problem.resource in needed]
    if own:
        raise DeploymentRefused(own)
    left_out = sorted({problem.resource for problem in errors})
    used = {name: content for name, content in drafts.items() if name not in left_out}
    folder = root(engine.settings) / new_id()
    try:
        lay_out(folder / PROCESSES, live.files | used | scenario_files(engine.settings.processes_dir))
        prepare(folder / PROCESSES, folder, world)
        (folder / OFFICES).mkdir()
        Record(folder.name, actor, key, base, up_to if base else None, sorted(used), left_out).write(folder)
        Sandbox(folder, world).restart()
    except Exception:
        remove(folder)
        raise
    return folder.name


def is_outdated(session: Session, sandbox: Sandbox) -> bool:
    """Whether its owner has changed, begun or given up drafts since it was opened."""
    record, processes = sandbox.record, sandbox.folder / PROCESSES
    now = drafts_of(session, record.owner)
    used = {name: (processes / name).read_bytes() for name in record.drafts}
    return {name: content for name, content in now.items() if name not in record.left_out} != used


def _errors(engine: Engine, session: Session, package: Package, drafts: Mapping[str, bytes]) -> list[Problem]:
    """Why drafts cannot run."""
    found = problems_of(engine, session, package, list(drafts)) if drafts else []
    return [problem for problem in found if problem.severity == "error"]


def _needed(package: Package, key: str) -> set[str]:
    """A diagram with its forms and decisions, and those of all it calls."""
    files = {process.id: name for name, diagram in package.diagrams.items() for process in diagram.processes}
    found: set[str] = set()
    open_: list[str] = [key]
    while open_:
        name = open_.pop()
        found |= set(used_by(package, name))
        diagram = package.diagrams.get(name)
        for process in diagram.processes if diagram is not None else ():
            called = {files.get(element.called_element, "") for element in process.elements.values() if element.called_element}
            open_ += sorted(called - found - {""})
    return found


def procedures_using(package: Package, key: str) -> Sequence[str]:
    """The diagrams that use a form or decision table."""
    return sorted(name for name in package.diagrams if key in used_by(package, name))
