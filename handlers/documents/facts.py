"""What papers have in common: the facts of the case, the sections that return on every paper, the signatures."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.runtime.handlers import JobContext
from engine.storage.contents import ContentStore
from engine.storage.tables.user_tasks import Attachment
from handlers.customers.tables import Customer
from handlers.dispatch.tables import Assignment, Employee, Office
from handlers.documents import words
from handlers.documents.paper import Field, Paper, Section, Signature
from handlers.fields import local_text
from handlers.orders.case import repair_form_of
from handlers.orders.tables import RepairForm, ServiceOrder, Slip
from handlers.parts.tables import Part

Values = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """What every paper of an order needs."""

    ctx: JobContext
    order: ServiceOrder
    slip: Slip | None
    customer: Customer
    values: Values

    def say(self, name: str) -> str:
        """A value of the forms in words."""
        return words.say(self.values.get(name), local=lambda instant: local_text(self.ctx, instant))

    def engineer(self) -> Employee | None:
        """Who was on the visit."""
        if self.slip is None:
            return None
        latest = select(Assignment.engineer_id).where(Assignment.slip_id == self.slip.id).order_by(Assignment.assigned_at.desc()).limit(1)
        engineer_id = self.ctx.session.scalars(latest).first()
        return self.ctx.session.get(Employee, engineer_id) if engineer_id else None

    def repair_form(self) -> RepairForm | None:
        """The repair form of the visit, or of the device brought in."""
        return repair_form_of(self.ctx, self.order.id, self.slip)


def assemble(
    case: Case,
    kind: str,
    title: str,
    title_en: str,
    sections: list[Section],
    signatures: list[Signature] | None = None,
    note: str = "",
    made_at: str = "",
) -> Paper:
    """A paper with the office's head and the number of its slip or order."""
    office = case.ctx.session.scalars(select(Office).order_by(Office.id).limit(1)).first()
    return Paper(
        kind=kind,
        number=f"{case.slip.id if case.slip else case.order.id}-{kind.removeprefix('F-')}",
        title=title,
        title_en=title_en,
        office=office.name if office else "",
        office_line=f"{office.address}　{office.phone}" if office else "",
        made_at=made_at or local_text(case.ctx, case.ctx.now()),
        sections=sections,
        signatures=signatures or [],
        note=note,
    )


def customer_section(case: Case) -> Section:
    """Who, where, which device, what is wrong."""
    order, slip = case.order, case.slip
    return Section(
        "客户与设备",
        [
            Field("客户单位", case.customer.unit_name, wide=True),
            Field("地址", (slip.address if slip else order.address) or "", wide=True),
            Field("联系人", (slip.contact_person if slip else order.contact_person) or ""),
            Field("联系电话", (slip.contact_phone if slip else order.contact_phone) or ""),
            Field("机型", (slip.device_model if slip else order.device_model) or ""),
            Field("序列号", (slip.device_serial if slip else order.device_serial) or ""),
            Field("服务单号", order.id),
            Field("受理时间", local_text(case.ctx, order.received_at)),
            Field("故障现象", (slip.fault if slip else order.need_content) or "", wide=True),
        ],
    )


def parts_section(ctx: JobContext, lines: list[Any]) -> Section:
    """The parts of a visit, by name."""
    rows = []
    for line in lines:
        if isinstance(line, dict) and line.get("part_no"):
            part = ctx.session.get(Part, str(line["part_no"]))
            name = f"{part.name}（{part.no}）" if part else str(line["part_no"])
            rows.append([name, str(line.get("barcode") or ""), str(line.get("qty") or 1), words.say(line.get("action"))])
    return Section("备件", columns=["备件", "条码", "数量", "用途"], rows=rows)


def signature_image(ctx: JobContext, attachment_id: Any) -> bytes | None:
    """The picture of a signature, if the value names an attachment that is a picture."""
    attachment = ctx.session.get(Attachment, attachment_id) if isinstance(attachment_id, str) and attachment_id else None
    if attachment is None or not attachment.media_type.startswith("image/"):
        return None
    return ContentStore(ctx.settings).get(attachment.sha256)
