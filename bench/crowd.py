"""Fills a database with open tasks as a large service company has them, without playing the cases."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

import orjson
from sqlalchemy import JSON, insert, text

from bench import linear
from engine.runtime.engine import Engine
from engine.runtime.queues import queue_of
from engine.storage.base import Base
from engine.storage.tables import ProcessInstance, UserTask, UserTaskCandidate
from handlers.customers.tables import Customer
from handlers.orders.tables import Matter, ServiceOrder

#: The person who looks: in 4 of 40 groups and on duty, which together may take about a quarter of all tasks.
ME, GROUPS = "bench", ["group0", "group3", "group8", "group39", "duty"]
_BATCH = 5_000

Row = dict[str, Any]


def fill(engine: Engine, open_tasks: int) -> None:
    """So many cases with one open and one completed task each, of customers who called twenty times."""
    linear.deploy(engine)
    now = engine.clock.now()
    _bulk(engine, Customer, (_customer(number, now) for number in range(max(1, open_tasks // 20))))
    _bulk(engine, Matter, (_matter(number, now) for number in range(max(1, open_tasks // 20))))
    _bulk(engine, ServiceOrder, (_order(number, now) for number in range(open_tasks)))
    _bulk(engine, ProcessInstance, (_case(number, now) for number in range(open_tasks)))
    _bulk(engine, UserTask, (task for number in range(open_tasks) for task in (_done(number, now), _open(number, now))))
    _bulk(engine, UserTaskCandidate, (row for number in range(open_tasks) for row in _candidates(number)))
    if engine.database.is_postgres:  # as its autovacuum would, a minute later
        with engine.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _element(number: int) -> int:
    return number % linear.TASKS


def _groups(number: int) -> list[str]:
    """Each element has two groups; every tenth task is also for whoever is on duty."""
    own = [f"group{2 * _element(number)}", f"group{2 * _element(number) + 1}"]
    return [*own, "duty"] if number // linear.TASKS % 10 == 0 else own


def _candidates(number: int) -> Iterator[Row]:
    for task in ("1", "2"):
        for name in _groups(number):
            yield {"task_id": f"{_id(number)}-{task}", "kind": "group", "name": name}


def _id(number: int) -> str:
    return f"{number:032x}"


def _case(number: int, now: datetime) -> Row:
    return {
        "id": _id(number), "root_id": _id(number), "parent_id": None, "parent_element_instance_id": None,
        "process_definition_id": f"{linear.KEY}:1", "process_key": linear.KEY, "business_key": _order_no(number), "state": "active",
        "end_element_id": None, "started_at": now - _age(number), "started_by": "hotline1", "ended_at": None, "revision": 3, "event_count": 9,
        "runtime_state": b"{}",
    }  # fmt: skip


def _task(number: int, now: datetime) -> Row:
    element = f"task_{_element(number) + 1}"
    return dict.fromkeys(column.key for column in UserTask.__table__.c) | {
        "instance_id": _id(number), "root_id": _id(number), "process_key": linear.KEY, "process_definition_id": f"{linear.KEY}:1",
        "queue": queue_of(linear.KEY, [("group", group) for group in _groups(number)]), "element_id": element, "name": element, "business_key": _order_no(number), "suspended": False,
        "priority": 80 if number % 11 == 0 else 50, "created_at": now - _age(number), "revision": 1,
    }  # fmt: skip


def _done(number: int, now: datetime) -> Row:
    who = f"user{number % 500}"
    ended = {"id": f"{_id(number)}-1", "state": "completed", "assignee": who, "completed_by": who, "ended_at": now, "due_at": now}
    return _task(number, now) | ended


def _open(number: int, now: datetime) -> Row:
    """Three in ten are in somebody's hands, some forty in the person's; a tenth is overdue, three in twenty due today, a fifth never due.

    So every tab has a full page at any size: what is compared is looking among many, not drawing more rows.
    """
    lot, turn = crc32(_id(number).encode()) % 100, number // 7 % 20
    assignee = ME if lot < 4 and number < 1_000 else f"user{number % 500}" if lot < 31 else None
    overdue, today, never = turn < 2, 2 <= turn < 5, turn > 15
    spread = timedelta(seconds=number * 7919 % 5_000_000 + 60)
    due_at = now - spread if overdue else now + spread / 5_000 if today else None if never else now + timedelta(days=1) + spread
    return _task(number, now) | {"id": f"{_id(number)}-2", "state": "open", "assignee": assignee, "due_at": due_at}


def _age(number: int) -> timedelta:
    return timedelta(seconds=number * 104_729 % 7_776_000)


def _order_no(number: int) -> str:
    return f"SO-{number:07d}"


def _customer(number: int, now: datetime) -> Row:
    return {
        "id": f"C{number}", "unit_name": f"单位{number:06d}", "level": "ordinary", "region": "north", "address": "—", "preferences": None,
        "data_checked_at": None, "created_at": now,
    }  # fmt: skip


def _matter(number: int, now: datetime) -> Row:
    return {"id": f"M{number}", "customer_id": f"C{number}", "device_serial": None, "opened_at": now, "contact_count": 1}


def _order(number: int, now: datetime) -> Row:
    customer = number // 20
    row = dict.fromkeys(column.key for column in ServiceOrder.__table__.c)
    return row | {
        "id": _order_no(number), "matter_id": f"M{customer}", "customer_id": f"C{customer}", "request_key": _order_no(number),
        "kind": "general_fault", "channel": "phone", "first_request_at": now, "received_at": now, "urgency": "normal",
        "contact_person": f"联系人{customer % 997}", "contact_phone": f"138{number:08d}",
        "confirmed_with_customer": True, "late_answer": False, "status": "open", "version": 1,
    }  # fmt: skip


def _bulk(engine: Engine, model: type[Base], rows: Iterable[Row]) -> None:
    """Insert many rows: on PostgreSQL by COPY."""
    if not engine.database.is_postgres:
        batch: list[Row] = []
        with engine.database.transaction() as session:
            for row in rows:
                batch.append(row)
                if len(batch) == _BATCH:
                    session.execute(insert(model.__table__), batch)
                    batch = []
            if batch:
                session.execute(insert(model.__table__), batch)
        return
    columns = list(model.__table__.c)
    names = ", ".join(f'"{column.name}"' for column in columns)
    with engine.database.engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f'COPY "{model.__tablename__}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row([_plain(column, row[column.key]) for column in columns])


def _plain(column: Any, value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(column.type, JSON) and value is not None else value
