"""Measures, prints a table, writes `bench/results.json`, and exits with 1 when a limit is broken."""

import json
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from bench.rows import Row
from bench.section import Section, all_sections
from bench.stage import BOTH, Databases, Stage
from engine.clock import SystemClock, monotonic_s

RESULTS = Path(__file__).parent / "results.json"


@click.command()
@click.argument("names", nargs=-1)
@click.option("--quick", is_flag=True, help="Small figures: shows that everything runs, proves nothing.")
@click.option("--database", "kinds", multiple=True, type=click.Choice(BOTH, case_sensitive=False), help="Only on this one.")
@click.option("--results", type=click.Path(dir_okay=False, path_type=Path), default=RESULTS, show_default=True)
@click.option("--list", "only_list", is_flag=True, help="Name the sections.")
def main(names: tuple[str, ...], quick: bool, kinds: tuple[str, ...], results: Path, only_list: bool) -> None:
    """Measure the sections of these NAMES, or all."""
    sections = [section for section in all_sections() if not names or section.name in names]
    if only_list:
        click.echo("\n".join(f"{section.name:<14}{section.title}" for section in sections))
        return
    report: dict[str, Any] = {"at": SystemClock().now().isoformat(), "quick": quick, "machine": _machine(), "sections": []}
    with tempfile.TemporaryDirectory(prefix="opsbook-bench-") as folder, Databases(Path(folder)).opened() as databases:
        for section in sections:
            report["sections"] += _measure(section, databases, quick, kinds or BOTH)
            results.write_text(json.dumps(report, indent=1, ensure_ascii=False))  # also of a run that is broken off
    over = [row for part in report["sections"] for row in part["rows"] if row["limit"] is not None and row["value"] > row["limit"]]
    sys.exit(1 if over else 0)


def _measure(section: Section, databases: Databases, quick: bool, kinds: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for kind in section.databases or ("",):
        if kind and (kind not in kinds or not databases.has(kind)):
            continue
        click.echo(f"\n{section.title}{f' [{kind}]' if kind else ''}")
        load, begun = os.getloadavg()[0], monotonic_s()
        rows = [_shown(row) for row in section.rows(Stage(databases, kind, quick))]
        yield {
            "section": section.name,
            "database": kind,
            "load": [round(load, 2), round(os.getloadavg()[0], 2)],  # processes that wanted to run, of the whole machine, before and after
            "seconds": round(monotonic_s() - begun, 1),
            "rows": [asdict(row) for row in rows],
        }


def _shown(row: Row) -> Row:
    click.echo(str(row))
    return row


def _machine() -> dict[str, Any]:
    return {
        "cpus": os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


if __name__ == "__main__":
    main()
