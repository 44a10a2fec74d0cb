"""Months of business of a large office, written straight into the tables: as many cases as asked, each with what indicators look at."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.manuals.kpis import KPIS
from engine.manuals.parameters import PARAMETERS
from engine.runtime.engine import Engine
from engine.storage.tables import Deployment, ProcessDefinition, ProcessInstance, Resource, UserTask
from handlers.billing.tables import Payment
from handlers.deadlines.tables import Breach, Promise
from handlers.demo import master_data
from handlers.dispatch.tables import Assignment, Employee
from handlers.feedback.tables import Callback
from handlers.orders.tables import Matter, RepairForm, ServiceOrder, Slip
from handlers.reports.months import Month
from handlers.reports.observations import Scope

_PROCESSES = Path(__file__).parents[1] / "processes"
_AT_ONCE = 2000
#: User tasks of a case that no indicator looks at.
_OTHER_TASKS = 10


def prepare(engine: Engine) -> None:
    """The demo's office, and the catalogue of indicators."""
    master_data.load(engine)
    with engine.database.transaction() as session:
        session.add(Deployment(id="d", name="d", source="bench", deployed_at=engine.clock.now()))
        session.flush()
        names = (KPIS, PARAMETERS)
        session.add_all(
            Resource(id=name, deployment_id="d", name=name, sha256="0", content=(_PROCESSES / name).read_bytes()) for name in names
        )
        session.flush()
        given = {"deployment_id": "d", "resource_id": KPIS, "sha256": "0", "startable": True, "starter_groups": [], "english": {}}
        session.add(ProcessDefinition(id="p:1", key="p", version=1, name="p", state="retired", **given))


def fill(engine: Engine, scope: Scope, month: Month, cases: int) -> None:
    """One month: every case has a call, a slip with a visit, tasks, promises, a callback; some have a breach or a payment."""
    with engine.database.transaction() as session:
        engineers = list(session.scalars(select(Employee.user_id).where(Employee.is_engineer).order_by(Employee.user_id)))
        for start in range(0, cases, _AT_ONCE):
            rows: dict[Any, list[dict[str, Any]]] = {}
            for number in range(start, min(start + _AT_ONCE, cases)):
                _case(rows, scope, month, number, engineers[number % len(engineers)])
            _write(session, rows)


def _write(session: Session, rows: dict[Any, list[dict[str, Any]]]) -> None:
    for table, values in rows.items():
        session.execute(insert(table), values)


def _case(rows: dict[Any, list[dict[str, Any]]], scope: Scope, month: Month, number: int, engineer: str) -> None:
    order, matter, slip = f"FW{month}-{number:05}", f"SX{month}-{number:05}", f"PG{month}-{number:05}"
    called = scope.begin + timedelta(days=number % 27, hours=1 + number % 8, minutes=number % 60)
    contacted, arrived = called + timedelta(minutes=20 + number % 150), called + timedelta(hours=20 + number % 9)

    def put(table: Any, **values: Any) -> None:
        rows.setdefault(table, []).append(values)

    put(Matter, id=matter, customer_id="KH0001", opened_at=called, contact_count=1)
    put(
        ServiceOrder, id=order, matter_id=matter, customer_id="KH0001", request_key=order, kind="general_fault", channel="hotline",
        first_request_at=called, received_at=called, received_by="hotline1", device_serial=f"S{number % 5000}", urgency="normal",
        confirmed_with_customer=True, late_answer=number % 20 == 0, status="closed", result="resolved" if number % 9 else "open_items",
        closed_at=arrived + timedelta(hours=3), version=1,
    )  # fmt: skip
    put(
        Slip, id=slip, order_id=order, visit_no=1, status="done", colour="none", version=1, customer_unit="楚云物流", address="武汉",
        contact_person="王伟", contact_phone="1", device_model="台式机", fault="开不了机", fault_type_guess="hardware", in_warranty=True,
        in_onsite_period=True, paid=False, special_handling=False, filled_at=called + timedelta(minutes=9), contacted_at=contacted,
        band="in_area", due_arrival_at=called + timedelta(hours=26), promised_visit_at=called + timedelta(hours=24), arrived_at=arrived,
    )  # fmt: skip
    put(Assignment, id=slip, order_id=order, slip_id=slip, engineer_id=engineer, kind="visit", trip_id="T", assigned_at=contacted)
    put(RepairForm, no=slip, order_id=order, slip_id=slip, fault_type="hardware", part_return_confirmed=True, content={}, saved_at=arrived)
    put(
        ProcessInstance, id=order, root_id=order, process_definition_id="p:1", process_key="hotline_service", business_key=order,
        state="completed", started_at=called, revision=1, event_count=0, runtime_state=b"",
    )  # fmt: skip
    for task in range(_OTHER_TASKS + 1):
        put(
            UserTask, id=f"{order}-{task}", instance_id=order, root_id=order, process_key="hotline_service", process_definition_id="p:1",
            element_id="fill_slip" if task else "hand_over_slip", name="交接", state="completed", suspended=False, priority=50,
            created_at=called + timedelta(minutes=9), ended_at=called + timedelta(minutes=20), completed_by="hotline1", revision=1,
        )  # fmt: skip
    for kind in ("first_contact", "visit"):
        put(
            Promise, id=f"{order}-{kind}", order_id=order, kind=kind, text="到", due_at=called + timedelta(hours=24), owner_role="onsite",
            state="kept", made_at=called, ended_at=arrived,
        )  # fmt: skip
    put(
        Callback, id=order, order_id=order, completed_at=arrived, due_at=arrived + timedelta(days=7), state="closed", attempts=1,
        called_at=arrived + timedelta(days=number % 9), called_by="callback1", satisfied=number % 12 != 0,
    )  # fmt: skip
    if number % 5 == 0:
        put(
            Breach, id=order, process_key="p", activity=f"活动 {number % 30}", order_id=order, slip_id=slip, due_at=called,
            noticed_at=called, notices=1, notified=[],
        )  # fmt: skip
    if number % 4 == 0:
        put(Payment, id=order, order_id=order, request_key=order, amount=Decimal(120), method="cash", paid_at=arrived, received_by=engineer)
