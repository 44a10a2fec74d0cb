"""`opsbook case …`: operations on cases from the command line, each with a dry run."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Literal

import click

from engine.errors import InvalidInput
from engine.runtime import operations
from engine.runtime.engine import Engine
from engine.runtime.operations import (
    Cancel,
    Instruction,
    Item,
    Modify,
    Operation,
    Outcome,
    Restart,
    Resume,
    SetVariables,
    Suspend,
    migration,
)
from engine.runtime.operations.migration import Migrate, MigrationInstruction, MigrationPlan
from web.bootstrap import installation

Command = Callable[..., None]


@click.group()
def case() -> None:
    """Operations on cases; with --dry-run they only say what they would do."""


def _common(command: Command) -> Command:
    """The options of every operation."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON."),
        click.option("--dry-run", is_flag=True, help="Only say what would be closed, opened and changed."),
        click.option("--by", "actor", help="Id of the user who does it, for the history."),
        click.option("--reason", default="", help="Why, for the history; obligatory without --dry-run."),
    ):
        command = option(command)
    return command


def _starting(command: Command) -> Command:
    """The options that say where to begin."""
    for option in (
        click.option("--set", "values", multiple=True, metavar="NAME=JSON", help="A variable set before the start; may be repeated."),
        click.option("--in", "ancestor", help="Id of the running sub-process to start in, where several run."),
        click.option("--flow", "flows", multiple=True, help="Put a token on this sequence flow."),
        click.option("--after", multiple=True, help="Start after this element."),
        click.option("--before", multiple=True, help="Start before this element."),
    ):
        command = option(command)
    return command


@case.command()
@click.argument("instance_id")
@click.option("--cancel", "cancelled", multiple=True, help="Cancel all runs of this element.")
@click.option("--cancel-run", "runs", multiple=True, help="Cancel this one run; the id of the case itself cancels everything.")
@click.option("--cancel-first", is_flag=True, help="Cancel before starting: sub-processes left empty are closed and opened anew.")
@_starting
@_common
def move(
    instance_id: str,
    cancelled: tuple[str, ...],
    runs: tuple[str, ...],
    cancel_first: bool,
    before: tuple[str, ...],
    after: tuple[str, ...],
    flows: tuple[str, ...],
    ancestor: str | None,
    values: tuple[str, ...],
    **common: Any,
) -> None:
    """Move tokens of a running case."""
    starts = _starts(before, after, flows, ancestor, values)
    cancels = (*(Instruction("cancel", item) for item in cancelled), *(Instruction("cancel", element_instance_id=item) for item in runs))
    _do(Modify(instance_id, (*cancels, *starts) if cancel_first else (*starts, *cancels)), **common)


@case.command()
@click.argument("instance_id")
@_common
def cancel(instance_id: str, **common: Any) -> None:
    """End a case before its time, with everything it called."""
    _do(Cancel(instance_id), **common)


@case.command()
@click.argument("instance_id")
@_common
def suspend(instance_id: str, **common: Any) -> None:
    """Stop a case until it is resumed."""
    _do(Suspend(instance_id), **common)


@case.command()
@click.argument("instance_id")
@_common
def resume(instance_id: str, **common: Any) -> None:
    """Let a suspended case go on."""
    _do(Resume(instance_id), **common)


@case.command("set")
@click.argument("instance_id")
@click.argument("values", nargs=-1, metavar="NAME=JSON…")
@click.option("--remove", "removed", multiple=True, help="Remove this variable.")
@click.option("--scope", help="Id of the element run whose own variables are meant.")
@_common
def set_variables(instance_id: str, values: tuple[str, ...], removed: tuple[str, ...], scope: str | None, **common: Any) -> None:
    """Correct variables of a running case."""
    _do(SetVariables(instance_id, _values(values), removed, scope), **common)


@case.command()
@click.argument("instance_id")
@click.option("--variables", type=click.Choice(["initial", "last"]), default="last", show_default=True)
@click.option("--version", "definition_id", help="Version to restart with, as `key:version`; the same without.")
@_starting
@_common
def restart(
    instance_id: str,
    variables: Literal["initial", "last"],
    definition_id: str | None,
    before: tuple[str, ...],
    after: tuple[str, ...],
    flows: tuple[str, ...],
    ancestor: str | None,
    values: tuple[str, ...],
    **common: Any,
) -> None:
    """Begin a finished case again, as a new one linked to it."""
    _do(Restart(instance_id, _starts(before, after, flows, ancestor, values), variables, definition_id), **common)


