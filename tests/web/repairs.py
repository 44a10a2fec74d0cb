"""Repairs in the house: a process with a call, a drawn way back and two versions; a case that went through everything, and one that is very long."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select

from engine.clock import SimulatedClock
from engine.runtime import assignment, deployments, executor, instances, operations, remarks, user_tasks
from engine.runtime.engine import Engine
from engine.runtime.operations import Instruction, Modify, migration
from engine.runtime.operations.migration import Migrate
from engine.storage.tables import ProcessInstance, UserTask

_FOLDER = Path(__file__).parent / "replays"
KEY = "device_repair"
FAULT = {"unit": "华东仪表厂", "fault": "开机无显示", "part_name": "电源板"}


def deploy(engine: Engine, version: int = 1) -> None:
    """The process as it was first, or its second version with an inspection."""
    files = {f"{KEY}/{path.name}": path.read_bytes() for path in sorted(_FOLDER.iterdir()) if path.suffix != ".bpmn"}
    files |= {f"part_request/{path.name}": path.read_bytes() for path in (_FOLDER.parent / "procedures" / "part_request").iterdir()}
    diagram = _FOLDER / (f"{KEY}.bpmn" if version == 1 else f"{KEY}_2.bpmn")
    deployments.deploy(engine, files | {f"{KEY}/{KEY}.bpmn": diagram.read_bytes()}, name=f"{KEY} {version}")


def do(engine: Engine, element_id: str, person: str, values: Mapping[str, Any] | None = None) -> str:
    """Somebody takes the open task of an element and completes it; returns its id."""
    with engine.database.session() as session:
        task_id = session.scalars(select(UserTask.id).where(UserTask.element_id == element_id, UserTask.state == "open")).one()
    assignment.claim(engine, task_id, person)
    user_tasks.complete(engine, task_id, dict(values or {}), person)
    executor.run_until_idle(engine)
    return task_id


def eventful(engine: Engine, clock: SimulatedClock) -> str:
    """A finished case with a call, two rounds of the drawn way back, a return by hand, a migration and a late task; returns its id."""
    deploy(engine)
    case = instances.start(engine, KEY, FAULT, "R-1", "hotline1")
    do(engine, "record", "hotline1", FAULT)
    do(engine, "issue", "parts1", {"issued": True})
    clock.advance(timedelta(minutes=40))
    _repair(engine, clock, "engineer1", "更换电源板")
    do(engine, "try_out", "engineer1", {"passed": False, "remark": "仍无显示"})
    _repair(engine, clock, "engineer2", "更换主板", hours=6)
    do(engine, "try_out", "engineer2", {"passed": False, "remark": "有异响"})
    back = (Instruction("cancel", "repair"), Instruction("start_before", "record"))
    operations.apply(engine, Modify(case, back), actor="owner", reason="故障现象登记不全，退回重新登记")
    do(engine, "record", "hotline2", FAULT | {"fault": "开机无显示，风扇有异响"})
    do(engine, "issue", "parts1", {"issued": True})
    _repair(engine, clock, "engineer1", "更换风扇")
    deploy(engine, 2)
    plan = migration.generate(engine, f"{KEY}:1", f"{KEY}:2")
    operations.apply(engine, Migrate(case, plan), actor="owner", reason="新版本增加抽检")
    do(engine, "try_out", "engineer1", {"passed": True, "remark": "正常"})
    do(engine, "inspect", "engineer2")
    clock.advance(timedelta(hours=2))
    do(engine, "callback", "callback1")
    return case


def _repair(engine: Engine, clock: SimulatedClock, person: str, opinion: str, hours: int = 1) -> None:
    """Half of the time passes before the task is taken, with a photo and a signature."""
    with engine.database.session() as session:
        task_id = session.scalars(select(UserTask.id).where(UserTask.element_id == "repair", UserTask.state == "open")).one()
    clock.advance(timedelta(hours=hours))
    assignment.claim(engine, task_id, person)
    photo_id = remarks.attach(engine, task_id, "维修.png", _photo(), "photo", person)
    signature_id = remarks.attach(engine, task_id, "签名.png", _signature(), "signature", person)
    clock.advance(timedelta(hours=hours))
    values = {"opinion": opinion, "minutes": 60 * hours, "photos": [photo_id], "signature": signature_id}
    user_tasks.complete(engine, task_id, values, person)
    executor.run_until_idle(engine)


def _photo() -> bytes:
    """A board with a chip on it."""
    image = Image.new("RGB", (640, 480), "#2f6f4f")
    draw = ImageDraw.Draw(image)
    draw.rectangle((220, 150, 420, 330), fill="#222222")
    for pin in range(10):
        draw.rectangle((200, 160 + 17 * pin, 220, 168 + 17 * pin), fill="#c9c9c9")
        draw.rectangle((420, 160 + 17 * pin, 440, 168 + 17 * pin), fill="#c9c9c9")
    return _png(image)


def _signature() -> bytes:
    """A line of a pen."""
    image = Image.new("RGBA", (400, 160), (0, 0, 0, 0))
    ImageDraw.Draw(image).line(((40, 110), (90, 40), (120, 120), (170, 50), (200, 110), (260, 60), (350, 100)), fill="#12305c", width=6)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    content = BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def long(engine: Engine, events: int) -> str:
    """A finished case that went round until it had so many events; returns its id."""
    deploy(engine)
    case = instances.start(engine, KEY, FAULT, "R-2", "hotline1")
    do(engine, "record", "hotline1", FAULT)
    do(engine, "issue", "parts1", {"issued": True})
    round_ = 0
    while _count(engine, case) < events:
        round_ += 1
        do(engine, "repair", f"engineer{round_ % 2 + 1}", {"opinion": f"第 {round_} 次维修", "minutes": round_})
        do(engine, "try_out", "engineer1", {"passed": False, "remark": f"第 {round_} 次试机不合格"})
    do(engine, "repair", "engineer1", {"opinion": "更换整机", "minutes": 30})
    do(engine, "try_out", "engineer1", {"passed": True, "remark": "正常"})
    do(engine, "callback", "callback1")
    return case


def _count(engine: Engine, case: str) -> int:
    with engine.database.session() as session:
        return session.scalars(select(ProcessInstance.event_count).where(ProcessInstance.id == case)).one()
