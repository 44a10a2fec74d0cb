"""Devices that were installed at a customer's: from that day on they are known, in warranty and in the on-site period."""

from datetime import date, timedelta
from typing import Literal

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.customers.tables import Customer, Device
from handlers.fields import Instant, Line, Request, Result, local_day
from handlers.parameters import parameter
from handlers.refusals import refusal

_YEAR = timedelta(days=365)


class InstalledDevice(Line):
    """One device as the installation sheet has it."""

    device_model: str
    device_serial: str
    service_line: Literal["server", "storage", "network", "pc", "printer", "ups"]
    configuration: str = ""


class RegisterDevices(Request):
    """What was installed where, and when (today when left out)."""

    customer_id: str
    devices: list[InstalledDevice]
    installed_at: Instant | date | None = None
    location: str | None = None


class DevicesRegistered(Result):
    """How many devices are new; until when they are covered."""

    device_count: int
    warranty_until: date
    onsite_until: date


@handler("customers.register_devices", title="登记新装设备", title_en="Register installed devices", errors=("SERIAL_TAKEN",))
def register_devices(ctx: JobContext, request: RegisterDevices) -> DevicesRegistered:
    """Register installed devices, each serial number once; warranty and on-site period begin with the installation.

    Raises:
        NotFound: there is no such customer.
        BpmnError: SERIAL_TAKEN, a serial number that belongs to another customer's device.
    """
    if ctx.session.get(Customer, request.customer_id) is None:
        raise NotFound(f"没有客户 {request.customer_id}。", f"There is no customer {request.customer_id}.", customer_id=request.customer_id)
    installed_on = local_day(ctx, request.installed_at)
    warranty_until = installed_on + _YEAR * int(parameter(ctx, "warranty_years"))
    onsite_until = installed_on + _YEAR * int(parameter(ctx, "onsite_years"))
    count = 0
    for line in request.devices:
        known = ctx.session.get(Device, line.device_serial)
        if known is not None and known.customer_id != request.customer_id:
            raise refusal(
                "SERIAL_TAKEN",
                f"序列号 {line.device_serial} 已登记在别的客户名下，请核对。",
                f"The serial number {line.device_serial} belongs to another customer's device; check it.",
            )
        if known is None:
            ctx.session.add(
                Device(
                    serial=line.device_serial,
                    customer_id=request.customer_id,
                    model=line.device_model,
                    service_line=line.service_line,
                    standard_configuration=line.configuration,
                    sold_on=installed_on,
                    warranty_until=warranty_until,
                    onsite_until=onsite_until,
                    company_product=True,
                    location=request.location,
                )
            )
            count += 1
    return DevicesRegistered(device_count=count, warranty_until=warranty_until, onsite_until=onsite_until)
