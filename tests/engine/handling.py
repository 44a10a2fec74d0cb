"""Handlers for tests: they echo, fail, report business errors and leave marks that can be counted."""

from typing import Any

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.ids import new_id
from engine.runtime.handlers import BpmnError, HandlerRegistry, JobContext, handler
from engine.storage.tables import Comment

#: Office hours of the tests.
WEEK = {day: ["09:00-12:00", "13:00-18:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}


class Anything(BaseModel):
    """A value that goes through."""

    value: Any = None


class Trouble(BaseModel):
    """What should go wrong."""

    code: str = ""
    text: str = "broken"
    attempts: int = 99  #: how many attempts fail before one succeeds


class Echoed(BaseModel):
    """The value again."""

    answer: Any = None


@handler("test.echo", title="回声", title_en="Echo")
def echo(ctx: JobContext, request: Anything) -> Echoed:
    return Echoed(answer=request.value)


@handler("test.echo_outside", title="外部回声", title_en="Echo outside", kind="external")
def echo_outside(ctx: JobContext, request: Anything) -> Echoed:
    return Echoed(answer=request.value)


@handler("test.error", title="业务错误", title_en="Business error", errors=("LATE", "LOST"))
def error(ctx: JobContext, request: Trouble) -> None:
    mark(ctx.session, ctx, "error")
    raise BpmnError(request.code, request.text, {"because": request.text})


@handler("test.error_outside", title="外部业务错误", title_en="Business error outside", kind="external", errors=("LATE",))
def error_outside(ctx: JobContext, request: Trouble) -> None:
    raise BpmnError(request.code, request.text)


@handler("test.mark", title="记一笔", title_en="Make a mark")
def make_mark(ctx: JobContext, request: Anything) -> Echoed:
    mark(ctx.session, ctx, str(request.value))
    return Echoed(answer=request.value)


@handler("test.mark_outside", title="在外面记一笔", title_en="Make a mark outside", kind="external")
def make_mark_outside(ctx: JobContext, request: Anything) -> Echoed:
    """Commits its mark itself; done again, it knows by its key that it was done."""
    text = f"outside {request.value}"
    if not already_done(ctx.session, ctx.idempotency_key):
        mark(ctx.session, ctx, text, ctx.idempotency_key)
        ctx.session.commit()
    return Echoed(answer=request.value)


def already_done(session: Session, key: str) -> bool:
    """Whether work with this key was done before."""
    return session.scalars(select(Comment.id).where(Comment.written_by == key)).first() is not None


class Flaky:
    """A handler that fails until it is mended; transactional and external, it marks before it fails."""

    def __init__(self) -> None:
        self.broken: BaseException | None = RuntimeError("broken")
        self.keys: list[str] = []

    def run(self, ctx: JobContext, request: Anything) -> Echoed:
        mark(ctx.session, ctx, "flaky")
        self.keys.append(ctx.idempotency_key)
        if self.broken is not None:
            raise self.broken
        return Echoed(answer=request.value)


def registry(flaky: Flaky) -> HandlerRegistry:
    """All handlers of the tests."""

    @handler("test.flaky", title="不稳", title_en="Flaky")
    def transactional(ctx: JobContext, request: Anything) -> Echoed:
        return flaky.run(ctx, request)

    @handler("test.flaky_outside", title="外部不稳", title_en="Flaky outside", kind="external")
    def external(ctx: JobContext, request: Anything) -> Echoed:
        return flaky.run(ctx, request)

    return HandlerRegistry((echo, echo_outside, error, error_outside, make_mark, make_mark_outside, transactional, external))


def mark(session: Session, ctx: JobContext, text: str, by: str = "handler") -> None:
    """Leave a mark in the database."""
    session.add(
        Comment(
            id=new_id(),
            root_id=ctx.root_instance_id,
            instance_id=ctx.instance_id,
            task_id=None,
            written_at=ctx.now(),
            written_by=by,
            text=text,
        )
    )


def marks(session: Session, text: str) -> int:
    """How many such marks there are."""
    return session.scalars(select(func.count()).where(Comment.text == text)).one()
