"""`opsbook test`: plays scenarios and says what they cover."""

import json
from pathlib import Path
from typing import Any

import click

from engine.scenarios.coverage import Part, ProcessCoverage
from engine.scenarios.play import Played
from engine.scenarios.run import Report, asked_for, run
from engine.settings import Settings
from handlers.scenarios import world

PATH = click.Path(exists=True, path_type=Path)


@click.command("test")
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--jobs", default=1, show_default=True, help="Processes that play side by side.")
@click.option("--coverage/--no-coverage", default=True, help="Say what the scenarios do not cover, and fail because of it.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--follow", is_flag=True, help="With --json: print a line as soon as a scenario is over, the whole result as the last line.")
def test(paths: tuple[Path, ...], jobs: int, coverage: bool, as_json: bool, follow: bool) -> None:
    """Play the scenarios of processes folders, of one process, or single files, on databases of their own."""
    asked = asked_for(paths or (Settings.from_environment().processes_dir,))
    if follow:
        click.echo(json.dumps({"total": len(asked.files)}))
    report = run(asked, world, jobs=jobs, tell=_follow if follow else (lambda _: None) if as_json else _tell)
    if as_json:
        click.echo(json.dumps(_as_json(report, with_coverage=coverage), ensure_ascii=False, indent=None if follow else 2))
    else:
        _sum_up(report, with_coverage=coverage)
    if not report.passed or (coverage and not report.is_full):
        raise SystemExit(1)


def _follow(played: Played) -> None:
    click.echo(json.dumps({"scenario": _scenario_json(played)}, ensure_ascii=False))


def _tell(played: Played) -> None:
    click.echo(f"{'✓' if played.passed else '✗'} {played.resource}  {played.name}")
    for problem in played.problems:
        click.echo(f"  {problem.text('zh')}\n    {problem.en}")


def _sum_up(report: Report, *, with_coverage: bool) -> None:
    if with_coverage:
        for process in report.coverage:
            for part in process.parts:
                _tell_part(part)
    failed = sum(not played.passed for played in report.played)
    click.echo(f"{len(report.played)} 个场景，{failed} 个不通过 / {len(report.played)} scenarios, {failed} failed")


def _tell_part(part: Part) -> None:
    kind = {"flows": "顺序流 / flows", "rules": "决策行 / rules"}[part.kind]
    click.echo(f"{'✓' if not part.missed else '✗'} {part.name} ({part.key})  {part.covered}/{part.total} {kind}")
    for missed in part.missed:
        click.echo(f"    {part.resource}:{missed.line} [{missed.id}] {missed.label}")


def _as_json(report: Report, *, with_coverage: bool) -> dict[str, Any]:
    scenarios = [_scenario_json(played) for played in report.played]
    return {"scenarios": scenarios} | ({"coverage": [_coverage_json(item) for item in report.coverage]} if with_coverage else {})


def _scenario_json(played: Played) -> dict[str, Any]:
    return {
        "file": played.resource,
        "name": played.name,
        "passed": played.passed,
        "problems": [problem.__dict__ for problem in played.problems],
    }


def _coverage_json(item: ProcessCoverage) -> dict[str, Any]:
    parts = [
        {
            "kind": part.kind,
            "key": part.key,
            "name": part.name,
            "file": part.resource,
            "total": part.total,
            "covered": part.covered,
            "missed": [missed.__dict__ for missed in part.missed],
        }
        for part in item.parts
    ]
    return {"process": item.process, "full": item.is_full, "parts": parts}
