"""Leases when the clocks of the machines differ."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from engine.clock import FollowingClock, SystemClock
from engine.runtime import claims, deployments, instances, jobs
from engine.storage.database import Database
from engine.storage.tables import Job, ProcessInstance
from tests.engine.diagram import bpmn
from tests.workers.poison import engine_on

_TASK = 'start s end <serviceTask id="s" topic="test.good_transactional"/>'
JOBS = Job.__table__


@pytest.mark.parametrize("wrong_by", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_wrong_clock_neither_takes_over_nor_holds_on(postgres_database: Database, wrong_by: timedelta) -> None:
    """Given a worker whose clock is an hour off, when another one holds a lease, then it takes the job when the lease is over by the database's clock, not before."""
    right = engine_on(postgres_database.url.render_as_string(hide_password=False), SystemClock())
    right.calendars.seed(right.clock.now().date())
    deployments.deploy(right, {"p.bpmn": bpmn(_TASK)}, name="p")
    clock = FollowingClock()
    clock.follow(right.clock.now() + wrong_by)
    wrong = replace(right, clock=clock)
    case = instances.start(right, "p")

    lease = claims.claim(right, "right")
    assert lease is not None
    assert claims.claim(wrong, "wrong") is None
    assert claims.extend(right, lease)
    assert claims.claim(wrong, "wrong") is None
    with right.database.transaction() as session:
        session.execute(update(JOBS).values(leased_until=func.now() - timedelta(seconds=1)))
    successor = claims.claim(wrong, "wrong")
    assert successor is not None
    assert claims.claim(right, "right") is None, "the wrong clock's lease holds until it is over by the database's clock"
    assert not claims.extend(right, lease)

    jobs.run(wrong, successor)
    with right.database.session() as session:
        assert session.scalars(select(ProcessInstance.state).where(ProcessInstance.id == case)).one() == "completed"
    right.database.dispose()
