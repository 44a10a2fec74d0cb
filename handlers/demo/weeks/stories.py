"""What happens to one caller: decided once when the phone rings, so that the same demo is played every time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.ids import Chance
from handlers.customers.tables import Contact, Customer, Device
from handlers.demo.weeks import faults
from handlers.demo.weeks.faults import Fault

#: What callers want, and how often.
_NEEDS = {"fault": 70, "question": 12, "hard_question": 8, "complaint": 3, "installation": 3, "emergency": 2, "part": 2}


@dataclass(frozen=True)
class Story:
    """One caller with one need."""

    key: str  #: business key of the case
    need: str
    unit: str
    address: str
    contact: str
    phone: str
    serial: str
    model: str
    line: str  #: line of service of the device
    company_product: bool
    content: str  #: what the caller says
    fault: Fault
    called_at: datetime
    chance: Chance


def callers(session: Session) -> list[tuple[Customer, Contact, Device]]:
    """Who may call about what, in a fixed order."""
    rows = (
        select(Customer, Contact, Device)
        .join(Contact, Contact.customer_id == Customer.id)
        .join(Device, Device.customer_id == Customer.id)
        .where(Contact.is_responsible)
        .order_by(Customer.id, Device.serial)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(rows)]


def tell(key: str, called_at: datetime, who: tuple[Customer, Contact, Device], chance: Chance) -> Story:
    """Decide what a caller wants."""
    customer, contact, device = who
    need = chance.choices(list(_NEEDS), list(_NEEDS.values()))[0]
    fault = chance.choice(faults.FAULTS[device.service_line])
    said = {
        "question": lambda: chance.choice(faults.QUESTIONS)[0],
        "hard_question": lambda: chance.choice(faults.HARD_QUESTIONS)[0],
        "complaint": lambda: chance.choice(faults.COMPLAINTS),
        "installation": lambda: chance.choice(faults.INSTALLATIONS),
        "emergency": lambda: chance.choice(faults.EMERGENCIES),
        "part": lambda: f"想购买一个{device.model}的备用电源",
    }
    return Story(
        key=key,
        need=need,
        unit=customer.unit_name,
        address=customer.address,
        contact=contact.name,
        phone=contact.phone,
        serial=device.serial,
        model=device.model,
        line=device.service_line,
        company_product=device.company_product,
        content=said[need]() if need in said else fault.told,
        fault=fault,
        called_at=called_at,
        chance=chance,
    )
