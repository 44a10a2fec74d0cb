"""March 2026 in the demo office, put together line by line, and looked at on 20 April."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.clock import SimulatedClock
from engine.manuals.kpis import KPIS
from engine.manuals.parameters import PARAMETERS
from engine.runtime.engine import Engine
from engine.storage.database import Database
from engine.storage.tables import ProcessInstance, Resource, UserTask
from handlers.orders.tables import Matter, ServiceOrder, Slip
from handlers.reports.counting import count_month
from handlers.reports.figures import Figure, figures
from handlers.reports.months import Month, Period
from tests.handlers.desk import Desk

_PROCESSES = Path(__file__).parents[3] / "processes"
_SHANGHAI = ZoneInfo("Asia/Shanghai")
MARCH = Month(2026, 3)


def at(text: str) -> datetime:
    """An instant of 2026 by the office's clock: `03-02 09:30`; 2 March is a Monday, work is from 9 to 12 and from 13 to 18."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=_SHANGHAI)


class History:
    """Puts into the tables what happened, and asks for figures."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._numbers = count(1)

    def add(self, *rows: Any) -> None:
        """Keep these rows, in this order."""
        with self.engine.database.transaction() as session:
            for row in rows:
                session.add(row)
                session.flush()

    def order(self, number: str, received: str = "03-02 09:00", *, matter: str = "", **values: Any) -> None:
        """A call of 楚云物流, and its matter unless the order belongs to one that is there."""
        instant = at(received)
        if not matter:
            self.add(Matter(id=f"SX-{number}", customer_id="KH0001", opened_at=instant, contact_count=1))
        told = {
            "kind": "general_fault", "channel": "hotline", "first_request_at": instant, "received_at": instant, "urgency": "normal",
            "confirmed_with_customer": True, "late_answer": False, "status": "open", "version": 1,
        }  # fmt: skip
        self.add(
            ServiceOrder(id=number, matter_id=matter or f"SX-{number}", customer_id="KH0001", request_key=number, **{**told, **values})
        )

    def slip(self, order: str, visit_no: int = 1, filled: str = "03-02 09:00", **values: Any) -> str:
        """A slip of an order that is there; returns its number."""
        told = {
            "status": "new", "colour": "none", "version": 1, "customer_unit": "楚云物流", "address": "武汉", "contact_person": "王伟",
            "contact_phone": "1", "device_model": "台式机", "fault": "开不了机", "fault_type_guess": "hardware", "in_warranty": True,
            "in_onsite_period": True, "paid": False, "special_handling": False, "filled_at": at(filled),
        }  # fmt: skip
        number = f"PG-{order}-{visit_no}"
        self.add(Slip(id=number, order_id=order, visit_no=visit_no, **{**told, **values}))
        return number

    def task(self, process: str, order: str, element: str, created: str, ended: str | None = None, **values: Any) -> None:
        """A user task of an instance of a process of an order; the instance is made when it is not there."""
        instance = f"{process}-{order}"
        with self.engine.database.session() as session:
            there = session.get(ProcessInstance, instance) is not None
        if not there:
            self.add(
                ProcessInstance(
                    id=instance, root_id=instance, process_definition_id="p:1", process_key=process, business_key=order, state="active",
                    started_at=at(created), revision=1, event_count=0, runtime_state=b"",
                )
            )  # fmt: skip
        self.add(
            UserTask(
                id=f"{instance}-{next(self._numbers)}", instance_id=instance, root_id=instance, process_key=process,
                process_definition_id="p:1", element_id=element, name=element, state="completed" if ended else "open", suspended=False,
                priority=50, created_at=at(created), ended_at=at(ended) if ended else None, revision=1, **values,
            )
        )  # fmt: skip

    def figure(self, measure: str, month: Month = MARCH, length: int = 1, office: str = "") -> Figure:
        """A figure, counted now."""
        for each in Period(month, length + 1).months():
            count_month(self.engine, each)
        with self.engine.database.session() as session:
            return figures(session, Period(month, length), office)[measure]


@pytest.fixture
def history(desk: Desk, clock: SimulatedClock) -> History:
    """March, looked at on 20 April."""
    return begin(desk.engine, clock)


@pytest.fixture
def quick_history(make_desk: Callable[[Database], Desk], sqlite_database: Database, clock: SimulatedClock) -> History:
    """The same, on SQLite only: for what does not depend on the database."""
    return begin(make_desk(sqlite_database).engine, clock)


def begin(engine: Engine, clock: SimulatedClock) -> History:
    """Deploy the catalogue and let seven weeks pass."""
    history = History(engine)
    for name in (KPIS, PARAMETERS):
        history.add(Resource(id=name, deployment_id="d", name=name, sha256="0", content=(_PROCESSES / name).read_bytes()))
    clock.set(at("04-20 10:00"))
    assert clock.now() > at("03-31 23:59") + timedelta(days=10)
    return history
