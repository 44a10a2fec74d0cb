"""Speaks to the mail server; knows nothing of cases."""

import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from engine.errors import InvalidInput

#: A mail server that is silent this long counts as down.
_TIMEOUT_S = 20

#: One plain address: no names, no lists, no line breaks. The server knows best whether it exists.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True)
class Letter:
    """One e-mail."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    text: str
    written_at: datetime
    attachments: Sequence[tuple[str, bytes]] = ()  #: file name and PDF


def compose(letter: Letter) -> EmailMessage:
    """The message; the policy refuses line breaks in headers, so nobody adds recipients through a subject."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = letter.message_id
    message["Date"] = format_datetime(letter.written_at)
    message["From"] = letter.sender
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message.set_content(letter.text)
    for name, content in letter.attachments:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return message


def one_address(text: str) -> str:
    """A single plain address.

    Raises:
        InvalidInput: none, several, or anything besides the address.
    """
    if not _ADDRESS.fullmatch(text):
        raise InvalidInput(f"“{text}”不是一个邮箱地址。", f"{text!r} is not an e-mail address.")
    return text


def send(url: str, message: EmailMessage) -> None:
    """Hand a message to the server of an URL: smtp://, smtp+starttls:// or smtps://, with user and password if it has them.

    Raises:
        OSError, smtplib.SMTPException: the server is down or refuses.
        InvalidInput: the URL is none of these.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtp+starttls", "smtps") or not parts.hostname:
        raise InvalidInput("邮件服务器应写成 smtp://主机:端口。", "The mail server is written smtp://host:port.")
    with _connection(parts.scheme, parts.hostname, parts.port) as server:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _connection(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=_TIMEOUT_S, context=ssl.create_default_context())
    return smtplib.SMTP(host, port or (587 if scheme == "smtp+starttls" else 25), timeout=_TIMEOUT_S)
