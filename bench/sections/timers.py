"""Ten thousand timers that are due at one instant, and somebody who works meanwhile."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from statistics import quantiles

from sqlalchemy import func, select

from bench import linear
from bench.rows import Row
from bench.stage import BOTH, Stage
from engine.clock import SimulatedClock, monotonic_s
from engine.runtime import deployments, instances
from engine.runtime.engine import Engine
from engine.storage.tables import Timer
from engine.workers import Executor

DATABASES = BOTH

#: A person is slower; this one makes the latencies many.
_THINKS_S = 0.05
_LOOK_S = 0.1
_IDLE_CLICKS = 100

_DIAGRAM = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench"><process id="late" name="late" isExecutable="true">
<startEvent id="begin"/><intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>
<userTask id="work"/><endEvent id="finish"/>
<sequenceFlow id="f1" sourceRef="begin" targetRef="pause"/><sequenceFlow id="f2" sourceRef="pause" targetRef="work"/><sequenceFlow id="f3" sourceRef="work" targetRef="finish"/>
</process></definitions>"""


class _Person:
    """Completes one task after the other in a thread until told to stop."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.milliseconds: list[float] = []

    def work_until(self, done: threading.Event) -> float:
        """The 95th percentile of how long a click took, in milliseconds."""
        self._thread.start()
        done.wait()
        self._stop.set()
        self._thread.join()
        return quantiles(self.milliseconds, n=20)[-1]

    def _work(self) -> None:
        task_id: str | None = None
        while not self._stop.wait(_THINKS_S):
            task_id = task_id or linear.start(self._engine)
            begun = monotonic_s()
            task_id = linear.complete(self._engine, task_id)
            self.milliseconds.append((monotonic_s() - begun) * 1000)


def rows(stage: Stage) -> Iterator[Row]:
    """All of it in one process: timers, jobs and clicks share its threads and its database."""
    count = stage.sized(10_000, 200)
    with stage.engine() as plain:
        clock = SimulatedClock(plain.clock.now())
        engine = replace(plain, clock=clock)
        linear.deploy(engine)
        deployments.deploy(engine, {"late/late.bpmn": _DIAGRAM}, name="bench")
        for _ in range(count):
            instances.start(engine, "late")
        executor = Executor(engine, threads=4)
        executor.start()
        idle = _Person(engine).work_until(_after(stage.sized(_IDLE_CLICKS, 10) * _THINKS_S))
        clock.advance(timedelta(hours=1))
        begun, begun_processor = monotonic_s(), time.process_time()
        busy = _Person(engine).work_until(_all_fired(engine))
        seconds, processor = monotonic_s() - begun, time.process_time() - begun_processor
        executor.stop()
    yield Row(f"{count:,} timers due at once", seconds, "s", "one process", limit=30)
    yield Row("of that, processor time of the process", processor, "s", f"{processor / count * 1000:.1f} ms for each timer")
    yield Row("click, 95th percentile, nothing else to do", idle, "ms")
    yield Row("click, 95th percentile, while the timers fire", busy, "ms", f"{busy / idle:.1f} × idle")


def _after(seconds: float) -> threading.Event:
    done = threading.Event()
    threading.Timer(seconds, done.set).start()
    return done


def _all_fired(engine: Engine) -> threading.Event:
    done = threading.Event()

    def look() -> None:
        while not done.wait(_LOOK_S):
            with engine.database.session() as session:
                if not session.scalar(select(func.count()).where(Timer.state == "waiting")):
                    done.set()

    threading.Thread(target=look).start()
    return done
