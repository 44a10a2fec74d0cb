"""Promises: written down when made, closed when kept, in the way of closing an order until then; what comes too late is a breach."""

from pydantic import Field
from sqlalchemy import select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.deadlines.breaches import RecordBreach, put_breach
from handlers.deadlines.tables import Breach, Promise
from handlers.fields import Instant, Option, Request, Result, in_utc, local_text
from handlers.orders.case import case_key
from handlers.refusals import refusal


class RecordPromise(Request):
    """What was promised, by when, and which role has to see to it."""

    promise_text: str
    promise_text_en: str | None = None
    order_id: str | None = None
    promise_kind: str = "other"
    """first_contact, visit, answer, send_in, solution, other."""
    due_at: Instant | None = None
    owner_role: str


class PromiseRecorded(Result):
    """The promise."""

    promise_id: str


@handler("promises.record", title="登记承诺", title_en="Register a promise")
def record(ctx: JobContext, request: RecordPromise) -> PromiseRecorded:
    """Write a promise down; a new one of the same kind for the same order takes the place of the open one."""
    order_id = case_key(ctx, request.order_id)
    due_at = in_utc(ctx, request.due_at)
    for former in open_promises(ctx, order_id):
        if former.kind != request.promise_kind:
            continue
        if former.text == request.promise_text and former.due_at == due_at:
            return PromiseRecorded(promise_id=former.id)
        if request.promise_kind != "other":
            former.state = "replaced"
            former.ended_at = ctx.now()
            _note_if_late(ctx, former)
    promise = Promise(
        id=new_id(),
        order_id=order_id,
        kind=request.promise_kind,
        text=request.promise_text,
        text_en=request.promise_text_en,
        due_at=due_at,
        owner_role=request.owner_role,
        state="open",
        made_at=ctx.now(),
        made_by=ctx.actor,
    )
    ctx.session.add(promise)
    return PromiseRecorded(promise_id=promise.id)


class ClosePromise(Request):
    """Which promise: by id, or all open ones of an order (and kind)."""

    promise_id: str | None = None
    order_id: str | None = None
    promise_kind: str | None = None
    kept: bool = True
    kept_at: Instant | None = None
    """When it was kept, if that was found out later; never later than now."""
    evidence: str | None = None
    evidence_en: str | None = None


class PromisesClosed(Result):
    """How many were closed now."""

    closed_count: int


@handler("promises.close", title="注销承诺", title_en="Close a promise", errors=("UNKNOWN_PROMISE",))
def close(ctx: JobContext, request: ClosePromise) -> PromisesClosed:
    """Mark promises as kept, or as waived when they were not; closed ones stay as they are.

    Raises:
        BpmnError: UNKNOWN_PROMISE, there is none of that id.
    """
    if request.promise_id:
        promise = ctx.session.get(Promise, request.promise_id)
        if promise is None:
            raise refusal("UNKNOWN_PROMISE", f"没有承诺 {request.promise_id}。", f"There is no promise {request.promise_id}.")
        promises = [promise] if promise.state == "open" else []
    else:
        found = open_promises(ctx, case_key(ctx, request.order_id))
        promises = [promise for promise in found if request.promise_kind in (None, promise.kind)]
    ended_at = min(in_utc(ctx, request.kept_at) or ctx.now(), ctx.now())
    for promise in promises:
        promise.state = "kept" if request.kept else "waived"
        promise.ended_at = ended_at
        promise.evidence = request.evidence
        promise.evidence_en = request.evidence_en
        _note_if_late(ctx, promise)
    return PromisesClosed(closed_count=len(promises))


def _note_if_late(ctx: JobContext, promise: Promise) -> bool:
    """A promise that outlived its time was not kept in time: that is on record, by its procedure or now; whether it was written now."""
    ended_at = promise.ended_at or ctx.now()
    if promise.due_at is None or ended_at <= promise.due_at:
        return False
    known = select(Breach.id).where(Breach.order_id == promise.order_id, Breach.due_at == promise.due_at)
    if ctx.session.execute(known.limit(1)).first() is not None:
        return False
    late = RecordBreach(
        activity="兑现承诺",
        activity_en="Keep a promise",
        order_id=promise.order_id,
        due_at=promise.due_at,
        notify_roles=[promise.owner_role, "duty_head"],
        note=promise.text,
        note_en=promise.text_en,
    )
    put_breach(ctx, late)
    return True


class NoteOverdue(Request):
    """Nothing is asked: it is about all orders."""


class OverdueNoted(Result):
    """How many promises were found overdue now."""

    overdue_count: int


@handler("promises.note_overdue", title="登记过期承诺", title_en="Put overdue promises on record")
def note_overdue(ctx: JobContext, request: NoteOverdue) -> OverdueNoted:  # noqa: ARG001 - every handler takes its request
    """Put every open promise whose time is over on record as a breach and tell its owners, once; what a procedure has on record already is left alone."""
    overdue = select(Promise).where(Promise.state == "open", Promise.due_at < ctx.now()).order_by(Promise.due_at, Promise.id)
    return OverdueNoted(overdue_count=sum(_note_if_late(ctx, promise) for promise in ctx.session.scalars(overdue)))


class CheckPromises(Request):
    """Of which order."""

    order_id: str | None = None


class OpenPromise(Result):
    """A promise to be kept."""

    promise_id: str
    promise_kind: str
    promise_text: str
    promise_text_en: str
    due_at: Instant | None
    owner_role: str


class PromisesChecked(Result):
    """What is still open."""

    all_kept: bool
    open_promises: list[OpenPromise] = Field(default_factory=list)
    promise_options: list[Option] = Field(default_factory=list)


@handler("promises.check", title="查未兑现承诺", title_en="Check open promises")
def check(ctx: JobContext, request: CheckPromises) -> PromisesChecked:
    """The open promises of an order, the most urgent first."""
    promises = open_promises(ctx, case_key(ctx, request.order_id))
    return PromisesChecked(
        all_kept=not promises,
        open_promises=[
            OpenPromise(
                promise_id=item.id,
                promise_kind=item.kind,
                promise_text=item.text,
                promise_text_en=item.text_en or item.text,
                due_at=item.due_at,
                owner_role=item.owner_role,
            )
            for item in promises
        ],
        promise_options=[_option(item, local_text(ctx, item.due_at)) for item in promises],
    )


def _option(promise: Promise, due: str) -> Option:
    return Option(label=f"{promise.text} {due}".strip(), label_en=f"{promise.text_en or promise.text} {due}".strip(), value=promise.id)


def open_promises(ctx: JobContext, order_id: str) -> list[Promise]:
    """The promises of an order that are neither kept nor given up."""
    found = select(Promise).where(Promise.order_id == order_id, Promise.state == "open").order_by(Promise.due_at, Promise.made_at)
    return list(ctx.session.scalars(found))
