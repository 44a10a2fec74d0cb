"""`opsbook replay`: does the recorded inputs of cases again and says where something else comes out, on their own version or on a draft."""

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from engine.history.readings import HINDSIGHT, VERIFICATION, note_reading
from engine.runtime.engine import Engine
from engine.runtime.hindsight import Asked, Outcome, Tried, chosen, look_back, read_tried
from engine.runtime.hindsight.outcome import Place
from engine.runtime.package import read_directory
from engine.runtime.replaying import Finding, Wanted, find, finished
from web.bootstrap import installation
from web.replay.period import told

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("instance", required=False)
@click.option("--verify", "is_verified", is_flag=True, help="Compare every event with the history.")
@click.option(
    "--draft",
    type=click.Path(exists=True, path_type=Path),
    help="Do the cases again on these files instead, a processes folder or one file, and say which go another way.",
)
@click.option("--last", default=100, show_default=True, help="With --draft: how many of the last finished cases of the process.")
@click.option("--process", help="All finished cases of this process, by its key.")
@click.option("--from", "--since", "since", type=_DAY, help="Only cases that ended on this day or later.")
@click.option("--to", "--until", "until", type=_DAY, help="Only cases that ended on this day or earlier.")
@click.option("--by", "user_id", help="Id of the user who does it, for the record.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON, a line for each case.")
def replay(
    instance: str | None,
    is_verified: bool,
    draft: Path | None,
    last: int,
    process: str | None,
    since: datetime | None,
    until: datetime | None,
    user_id: str | None,
    as_json: bool,
) -> None:
    """Replay one case (INSTANCE), or all finished cases of a process or a period; no case is changed.

    Ends with 1 when a case does not come out as it was recorded, cannot be replayed, or goes another way on a draft.
    """
    if is_verified == (draft is not None):
        raise click.UsageError("请加 --verify 或 --draft。 / Add --verify or --draft.")
    if draft is not None:
        _try(draft, instance, process, Asked(process or "", last, _date(since), _date(until)), user_id, as_json=as_json)
        return
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


def _try(draft: Path, instance: str | None, process: str | None, asked: Asked, user_id: str | None, *, as_json: bool) -> None:
    """Do a case, or the last ones of a process, again on files."""
    if instance is None and process is None:
        raise click.UsageError("请给出案例或 --process。 / Name a case, or give --process.")
    tried = read_tried(read_directory(draft) if draft.is_dir() else {draft.name: draft.read_bytes()})
    with installation() as engine:
        cases = [instance] if instance else chosen(engine, asked)
        note_reading(engine.database, engine.clock.now(), user_id, HINDSIGHT, root_id=instance, cases=len(cases), process=process)
        other = sum(_tried(engine, root_id, tried, as_json=as_json) for root_id in cases)
    if not as_json:
        click.echo(f"{len(cases)} 个案例，{other} 个会走别的路 / {len(cases)} cases, {other} would go another way")
    if other:
        raise SystemExit(1)


def _tried(engine: Engine, root_id: str, tried: Tried, *, as_json: bool) -> bool:
    """Print what became of a case; whether it goes another way."""
    seen = look_back(engine, root_id, tried)
    is_other = seen.state not in ("same", "steps")
    click.echo(
        json.dumps({"root_id": root_id} | asdict(seen), ensure_ascii=False)
        if as_json
        else f"{'✗' if is_other else '✓'} {root_id}: {_seen(seen)}"
    )
    return is_other


def _seen(seen: Outcome) -> str:
    said: list[str] = [seen.state]
    if seen.parting is not None:
        after = "" if seen.parting.after is None else seen.parting.after.label
        said.append(f"{after} → {_labels(seen.parting.to)}（≠ {_labels(seen.parting.instead)}）")
    if seen.stop is not None:
        said.append(f"{seen.stop.why}: {seen.stop.place.label} {', '.join(seen.stop.fields)}{seen.stop.en}".strip())
    return "; ".join(said)


def _labels(places: tuple[Place, ...]) -> str:
    return "、".join(place.label for place in places) or "–"


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
