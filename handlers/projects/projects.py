"""A project from its order to its end: who goes, and what is known before."""

from typing import Literal

from sqlalchemy import select

from engine.errors import NotFound
from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.customers.tables import Contract, Customer, Device
from handlers.dispatch.tables import Assignment, Employee
from handlers.dispatch.workload import available_engineers
from handlers.fields import Instant, Names, Request, Result, in_utc, local_day
from handlers.orders.case import case_key, order_of
from handlers.orders.tables import ServiceOrder
from handlers.projects.tables import FieldProject
from handlers.refusals import refusal

#: So many former orders tell enough of what was done before.
_LAST_ORDERS = 5


class OpenProject(Request):
    """The order, and what the order does not say itself."""

    order_id: str | None = None
    contract_no: str | None = None
    account_manager: str | None = None


class ProjectOpened(Result):
    """The customer and the device as the order has them."""

    customer_id: str
    customer_unit: str
    customer_level: str
    address: str
    contact_person: str | None
    contact_phone: str | None
    device_model: str | None
    device_serial: str | None
    need_content: str | None
    urgency: str


@handler("projects.open", title="立现场项目", title_en="Open a field project")
def open_project(ctx: JobContext, request: OpenProject) -> ProjectOpened:
    """Make the project of an order, once; from then on the order is served as a project."""
    order = order_of(ctx, request.order_id)
    customer = ctx.session.get_one(Customer, order.customer_id)
    project = ctx.session.get(FieldProject, order.id)
    if project is None:
        project = FieldProject(order_id=order.id, address=order.address or customer.address, team=[], opened_at=ctx.now())
        ctx.session.add(project)
    project.contract_no = request.contract_no or order.contract_no
    project.account_manager = request.account_manager
    if order.service_mode != "project":
        order.service_mode = "project"
        order.version += 1
    return ProjectOpened(
        customer_id=customer.id,
        customer_unit=customer.unit_name,
        customer_level=customer.level,
        address=project.address,
        contact_person=order.contact_person,
        contact_phone=order.contact_phone,
        device_model=order.device_model,
        device_serial=order.device_serial,
        need_content=order.need_content,
        urgency=order.urgency,
    )


class AssignTeam(Request):
    """Who goes, who leads, and when they have to be there."""

    order_id: str | None = None
    team: Names
    pm_id: str | None = None
    required_arrival: Instant | None = None
    reason: str | None = None


class TeamAssigned(Result):
    """The team in words; parts are borrowed for `trip_id`."""

    team_text: str
    trip_id: str


@handler("projects.assign_team", title="派项目人员", title_en="Assign the project's team", errors=("ENGINEER_UNAVAILABLE",))
def assign_team(ctx: JobContext, request: AssignTeam) -> TeamAssigned:
    """Put people on a project in place of whoever was; each counts as one more open job until the project ends.

    Raises:
        BpmnError: ENGINEER_UNAVAILABLE, somebody is no engineer, no longer here or absent then.
    """
    project = project_of(ctx, request.order_id)
    at = in_utc(ctx, request.required_arrival) or ctx.now()
    free = {person.user_id for person in available_engineers(ctx, at)}
    away = [user_id for user_id in request.team if user_id not in free]
    if away:
        names = "、".join(_name(ctx, user_id) for user_id in away)
        raise refusal(
            "ENGINEER_UNAVAILABLE", f"{names} 届时不能到场，请另选。", f"{', '.join(away)} cannot come at that time; choose somebody else."
        )
    current = {item.engineer_id: item for item in _assignments(ctx, project.order_id)}
    for user_id, assignment in current.items():
        if user_id not in request.team:
            assignment.released_at = ctx.now()
    day = local_day(ctx, at)
    ctx.session.add_all(
        Assignment(
            id=new_id(),
            order_id=project.order_id,
            engineer_id=user_id,
            kind="project",
            trip_id=f"{user_id}-{day:%Y%m%d}",
            visit_on=day,
            assigned_at=ctx.now(),
            assigned_by=ctx.actor,
            reason=request.reason,
        )
        for user_id in request.team
        if user_id not in current
    )
    project.team = request.team
    project.pm_id = request.pm_id
    return TeamAssigned(team_text="、".join(_name(ctx, user_id) for user_id in request.team), trip_id=f"{request.team[0]}-{day:%Y%m%d}")


