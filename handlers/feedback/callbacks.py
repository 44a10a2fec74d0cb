"""The callback queue: every finished service is asked after by phone."""

from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select

from engine.errors import NotFound
from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from engine.working_time import calendar_time
from handlers.customers.tables import Contact, Customer
from handlers.feedback.tables import Callback
from handlers.fields import Instant, Request, Result, in_utc, local_day
from handlers.orders.case import case_key, order_of
from handlers.orders.tables import ServiceOrder
from handlers.parameters import duration_parameter

CallbackState = Literal["queued", "reached", "unreached", "closed"]


class QueueCallback(Request):
    """Which order, and when its service ended."""

    order_id: str | None = None
    completed_at: Instant | None = None


class CallbackQueued(Result):
    """The callback, and whom to call."""

    callback_id: str
    callback_due_at: Instant
    callback_number: str
    contact_person: str
    customer_unit: str


@handler("feedback.queue_callback", title="排回访", title_en="Queue a callback")
def queue_callback(ctx: JobContext, request: QueueCallback) -> CallbackQueued:
    """Put an order on the callback list, once; the call is due a fixed time after the service (parameter callback_due)."""
    order = order_of(ctx, request.order_id)
    callback = ctx.session.scalars(select(Callback).where(Callback.order_id == order.id)).first()
    if callback is None:
        completed_at = in_utc(ctx, request.completed_at) or ctx.now()
        due = calendar_time(completed_at, duration_parameter(ctx, "callback_due"), ctx.settings.time_zone)
        callback = Callback(id=new_id(), order_id=order.id, completed_at=completed_at, due_at=due.due_at, state="queued", attempts=0)
        ctx.session.add(callback)
    person, phone = contact_of(ctx, order)
    return CallbackQueued(
        callback_id=callback.id,
        callback_due_at=callback.due_at,
        callback_number=phone,
        contact_person=person,
        customer_unit=ctx.session.get_one(Customer, order.customer_id).unit_name,
    )


def contact_of(ctx: JobContext, order: ServiceOrder) -> tuple[str, str]:
    """The order's own contact, else the customer's responsible person."""
    if order.contact_person and order.contact_phone:
        return order.contact_person, order.contact_phone
    people = select(Contact).where(Contact.customer_id == order.customer_id).order_by(Contact.is_responsible.desc(), Contact.id)
    person = ctx.session.scalars(people.limit(1)).first()
    return (order.contact_person or (person.name if person else ""), order.contact_phone or (person.phone if person else ""))


class ListCallbacks(Request):
    """Those due until the end of a day; all when left out."""

    until: Instant | date | None = None


class QueuedCallback(Result):
    """One call to make."""

    callback_id: str
    order_id: str
    customer_unit: str
    contact_person: str
    contact_phone: str
    due_at: Instant
    attempts: int


class CallbacksListed(Result):
    """The list, the most urgent first."""

    callbacks: list[QueuedCallback]
    callback_count: int


@handler("feedback.list_callbacks", title="待回访名单", title_en="List the callbacks to make")
def list_callbacks(ctx: JobContext, request: ListCallbacks) -> CallbacksListed:
    """The callbacks nobody has reached the customer for yet."""
    waiting = select(Callback).where(Callback.state == "queued")
    if request.until is not None:
        zone = ZoneInfo(ctx.settings.time_zone)
        waiting = waiting.where(Callback.due_at < datetime.combine(local_day(ctx, request.until) + timedelta(days=1), time.min, zone))
    found = [_listed(ctx, callback) for callback in ctx.session.scalars(waiting.order_by(Callback.due_at, Callback.id))]
    return CallbacksListed(callbacks=found, callback_count=len(found))


def _listed(ctx: JobContext, callback: Callback) -> QueuedCallback:
    order = ctx.session.get_one(ServiceOrder, callback.order_id)
    person, phone = contact_of(ctx, order)
    return QueuedCallback(
        callback_id=callback.id,
        order_id=order.id,
        customer_unit=ctx.session.get_one(Customer, order.customer_id).unit_name,
        contact_person=person,
        contact_phone=phone,
        due_at=callback.due_at,
        attempts=callback.attempts,
    )


class RecordCall(Request):
    """One attempt to reach the customer, and what they said."""

    callback_id: str | None = None
    order_id: str | None = None
    called_at: Instant | None = None
    reached: bool
    satisfied: bool | None = None
    use_normal: bool | None = None
    reason: str | None = None
    about: Literal["speed", "skill", "attitude", "part", "price", "product", "other"] | None = None
    suggestion: str | None = None
    words: str | None = None


class CallRecorded(Result):
    """How often it was tried, and where the callback stands."""

    callback_attempts: int
    callback_state: CallbackState


@handler("feedback.record_call", title="登记回访电话", title_en="Record a callback call")
def record_call(ctx: JobContext, request: RecordCall) -> CallRecorded:
    """Note a call; the same call at the same time counts as one attempt, and what is learnt later is added.

    Raises:
        NotFound: there is no such callback.
    """
    callback = _callback(ctx, request.callback_id, request.order_id)
    called_at = in_utc(ctx, request.called_at) or ctx.now()
    if callback.called_at != called_at:
        callback.attempts += 1
        callback.called_at = called_at
    callback.called_by = ctx.actor
    if request.reached:
        callback.state = "reached"
    for name in request.model_fields_set & {"satisfied", "use_normal", "reason", "about", "suggestion", "words"}:
        setattr(callback, name, getattr(request, name))
    return CallRecorded(callback_attempts=callback.attempts, callback_state=_state(callback))


class CloseCallback(Request):
    """Which callback; for a dissatisfied customer, why and what is done."""

    callback_id: str | None = None
    order_id: str | None = None
    root: str | None = None
    measures: str | None = None


class CallbackClosed(Result):
    """Where the callback stands."""

    callback_state: CallbackState


@handler("feedback.close_callback", title="结束回访", title_en="Close a callback")
def close_callback(ctx: JobContext, request: CloseCallback) -> CallbackClosed:
    """End a callback: closed when the customer was reached, unreached otherwise.

    Raises:
        NotFound: there is no such callback.
    """
    callback = _callback(ctx, request.callback_id, request.order_id)
    callback.state = "closed" if callback.state in ("reached", "closed") else "unreached"
    callback.root = request.root or callback.root
    callback.measures = request.measures or callback.measures
    return CallbackClosed(callback_state=_state(callback))


def _state(callback: Callback) -> CallbackState:
    states: dict[str, CallbackState] = {"queued": "queued", "reached": "reached", "unreached": "unreached", "closed": "closed"}
    return states[callback.state]


def _callback(ctx: JobContext, callback_id: str | None, order_id: str | None) -> Callback:
    found = select(Callback).where(Callback.id == callback_id if callback_id else Callback.order_id == case_key(ctx, order_id))
    callback = ctx.session.scalars(found).first()
    if callback is None:
        raise NotFound("没有这次回访。", "There is no such callback.", callback_id=callback_id, order_id=order_id)
    return callback
