"""An escalation from its report to the decision that was accepted."""

from typing import Literal

from pydantic import Field
from sqlalchemy import select

from engine.errors import NotFound
from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.escalations.tables import Escalation, EscalationDecision
from handlers.fields import Instant, Names, Request, Result, in_utc
from handlers.orders.case import order_of

Topic = Literal[
    "dispute", "abnormal_demand", "drawing_change", "delivery_cycle", "outsourced_equipment", "spare_parts", "internal", "unsolved_fault"
]


class OpenEscalation(Request):
    """What cannot be settled on site, and what is wanted of those who decide."""

    order_id: str | None = None
    escalation_topic: Topic
    facts: str
    customer_position: str | None = None
    our_position: str | None = None
    wanted: str
    attachment_ids: Names = Field(default_factory=list)


class EscalationOpened(Result):
    """The escalation."""

    escalation_id: str
    escalated_at: Instant


@handler("escalations.open", title="立升级事项", title_en="Open an escalation")
def open_escalation(ctx: JobContext, request: OpenEscalation) -> EscalationOpened:
    """Write down what goes up, once per case; reported anew, the report is brought up to date."""
    order = order_of(ctx, request.order_id)
    escalation = ctx.session.get(Escalation, ctx.instance_id)
    if escalation is None:
        escalation = Escalation(id=ctx.instance_id, order_id=order.id, state="open", opened_at=ctx.now(), opened_by=ctx.actor)
        ctx.session.add(escalation)
    escalation.topic = request.escalation_topic
    escalation.facts = request.facts
    escalation.customer_position = request.customer_position
    escalation.our_position = request.our_position
    escalation.wanted = request.wanted
    escalation.attachment_ids = request.attachment_ids
    return EscalationOpened(escalation_id=escalation.id, escalated_at=escalation.opened_at)


class RecordDecision(Request):
    """Who was asked at which level, what they decided, and how it was taken."""

    escalation_id: str
    level: int = Field(default=1, ge=1)
    target: str
    decision: str
    measures: str | None = None
    answer_for_customer: str | None = None
    due: Instant
    decided_by: str | None = None
    told_at: Instant | None = None
    accepted: bool | None = None


class DecisionRecorded(Result):
    """The decision."""

    decision_id: str


@handler("escalations.record_decision", title="记处理决定", title_en="Record a decision")
def record_decision(ctx: JobContext, request: RecordDecision) -> DecisionRecorded:
    """Keep what a level decided, one decision per level; told again, it is brought up to date."""
    escalation = _escalation(ctx, request.escalation_id)
    known = select(EscalationDecision).where(EscalationDecision.escalation_id == escalation.id, EscalationDecision.level == request.level)
    decision = ctx.session.scalars(known).first()
    if decision is None:
        decision = EscalationDecision(id=new_id(), escalation_id=escalation.id, level=request.level, decided_at=ctx.now())
        ctx.session.add(decision)
    decision.target = request.target
    decision.decision = request.decision
    decision.measures = request.measures
    decision.answer_for_customer = request.answer_for_customer
    decision.due_at = in_utc(ctx, request.due) or ctx.now()
    decision.decided_by = request.decided_by or ctx.actor
    decision.told_at = in_utc(ctx, request.told_at)
    decision.accepted = request.accepted
    return DecisionRecorded(decision_id=decision.id)


class CloseEscalation(Request):
    """How it ended."""

    escalation_id: str
    outcome: Literal["settled", "decided"]
    result: str | None = None


class EscalationClosed(Result):
    """Where it stands."""

    escalation_state: str


@handler("escalations.close", title="了结升级事项", title_en="Close an escalation")
def close(ctx: JobContext, request: CloseEscalation) -> EscalationClosed:
    """End an escalation: settled among colleagues, or decided above; what is closed stays as it was."""
    escalation = _escalation(ctx, request.escalation_id)
    if escalation.state == "open":
        escalation.state = request.outcome
        escalation.closed_at = ctx.now()
        escalation.result = request.result
    return EscalationClosed(escalation_state=escalation.state)


def _escalation(ctx: JobContext, escalation_id: str) -> Escalation:
    escalation = ctx.session.get(Escalation, escalation_id)
    if escalation is None:
        raise NotFound(f"没有升级事项 {escalation_id}。", f"There is no escalation {escalation_id}.", escalation_id=escalation_id)
    return escalation
