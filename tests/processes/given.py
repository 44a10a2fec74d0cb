"""What is there before a case begins."""

from sqlalchemy import select

from engine.ids import new_id
from engine.storage.tables import Attachment, UserTaskCandidate
from handlers.customers.tables import Customer
from handlers.deadlines.tables import Promise
from handlers.documents.tables import Document
from handlers.orders.tables import Matter, ServiceOrder
from tests.scenario import Scenario


def an_order(case: Scenario) -> str:
    """A finished on-site order of a customer of its own; returns its id."""
    now = case.clock.now()
    order_id = f"FW-{new_id()[:8]}"
    with case.engine.database.transaction() as session:
        customer = Customer(
            id=f"KH-{order_id}", unit_name=f"临江纺织 {order_id}", level="ordinary", region="杭州", address="临江路 8 号", created_at=now
        )
        session.add(customer)
        session.flush()
        matter = Matter(id=f"SX-{order_id}", customer_id=customer.id, device_serial=None, opened_at=now, contact_count=1)
        session.add(matter)
        session.flush()
        session.add(
            ServiceOrder(
                id=order_id,
                matter_id=matter.id,
                customer_id=customer.id,
                request_key=order_id,
                kind="general_fault",
                channel="hotline",
                first_request_at=now,
                received_at=now,
                contact_person="陆工",
                contact_phone="13800000002",
                address=customer.address,
                urgency="normal",
                confirmed_with_customer=True,
                late_answer=False,
                status="completed",
                version=1,
            )
        )
    return order_id


def a_promise(case: Scenario, order_id: str) -> None:
    """An open promise to the customer of an order."""
    with case.engine.database.transaction() as session:
        session.add(
            Promise(
                id=new_id(),
                order_id=order_id,
                kind="other",
                text="回电告知结果",
                owner_role="onsite",
                state="open",
                made_at=case.clock.now(),
            )
        )


def a_paper(case: Scenario, order_id: str, kind: str) -> None:
    """A paper of an order, already filed."""
    now = case.clock.now()
    digest = new_id()
    with case.engine.database.transaction() as session:
        attachment = Attachment(
            id=new_id(), name=f"{kind}.pdf", kind="document", media_type="application/pdf", size_bytes=1, sha256=digest, added_at=now
        )
        session.add(attachment)
        session.flush()
        session.add(
            Document(
                id=new_id(),
                no=f"{order_id}-{kind}",
                version=1,
                order_id=order_id,
                kind=kind,
                name=attachment.name,
                attachment_id=attachment.id,
                sha256=digest,
                made_at=now,
            )
        )


def candidates(case: Scenario, element_id: str) -> list[str]:
    """The groups that may take the one open task of an element."""
    task = case.task(element_id)
    with case.engine.database.session() as session:
        found = select(UserTaskCandidate.name).where(UserTaskCandidate.task_id == task.id, UserTaskCandidate.kind == "group")
        return sorted(session.scalars(found))
