"""What the reader of the indicators asked for: which months, whose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from handlers.dispatch.tables import Employee
from handlers.reports.figures import TREND
from handlers.reports.months import Month, Period
from web.auth.person import Person
from web.current import now, office_zone

#: Lengths of a period, in months.
LENGTHS = (1, 3, 6, 12)


@dataclass(frozen=True)
class Asked:
    """The filters of the pages."""

    period: Period
    office: str = ""
    process: str = ""

    def months(self) -> list[Month]:
        """Every month that a page with these filters shows, or compares with."""
        back = max(TREND, 2 * self.period.length)
        return Period(self.period.last, back).months()

    def address(self) -> Mapping[str, Any]:
        """The filters as an address has them."""
        months = self.period.length if self.period.length > 1 else None
        return {"month": str(self.period.last), "months": months, "office": self.office or None, "process": self.process or None}


def asked() -> Asked:
    """The filters of the request; without any the month at hand."""
    try:
        month = Month.read(request.args.get("month", ""))
    except InvalidInput:
        month = Month.of(now(), office_zone())
    length = request.args.get("months", 1, type=int)
    period = Period(month, length if length in LENGTHS else 1)
    return Asked(period, request.args.get("office", "")[:64], request.args.get("process", "")[:255])


def limited_to(session: Session, person: Person) -> str | None:
    """The office whose people's work the person may see one by one; None when everybody's."""
    if person.sees_everything:
        return None
    return session.scalar(select(Employee.office_id).where(Employee.user_id == person.id)) or ""
