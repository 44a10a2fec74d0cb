"""What is covered: warranty, the on-site period, a contract."""

from datetime import date, datetime

from sqlalchemy import select

from engine.runtime.handlers import JobContext, handler
from handlers.customers.tables import Contract, Device
from handlers.fields import Instant, Request, Result, local_day
from handlers.refusals import refusal


class LookupCoverage(Request):
    """The device or contract in question, and the day that counts (today when left out)."""

    device_serial: str | None = None
    contract_no: str | None = None
    customer_id: str | None = None
    service_type: str | None = None
    at: Instant | date | None = None


class Coverage(Result):
    """What is covered on that day."""

    device_serial: str | None = None
    device_model: str | None = None
    in_warranty: bool
    warranty_until: date | None = None
    in_onsite_period: bool
    onsite_until: date | None = None
    contract_covered: bool
    contract_no: str | None = None
    company_product: bool
    coverage_text: str
    coverage_text_en: str


@handler("customers.lookup_coverage", title="查保修与合同", title_en="Look up warranty and contract", errors=("DEVICE_UNKNOWN",))
def lookup_coverage(ctx: JobContext, request: LookupCoverage) -> Coverage:
    """Warranty and on-site period of a device, and whether a running contract covers it.

    Raises:
        BpmnError: DEVICE_UNKNOWN, neither the serial number nor the contract is known here.
    """
    day = local_day(ctx, request.at if isinstance(request.at, (date, datetime)) else None)
    device = ctx.session.get(Device, request.device_serial) if request.device_serial else None
    contract = _contract(ctx, request, device, day)
    if device is None and contract is None:
        raise refusal(
            "DEVICE_UNKNOWN",
            f"查不到序列号 {request.device_serial or '（未给）'}，也没有可用的合同，请向客户询问。",
            f"Serial number {request.device_serial or '(none)'} is unknown and there is no running contract; ask the customer.",
            device_serial=request.device_serial,
        )
    in_warranty = device is not None and day <= device.warranty_until
    in_onsite = device is not None and day <= device.onsite_until
    words = _words(device, contract, in_warranty=in_warranty, in_onsite=in_onsite)
    return Coverage(
        device_serial=device.serial if device else request.device_serial,
        device_model=device.model if device else None,
        in_warranty=in_warranty,
        warranty_until=device.warranty_until if device else None,
        in_onsite_period=in_onsite,
        onsite_until=device.onsite_until if device else None,
        contract_covered=contract is not None,
        contract_no=contract.contract_no if contract else None,
        company_product=device.company_product if device else True,
        coverage_text="；".join(zh for zh, _ in words),
        coverage_text_en="; ".join(en for _, en in words),
    )


def _contract(ctx: JobContext, request: LookupCoverage, device: Device | None, day: date) -> Contract | None:
    """A contract counts while it runs; without a number, the customer's own."""
    running = select(Contract).where(Contract.starts_on <= day, Contract.ends_on >= day).order_by(Contract.ends_on.desc())
    if request.contract_no:
        return ctx.session.scalars(running.where(Contract.contract_no == request.contract_no)).first()
    customer_id = device.customer_id if device else request.customer_id
    return ctx.session.scalars(running.where(Contract.customer_id == customer_id)).first() if customer_id else None


def _words(device: Device | None, contract: Contract | None, *, in_warranty: bool, in_onsite: bool) -> list[tuple[str, str]]:
    words = []
    if device:
        state, state_en = ("保修期内", "in warranty") if in_warranty else ("已过保修期", "out of warranty")
        words.append((f"{state}（至 {device.warranty_until}）", f"{state_en} (until {device.warranty_until})"))
        state, state_en = ("上门期内", "on-site period runs") if in_onsite else ("已过上门期", "on-site period is over")
        words.append((f"{state}（至 {device.onsite_until}）", f"{state_en} (until {device.onsite_until})"))
        if not device.company_product:
            words.append(("非本公司产品", "not our product"))
    if contract:
        words.append((f"合同 {contract.contract_no} 覆盖：{contract.coverage}", f"covered by contract {contract.contract_no}"))
    return words
