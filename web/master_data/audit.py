"""For auditors: who changed which master data, and who looked at which customer."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import render_template, request
from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute

from handlers.customers.tables import Customer
from handlers.master_data.kinds import KINDS
from handlers.master_data.tables import CustomerAccess, MasterDataChange
from web.current import database, office_zone
from web.directory import people_names
from web.master_data.access import require_auditor
from web.master_data.fields import reading_of
from web.master_data.routes import blueprint
from web.master_data.trail import tell

#: Lines on one page.
_PAGE_SIZE = 50


@dataclass(frozen=True)
class Wanted:
    """What an auditor looks for."""

    text: str
    kind: str
    who: str
    since: date | None
    until: date | None
    page: int

    def narrow(self, query: Any, kind: Any, who: Any, when: InstrumentedAttribute[datetime]) -> Any:
        """Keep the lines of the kind, of the person and between the days, one page and one line of them, newest first."""
        if self.kind:
            query = query.where(kind == self.kind)
        if self.who:
            query = query.where(who == self.who)
        if self.since:
            query = query.where(when >= _midnight(self.since))
        if self.until:
            query = query.where(when < _midnight(self.until + timedelta(days=1)))
        return query.order_by(when.desc()).limit(_PAGE_SIZE + 1).offset((self.page - 1) * _PAGE_SIZE)


@blueprint.get("/data/changes")
def changes() -> str:
    """Every change of master data, newest first."""
    require_auditor()
    wanted = _wanted()
    query = select(MasterDataChange)
    if wanted.text:
        query = query.where(or_(MasterDataChange.key.icontains(wanted.text, autoescape=True), MasterDataChange.reference == wanted.text))
    query = wanted.narrow(query, MasterDataChange.kind, MasterDataChange.changed_by, MasterDataChange.changed_at)
    with database().session() as session:
        found = list(session.scalars(query.order_by(MasterDataChange.id.desc())))
        told = tell(reading_of(session), found[:_PAGE_SIZE])
    return render_template("master_data/changes.html", wanted=wanted, told=told, more=len(found) > _PAGE_SIZE, kinds=list(KINDS.values()))


@blueprint.get("/data/access")
def looks() -> str:
    """Who looked at which customer, newest first."""
    require_auditor()
    wanted = _wanted()
    query = select(CustomerAccess, Customer.unit_name).outerjoin(Customer, Customer.id == CustomerAccess.customer_id)
    if wanted.text:
        query = query.where(or_(CustomerAccess.customer_id == wanted.text, Customer.unit_name.icontains(wanted.text, autoescape=True)))
    query = wanted.narrow(query, CustomerAccess.kind, CustomerAccess.user_id, CustomerAccess.looked_at)
    with database().session() as session:
        found = session.execute(query.order_by(CustomerAccess.id.desc())).all()
        names = people_names(session, (look.user_id for look, _ in found))
    return render_template(
        "master_data/looks.html",
        wanted=wanted,
        found=found[:_PAGE_SIZE],
        more=len(found) > _PAGE_SIZE,
        names=names,
        kinds=[kind for kind in KINDS.values() if kind.customer],
        by_name=KINDS,
    )


def _wanted() -> Wanted:
    given = request.args
    return Wanted(
        text=given.get("q", "").strip()[:100],
        kind=given.get("kind", "")[:100],
        who=given.get("who", "").strip()[:100],
        since=given.get("since", type=date.fromisoformat),
        until=given.get("until", type=date.fromisoformat),
        page=min(max(1, given.get("page", 1, type=int)), 10_000),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), office_zone())
