"""Loads the demo office: places, people in their trade, customers, parts on the shelf, the price list, what is taught from."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.runtime.engine import Engine
from engine.runtime.handlers import JobContext
from engine.storage.tables.people import Group, Membership, User
from handlers.demo import catalogue, knowledge, maintenance, places
from handlers.demo.staff import STAFF, employees
from handlers.demo.units import units
from handlers.dispatch.skills import seed_skills
from handlers.dispatch.tables import Office
from handlers.numbers import plain_number
from handlers.outside import outside_of_cases
from handlers.parts.receiving import ReceivedLine, put_on_shelf
from handlers.parts.tables import Part


def load(engine: Engine) -> None:
    """Fill a database that has no office yet; always the same data, dated around the engine's present."""
    now = engine.clock.now()
    today = now.astimezone(ZoneInfo(engine.settings.time_zone)).date()
    with engine.database.transaction() as session:
        if session.get(Office, places.OFFICE_ID) is not None:
            return
        _seed_people(engine, session)
        session.add(places.office())
        session.flush()
        session.add_all(places.areas())
        session.flush()
        seed_skills(session)
        session.add_all(employees())
        session.add_all(catalogue.prices(today - timedelta(days=400)))
        for unit in units(now, today, lambda: plain_number(session, "KH")):
            session.add(unit.customer)
            session.flush()
            session.add_all([*unit.contacts, *unit.devices, *unit.contracts])
            session.flush()
            session.add_all(maintenance.cycles(unit.contracts, unit.devices, today))
        session.add_all(knowledge.materials(now))
        session.add_all(knowledge.group_units())
        session.add_all(catalogue.parts())
        session.flush()
        _stock(outside_of_cases(engine, session, work="opening", actor="parts1"), session)


def _seed_people(engine: Engine, session: Session) -> None:
    """Colleagues who have no account yet get one; its password is that of the other demo people, none if there are none."""
    shared = session.scalars(select(User.password_hash).where(User.id == STAFF[0].user_id)).first()
    known = set(session.scalars(select(User.id)))
    groups = set(session.scalars(select(Group.id)))
    session.add_all(
        Group(id=name, name=name, name_en=name) for name in sorted({name for person in STAFF for name in person.groups} - groups)
    )
    missing = [person for person in STAFF if person.user_id not in known]
    session.add_all(
        User(
            id=person.user_id,
            name=person.name,
            email=f"{person.user_id}@demo.example",
            password_hash=shared,
            locale="zh",
            active=True,
            created_at=engine.clock.now(),
            session_epoch=0,
            failed_logins=0,
        )
        for person in missing
    )
    session.flush()
    session.add_all(Membership(user_id=person.user_id, group_id=group) for person in missing for group in person.groups)


def _stock(ctx: JobContext, session: Session) -> None:
    """The opening stock: a delivery of the supplier, through the ledger like every other."""
    for part in session.scalars(select(Part).order_by(Part.no)).all():
        qty = (part.min_qty + part.max_qty + 1) // 2
        if qty:
            put_on_shelf(ctx, ReceivedLine(part_no=part.no, qty=qty), "RK-OPENING")
