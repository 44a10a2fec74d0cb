"""What scenarios may expect outside of processes, read from the business tables."""

from collections import Counter
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.scenarios.world import Difference, Effect
from engine.storage.tables import Membership
from handlers.billing.tables import CashHandover, Invoice, Payment, Quotation
from handlers.deadlines.tables import Breach, Promise
from handlers.documents.tables import Document
from handlers.notify.tables import Notification
from handlers.parts.tables import StockItem


class Money(BaseModel):
    """Sums in CNY since the beginning."""

    model_config = ConfigDict(extra="forbid")

    quoted: float | None = None
    paid: float | None = None
    invoiced: float | None = None
    handed_over: float | None = None


class Promises(BaseModel):
    """How many promises were made since the beginning, by what became of them."""

    model_config = ConfigDict(extra="forbid")

    kept: int | None = None
    broken: int | None = None
    open: int | None = None


class NoticeTo(BaseModel):
    """A notice to somebody of a group, or to a person, about something that its subject or text says."""

    model_config = ConfigDict(extra="forbid")

    to: str
    about: str


def _stock(session: Session) -> dict[str, int]:
    """Good pieces on the shelf, by part."""
    rows = session.execute(select(StockItem.part_no, func.sum(StockItem.qty)).where(StockItem.place == "shelf").group_by(StockItem.part_no))
    return {part_no: int(qty) for part_no, qty in rows}


def _stock_differs(expected: dict[str, int], before: dict[str, int], after: dict[str, int]) -> Difference | None:
    changes = {part: after.get(part, 0) - before.get(part, 0) for part in sorted(before.keys() | after.keys())}
    return _differs({part: change for part, change in changes.items() if change}, {part: qty for part, qty in expected.items() if qty})


def _money(session: Session) -> dict[str, float]:
    def total(column: Any) -> float:
        return float(session.scalar(select(func.sum(column))) or Decimal(0))

    return {
        "quoted": total(Quotation.total),
        "paid": total(Payment.amount),
        "invoiced": total(Invoice.amount),
        "handed_over": total(CashHandover.counted),
    }


def _promises(session: Session) -> dict[str, int]:
    states = Counter(session.scalars(select(Promise.state)))
    return {"kept": states["kept"], "broken": states["waived"], "open": states["open"]}


def _sums_differ(expected: dict[str, float], before: dict[str, float], after: dict[str, float]) -> Difference | None:
    """Compares what is expected, and nothing else."""
    return _differs({name: round(after[name] - before[name], 2) for name in expected}, expected)


def _breaches(session: Session) -> list[str]:
    return sorted(session.scalars(select(Breach.activity)))


def _documents(session: Session) -> list[str]:
    return sorted(session.scalars(select(Document.kind)))


def _new(before: list[str], after: list[str]) -> list[str]:
    return sorted((Counter(after) - Counter(before)).elements())


def _breaches_differ(expected: list[str], before: list[str], after: list[str]) -> Difference | None:
    return _differs(_new(before, after), sorted(expected))


def _documents_differ(expected: list[str], before: list[str], after: list[str]) -> Difference | None:
    made = _new(before, after)
    missing = Counter(expected) - Counter(made)
    return _differs(made, sorted(expected)) if missing else None


def _notices(session: Session) -> list[dict[str, Any]]:
    rows = session.scalars(select(Notification).order_by(Notification.id))
    groups: dict[str, set[str]] = {}
    for user_id, group in session.execute(select(Membership.user_id, Membership.group_id)):
        groups.setdefault(user_id, {user_id}).add(group)
    return [{"to": groups.get(row.user_id, {row.user_id}), "about": f"{row.subject}\n{row.text}"} for row in rows]


def _notices_differ(expected: Any, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Difference | None:
    sent = after[len(before) :]
    missing = [
        item
        for item in (expected if isinstance(expected, list) else [expected])
        if not any(item["to"] in notice["to"] and item["about"] in notice["about"] for notice in sent)
    ]
    return _differs([notice["about"].split("\n")[0] for notice in sent], missing) if missing else None


def _differs(found: Any, expected: Any) -> Difference | None:
    return None if found == expected else (f"应为 {expected}，实为 {found}", f"expected {expected}, found {found}")


EFFECTS = (
    Effect("stock", dict[str, int], _stock, _stock_differs),
    Effect("money", Money, _money, _sums_differ),
    Effect("promises", Promises, _promises, _sums_differ),
    Effect("breaches", list[str], _breaches, _breaches_differ, (), _new),
    Effect("documents", list[str], _documents, _documents_differ),
    Effect("notices", NoticeTo | list[NoticeTo], _notices, _notices_differ),
)
