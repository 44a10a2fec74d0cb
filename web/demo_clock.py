"""Demo only: push the clock forward, so that deadlines and timers can be seen at work."""

from datetime import timedelta
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from engine.clock import DemoClock
from engine.errors import InvalidInput
from engine.runtime.engine import WORK
from engine.storage.tables import Timer
from web.current import database, engine, now

blueprint = Blueprint("demo_clock", __name__)

#: The most that one press may skip: a quarter of a year.
_FURTHEST = timedelta(days=92)


@blueprint.get("/demo/clock")
def index() -> str:
    """The demo's time, and what it waits for next."""
    with database().session() as session:
        waiting = (
            session.execute(select(Timer).where(Timer.state == "waiting", Timer.suspended.is_(False)).order_by(Timer.due_at).limit(10))
            .scalars()
            .all()
        )
        total = session.scalar(select(func.count()).where(Timer.state == "waiting")) or 0
    return render_template("demo_clock.html", present=now(), timers=waiting, total=total, steps=steps())


@blueprint.post("/demo/clock")
def advance() -> Response:
    """Skip some minutes."""
    minutes = request.form.get("minutes", 0, type=int)
    by = timedelta(minutes=minutes)
    if not timedelta(0) < by <= _FURTHEST:
        raise InvalidInput("一次最多拨快 92 天。", "At most 92 days at once.")
    cast("DemoClock", engine().clock).advance(by)
    with database().transaction() as session:
        database().notify(session, WORK)
    flash(gettext("时钟已拨快，到期的计时会在几秒内触发。"), "good")
    return redirect(url_for("demo_clock.index"))


def steps() -> list[tuple[int, str]]:
    """What may be skipped: minutes and words."""
    return [
        (30, gettext("30 分钟")),
        (2 * 60, gettext("2 小时")),
        (24 * 60, gettext("1 天")),
        (3 * 24 * 60, gettext("3 天")),
        (7 * 24 * 60, gettext("7 天")),
    ]
