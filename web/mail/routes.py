"""The operator's view of the outbox, and sending what waits."""

import smtplib

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from handlers.notify.mail import send_waiting
from handlers.notify.tables import Mail
from web.current import database, engine, person
from web.permissions import require_admin

blueprint = Blueprint("mail", __name__, template_folder="templates")

_MOST = 200


@blueprint.get("/mail")
def index() -> str:
    """Mail that was not sent yet, and why."""
    require_admin(person())
    with database().session() as session:
        waiting = session.scalars(select(Mail).where(Mail.state != "sent").order_by(Mail.queued_at.desc()).limit(_MOST)).all()
    return render_template("mail/index.html", waiting=waiting, has_server=bool(engine().settings.smtp_url))


@blueprint.post("/mail/send")
def send() -> Response:
    """Send what waits, now."""
    require_admin(person())
    running = engine()
    try:
        sent = send_waiting(running.database, running.clock, running.settings)
    except (OSError, smtplib.SMTPException) as error:
        flash(gettext("邮件服务器没有接受：%(error)s", error=error), "bad")
    else:
        flash(ngettext("已发送 %(num)d 封邮件。", "已发送 %(num)d 封邮件。", sent), "good")
    return redirect(url_for("mail.index"))
