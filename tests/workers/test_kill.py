"""Workers are killed without warning: no job is lost, no effect happens twice."""

import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.runtime import deployments, instances
from engine.storage.database import Database
from engine.storage.tables import Comment, Event, Incident, ProcessInstance
from tests.workers.killable import make_engine

ROOT = Path(__file__).parents[2]
CASES = 15
STEPS = ("first", "second", "third")
KILLS = 4
WAIT_S = 90

_TASKS = "".join(f'<bpmn:serviceTask id="{step}" name="{step}" camunda:type="external" camunda:topic="test.note"/>' for step in STEPS)
_ELEMENTS = ("begin", *STEPS, "finish")
_FLOWS = "".join(
    f'<bpmn:sequenceFlow id="flow_{number}" sourceRef="{source}" targetRef="{target}"/>'
    for number, (source, target) in enumerate(pairwise(_ELEMENTS))
)
_MEMBERS = "".join(f"<bpmn:flowNodeRef>{element}</bpmn:flowNodeRef>" for element in _ELEMENTS)
DIAGRAM = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'targetNamespace="test"><bpmn:collaboration id="pools"><bpmn:participant id="pool" processRef="chain"/></bpmn:collaboration>'
    '<bpmn:process id="chain" name="chain" isExecutable="true"><bpmn:laneSet id="lanes">'
    f'<bpmn:lane id="lane" name="system">{_MEMBERS}</bpmn:lane></bpmn:laneSet>'
    f'<bpmn:startEvent id="begin"/>{_TASKS}<bpmn:endEvent id="finish"/>{_FLOWS}</bpmn:process></bpmn:definitions>'
)


def _worker(database: Database) -> "subprocess.Popen[str]":
    url = database.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-m", "tests.workers.killable", url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "working\n"
    return process


def _wait_for_progress(database: Database, process: "subprocess.Popen[str]", steps: int) -> None:
    """Until so many steps are done, or all."""
    for _ in range(WAIT_S * 20):
        with database.session() as session:
            if (session.scalar(select(func.count()).select_from(Comment)) or 0) >= min(steps, CASES * len(STEPS)):
                return
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.05)
    pytest.fail("the worker does not move on")


def test_killed_workers_lose_nothing_and_repeat_nothing(database: Database) -> None:
    """Given cases of three jobs each, when one worker after the other is killed in the middle, then the last finds every case finished once."""
    engine = make_engine(database.url.render_as_string(hide_password=False))
    deployments.deploy(engine, {"chain/chain.bpmn": DIAGRAM.encode()}, name="test")
    started = [instances.start(engine, "chain") for _ in range(CASES)]

    for number in range(1, KILLS + 1):
        process = _worker(database)
        _wait_for_progress(database, process, number * CASES * len(STEPS) // (KILLS + 1))
        process.kill()
        process.communicate()
    process = _worker(database)
    _wait_for_progress(database, process, CASES * len(STEPS))
    process.terminate()
    process.communicate()
    engine.database.dispose()

    with database.session() as session:
        effects = Counter(tuple(row) for row in session.execute(select(Comment.instance_id, Comment.text)))
        assert effects == Counter((instance, step) for instance in started for step in STEPS)
        assert set(session.scalars(select(ProcessInstance.state))) == {"completed"}
        assert session.scalars(select(Incident.id)).all() == []
        for instance in started:
            sequence = session.scalars(select(Event.sequence).where(Event.instance_id == instance).order_by(Event.sequence)).all()
            assert sequence == list(range(1, len(sequence) + 1))
