"""What cases are about, for process mining: the service order, its customer, its device, and the parts that were taken along for it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engine.history.export.reading import Histories
from engine.history.export.things import Attribute, Reference, Thing
from handlers.customers.tables import Customer, Device
from handlers.orders.tables import ServiceOrder
from handlers.parts.tables import Loan, Part

_ORDER_FACTS = ("kind", "channel", "urgency", "coverage", "service_mode")


class CaseObjects:
    """The business objects of cases whose business key is the number of a service order."""

    def about(self, session: Session, business_keys: Collection[str]) -> Mapping[str, Sequence[Reference]]:
        """For each business key that is an order: the order, the customer, the device, and the parts taken along."""
        query = select(ServiceOrder.id, ServiceOrder.customer_id, ServiceOrder.device_serial).where(ServiceOrder.id.in_(business_keys))
        found = {row.id: list(_about(row)) for row in session.execute(query)}
        loans = select(Loan.order_id, Loan.part_no).where(Loan.order_id.in_(business_keys)).distinct()
        for row in session.execute(loans.order_by(Loan.order_id, Loan.part_no)):
            found[row.order_id].append(Reference("part", row.part_no, "uses"))
        return found

    def things(self, histories: Histories, business_keys: Select[Any]) -> Iterator[Thing]:
        """The orders, and the customers, devices and parts that belong to them."""
        orders = ServiceOrder.id.in_(business_keys)
        yield from _orders(histories, orders)
        serials = select(ServiceOrder.device_serial).where(orders, ServiceOrder.device_serial.is_not(None))
        yield from _customers(histories, orders, serials)
        yield from _devices(histories, serials)
        used = select(Loan.part_no).join(ServiceOrder, ServiceOrder.id == Loan.order_id).where(orders)
        for part in histories.stream(select(Part.no, Part.name, Part.supplier).where(Part.no.in_(used)).order_by(Part.no)):
            yield Thing("part", part.no, [Attribute("name", part.name), Attribute("supplier", part.supplier)])


def _about(row: Any) -> Iterator[Reference]:
    yield Reference("order", row.id, "about")
    yield Reference("customer", row.customer_id, "about")
    if row.device_serial:
        yield Reference("device", row.device_serial, "about")


def _orders(histories: Histories, wanted: Any) -> Iterator[Thing]:
    columns = [
        ServiceOrder.__table__.c[name]
        for name in ("id", "customer_id", "device_serial", "received_at", "status", "closed_at", *_ORDER_FACTS)
    ]
    query = select(*columns, Loan.part_no).outerjoin(Loan, Loan.order_id == ServiceOrder.id).where(wanted)
    rows = histories.stream(query.order_by(ServiceOrder.id, Loan.part_no))
    for _, found in groupby(rows, lambda row: row.id):
        lines = list(found)
        order = lines[0]
        attributes = [Attribute(name, getattr(order, name), order.received_at) for name in _ORDER_FACTS if getattr(order, name)]
        attributes.append(Attribute("status", order.status, order.closed_at or order.received_at))
        related = [Reference("customer", order.customer_id, "for")]
        if order.device_serial:
            related.append(Reference("device", order.device_serial, "about"))
        parts = (line.part_no for line in lines if line.part_no)
        yield Thing("order", order.id, attributes, [*related, *(Reference("part", no, "uses") for no in parts)])


def _customers(histories: Histories, orders: Any, serials: Select[Any]) -> Iterator[Thing]:
    """Who ordered, and who owns the devices."""
    wanted = or_(
        Customer.id.in_(select(ServiceOrder.customer_id).where(orders)),
        Customer.id.in_(select(Device.customer_id).where(Device.serial.in_(serials))),
    )
    query = select(Customer.id, Customer.unit_name, Customer.level, Customer.region).where(wanted).order_by(Customer.id)
    for row in histories.stream(query):
        name = Attribute("name", row.unit_name, personal=True)
        yield Thing("customer", row.id, [name, Attribute("level", row.level), Attribute("region", row.region)])


def _devices(histories: Histories, serials: Select[Any]) -> Iterator[Thing]:
    """Also those that are known by what the customer said only."""
    named = serials.distinct().subquery()
    query = select(named.c.device_serial, Device.model, Device.service_line, Device.customer_id).outerjoin(
        Device, Device.serial == named.c.device_serial
    )
    for row in histories.stream(query.order_by(named.c.device_serial)):
        if row.model is None:
            yield Thing("device", row.device_serial)
            continue
        attributes = [Attribute("model", row.model), Attribute("service_line", row.service_line)]
        yield Thing("device", row.device_serial, attributes, [Reference("customer", row.customer_id, "owned by")])
