"""What customers say in passing: opinions, and what they may want to buy."""

from typing import Literal

from pydantic import Field
from sqlalchemy import select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.customers.tables import CustomerLead
from handlers.fields import Line, Request, Result
from handlers.orders.case import order_of


class Lead(Line):
    """One lead, and for whom it is."""

    text: str
    lead_for: Literal["sales", "service_department"] = "sales"


class RecordLeads(Request):
    """What was heard on the occasion of an order."""

    order_id: str | None = None
    opinions: str | None = None
    leads: list[Lead] = Field(default_factory=list)


class LeadsRecorded(Result):
    """How many entries are new."""

    lead_count: int


@handler("customers.record_leads", title="登记客户意见与线索", title_en="Record opinions and leads of a customer")
def record_leads(ctx: JobContext, request: RecordLeads) -> LeadsRecorded:
    """Write down what a customer said, each text once per order."""
    order = order_of(ctx, request.order_id)
    heard = [("opinion", request.opinions, "service_department")] if request.opinions else []
    heard += [("lead", lead.text, lead.lead_for) for lead in request.leads]
    known = set(ctx.session.scalars(select(CustomerLead.text).where(CustomerLead.order_id == order.id)))
    new = [entry for entry in heard if entry[1] not in known]
    ctx.session.add_all(
        CustomerLead(
            id=new_id(), customer_id=order.customer_id, order_id=order.id, kind=kind, text=text, lead_for=lead_for,
            heard_at=ctx.now(), heard_by=ctx.actor,
        )
        for kind, text, lead_for in new
    )  # fmt: skip
    return LeadsRecorded(lead_count=len(new))
