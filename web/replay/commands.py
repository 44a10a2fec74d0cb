"""`opsbook replay`: does the recorded inputs of cases again and says where something else comes out."""

import json
from dataclasses import asdict
from datetime import datetime

import click
from sqlalchemy import select

from engine.runtime.engine import Engine
from engine.runtime.replaying import Verdict, verify
from engine.storage.tables import ProcessInstance
from web.bootstrap import installation

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("instance", required=False)
@click.option(
    "--verify", "is_verified", is_flag=True, help="Compare every event with the history; the only thing this command does so far."
)
@click.option("--process", help="All finished cases of this process.")
@click.option("--since", type=_DAY, help="Only cases that ended on this day or later.")
@click.option("--until", type=_DAY, help="Only cases that ended before this day.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON, one per line.")
def replay(
    instance: str | None, is_verified: bool, process: str | None, since: datetime | None, until: datetime | None, as_json: bool
) -> None:
    """Replay one case (INSTANCE), or all finished cases of a process or a period; nothing is written.

    Ends with 1 when a case does not come out as it was recorded.
    """
    if not is_verified:
        raise click.UsageError("请加 --verify。 / Add --verify.")
    with installation() as engine:
        cases = [instance] if instance else _finished(engine, process, since, until)
        differing = 0
        for number, root_id in enumerate(cases, start=1):
            verdict = verify(engine, root_id)
            differing += verdict.difference is not None
            click.echo(json.dumps(asdict(verdict), ensure_ascii=False) if as_json else _told(verdict, number, len(cases)))
    if not as_json:
        click.echo(f"{len(cases)} 个案例，{differing} 个与记录不同 / {len(cases)} cases, {differing} differ from their history")
    if differing:
        raise SystemExit(1)


def _finished(engine: Engine, process: str | None, since: datetime | None, until: datetime | None) -> list[str]:
    query = select(ProcessInstance.id).where(ProcessInstance.parent_id.is_(None), ProcessInstance.ended_at.is_not(None))
    zone = engine.calendars.get().zone
    if process:
        query = query.where(ProcessInstance.process_key == process)
    if since:
        query = query.where(ProcessInstance.ended_at >= since.replace(tzinfo=zone))
    if until:
        query = query.where(ProcessInstance.ended_at < until.replace(tzinfo=zone))
    with engine.database.session() as session:
        return list(session.scalars(query.order_by(ProcessInstance.ended_at, ProcessInstance.id)))


def _told(verdict: Verdict, number: int, count: int) -> str:
    place = f"[{number}/{count}] {verdict.root_id}"
    if verdict.difference is None:
        return f"✓ {place}: {verdict.inputs} 个输入，{verdict.events} 个事件一致 / {verdict.inputs} inputs, {verdict.events} events agree"
    found = verdict.difference
    recorded, replayed = (json.dumps(side, ensure_ascii=False) for side in (found.recorded, found.replayed))
    return f"✗ {place}: {found.instance_id} #{found.sequence}: {found.zh} / {found.en}\n    {recorded}\n    {replayed}"
