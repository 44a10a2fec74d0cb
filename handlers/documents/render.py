"""Renders the papers of an order as PDF and files them."""

from typing import Any, Literal

from pydantic import Field
from sqlalchemy import func, select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from engine.storage.contents import ContentStore
from engine.storage.tables.user_tasks import Attachment
from handlers.customers.tables import Customer
from handlers.documents.drawing import draw
from handlers.documents.facts import Case
from handlers.documents.paper import Paper
from handlers.documents.papers import quotation_paper, receipt_paper, repair_form_paper, service_order_paper, slip_paper
from handlers.documents.project_sheets import PROJECT_SHEETS
from handlers.documents.sheets import INCIDENT_REPORT, INSTALLATION_ORDER, INSTALLATION_SHEET, MAINTENANCE_SHEET, REPORT_8D, SURVEY
from handlers.documents.tables import Document
from handlers.fields import Request, Result
from handlers.orders.case import newest_slip, order_of, slip_of
from handlers.orders.tables import Receipt
from handlers.refusals import refusal

_PAPERS = {
    "service_order": service_order_paper,
    "slip": slip_paper,
    "repair_form": repair_form_paper,
    "quotation": quotation_paper,
    "report_8d": REPORT_8D.paper,
    "incident_report": INCIDENT_REPORT.paper,
    "installation_order": INSTALLATION_ORDER.paper,
    "installation_sheet": INSTALLATION_SHEET.paper,
    "survey": SURVEY.paper,
    "maintenance_sheet": MAINTENANCE_SHEET.paper,
    **{template: sheet.paper for template, sheet in PROJECT_SHEETS.items()},
}


class RenderDocument(Request):
    """Which paper of which order, with the form values to print."""

    template: Literal[
        "service_order", "slip", "repair_form", "quotation", "receipt", "report_8d", "incident_report",
        "installation_order", "installation_sheet", "survey", "maintenance_sheet",
        "site_plan", "disclosure", "daily_report", "witness", "site_handover", "field_close",
    ]  # fmt: skip
    order_id: str | None = None
    slip_id: str | None = None
    values: dict[str, Any] = Field(default_factory=dict)


class DocumentRendered(Result):
    """The paper."""

    document_id: str
    document_no: str
    document_name: str
    attachment_id: str


@handler("documents.render", title="出单（PDF）", title_en="Render a paper as PDF", errors=("TEMPLATE_MISSING",))
def render(ctx: JobContext, request: RenderDocument) -> DocumentRendered:
    """Make a paper and file it with the order; the same paper is filed once, a changed one as a new version.

    Raises:
        BpmnError: TEMPLATE_MISSING, there is nothing to print, such as a receipt that was never issued.
    """
    order = order_of(ctx, request.order_id)
    slip = slip_of(ctx, request.slip_id, order.id) if request.slip_id else newest_slip(ctx, order.id)
    if request.template == "receipt":
        receipt = ctx.session.scalars(select(Receipt).where(Receipt.order_id == order.id).order_by(Receipt.no.desc()).limit(1)).first()
        if receipt is None:
            raise refusal("TEMPLATE_MISSING", f"服务单 {order.id} 没有凭证可打印。", f"The order {order.id} has no receipt to print.")
        paper = receipt_paper(ctx, order, receipt)
    else:
        paper = _PAPERS[request.template](Case(ctx, order, slip, ctx.session.get_one(Customer, order.customer_id), request.values))
    document = store_paper(ctx, order.id, slip.id if slip else None, paper)
    return DocumentRendered(
        document_id=document.id, document_no=document.no, document_name=document.name, attachment_id=document.attachment_id
    )


def store_paper(ctx: JobContext, order_id: str, slip_id: str | None, paper: Paper) -> Document:
    """Draw a paper, keep it in the content store and file it with its order."""
    content = draw(paper)
    name = f"{paper.title} {paper.title_en} {paper.number}.pdf"
    stored = ContentStore(ctx.settings).put(name, content)
    known = select(Document).where(Document.order_id == order_id, Document.kind == paper.kind, Document.sha256 == stored.sha256)
    document = ctx.session.scalars(known).first()
    if document is not None:
        return document
    attachment = Attachment(
        id=new_id(),
        root_id=ctx.root_instance_id,
        instance_id=ctx.instance_id,
        name=name,
        kind="document",
        media_type=stored.media_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        added_at=ctx.now(),
        added_by=ctx.actor,
    )
    ctx.session.add(attachment)
    ctx.session.flush()
    return file_document(ctx, order_id, slip_id, kind=paper.kind, number=paper.number, attachment=attachment, note=None)


def file_document(
    ctx: JobContext, order_id: str, slip_id: str | None, *, kind: str, number: str, attachment: Attachment, note: str | None
) -> Document:
    """File an attachment as a paper of an order."""
    versions = select(func.count()).select_from(Document).where(Document.order_id == order_id, Document.kind == kind, Document.no == number)
    document = Document(
        id=new_id(),
        no=number,
        version=(ctx.session.scalar(versions) or 0) + 1,
        order_id=order_id,
        slip_id=slip_id,
        kind=kind,
        name=attachment.name,
        attachment_id=attachment.id,
        sha256=attachment.sha256,
        note=note,
        made_at=ctx.now(),
        made_by=ctx.actor,
    )
    ctx.session.add(document)
    ctx.session.flush()
    return document
