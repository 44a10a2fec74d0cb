"""Mail to customers through the outbox and a real SMTP server."""

import socket
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, update

from engine.errors import InvalidInput
from engine.storage.tables import User
from handlers.notify.mail import send_waiting
from handlers.notify.tables import Mail


class Postbox:
    """Keeps what a mail server receives; refuses while `closed`."""

    def __init__(self):
        self.received = []
        self.closed = False

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the server's name for it
        """One message."""
        if self.closed:
            return "451 try again later"
        self.received.append(envelope)
        return "250 OK"


@pytest.fixture
def postbox(desk):
    """A mail server that the desk is set to use."""
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    desk.engine.settings = replace(desk.engine.settings, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="service@office.example")
    yield box
    controller.stop()


def test_a_customer_gets_the_service_order_by_mail(desk, postbox):
    """The order's contact receives the text and the PDF; the Message-ID is that of the job."""
    desk.order()
    desk.do("documents.render", template="slip")
    desk.do("orders.update_slip", judged_fault="电源坏")
    newest = desk.do("documents.render", template="slip")

    sent = desk.do("notify.email", job="mail-1", subject="您的派工单", text="请查收。", document_kinds="F-SLIP,F-QUOTE")

    message = message_from_bytes(postbox.received[0].content)
    parts = list(message.walk())
    assert sent["mail_state"] == "sent"
    assert desk.rows(select(Mail))[0].document_ids == [newest["document_id"]]
    assert postbox.received[0].rcpt_tos == ["contact1@kh0001.example"]
    assert str(make_header(decode_header(message["Subject"]))) == "您的派工单"
    assert message["Message-ID"] == "<mail-1@office.example>"
    assert parts[1].get_payload(decode=True).decode().strip() == "请查收。"
    assert parts[2].get_payload(decode=True).startswith(b"%PDF-")
    assert str(make_header(decode_header(parts[2].get_filename()))).startswith("上门派工单")


BILINGUAL = {"subject": "售后服务单", "subject_en": "Service order", "text": "请查收。", "text_en": "Please find it attached."}


@pytest.mark.parametrize(
    ("to", "subject", "text"),
    [
        ("li@unit.example", "售后服务单 / Service order", "请查收。\n\nPlease find it attached."),
        ("engineer1@demo.example", "售后服务单", "请查收。"),
        ("engineer2@demo.example", "Service order", "Please find it attached."),
    ],
)
def test_mail_is_in_the_language_of_its_recipient(desk, postbox, to, subject, text):
    """A recipient with an account reads their language; of anybody else we do not know it, so both are sent."""
    with desk.engine.database.transaction() as session:
        session.execute(update(User).where(User.id == "engineer2").values(locale="en"))

    desk.do("notify.email", to=to, **BILINGUAL)

    message = message_from_bytes(postbox.received[0].content)
    body = message.get_payload(decode=True).decode().replace("\r\n", "\n").strip()
    assert (str(make_header(decode_header(message["Subject"]))), body) == (subject, text)


def test_a_repeated_job_sends_nothing_twice(desk, postbox):
    """The outbox remembers what the job has sent."""
    first = desk.do("notify.email", job="mail-1", to="li@unit.example", subject="通知", text="一次")
    again = desk.do("notify.email", job="mail-1", to="li@unit.example", subject="通知", text="一次")

    assert first == again
    assert len(postbox.received) == 1


def test_without_a_mail_server_mail_waits_and_is_sent_later(desk, postbox):
    """It lies visible in the outbox until a server is set, then goes out once."""
    with_server = desk.engine.settings
    desk.engine.settings = replace(with_server, smtp_url="")
    waiting = desk.do("notify.email", to="li@unit.example", subject="通知", text="稍后")
    assert send_waiting(desk.engine.database, desk.engine.clock, desk.engine.settings) == 0

    first = send_waiting(desk.engine.database, desk.engine.clock, with_server)
    second = send_waiting(desk.engine.database, desk.engine.clock, with_server)

    assert waiting["mail_state"] == "waiting"
    assert (first, second) == (1, 0)
    assert len(postbox.received) == 1
    assert desk.rows(select(Mail))[0].sent_at is not None


def test_a_server_that_refuses_leads_to_another_try_with_the_same_message_id(desk, postbox):
    """The failure is visible in the outbox and raised for the engine to retry; the retry is recognisable as the same mail."""
    values = {"job": "mail-1", "to": "li@unit.example", "subject": "通知", "text": "重试"}
    postbox.closed = True
    with pytest.raises(OSError, match="451"):
        desk.do("notify.email", **values)
    waiting = desk.rows(select(Mail))[0]

    postbox.closed = False
    sent = desk.do("notify.email", **values)

    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert "451" in waiting.last_error
    assert sent["mail_state"] == "sent"
    assert message_from_bytes(postbox.received[0].content)["Message-ID"] == "<mail-1@office.example>"


def test_a_customer_without_an_address_is_visible_in_the_outbox(desk, postbox):
    """Nothing is sent, and the state says why."""
    registered = desk.do("customers.register", customer_unit="没有邮箱的单位", contact_person="李芳", contact_phone="13700000000")
    desk.do("orders.create", customer_id=registered["customer_id"], order_id="FW-X")

    result = desk.do("notify.email", order_id="FW-X", subject="通知", text="您好")

    assert result["mail_state"] == "no_address"
    assert postbox.received == []


@pytest.mark.parametrize("to", ["a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "李 <a@b.example>", "nobody", "@x", "a@"])
def test_addresses_are_single_and_plain(desk, postbox, to):
    """Nobody adds recipients through the address."""
    with pytest.raises(InvalidInput):
        desk.do("notify.email", to=to, subject="通知", text="您好")
    assert postbox.received == []


def test_a_subject_cannot_add_headers(desk, postbox):
    """Line breaks in a subject become spaces."""
    desk.do("notify.email", to="li@unit.example", subject="通知\r\nBcc: spy@evil.example\n\n正文", text="您好")

    message = message_from_bytes(postbox.received[0].content)
    assert message["Bcc"] is None
    assert postbox.received[0].rcpt_tos == ["li@unit.example"]
    assert str(make_header(decode_header(message["Subject"]))) == "通知 Bcc: spy@evil.example 正文"
