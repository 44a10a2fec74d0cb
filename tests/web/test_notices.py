"""Notices: a bell with what is unread, and a page that only its owner sees."""

from sqlalchemy import select

from engine.ids import new_id
from engine.storage.tables import ProcessInstance
from handlers.notify.tables import Notification
from tests.web.conftest import Site


def tell(site: Site, user_id: str, subject: str, instance_id: str | None = None, **english: str) -> None:
    """A procedure tells somebody something."""
    with site.engine.database.transaction() as session:
        session.add(
            Notification(
                id=new_id(), user_id=user_id, key=subject, severity="warning", subject=subject, text="请尽快处理", order_id="FW-1",
                instance_id=instance_id, sent_at=site.clock.now(), read_at=None, **english,
            )
        )  # fmt: skip


def test_the_bell_counts_what_is_unread_until_it_is_marked_as_read(site: Site) -> None:
    """Given two notices, when they are marked as read, then the bell is quiet and the page still has them."""
    tell(site, "hotline1", "首次联系超时")
    tell(site, "hotline1", "派工单未交")
    reader = site.as_("hotline1")
    assert 'aria-label="通知 2"' in reader.text("/inbox")

    reader.send("/notices/read")

    assert 'aria-label="通知"' in reader.text("/inbox")
    assert "首次联系超时" in reader.text("/notices")


def test_a_notice_is_read_in_the_readers_language(site: Site) -> None:
    """Given a notice in two languages and one in Chinese only, when the reader switches to English, then each says what it can."""
    tell(site, "hotline1", "首次联系超时", subject_en="First contact is overdue", text_en="Please hurry")
    tell(site, "hotline1", "派工单未交")
    reader = site.as_("hotline1")
    reader.send("/language/en")

    page = reader.text("/notices")

    assert "First contact is overdue" in page
    assert "Please hurry" in page
    assert "首次联系超时" not in page
    assert "派工单未交" in page


def test_notices_of_others_stay_theirs(site: Site) -> None:
    """Given a notice to one person, when another opens the page or marks all as read, then it is not there and stays unread."""
    tell(site, "hotline1", "首次联系超时")
    other = site.as_("engineer1")

    assert "首次联系超时" not in other.text("/notices")
    other.send("/notices/read")

    assert 'aria-label="通知 1"' in site.as_("hotline1").text("/inbox")


def test_a_notice_leads_to_its_case_only_who_may_see_it(site: Site) -> None:
    """Given a notice about a case, when its reader may see the case, then it is a link, else a text."""
    site.start()
    with site.engine.database.session() as session:
        case_id = session.scalars(select(ProcessInstance.id)).one()
    tell(site, "hotline1", "派工", case_id)
    tell(site, "stranger", "派工", case_id)

    assert f"/cases/{case_id}" in site.as_("hotline1").text("/notices")
    assert f"/cases/{case_id}" not in site.as_("stranger").text("/notices")
