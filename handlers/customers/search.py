"""Who is calling, and what is still open with them."""

from datetime import timedelta
from typing import Literal

from pydantic import Field
from sqlalchemy import ColumnElement, func, or_, select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.customers.tables import Contact, Contract, Customer, Device
from handlers.fields import Instant, Option, Request, Result
from handlers.numbers import plain_number
from handlers.orders.tables import ServiceOrder

#: More candidates than this help nobody on the phone.
_CANDIDATES = 10

By = Literal["any", "phone", "name", "contract_no", "serial", "email"]


class FindCustomer(Request):
    """What is known of the caller."""

    query: str = ""
    by: By = "any"


class Candidate(Result):
    """A customer who may be meant."""

    customer_id: str
    customer_unit: str
    address: str
    contact_person: str | None
    contact_phone: str | None


class CustomerFound(Result):
    """The best match, named like the fields of the request form, and the others."""

    customer_found: bool
    customer_id: str | None = None
    customer_unit: str | None = None
    customer_level: str | None = None
    region: str | None = None
    address: str | None = None
    contact_person: str | None = None
    contact_phone: str | None = None
    contact_email: str | None = None
    project_or_contract_no: str | None = None
    device_serial: str | None = None
    device_model: str | None = None
    device_options: list[Option] = Field(default_factory=list)
    candidates: list[Candidate] = Field(default_factory=list)
    customer_options: list[Option] = Field(default_factory=list)


@handler("customers.find", title="查客户", title_en="Find the customer")
def find(ctx: JobContext, request: FindCustomer) -> CustomerFound:
    """Look a customer up by phone, name, contract, serial number or e-mail; nobody found is a normal answer."""
    customers = _matches(ctx, request)
    if not customers:
        return CustomerFound(customer_found=False)
    best = customers[0]
    candidates = [_candidate(ctx, customer, request.query) for customer in customers]
    contact = _contact(ctx, best.id, request.query)
    devices = ctx.session.scalars(select(Device).where(Device.customer_id == best.id).order_by(Device.sold_on.desc(), Device.serial)).all()
    meant = next((device for device in devices if device.serial == request.query), devices[0] if len(devices) == 1 else None)
    contract = ctx.session.scalars(
        select(Contract).where(Contract.customer_id == best.id).order_by(Contract.ends_on.desc()).limit(1)
    ).first()
    return CustomerFound(
        customer_found=True,
        customer_id=best.id,
        customer_unit=best.unit_name,
        customer_level=best.level,
        region=best.region,
        address=best.address,
        contact_person=contact.name if contact else None,
        contact_phone=contact.phone if contact else None,
        contact_email=contact.email if contact else None,
        project_or_contract_no=contract.contract_no if contract else None,
        device_serial=meant.serial if meant else None,
        device_model=meant.model if meant else None,
        device_options=[_option(device.model, device.serial, device.serial) for device in devices],
        candidates=candidates,
        customer_options=[_option(item.customer_unit, item.address, item.customer_id) for item in candidates],
    )


def _matches(ctx: JobContext, request: FindCustomer) -> list[Customer]:
    query = request.query
    if not query:
        return []
    contacts = select(Contact.customer_id)
    ways: dict[str, ColumnElement[bool]] = {
        "phone": Customer.id.in_(contacts.where(Contact.phone == query.replace(" ", ""))),
        "email": Customer.id.in_(contacts.where(func.lower(Contact.email) == query.lower())),
        "serial": Customer.id.in_(select(Device.customer_id).where(func.upper(Device.serial) == query.upper())),
        "contract_no": Customer.id.in_(select(Contract.customer_id).where(func.upper(Contract.contract_no) == query.upper())),
        "name": or_(Customer.unit_name.contains(query, autoescape=True), Customer.id.in_(contacts.where(Contact.name == query))),
    }
    condition = or_(*ways.values()) if request.by == "any" else ways[request.by]
    return list(ctx.session.scalars(select(Customer).where(condition).order_by(Customer.unit_name).limit(_CANDIDATES)))


def _contact(ctx: JobContext, customer_id: str, query: str) -> Contact | None:
    """The person who calls, else the responsible one."""
    people = ctx.session.scalars(
        select(Contact).where(Contact.customer_id == customer_id).order_by(Contact.is_responsible.desc(), Contact.id)
    ).all()
    return next((person for person in people if query in (person.phone, person.name, person.email)), people[0] if people else None)


