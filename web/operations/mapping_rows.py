"""The mapping table of a migration: one row for each element of the old version, with what may continue it and what is wrong."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.runtime.engine import Engine
from engine.runtime.operations import migration
from engine.runtime.operations.migration import MigrationInstruction, MigrationPlan, MigrationProblem, Surveyed
from engine.runtime.operations.migration.mapping import kind_of
from web.definitions import Definition
from web.language import locale
from web.operations.choices import Choice


@dataclass(frozen=True)
class Row:
    """One element of the old version."""

    source: str
    title: str
    target: str
    options: list[Choice]
    alive: int
    update_trigger: bool | None  #: None where there is no trigger
    problems: list[str]
    is_plain: bool  #: maps to itself and nothing is wrong: nobody has to look


def asked_plan(engine: Engine, source: str, target: str, form: Any | None) -> MigrationPlan:
    """The plan that a form means; without a form, and for elements it does not name, the generated one.

    Raises:
        NotFound: no such version.
    """
    generated = migration.generate(engine, source, target)
    if form is None:
        return generated
    chosen = {item.source: item for item in generated.instructions}
    for name in [name for name in form if name.startswith("to:")]:
        identifier = name.removeprefix("to:")
        wanted = form.get(name, "")
        chosen.pop(identifier, None)
        if wanted:
            chosen[identifier] = MigrationInstruction(identifier, wanted, bool(form.get(f"renew:{identifier}")))
    return MigrationPlan(source, target, tuple(chosen.values()), "keep" if form.get("forms") == "keep" else "target")


def rows(
    plan: MigrationPlan, source: Definition, target: Definition, surveyed: Iterable[Surveyed], problems: Iterable[MigrationProblem]
) -> list[Row]:
    """The table; what needs a look first."""
    alive: Counter[str] = Counter()
    wrong: dict[str, dict[str, None]] = {}
    for problem in problems:
        wrong.setdefault(problem.source, {})[problem.zh if locale() == "zh" else problem.en] = None
    for case in surveyed:
        alive.update(case.alive)
        for problem in case.problems:
            if problem.code in ("compensation", "arrival"):
                wrong.setdefault(problem.source, {})[problem.zh if locale() == "zh" else problem.en] = None
    chosen = {item.source: item for item in plan.instructions}
    found = []
    for element in source.process.elements.values():
        item = chosen.get(element.id)
        options = [
            Choice(other.id, target.element_title(other.id))
            for other in target.process.elements.values()
            if kind_of(other) == kind_of(element)
        ]
        has_trigger = element.type == "receiveTask" or (element.event is not None and element.event.kind in ("timer", "message", "signal"))
        found.append(
            Row(
                element.id,
                source.element_title(element.id),
                item.target if item else "",
                options,
                alive[element.id],
                (item.update_trigger if item else False) if has_trigger and element.type != "startEvent" else None,
                list(wrong.get(element.id, {})),
                is_plain=item is not None and item.target == element.id and element.id not in wrong,
            )
        )
    return sorted(found, key=lambda row: (not row.problems, bool(row.target) or not row.alive, not row.alive))
