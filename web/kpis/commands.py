"""`opsbook report`: the report of a month as files."""

import sys
from pathlib import Path
from typing import Literal

import click

from engine.history.readings import REPORT, note_reading
from handlers.reports.counting import count_month
from handlers.reports.months import Month
from handlers.reports.pdf import draw_report
from handlers.reports.report import make_report, steps
from handlers.reports.workbook import write_workbook
from web.bootstrap import installation


@click.command()
@click.argument("month")
@click.option("--out", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder to write to.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--recount", is_flag=True, help="Count the month again, because something was put right since.")
@click.option("--by", "user_id", help="Id of the user who does it, for the record.")
def report(month: str, folder: Path, language: Literal["zh", "en"], user_id: str | None, *, recount: bool) -> None:
    """Write the report of MONTH (2026-03) as opsbook-2026-03.pdf and opsbook-2026-03.xlsx."""
    wanted = Month.read(month)
    folder.mkdir(parents=True, exist_ok=True)
    with installation() as engine:
        if recount:
            count_month(engine, wanted)
        with click.progressbar(length=steps(engine, wanted), label=str(wanted), file=sys.stderr) as bar:
            made = make_report(engine, wanted, language, progress=bar.update)
        listed = {seen.about for found in made.cases.values() for seen in found}
        note_reading(engine.database, engine.clock.now(), user_id, REPORT, root_id=None, cases=len(listed), month=month)
    for form, content in (("pdf", draw_report(made)), ("xlsx", write_workbook(made))):
        path = folder / f"opsbook-{wanted}.{form}"
        path.write_bytes(content)
        click.echo(path)
