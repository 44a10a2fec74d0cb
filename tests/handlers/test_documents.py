"""Papers as PDF, evidence, completeness and the archive."""

import shutil
import subprocess
from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import BpmnError
from engine.storage.contents import ContentStore
from engine.storage.tables import Attachment
from handlers.documents.tables import Archive, Document


def signature() -> bytes:
    """A stroke of ink on transparent ground, as a finger draws it."""
    picture = Image.new("RGBA", (400, 160), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(20, 120), (120, 30), (180, 130), (260, 40), (380, 110)], fill=(20, 40, 120, 255), width=7)
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def content(desk, document_id):
    """The PDF of a document."""
    document = desk.rows(select(Document).where(Document.id == document_id))[0]
    return ContentStore(desk.engine.settings).get(document.sha256)


def text_of(pdf, tmp_path):
    """What a reader of the PDF sees as text."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True).stdout


VISIT = {
    "service_content": "上门更换电源",
    "service_process": "检测电源无输出，更换后带机测试三十分钟",
    "service_solution": "更换 300 W 电源",
    "parts": [{"part_no": "PS-300", "qty": 1, "barcode": "PS-300-0001", "action": "replaced"}],
    "open_problems": [{"text": "键盘接触不良", "due": "2026-03-20"}],
    "advice": "避免<频繁>断电 & 定期清灰",
    "customer_opinion": "满意",
}


def test_the_service_order_shows_the_visit_and_the_customers_signature(desk, tmp_path):
    """The paper names customer, work, parts and open problems, carries the picture of the signature, and is filed with the case."""
    order_id = desk.order()
    desk.do("dispatch.assign", engineer_id="engineer2")
    signed = desk.attach("签名.png", signature())

    unsigned = desk.do("documents.render", template="service_order", values=VISIT)
    rendered = desk.do("documents.render", template="service_order", values={**VISIT, "customer_sig": signed})

    pdf = content(desk, rendered["document_id"])
    attachment = desk.rows(select(Attachment).where(Attachment.id == rendered["attachment_id"]))[0]
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Subtype /Image") > content(desk, unsigned["document_id"]).count(b"/Subtype /Image")
    assert (attachment.kind, attachment.media_type, attachment.root_id) == ("document", "application/pdf", "case")
    assert rendered["document_no"].endswith("-SERVICE")
    if shutil.which("pdftotext"):
        text = text_of(pdf, tmp_path)
        for expected in ("售后服务单", order_id, "楚云物流有限公司", "PS-300-0001", "键盘接触不良", "避免<频繁>断电 & 定期清灰", "刘海峰"):
            assert expected in text


def test_the_same_paper_is_filed_once_and_a_changed_one_as_a_new_version(desk):
    """Rendering is pure: the same facts give the same bytes."""
    desk.order()

    first = desk.do("documents.render", template="slip")
    same = desk.do("documents.render", template="slip")
    desk.do("orders.update_slip", judged_fault="电源坏")
    changed = desk.do("documents.render", template="slip")

    assert first == same
    assert changed["document_id"] != first["document_id"]
    assert [item.version for item in desk.rows(select(Document).order_by(Document.version))] == [1, 2]


def test_every_template_renders(desk):
    """Slip, repair form, quotation and receipt of one order, each with its own kind; nothing to print is said."""
    desk.order(device_model="启明 QT-520 台式机")
    with pytest.raises(NotFound):
        desk.do("documents.render", template="repair_form")
    with pytest.raises(BpmnError) as no_receipt:
        desk.do("documents.render", template="receipt")
    desk.do(
        "orders.save_repair_form",
        fault_type="hardware",
        measures=[{"step": "换电源", "phase": "board", "result": "正常"}],
        inspection=[{"item": "开机", "ok": True}],
        parts=VISIT["parts"],
        observed_minutes=30,
        reproduced=False,
    )
    desk.do("billing.make_quotation", paid_type="man_made", quote_lines=[{"item": "换屏", "qty": 1, "unit_price": 640}])
    desk.do("custody.issue_receipt")

    kinds = {
        template: desk.do("documents.render", template=template)["document_no"]
        for template in ("slip", "repair_form", "quotation", "receipt")
    }

    assert no_receipt.value.code == "TEMPLATE_MISSING"
    assert {number.rsplit("-", 1)[1] for number in kinds.values()} == {"SLIP", "REPAIR", "QUOTE", "RECEIPT"}


def test_a_long_paper_runs_over_pages(desk):
    """A hundred repair steps and a very long text still fit, on more pages."""
    desk.order()
    desk.do(
        "orders.save_repair_form",
        fault_description="很长" * 2000,
        measures=[{"step": f"第 {n} 步", "phase": "board", "result": "好"} for n in range(100)],
    )

    rendered = desk.do("documents.render", template="repair_form")

    assert content(desk, rendered["document_id"]).count(b"/Type /Page\n") > 2


def test_a_signature_that_is_no_picture_leaves_the_box_empty(desk):
    """A file of another kind, or an unknown id, is not drawn and does not stop the paper."""
    desk.order()
    note = desk.attach("说明.txt", "不是图片".encode(), kind="file")

    assert desk.do("documents.render", template="service_order", values={"customer_sig": note})["document_id"]
    assert desk.do("documents.render", template="service_order", values={"customer_sig": "nowhere", "engineer_sig": 7})["document_id"]


def test_a_case_is_archived_when_its_papers_are_complete(desk):
    """What is missing is named; once complete, the papers get one archive number and are locked under it."""
    order_id = desk.order()
    desk.do("documents.render", template="slip")
    desk.do("orders.save_repair_form", fault_description="开不了机")

    early = desk.do("documents.check_completeness")
    with pytest.raises(BpmnError) as refused:
        desk.do("documents.archive")
    desk.do("documents.render", template="repair_form")
    scan = desk.attach("售后服务单.png", signature(), kind="photo")
    filed = desk.do("documents.attach_evidence", document_kind="F-SERVICE", attachment_ids=scan)
    again = desk.do("documents.attach_evidence", document_kind="F-SERVICE", attachment_ids=[scan])
    archived = desk.do("documents.archive")

    assert early["missing_documents"] == ["F-REPAIR", "F-SERVICE"]
    assert early["missing_text"] == "维修单、售后服务单"
    assert refused.value.code == "INCOMPLETE"
    assert filed == again
    assert archived == desk.do("documents.archive")
    assert archived["archive_no"] == "GD20260305-0001"
    archive = desk.rows(select(Archive))[0]
    assert archive.order_id == order_id
    assert {item["kind"] for item in archive.contents} == {"F-SLIP", "F-REPAIR", "F-SERVICE"}
    assert {item.archive_no for item in desk.rows(select(Document))} == {archived["archive_no"]}


def test_other_kinds_of_service_need_other_papers(desk):
    """The list comes from the parameters, or from the diagram."""
    desk.order()

    walk_in = desk.do("documents.check_completeness", closing_kind="walkin")
    asked = desk.do("documents.check_completeness", required="F-QUOTE")

    assert walk_in["missing_documents"] == ["F-REPAIR"]
    assert asked["missing_documents"] == ["F-QUOTE"]


def test_an_attachment_that_does_not_exist_is_rejected(desk):
    """Nothing is filed under an unknown id."""
    desk.order()
    with pytest.raises(BpmnError) as refused:
        desk.do("documents.attach_evidence", document_kind="photo", attachment_ids=["nowhere"])

    assert refused.value.code == "FILE_REJECTED"


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="nothing here reads the text of a PDF")
def test_a_paper_is_read_in_both_languages(desk, tmp_path):
    """Every label of a paper has its English beside it, and so have the words for what was ticked."""
    desk.order()
    desk.do("dispatch.assign", engineer_id="engineer2")
    desk.do("orders.save_repair_form", exterior="ok", warranty_card_checked=True)

    rendered = desk.do("documents.render", template="repair_form")

    text = text_of(content(desk, rendered["document_id"]), tmp_path)
    for chinese, english in (("客户单位", "Customer"), ("诊断", "Diagnosis"), ("完好", "intact"), ("客户签名", "Customer's signature")):
        assert chinese in text
        assert english in text