@case.command()
@click.argument("source")
@click.argument("target")
@click.option("--case", "instance_ids", multiple=True, help="Id of a case; all that run the source version without it.")
@click.option("--map", "mapped", multiple=True, metavar="OLD=NEW", help="What continues an element; those of the same id need no --map.")
@click.option("--renew", multiple=True, help="Compute the timer or message of this element anew.")
@click.option("--keep-forms", is_flag=True, help="Let open tasks keep their forms.")
@_common
def migrate(
    source: str,
    target: str,
    instance_ids: tuple[str, ...],
    mapped: tuple[str, ...],
    renew: tuple[str, ...],
    keep_forms: bool,
    reason: str,
    actor: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Migrate cases from version SOURCE to TARGET (`key:version`), in the background; the server or a worker does it."""
    with installation() as engine:
        plan = _plan(engine, source, target, mapped, renew, keep_forms)
        chosen = instance_ids or tuple(migration.running(engine, source))
        if dry_run:
            found = {name: _told(engine, name, plan) for name in chosen}
            click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _lines_of_cases(found))
            return
        batch_id = migration.start_batch(engine, plan, chosen, actor=actor, reason=reason)
        click.echo(json.dumps({"batch": batch_id, "cases": len(chosen)}) if as_json else batch_id)


def _do(operation: Operation, *, reason: str, actor: str | None, dry_run: bool, as_json: bool) -> None:
    with installation() as engine:
        outcome = operations.plan(engine, operation, actor) if dry_run else operations.apply(engine, operation, actor=actor, reason=reason)
    click.echo(json.dumps(outcome.to_json(), ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(outcome)))


def _lines(outcome: Outcome) -> Iterable[str]:
    for word, items in (("closes", outcome.closes), ("opens", outcome.opens)):
        yield from (f"{word}  {_line(item)}" for item in items)
    yield from (f"changes  {_line(change.before)}  ->  {_line(change.after)}" for change in outcome.changes)
    for change in outcome.variables:
        yield f"sets  {change.name}: {json.dumps(change.before, ensure_ascii=False)} -> {json.dumps(change.after, ensure_ascii=False)}"
    yield f"then  {outcome.started or outcome.instance_id} is {'active' if outcome.started else outcome.state}"


def _line(item: Item) -> str:
    facts = {name: value for name, value in item.facts.items() if value not in (None, "", [], False) and name != "explanation"}
    told = " ".join(f"{name}={','.join(value) if isinstance(value, list) else value}" for name, value in facts.items())
    return " ".join(part for part in (item.kind, item.element_id or item.id, item.name, told) if part)


def _told(engine: Engine, instance_id: str, plan: MigrationPlan) -> dict[str, Any]:
    """What would become of one case: its problems, or its outcome."""
    try:
        return {"problems": [], "outcome": operations.plan(engine, Migrate(instance_id, plan)).to_json()}
    except migration.MigrationRefused as refused:
        return {"problems": [{"zh": problem.zh, "en": problem.en} for problem in refused.problems], "outcome": None}


def _lines_of_cases(found: dict[str, dict[str, Any]]) -> str:
    lines = []
    for name, told in found.items():
        lines.append(f"{name}  {'stays' if told['problems'] else 'goes'}")
        lines += [f"  {problem['zh']}\n  {problem['en']}" for problem in told["problems"]]
    return "\n".join(lines)


def _plan(engine: Engine, source: str, target: str, mapped: tuple[str, ...], renew: tuple[str, ...], keep_forms: bool) -> MigrationPlan:
    pairs = dict(_pair(item) for item in mapped)
    overrides = [MigrationInstruction(old, new, old in renew) for old, new in pairs.items()]
    overrides += [MigrationInstruction(name, name, update_trigger=True) for name in renew if name not in pairs]
    plan = migration.generate(engine, source, target, overrides=overrides)
    return MigrationPlan(plan.source_definition_id, plan.target_definition_id, plan.instructions, "keep" if keep_forms else "target")


def _starts(
    before: tuple[str, ...], after: tuple[str, ...], flows: tuple[str, ...], ancestor: str | None, values: tuple[str, ...]
) -> tuple[Instruction, ...]:
    more: dict[str, Any] = {"ancestor_element_instance_id": ancestor, "variables": _values(values)}
    return (
        *(Instruction("start_before", item, **more) for item in before),
        *(Instruction("start_after", item, **more) for item in after),
        *(Instruction("start_transition", flow_id=item, **more) for item in flows),
    )


def _values(pairs: tuple[str, ...]) -> dict[str, Any]:
    """`name=json`; what is no JSON is text."""
    found: dict[str, Any] = {}
    for name, text in (_pair(item) for item in pairs):
        try:
            found[name] = json.loads(text)
        except ValueError:
            found[name] = text
    return found


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InvalidInput(f"“{text}”应写成 名称=值。", f"“{text}” must be NAME=VALUE.")
    return name, value