def _candidate(ctx: JobContext, customer: Customer, query: str) -> Candidate:
    contact = _contact(ctx, customer.id, query)
    return Candidate(
        customer_id=customer.id,
        customer_unit=customer.unit_name,
        address=customer.address,
        contact_person=contact.name if contact else None,
        contact_phone=contact.phone if contact else None,
    )


def _option(name: str, detail: str, value: str) -> Option:
    return Option(label=f"{name}（{detail}）", label_en=f"{name} ({detail})", value=value)


class RegisterCustomer(Request):
    """A caller nobody knew."""

    customer_unit: str
    contact_person: str
    contact_phone: str
    contact_email: str | None = None
    address: str = "—"
    region: str = "—"
    customer_level: Literal["ordinary", "key", "vip"] = "ordinary"


class CustomerRegistered(Result):
    """The customer, new or already there."""

    customer_id: str
    customer_created: bool


@handler("customers.register", title="登记客户", title_en="Register a customer")
def register(ctx: JobContext, request: RegisterCustomer) -> CustomerRegistered:
    """Write a customer and the contact down once; the same unit name is the same customer, a new phone a new contact."""
    customer = ctx.session.scalars(select(Customer).where(Customer.unit_name == request.customer_unit)).first()
    created = customer is None
    if customer is None:
        customer = Customer(
            id=plain_number(ctx.session, "KH"),
            unit_name=request.customer_unit,
            level=request.customer_level,
            region=request.region,
            address=request.address,
            created_at=ctx.now(),
        )
        ctx.session.add(customer)
        ctx.session.flush()
    known = select(Contact.id).where(Contact.customer_id == customer.id, Contact.phone == request.contact_phone)
    if ctx.session.scalars(known).first() is None:
        ctx.session.add(
            Contact(
                id=new_id(),
                customer_id=customer.id,
                name=request.contact_person,
                phone=request.contact_phone,
                email=request.contact_email,
                is_responsible=created,
            )
        )
    return CustomerRegistered(customer_id=customer.id, customer_created=created)


class OpenMatters(Request):
    """Whose matters."""

    customer_id: str | None = None
    device_serial: str | None = None
    days: int = 30
    at: Instant | None = None


class OpenOrder(Result):
    """An order that is not closed."""

    order_id: str
    matter_id: str
    need_content: str | None
    device_serial: str | None
    received_at: Instant
    status: str


class MattersFound(Result):
    """What is open; `same_matter` when it is about the same device, or about an unnamed one."""

    same_matter: bool
    matter_id: str | None = None
    open_order_ids: list[str] = Field(default_factory=list)
    open_orders: list[OpenOrder] = Field(default_factory=list)
    matter_options: list[Option] = Field(default_factory=list)


@handler("customers.open_matters", title="查未结事项", title_en="Find open matters")
def open_matters(ctx: JobContext, request: OpenMatters) -> MattersFound:
    """Orders of the customer that are not finished, so that one problem is not opened twice."""
    if request.customer_id is None:
        return MattersFound(same_matter=False)
    since = ctx.now() - timedelta(days=request.days)
    finished = ("completed", "closed", "declined", "cancelled")
    orders = ctx.session.scalars(
        select(ServiceOrder)
        .where(ServiceOrder.customer_id == request.customer_id, ServiceOrder.received_at >= since, ServiceOrder.status.not_in(finished))
        .order_by(ServiceOrder.received_at.desc())
    ).all()
    same = next((order for order in orders if request.device_serial and order.device_serial == request.device_serial), None)
    return MattersFound(
        same_matter=same is not None,
        matter_id=same.matter_id if same else None,
        open_order_ids=[order.id for order in orders],
        open_orders=[
            OpenOrder(
                order_id=order.id,
                matter_id=order.matter_id,
                need_content=order.need_content,
                device_serial=order.device_serial,
                received_at=order.received_at,
                status=order.status,
            )
            for order in orders
        ],
        matter_options=[_matter(order) for order in orders],
    )


def _matter(order: ServiceOrder) -> Option:
    words = f"{order.id} {order.need_content or ''}".strip()
    return Option(label=words, label_en=words, value=order.matter_id)