class CollectBackground(Request):
    """Of which order."""

    order_id: str | None = None


class BackgroundCollected(Result):
    """Customer, contract, devices and former services, in words."""

    dossier_text: str
    dossier_text_en: str


@handler("projects.collect_background", title="汇集背景资料", title_en="Collect the background")
def collect_background(ctx: JobContext, request: CollectBackground) -> BackgroundCollected:
    """What is known of the customer before anything is planned."""
    order = order_of(ctx, request.order_id)
    customer = ctx.session.get_one(Customer, order.customer_id)
    contracts = ctx.session.scalars(select(Contract).where(Contract.customer_id == customer.id).order_by(Contract.ends_on.desc())).all()
    devices = ctx.session.scalars(select(Device).where(Device.customer_id == customer.id).order_by(Device.serial)).all()
    earlier = select(ServiceOrder).where(ServiceOrder.customer_id == customer.id, ServiceOrder.id != order.id)
    orders = ctx.session.scalars(earlier.order_by(ServiceOrder.received_at.desc()).limit(_LAST_ORDERS)).all()
    zh = [f"客户：{customer.unit_name}，{customer.address}"]
    zh += [f"合同：{item.contract_no} {item.project_name}，{item.coverage}，至 {item.ends_on}" for item in contracts]
    zh += [f"设备：{item.model} {item.serial}，保修至 {item.warranty_until}" for item in devices]
    zh += [f"以往服务：{item.id} {item.need_content or ''}（{item.status}）" for item in orders]
    en = [f"Customer: {customer.unit_name}, {customer.address}"]
    en += [f"Contract: {item.contract_no} {item.project_name}, until {item.ends_on}" for item in contracts]
    en += [f"Device: {item.model} {item.serial}, in warranty until {item.warranty_until}" for item in devices]
    en += [f"Former service: {item.id} {item.need_content or ''} ({item.status})" for item in orders]
    return BackgroundCollected(dossier_text="\n".join(zh), dossier_text_en="\n".join(en))


class CloseProject(Request):
    """How it ended."""

    order_id: str | None = None
    outcome: Literal["completed", "open_items", "cancelled"]


class ProjectClosed(Result):
    """How many people are free again."""

    released_count: int


@handler("projects.close", title="结现场项目", title_en="Close a field project")
def close_project(ctx: JobContext, request: CloseProject) -> ProjectClosed:
    """End a project, so that its people no longer count as busy with it; told again, nothing changes."""
    project = project_of(ctx, request.order_id)
    released = _assignments(ctx, project.order_id)
    for assignment in released:
        assignment.released_at = ctx.now()
    if project.closed_at is None:
        project.closed_at = ctx.now()
        project.outcome = request.outcome
    return ProjectClosed(released_count=len(released))


def project_of(ctx: JobContext, order_id: str | None) -> FieldProject:
    """The project of an order.

    Raises:
        NotFound: the order has none.
    """
    key = case_key(ctx, order_id)
    project = ctx.session.get(FieldProject, key)
    if project is None:
        raise NotFound(f"服务单 {key} 没有现场项目。", f"The order {key} has no field project.", order_id=key)
    return project


def _assignments(ctx: JobContext, order_id: str) -> list[Assignment]:
    found = select(Assignment).where(Assignment.order_id == order_id, Assignment.kind == "project", Assignment.released_at.is_(None))
    return list(ctx.session.scalars(found))


def _name(ctx: JobContext, user_id: str) -> str:
    person = ctx.session.get(Employee, user_id)
    return person.name if person else user_id
