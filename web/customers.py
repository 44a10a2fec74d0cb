"""Which cases are about which customer: the business key of a case is the number of its service order."""

from collections.abc import Iterable

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from handlers.customers.tables import Customer
from handlers.orders.tables import ServiceOrder


def business_keys_of_customer(text: str) -> Select[str]:
    """Business keys of the cases whose customer, contact or telephone number contains the text."""
    return (
        select(ServiceOrder.id)
        .join(Customer, Customer.id == ServiceOrder.customer_id)
        .where(
            or_(
                Customer.unit_name.icontains(text, autoescape=True),
                ServiceOrder.contact_person.icontains(text, autoescape=True),
                ServiceOrder.contact_phone.icontains(text, autoescape=True),
            )
        )
    )


def customer_names(session: Session, business_keys: Iterable[str | None]) -> dict[str, str]:
    """Name of the customer by business key, for those keys that are service orders."""
    wanted = {key for key in business_keys if key}
    if not wanted:
        return {}
    rows = session.execute(
        select(ServiceOrder.id, Customer.unit_name)
        .join(Customer, Customer.id == ServiceOrder.customer_id)
        .where(ServiceOrder.id.in_(wanted))
    )
    return {row.id: row.unit_name for row in rows}


def business_keys_of_device(text: str) -> Select[str]:
    """Business keys of the cases about a device whose serial number or model contains the text."""
    return select(ServiceOrder.id).where(
        or_(ServiceOrder.device_serial.icontains(text, autoescape=True), ServiceOrder.device_model.icontains(text, autoescape=True))
    )
