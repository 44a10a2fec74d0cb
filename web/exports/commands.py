"""`opsbook export`: the histories of cases as a file."""

import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import and_, select

from engine.errors import NotFound
from engine.runtime.engine import Engine
from engine.storage.tables import ProcessInstance
from web.bootstrap import installation
from web.cases.queries import Filter, matching
from web.exports.export import FORMATS, Export, told

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("form", type=click.Choice(list(FORMATS)), metavar="|".join(FORMATS))
@click.option("--case", "instance_id", help="Only this case, with all that it called.")
@click.option("--process", "process_key", default="", help="Only cases of this process, by its key.")
@click.option("--since", type=DAY, help="Only cases started on this day or later.")
@click.option("--until", type=DAY, help="Only cases started on this day or earlier.")
@click.option("--pseudonymise", is_flag=True, help="Other names for people, customers, devices and orders; no free text.")
@click.option("--by", "user_id", help="Id of the user who does it, for the record.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
def export(
    form: str,
    instance_id: str | None,
    process_key: str,
    since: datetime | None,
    until: datetime | None,
    user_id: str | None,
    output: Path,
    *,
    pseudonymise: bool,
) -> None:
    """Write histories as XES, OCEL 2.0, CSV or JSON lines; memory does not grow with their length. The file appears when it is whole."""
    wanted = Filter(process_key=process_key, since=_day(since), until=_day(until))
    with installation() as engine:
        conditions = [ProcessInstance.parent_id.is_(None), *matching(wanted, ZoneInfo(engine.settings.time_zone))]
        root_id = _root_of(engine, instance_id) if instance_id else None
        if root_id:
            conditions.append(ProcessInstance.id == root_id)
        _write(Export(engine, form, and_(*conditions), root_id, told(wanted), pseudonymise), output, user_id)


def _write(wanted: Export, output: Path, user_id: str | None) -> None:
    unfinished = output.with_name(f"{output.name}.part")
    with (
        click.progressbar(length=wanted.record(user_id), label=wanted.form, file=sys.stderr) as bar,
        unfinished.open("w", encoding="utf-8", newline="") as file,
    ):
        for block in wanted.blocks(bar.update):
            file.write(block)
    unfinished.replace(output)
    click.echo(output)


def _root_of(engine: Engine, instance_id: str) -> str:
    with engine.database.session() as session:
        found = session.scalar(select(ProcessInstance.root_id).where(ProcessInstance.id == instance_id))
    if found is None:
        raise NotFound(f"没有流程实例 {instance_id}。", f"There is no process instance {instance_id}.", id=instance_id)
    return found


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None
