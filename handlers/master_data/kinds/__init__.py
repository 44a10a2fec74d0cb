"""Every kind of master data, by the name in its address, in the order of the pages."""

from handlers.master_data.description import Kind
from handlers.master_data.kinds.customers import CONTACTS, CONTRACTS, CUSTOMERS, DEVICES
from handlers.master_data.kinds.office import AREAS, CALENDAR_DAYS, CALENDARS, ENGINEERS, OFFICES, SKILLS
from handlers.master_data.kinds.parts import PARTS, PRICES, STOCK

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        CUSTOMERS,
        CONTACTS,
        DEVICES,
        CONTRACTS,
        ENGINEERS,
        SKILLS,
        AREAS,
        OFFICES,
        PARTS,
        STOCK,
        PRICES,
        CALENDARS,
        CALENDAR_DAYS,
    )
}
