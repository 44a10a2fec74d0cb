"""The demo: master data that hang together, and weeks that the engine really ran."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.clock import SimulatedClock
from engine.runtime import deployments
from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry
from engine.runtime.hindsight import Tried, look_back
from engine.runtime.replaying import Wanted, find, finished
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.tables import Event, Incident, ProcessInstance, User, UserTask
from engine.working_time import Calendars
from handlers.customers.tables import Customer, Device
from handlers.demo import master_data
from handlers.demo.staff import STAFF
from handlers.demo.tables import DemoFill
from handlers.demo.weeks.moment import Moment
from handlers.demo.weeks.play import Weeks, play
from handlers.dispatch.places import find_area
from handlers.dispatch.tables import Employee
from handlers.orders.tables import ServiceOrder
from handlers.parts.ledger import balance
from handlers.parts.tables import Part, StockItem
from handlers.registry import HANDLERS
from tests.handlers.desk import PARAMETERS, Desk

PROCESSES = Path(__file__).parents[2] / "processes"


@pytest.fixture
def office(sqlite_database: Database, clock: SimulatedClock, tmp_path: Path) -> Engine:
    """The demo office with the manuals' processes, before the first call; a Thursday in spring."""
    settings = replace(Settings(), files_dir=tmp_path / "files", processes_dir=PROCESSES)
    calendars = Calendars(sqlite_database, PARAMETERS["working_hours"], settings.time_zone)
    calendars.seed(clock.now().date())
    engine = Engine(sqlite_database, clock, settings, HandlerRegistry(HANDLERS), calendars)
    deployments.deploy_directory(engine, PROCESSES)
    master_data.load(engine)
    return engine


def count(session, table):
    """Rows of a table."""
    return session.scalar(select(func.count()).select_from(table))


def test_master_data_are_the_same_every_time_and_loaded_once(desk):
    """Dozens of customers at known addresses, devices in and out of warranty, stock between minimum and maximum, twelve engineers."""
    master_data.load(desk.engine)

    with desk.engine.database.session() as session:
        ctx = desk.context(session)
        today = desk.engine.clock.now().date()
        devices = session.scalars(select(Device)).all()
        assert count(session, Customer) == 48
        assert all(find_area(ctx, customer.address) is not None for customer in session.scalars(select(Customer)))
        assert 0.2 < sum(device.warranty_until >= today for device in devices) / len(devices) < 0.8
        assert count(session, Employee) == len(STAFF)
        assert sum(employee.is_engineer for employee in session.scalars(select(Employee))) == 12
        assert session.get_one(User, "engineer12").active
        for part in session.scalars(select(Part)):
            on_shelf = session.scalar(select(func.sum(StockItem.qty)).where(StockItem.part_no == part.no)) or 0
            assert part.min_qty <= on_shelf <= part.max_qty


@pytest.mark.timeout(600)
def test_a_week_of_the_office_is_played_by_the_engine_alone(office):
    """Calls become orders, visits, archives; nothing is refused, nothing breaks, time never runs backwards, stock agrees with its ledger, and it is played once."""
    said: list[str] = []

    failures = play(office, said.append, weeks=1, calls_a_day=(2,))
    again = play(office, said.append, weeks=1)

    assert failures == again == []
    assert said
    with office.database.session() as session:
        kinds = Counter(session.scalars(select(ProcessInstance.process_key)))
        ended = set(session.scalars(select(ProcessInstance.end_element_id)))
        assert session.scalars(select(Incident)).all() == []
        assert {"hotline_service", "onsite_service"} <= kinds.keys()
        assert "slip_handed_over" in ended
        assert count(session, ServiceOrder) > 3
        assert session.scalar(select(func.max(Event.happened_at))) <= office.clock.now()
        backwards = select(func.count()).select_from(UserTask).where(UserTask.ended_at < UserTask.created_at)
        assert session.scalar(backwards) == 0
        ctx = Desk(office).context(session)
        assert all(item.qty == balance(ctx, item.barcode, item.place) for item in session.scalars(select(StockItem)))
    assert_all_come_out_the_same(office)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_all_cases_of_the_demo_come_out_the_same(office):
    """Given the six weeks of the demo, the recorded inputs of every finished case, done again, bring about exactly its history."""
    play(office, lambda _words: None)

    assert assert_all_come_out_the_same(office) > 200


def assert_all_come_out_the_same(office: Engine) -> int:
    """Every finished case, verified, and tried on what is live: how many there are."""
    found = [find(office, case) for case in finished(office, Wanted())]
    assert [finding for finding in found if finding.state != "same"] == []
    assert [case for case in finished(office, Wanted()) if look_back(office, case, Tried()).state != "same"] == []
    return len(found)


@pytest.mark.timeout(600)
def test_a_play_that_was_interrupted_goes_on_where_it_stopped(office, monkeypatch):
    """Given somebody who stops the server while the demo is filled, when it starts again, then the rest is played, and nothing twice."""
    said: list[str] = []
    acts = iter(range(40))
    act = Weeks._act

    def act_until_stopped(self: Weeks, planned: Moment) -> None:
        if next(acts, None) is None:
            raise KeyboardInterrupt
        act(self, planned)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Weeks, "_act", act_until_stopped)
        play(office, said.append, weeks=1, calls_a_day=(2,))
    with office.database.session() as session:
        stopped_at, begun = session.scalar(select(func.max(Event.happened_at))), count(session, ServiceOrder)

    end = office.clock.now()
    weeks = Weeks(office, SimulatedClock(end - timedelta(weeks=1)), end - timedelta(weeks=1), end, (2,))
    planned = [instant for instant in weeks._phone_calls() if instant <= end]

    failures = play(office, said.append, weeks=1, calls_a_day=(2,))
    again = play(office, said.append, weeks=1)

    assert failures == again == []
    assert any("interrupted" in words for words in said)
    with office.database.session() as session:
        calls = session.scalars(select(ProcessInstance.started_at).where(ProcessInstance.process_key == "hotline_service")).all()
        waiting = select(func.count()).select_from(UserTask).where(UserTask.state == "open", UserTask.created_at < stopped_at)
        assert session.scalars(select(Incident)).all() == []
        assert count(session, ServiceOrder) > begun
        assert sorted(calls) == sorted(planned)
        assert session.scalar(waiting) < 5  # what waited then has been done since, but for what people forget
        assert session.scalar(select(DemoFill.finished_at)) is not None
