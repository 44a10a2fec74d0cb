"""What proves the work of a project: events that others saw, and what was handed over."""

from typing import Any, Literal

from pydantic import Field
from sqlalchemy import func, select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Line, Names, Request, Result
from handlers.projects.projects import project_of
from handlers.projects.tables import SiteHandover, WitnessRecord


class RecordWitness(Request):
    """An event, who saw it, and its pictures and papers."""

    order_id: str | None = None
    event: Literal["important_work", "test", "parameter_measurement", "milestone"]
    title: str
    witnesses: list[dict[str, Any]]
    photos: Names
    papers: Names = Field(default_factory=list)
    important: bool = False
    confirmation: str | None = None


class WitnessRecorded(Result):
    """The record, and how many the project has."""

    witness_id: str
    witness_count: int


@handler("projects.record_witness", title="登记见证", title_en="Record what was witnessed")
def record_witness(ctx: JobContext, request: RecordWitness) -> WitnessRecorded:
    """Keep a witnessed event, one per project and title; told again, it is brought up to date."""
    project = project_of(ctx, request.order_id)
    known = select(WitnessRecord).where(WitnessRecord.order_id == project.order_id, WitnessRecord.title == request.title)
    record = ctx.session.scalars(known).first()
    if record is None:
        record = WitnessRecord(id=new_id(), order_id=project.order_id, title=request.title, witnessed_at=ctx.now())
        ctx.session.add(record)
    record.event = request.event
    record.witnesses = request.witnesses
    record.photos = request.photos
    record.papers = request.papers
    record.important = request.important
    record.confirmation = request.confirmation
    ctx.session.flush()
    count = ctx.session.scalar(select(func.count()).select_from(WitnessRecord).where(WitnessRecord.order_id == project.order_id)) or 0
    return WitnessRecorded(witness_id=record.id, witness_count=count)


class HandoverLine(Line):
    """One thing: handed over, or taken back for repair."""

    item: str
    qty: int = Field(default=1, gt=0)
    state: str
    serial: str | None = None


class RecordHandover(Request):
    """What the customer took over and signed for."""

    order_id: str | None = None
    lines: list[HandoverLine]
    customer_sig: str
    receipt_no: str | None = None


class HandoverRecorded(Result):
    """How many things."""

    line_count: int


@handler("projects.record_handover", title="登记移交", title_en="Record the handover")
def record_handover(ctx: JobContext, request: RecordHandover) -> HandoverRecorded:
    """Keep the handover of a project, which has one; told again, it is brought up to date."""
    project = project_of(ctx, request.order_id)
    handover = ctx.session.get(SiteHandover, project.order_id)
    if handover is None:
        handover = SiteHandover(order_id=project.order_id, handed_over_at=ctx.now())
        ctx.session.add(handover)
    handover.lines = [line.model_dump() for line in request.lines]
    handover.customer_sig = request.customer_sig
    handover.receipt_no = request.receipt_no
    return HandoverRecorded(line_count=len(handover.lines))
