"""Mail to customers, through an outbox: a mail is kept before it is sent, and sent once for each job."""

from typing import Literal

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from engine.settings import Settings
from engine.storage.contents import ContentStore
from engine.storage.database import Database
from engine.storage.tables.people import User
from engine.storage.tables.user_tasks import Attachment
from handlers.customers.tables import Contact
from handlers.documents.tables import Document
from handlers.fields import Names, Request, Result
from handlers.notify.smtp import Letter, compose, one_address, send
from handlers.notify.tables import Mail
from handlers.orders.tables import ServiceOrder

_SUBJECT_LENGTH = 200


class SendMail(Request):
    """What to write to whom; the order's contact when no address is given."""

    to: str | None = None
    order_id: str | None = None
    subject: str
    subject_en: str | None = None
    text: str
    text_en: str | None = None
    document_ids: Names = Field(default_factory=list)
    document_kinds: Names = Field(default_factory=list)
    """Kinds of papers, such as F-SERVICE: the newest of each that the order has is attached, too."""


class MailSent(Result):
    """What became of it: without a mail server it waits in the outbox, without an address it stays there."""

    mail_id: str
    mail_state: Literal["sent", "waiting", "no_address"]


@handler("notify.email", title="发邮件", title_en="Send e-mail", kind="external", timeout_s=60)
def email(ctx: JobContext, request: SendMail) -> MailSent:
    """Write a mail into the outbox and send it; a repeated job sends nothing twice.

    Raises:
        InvalidInput: the address or the subject is not acceptable.
        OSError, smtplib.SMTPException: the server is down or refuses; the job is tried again with the same Message-ID.
    """
    mail = ctx.session.scalars(select(Mail).where(Mail.key == ctx.idempotency_key)).first()
    if mail is None:
        mail = _queued(ctx, request)
        ctx.session.commit()  # from here on it is visible in the outbox, whatever the mail server does
    if mail.state == "waiting" and ctx.settings.smtp_url:
        deliver(ctx.session, ctx.clock, ctx.settings, mail)
    states: dict[str, Literal["sent", "waiting", "no_address"]] = {"sent": "sent", "waiting": "waiting", "no_address": "no_address"}
    return MailSent(mail_id=mail.id, mail_state=states[mail.state])


def _queued(ctx: JobContext, request: SendMail) -> Mail:
    order_id = request.order_id or ctx.business_key
    recipient = one_address(request.to) if request.to else _contact_address(ctx, order_id)
    mail = Mail(
        id=new_id(),
        key=ctx.idempotency_key,
        message_id=f"<{ctx.idempotency_key}@{ctx.settings.mail_from.rpartition('@')[2] or 'localhost'}>",
        recipient=recipient,
        subject=_one_line(request.subject),
        subject_en=_one_line(request.subject_en) if request.subject_en else None,
        text=request.text,
        text_en=request.text_en,
        document_ids=[*request.document_ids, *_newest(ctx, order_id, request.document_kinds)],
        order_id=order_id,
        state="waiting" if recipient else "no_address",
        attempts=0,
        queued_at=ctx.now(),
    )
    ctx.session.add(mail)
    ctx.session.flush()
    return mail


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:_SUBJECT_LENGTH]


def _newest(ctx: JobContext, order_id: str | None, kinds: list[str]) -> list[str]:
    """The newest paper of each kind."""
    papers = select(Document.kind, Document.id).where(Document.order_id == order_id, Document.kind.in_(kinds)).order_by(Document.made_at)
    newest = {row.kind: row.id for row in ctx.session.execute(papers)}
    return [newest[kind] for kind in kinds if kind in newest]


def _contact_address(ctx: JobContext, order_id: str | None) -> str | None:
    """The address of the person who called, else of the customer's responsible person."""
    order = ctx.session.get(ServiceOrder, order_id) if order_id else None
    if order is None:
        return None
    people = select(Contact).where(Contact.customer_id == order.customer_id, Contact.email.is_not(None))
    found = ctx.session.scalars(people.order_by(Contact.is_responsible.desc(), Contact.id)).all()
    person = next((item for item in found if item.phone == order.contact_phone), found[0] if found else None)
    return person.email if person else None


def deliver(session: Session, clock: Clock, settings: Settings, mail: Mail) -> None:
    """Send a waiting mail and note what became of it; no transaction is open while the mail server takes its time.

    Raises:
        OSError, smtplib.SMTPException: the server is down or refuses.
    """
    subject, text = _for_recipient(session, mail)
    message = compose(
        Letter(
            message_id=mail.message_id,
            sender=settings.mail_from,
            recipient=mail.recipient or "",
            subject=subject,
            text=text,
            written_at=mail.queued_at,
            attachments=[_attachment(session, settings, document_id) for document_id in mail.document_ids],
        )
    )
    mail.attempts += 1
    session.commit()
    try:
        send(settings.smtp_url, message)
    except OSError as error:  # SMTPException is one
        mail.last_error = str(error)
        session.commit()
        raise
    mail.state = "sent"
    mail.sent_at = clock.now()
    session.commit()


def _for_recipient(session: Session, mail: Mail) -> tuple[str, str]:
    """Subject and text in the language of a recipient who has an account; anybody else gets the Chinese, and the English after it."""
    if not mail.subject_en or not mail.text_en:
        return mail.subject, mail.text
    languages = set(session.scalars(select(User.locale).where(User.email == mail.recipient)))
    if languages == {"zh"}:
        return mail.subject, mail.text
    if languages == {"en"}:
        return mail.subject_en, mail.text_en
    return f"{mail.subject} / {mail.subject_en}", f"{mail.text}\n\n{mail.text_en}"


def _attachment(session: Session, settings: Settings, document_id: str) -> tuple[str, bytes]:
    document = session.get_one(Document, document_id)
    return document.name, ContentStore(settings).get(session.get_one(Attachment, document.attachment_id).sha256)


def send_waiting(database: Database, clock: Clock, settings: Settings) -> int:
    """Send what waited for a mail server, the oldest first; the number sent.

    Raises:
        OSError, smtplib.SMTPException: the server is down or refuses; what was sent before stays sent.
    """
    if not settings.smtp_url:
        return 0
    with database.own_session() as session:
        waiting = session.scalars(select(Mail).where(Mail.state == "waiting").order_by(Mail.queued_at)).all()
        for mail in waiting:
            deliver(session, clock, settings, mail)
    return len(waiting)
