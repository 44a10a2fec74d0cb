"""Evidence, completeness and the archive."""

from typing import Any

from pydantic import Field
from sqlalchemy import select

from engine.runtime.handlers import JobContext, handler
from engine.storage.tables.user_tasks import Attachment
from handlers.documents.render import file_document
from handlers.documents.tables import Archive, Document
from handlers.fields import Names, Request, Result
from handlers.numbers import daily_number
from handlers.orders.case import newest_slip, order_of, repair_form_of
from handlers.parameters import parameter
from handlers.refusals import refusal

_NAMES = {
    "F-SLIP": ("上门派工单", "dispatch slip"),
    "F-REPAIR": ("维修单", "repair form"),
    "F-SERVICE": ("售后服务单", "service order"),
    "F-QUOTE": ("报价单", "quotation"),
    "F-RECEIPT": ("凭证", "receipt"),
    "F-8D": ("8D 报告", "8D report"),
    "F-INSTORDER": ("委派安装单", "installation order"),
    "F-INST": ("安装调试单", "installation sheet"),
    "F-SURVEY": ("满意度调查表", "satisfaction survey"),
    "F-MAINT": ("维保记录", "maintenance record"),
    "F-INCIDENT": ("突发事件报告", "incident report"),
    "F-SITEPLAN": ("现场服务方案", "site plan"),
    "F-DISCLOSURE": ("技术交底单", "technical disclosure"),
    "F-DAILY": ("每日工作日志", "daily report"),
    "F-WITNESS": ("见证记录", "witness record"),
    "F-HANDOVER": ("附件备件移交单", "handover"),
    "F-CLOSE": ("现场服务回执单", "receipt of field service"),
}


class AttachEvidence(Request):
    """Files of the case, and which kind of paper they are."""

    order_id: str | None = None
    document_kind: str
    attachment_ids: Names = Field(default_factory=list)
    note: str | None = None


class EvidenceAttached(Result):
    """The papers."""

    document_ids: list[str]


@handler("documents.attach_evidence", title="挂附件", title_en="File attachments", errors=("FILE_REJECTED",))
def attach_evidence(ctx: JobContext, request: AttachEvidence) -> EvidenceAttached:
    """File attachments as papers of an order; the same file of the same kind once.

    Raises:
        BpmnError: FILE_REJECTED, an attachment that does not exist.
    """
    order = order_of(ctx, request.order_id)
    slip = newest_slip(ctx, order.id)
    filed = []
    for attachment_id in request.attachment_ids:
        attachment = ctx.session.get(Attachment, attachment_id)
        if attachment is None:
            raise refusal("FILE_REJECTED", f"没有附件 {attachment_id}。", f"There is no attachment {attachment_id}.")
        known = select(Document).where(
            Document.order_id == order.id, Document.kind == request.document_kind, Document.sha256 == attachment.sha256
        )
        document = ctx.session.scalars(known).first()
        if document is None:
            number = f"{order.id}-{request.document_kind}"
            document = file_document(
                ctx,
                order.id,
                slip.id if slip else None,
                kind=request.document_kind,
                number=number,
                attachment=attachment,
                note=request.note,
            )
        filed.append(document.id)
    return EvidenceAttached(document_ids=filed)


class CheckCompleteness(Request):
    """Of which order; what is required follows from the kind of case (parameter closing_required)."""

    order_id: str | None = None
    closing_kind: str = "onsite"
    required: Names | None = None


class CompletenessChecked(Result):
    """What is missing."""

    documents_complete: bool
    missing_documents: list[str]
    missing_text: str
    missing_text_en: str


@handler("documents.check_completeness", title="查必备单据", title_en="Check that all papers are there")
def check_completeness(ctx: JobContext, request: CheckCompleteness) -> CompletenessChecked:
    """Which of the required papers an order does not have yet."""
    order = order_of(ctx, request.order_id)
    missing = _missing(ctx, order.id, request.closing_kind, request.required)
    zh, en = _in_words(missing)
    return CompletenessChecked(documents_complete=not missing, missing_documents=missing, missing_text=zh, missing_text_en=en)


class ArchiveDocuments(CheckCompleteness):
    """As for the check."""


class Archived(Result):
    """The archive number."""

    archive_no: str


@handler("documents.archive", title="归档", title_en="Archive the papers", errors=("INCOMPLETE",))
def archive(ctx: JobContext, request: ArchiveDocuments) -> Archived:
    """Lock the papers of an order under an archive number, once per order; slips of the order count as archived then.

    Raises:
        BpmnError: INCOMPLETE, required papers are missing.
    """
    order = order_of(ctx, request.order_id)
    done = ctx.session.scalars(select(Archive).where(Archive.order_id == order.id)).first()
    if done is not None:
        return Archived(archive_no=done.no)
    missing = _missing(ctx, order.id, request.closing_kind, request.required)
    if missing:
        zh, en = _in_words(missing)
        raise refusal(
            "INCOMPLETE",
            f"单据不齐，还缺：{zh}。",
            f"Papers are missing: {en}.",
            missing_documents=missing,
            missing_text=zh,
            missing_text_en=en,
        )
    documents = ctx.session.scalars(select(Document).where(Document.order_id == order.id).order_by(Document.kind, Document.made_at)).all()
    entry = Archive(
        no=daily_number(ctx, "GD"),
        order_id=order.id,
        contents=[
            {"kind": item.kind, "no": item.no, "version": item.version, "name": item.name, "sha256": item.sha256} for item in documents
        ],
        archived_at=ctx.now(),
        archived_by=ctx.actor,
    )
    ctx.session.add(entry)
    ctx.session.flush()
    for item in documents:
        item.archive_no = entry.no
    return Archived(archive_no=entry.no)


def _missing(ctx: JobContext, order_id: str, closing_kind: str, required: list[str] | None) -> list[str]:
    if required is None:
        by_kind: dict[str, Any] = parameter(ctx, "closing_required")
        required = list(by_kind.get(closing_kind, []))
    there = set(ctx.session.scalars(select(Document.kind).where(Document.order_id == order_id)))
    if closing_kind == "walkin" and not _collected(ctx, order_id):
        there.discard("F-REPAIR")
    return [kind for kind in required if kind not in there]


def _collected(ctx: JobContext, order_id: str) -> bool:
    """Whether the repair form says that the customer took the device back: without the mark it does not count."""
    form = repair_form_of(ctx, order_id, newest_slip(ctx, order_id))
    return form is not None and bool(form.content.get("collected"))


def _in_words(kinds: list[str]) -> tuple[str, str]:
    names = [_NAMES.get(kind, (kind, kind)) for kind in kinds]
    return "、".join(zh for zh, _ in names), ", ".join(en for _, en in names)
