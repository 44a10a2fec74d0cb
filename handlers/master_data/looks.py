"""Who looked at which customer's data (M2-4.2, duty 3): lists count once a day, everything else each time."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.ids import new_id
from engine.runtime.engine import Engine
from handlers.master_data.description import Kind
from handlers.master_data.reading import chunks
from handlers.master_data.tables import CustomerAccess

Way = Literal["listed", "opened", "exported"]


def note_looks(engine: Engine, kind: Kind, rows: Iterable[Any], way: Way, user_id: str) -> None:
    """Keep that a person is shown these rows, in a transaction of its own; nothing for data that is nobody's."""
    if kind.customer is None:
        return
    customers = sorted({getattr(row, kind.customer) for row in rows})
    if way == "listed":
        with engine.database.session() as session:
            customers = _not_seen_today(engine, session, kind, customers, user_id)
    if customers:
        _write(engine, kind, customers, way, user_id)


def note_refusal(engine: Engine, kind: Kind, user_id: str) -> None:
    """Keep that a person wanted to see customers' data and may not."""
    if kind.customer is not None:
        _write(engine, kind, [None], "refused", user_id)


def _not_seen_today(engine: Engine, session: Session, kind: Kind, customers: list[str], user_id: str) -> list[str]:
    zone = ZoneInfo(engine.settings.time_zone)
    midnight = datetime.combine(engine.clock.now().astimezone(zone).date(), time(), zone)
    today = select(CustomerAccess.customer_id).where(
        CustomerAccess.user_id == user_id,
        CustomerAccess.kind == kind.name,
        CustomerAccess.way == "listed",
        CustomerAccess.looked_at >= midnight,
    )
    seen = {found for some in chunks(customers) for found in session.scalars(today.where(CustomerAccess.customer_id.in_(some)))}
    return [customer for customer in customers if customer not in seen]


def _write(engine: Engine, kind: Kind, customers: Iterable[str | None], way: str, user_id: str) -> None:
    present = engine.clock.now()
    with engine.database.transaction() as session:
        session.add_all(
            CustomerAccess(id=new_id(), user_id=user_id, customer_id=customer, kind=kind.name, way=way, looked_at=present)
            for customer in customers
        )
