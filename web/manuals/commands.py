"""`opsbook manual coverage`: what of the manuals the procedures enforce, and what they miss."""

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from engine.manuals.catalogue import Catalogue, Clause
from engine.manuals.coverage import STATES, Coverage, cover
from engine.manuals.deviations import Deviation, Figures, compare_figures
from engine.runtime.manuals import manuals_of
from engine.runtime.package import read_directory, read_package
from web.bootstrap import installation

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_HEADS = ("手册 Manual", "条款 clauses", "强制 enforced", "提示 guidance", "不适用 none", "未建 planned", "缺失 missing")


@click.group()
def manual() -> None:
    """The manuals and the procedures that keep to them."""


@manual.command()
@click.argument("path", type=FOLDER, required=False)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def coverage(path: Path | None, as_json: bool) -> None:
    """Say per manual how many clauses are enforced, shown, left out for a reason, not built yet, or missing; fails on missing ones.

    Also lists the figures that depart from their clause, with the parameters as this installation has set them. PATH is the processes folder.
    """
    with installation() as engine:
        package = read_package(read_directory(path or engine.settings.processes_dir))
        with engine.database.session() as session:
            manuals = manuals_of(package, session, as_set=True)
    if package.problems:
        raise click.ClickException("\n".join(f"{problem.text('zh')}\n  {problem.en}" for problem in package.problems))
    covered = cover(manuals.catalogue, manuals.procedures)
    figures = compare_figures(manuals.catalogue, manuals.procedures)
    if as_json:
        click.echo(json.dumps(_for_programs(manuals.catalogue, covered, figures), ensure_ascii=False, indent=2))
    else:
        _print(manuals.catalogue, covered, figures)
    if "missing" in covered.states.values():
        raise SystemExit(1)


def _rows(catalogue: Catalogue, covered: Coverage) -> list[tuple[str, str, list[int]]]:
    """Per manual its titles and the numbers of clauses: all, then those in each state; at last the sum."""
    rows = []
    for item in catalogue.manuals:
        counted = covered.count(clause for clause in catalogue.clauses.values() if clause.manual == item.id)
        rows.append((f"{item.id} {item.title_zh}", item.title_en, [sum(counted.values()), *counted.values()]))
    total = [sum(column) for column in zip(*(numbers for _, _, numbers in rows), strict=True)]
    return [*rows, ("合计", "Total", total)] if rows else []


def _print(catalogue: Catalogue, covered: Coverage, figures: Figures) -> None:
    widths = [34, *(_width(head) for head in _HEADS[1:])]
    click.echo(_line(_HEADS, widths))
    for title, _, numbers in _rows(catalogue, covered):
        click.echo(_line([title, *map(str, numbers)], widths))
    for gap in covered.gaps:
        click.echo(f"缺失 missing: {gap.process}  {gap.clause.id}  {gap.clause.title_zh} / {gap.clause.title_en}")
    for clause in _unexplained(catalogue, covered):
        click.echo(f"缺失 missing: 没有理由 no reason  {clause.id}  {clause.title_zh} / {clause.title_en}")
    for deviation in figures.deviations:
        found = ", ".join(deviation.found) or "—"
        click.echo(f"偏离 deviation: {deviation.reference}  手册 manual {deviation.demanded}  现为 now {found}  ({where(deviation)})")
    for reference in figures.unheld:
        click.echo(f"数字没有落处 figure found nowhere: {reference}")


def _for_programs(catalogue: Catalogue, covered: Coverage, figures: Figures) -> dict[str, Any]:
    names = ("clauses", *STATES)
    return {
        "manuals": [
            {"title": title, "title_en": title_en} | dict(zip(names, numbers, strict=True))
            for title, title_en, numbers in _rows(catalogue, covered)
        ],
        "missing": [{"process": gap.process, "clause": gap.clause.id} for gap in covered.gaps]
        + [{"process": None, "clause": clause.id} for clause in _unexplained(catalogue, covered)],
        "deviations": [
            {
                "clause": item.reference.clause,
                "figure": item.reference.figure,
                "manual": item.demanded,
                "found": list(item.found),
                "where": where(item),
            }
            for item in figures.deviations
        ],
        "unheld": [str(reference) for reference in figures.unheld],
        "states": dict(covered.states),
    }


def where(deviation: Deviation) -> str:
    """The place of a deviation, for programs and logs."""
    place = deviation.place
    if place.kind == "element":
        return f"{place.spots[0].process}/{place.spots[0].element}"
    return f"{place.kind} {place.owner}" + (f" {place.part}" if place.part else "")


def _unexplained(catalogue: Catalogue, covered: Coverage) -> list[Clause]:
    """Clauses that no process is to realise, without a reason."""
    named = {gap.clause.id for gap in covered.gaps}
    return [catalogue.clauses[key] for key, state in covered.states.items() if state == "missing" and key not in named]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *numbers = (" " * max(0, width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return "  ".join([cells[0] + first, *(blank + cell for blank, cell in zip(numbers, cells[1:], strict=True))])


def _width(text: str) -> int:
    """Columns of a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
