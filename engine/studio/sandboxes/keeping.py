"""Keeping a run: what was done by hand becomes a scenario that proves the procedure from now on."""

import re
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Conflict, InvalidInput, Problem
from engine.ids import new_id
from engine.runtime.catalog import DefinitionCache
from engine.runtime.engine import Engine
from engine.runtime.folder import write_scenario
from engine.runtime.package import read_directory, read_package
from engine.scenarios import history
from engine.scenarios.names import Names
from engine.scenarios.office import Office
from engine.scenarios.play import play
from engine.scenarios.reading import ScenarioRefused
from engine.scenarios.script import read_script
from engine.scenarios.yaml_writing import write_yaml
from engine.storage.tables import ProcessInstance, UserTask
from engine.studio.sandboxes.sandbox import OPENING, PROCESSES, Sandbox

_STEM = re.compile(r"[a-z][a-z0-9_]{0,63}")


def as_scenario(sandbox: Sandbox, name: str, about: str = "", *, every_answer: bool = False) -> str:
    """The run as a scenario, in YAML: what was done, and what came of it.

    Args:
        sandbox: whose run.
        name: of the scenario.
        about: more words.
        every_answer: write also the answers of handlers that only ever worked themselves.
    """
    record = sandbox.record
    with sandbox.opened() as engine, engine.database.session() as session:
        expect = _expectation(session) | _effects(sandbox, session)
    written: dict[str, Any] = {"name": name}
    if about:
        written["about"] = about
    if record.base is not None:
        written["begins_like"] = record.base
        if record.up_to is not None:
            written["up_to"] = record.up_to
    return write_yaml(written | {"steps": record.steps if every_answer else _steps(record.steps), "expect": expect})


def trial_of(sandbox: Sandbox, stem: str, text: str) -> list[Problem]:
    """What goes otherwise when the scenario is played on the same draft."""
    resource = f"{sandbox.record.process}/scenarios/{stem}.yaml"
    library = sandbox.library() | {resource: text.encode()}
    try:
        script = read_script(resource, library, sandbox.world.effects)
    except ScenarioRefused as refused:
        return refused.problems
    package = read_package(read_directory(sandbox.folder / PROCESSES))
    problems = Names(package, sandbox.world).check(script)
    if problems:
        return problems
    office = Office(sandbox.folder / PROCESSES, sandbox.folder, sandbox.folder / OPENING)
    with office.opened(sandbox.world, new_id(), DefinitionCache()) as engine:
        return play(engine, script, sandbox.world).problems


def keep(engine: Engine, sandbox: Sandbox, stem: str, text: str) -> Path | None:
    """Write the scenario beside the others of its procedure; its path, or None when the folder cannot be written.

    Raises:
        InvalidInput: the name is none for a file.
        Conflict: there is such a scenario already.
    """
    name = f"{sandbox.record.process}/scenarios/{checked_stem(stem)}.yaml"
    path = engine.settings.processes_dir / name
    if path.exists():
        raise Conflict(f"已有场景“{stem}”，请换一个文件名。", f"There is a scenario “{stem}” already; choose another file name.")
    return path if write_scenario(engine.settings.processes_dir, name, text.encode()) else None


def checked_stem(stem: str) -> str:
    """Raises: InvalidInput: it is no name of a scenario's file."""
    if not _STEM.fullmatch(stem):
        raise InvalidInput(
            "文件名用小写字母开头，只用小写字母、数字和下划线。",
            "A file name begins with a small letter and has small letters, digits and underscores.",
        )
    return stem


def _steps(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the answers of elements whose handlers only ever worked themselves: in a scenario they do so by themselves."""
    told = {step["answer"] for step in steps if "answer" in step and step.keys() & {"with", "error", "failure"}}
    left = [step for step in steps if "answer" not in step or step["answer"] in told]
    return left or steps


def _expectation(session: Session) -> dict[str, Any]:
    """How it stands: how the cases ended or what is open, and where the first one passed."""
    cases = history.instances_of(session)
    ends: dict[str, list[str]] = {}
    for case in cases:
        ends.setdefault(case.process_key, []).append(case.end_element_id or case.state)
    expect: dict[str, Any] = {}
    if len(cases) == 1 and cases[0].ended_at is not None:
        expect["ended"] = ends[cases[0].process_key][0]
    elif cases:
        expect["ended"] = {key: found[0] if len(found) == 1 else found for key, found in ends.items()}
    open_now = select(UserTask.element_id).where(UserTask.state == "open").order_by(UserTask.created_at, UserTask.id)
    if waiting := list(session.scalars(open_now)):
        expect["open"] = waiting
    if path := _path(session, cases):
        expect["path"] = path
    if troubles := history.troubles(session):
        expect["incidents"] = len(troubles)
    return expect


def _path(session: Session, cases: list[ProcessInstance]) -> list[str]:
    """The elements that the first case passed, in order."""
    return [item.element_id for item in history.passed(session) if item.instance_id == cases[0].id] if cases else []


def _effects(sandbox: Sandbox, session: Session) -> dict[str, Any]:
    """What a scenario has to say about effects, because it expects none otherwise."""
    before = sandbox.record.effects
    found = {}
    for effect in sandbox.world.effects:
        if effect.default is not None and effect.told is not None:
            told = effect.told(before[effect.key], effect.look(session))
            if told != list(effect.default):
                found[effect.key] = told
    return found
