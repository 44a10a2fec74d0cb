"""The outbox as the operator sees it."""

from engine.ids import new_id
from handlers.notify.tables import Mail
from tests.web.conftest import Site


def queue(site: Site, subject: str) -> None:
    """A procedure wants to send a mail."""
    with site.engine.database.transaction() as session:
        session.add(
            Mail(
                id=new_id(), key=subject, message_id=f"<{subject}@opsbook>", recipient="customer@example.com", subject=subject, text="您好",
                document_ids=[], order_id=None, state="waiting", attempts=0, last_error=None, queued_at=site.clock.now(), sent_at=None,
            )
        )  # fmt: skip


def test_mail_without_a_server_waits_where_the_operator_sees_it(site: Site) -> None:
    """Given no mail server, when a mail is queued, then the outbox shows it and says which setting is missing."""
    queue(site, "售后服务单")
    page = site.as_("admin").text("/mail")

    assert "售后服务单" in page
    assert "OPSBOOK_SMTP_URL" in page


def test_only_the_administrator_sees_the_outbox(site: Site) -> None:
    """Mail is addressed to customers: nobody else reads it or sends it."""
    queue(site, "售后服务单")

    site.as_("hotline1").text("/mail", 404)
    assert site.as_("auditor").send("/mail/send").status_code == 404
