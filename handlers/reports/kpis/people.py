"""Whose work an order or a slip is: the engineer who had it last."""

from typing import Any

from sqlalchemy import ScalarSelect, case, select
from sqlalchemy.orm import InstrumentedAttribute

from handlers.dispatch.tables import Assignment


def engineer_of_slip(slip_id: InstrumentedAttribute[Any], *, first: str = "visit") -> ScalarSelect[Any]:
    """Who was assigned to a slip last; an assignment of the kind `first` goes before the others."""
    wanted = case((Assignment.kind == first, 0), else_=1)
    found = select(Assignment.engineer_id).where(Assignment.slip_id == slip_id)
    return found.order_by(wanted, Assignment.assigned_at.desc(), Assignment.id.desc()).limit(1).scalar_subquery()


def engineer_of_order(order_id: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """Who was assigned to an order last."""
    found = select(Assignment.engineer_id).where(Assignment.order_id == order_id)
    return found.order_by(Assignment.assigned_at.desc(), Assignment.id.desc()).limit(1).scalar_subquery()
