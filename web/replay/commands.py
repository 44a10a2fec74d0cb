"""`opsbook replay`: does the recorded inputs of cases again and says where something else comes out."""

import json
from dataclasses import asdict
from datetime import date, datetime

import click

from engine.history.readings import VERIFICATION, note_reading
from engine.runtime.engine import Engine
from engine.runtime.replaying import Finding, Wanted, find, finished
from web.bootstrap import installation
from web.replay.period import told

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("instance", required=False)
@click.option(
    "--verify", "is_verified", is_flag=True, help="Compare every event with the history; the only thing this command does so far."
)
@click.option("--process", help="All finished cases of this process, by its key.")
@click.option("--from", "--since", "since", type=_DAY, help="Only cases that ended on this day or later.")
@click.option("--to", "--until", "until", type=_DAY, help="Only cases that ended on this day or earlier.")
@click.option("--by", "user_id", help="Id of the user who does it, for the record.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON, a line for each case.")
def replay(
    instance: str | None,
    is_verified: bool,
    process: str | None,
    since: datetime | None,
    until: datetime | None,
    user_id: str | None,
    as_json: bool,
) -> None:
    """Replay one case (INSTANCE), or all finished cases of a process or a period; no case is changed.

    Ends with 1 when a case does not come out as it was recorded, or cannot be replayed.
    """
    if not is_verified:
        raise click.UsageError("请加 --verify。 / Add --verify.")
    wanted = Wanted(process, _date(since), _date(until))
    with installation() as engine:
        cases = [instance] if instance else finished(engine, wanted)
        note_reading(
            engine.database,
            engine.clock.now(),
            user_id,
            VERIFICATION,
            root_id=instance,
            cases=len(cases),
            **({} if instance else told(wanted)),
        )
        wrong = sum(_verified(engine, root_id, f"[{number}/{len(cases)}]", as_json) for number, root_id in enumerate(cases, start=1))
    if not as_json:
        click.echo(f"{len(cases)} 个案例，{wrong} 个与记录不同 / {len(cases)} cases, {wrong} differ from their history")
    if wrong:
        raise SystemExit(1)


def _date(given: datetime | None) -> date | None:
    return given.date() if given else None


def _verified(engine: Engine, root_id: str, place: str, as_json: bool) -> bool:
    """Print what was found; whether it is not what was recorded."""
    found = find(engine, root_id)
    click.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else _told(found, f"{place} {root_id}"))
    return found.state != "same"


def _told(found: Finding, place: str) -> str:
    if found.state == "same":
        return f"✓ {place}: {found.inputs} 个输入，{found.events} 个事件一致 / {found.inputs} inputs, {found.events} events agree"
    why = f"{found.difference['zh']} / {found.difference['en']}"
    if found.state == "failed":
        return f"✗ {place}: {why}"
    recorded, replayed = (json.dumps(found.difference[side], ensure_ascii=False) for side in ("recorded", "replayed"))
    where = f"{found.difference['instance_id']} #{found.difference['sequence']}"
    return f"✗ {place}: {where}: {why}\n    {recorded}\n    {replayed}"
