"""Sample data for the islands: a service visit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.islands import site

DIAGRAM = (Path(__file__).parent / "visit.bpmn").read_text("utf-8")

LABELS = {
    "现场服务": "On-site service", "协调员": "Coordinator", "工程师": "Engineer", "派工": "Dispatch", "联系客户": "Contact the customer",
    "上门检修": "Repair on site", "要备件？": "Part needed?", "要": "yes", "不要": "no", "借用备件": "Borrow a part", "客户签字": "Customer signs",
    "需要派工": "Visit needed", "服务完成": "Service done", "2 小时未联系": "Not contacted in 2 h", "登记违约": "Record breach",
    "故障现象": "Symptom", "到达时间": "Arrived at", "设备型号": "Device model", "处理结果": "Result", "已修好": "Repaired", "需要备件": "Part needed",
    "不修": "Not repaired", "更换的备件": "Parts replaced", "备件编码": "Part code", "数量": "Quantity", "现场照片": "Photos", "客户签名": "Customer's signature",
    "工时（小时）": "Hours worked", "收费": "Charged", "是": "yes", "否": "no", "缺件说明": "Which part is missing", "其他文件": "Other files",
    "检查项目": "Checked", "外观": "Appearance", "电源": "Power", "软件": "Software", "客户电话": "Customer's phone", "按实际情况填写": "As it was found",
}  # fmt: skip

FORM: dict[str, Any] = {
    "id": "f_visit", "type": "default", "schemaVersion": 19, "components": [
        {"type": "text", "id": "intro", "text": "按实际情况填写"},
        {"type": "textfield", "id": "model", "key": "device_model", "label": "设备型号", "disabled": True, "layout": {"row": "r1", "columns": 8}},
        {"type": "textfield", "id": "phone", "key": "contact_phone", "label": "客户电话", "layout": {"row": "r1", "columns": 8},
         "validate": {"required": True, "pattern": "^1[3-9]\\d{9}$", "patternErrorMessage": "请输入 11 位手机号"}},
        {"type": "textarea", "id": "fault", "key": "fault", "label": "故障现象", "validate": {"required": True, "minLength": 4}},
        {"type": "datetime", "id": "arrived", "key": "arrived_at", "dateLabel": "到达时间", "subtype": "datetime", "use24h": True,
         "timeSerializingFormat": "utc_offset", "timeInterval": 15},
        {"type": "number", "id": "hours", "key": "hours", "label": "工时（小时）", "decimalDigits": 1, "validate": {"min": 0, "max": 24, "required": True},
         "layout": {"row": "r2", "columns": 8}},
        {"type": "radio", "id": "charged", "key": "charged", "label": "收费", "values": [{"label": "是", "value": True}, {"label": "否", "value": False}],
         "validate": {"required": True}, "layout": {"row": "r2", "columns": 8}},
        {"type": "checklist", "id": "checked", "key": "checked", "label": "检查项目", "values": [
            {"label": "外观", "value": "look"}, {"label": "电源", "value": "power"}, {"label": "软件", "value": "software"}]},
        {"type": "select", "id": "result", "key": "result", "label": "处理结果", "validate": {"required": True}, "values": [
            {"label": "已修好", "value": "repaired"}, {"label": "需要备件", "value": "part"}, {"label": "不修", "value": "refused"}]},
        {"type": "textarea", "id": "missing", "key": "missing_part", "label": "缺件说明", "validate": {"required": True},
         "conditional": {"hide": '=result = null or result != "part"'}},
        {"type": "dynamiclist", "id": "parts", "path": "parts_used", "label": "更换的备件", "isRepeating": True, "allowAddRemove": True,
         "defaultRepetitions": 1, "showOutline": True, "components": [
            {"type": "textfield", "id": "code", "key": "code", "label": "备件编码", "layout": {"row": "p1", "columns": 10}},
            {"type": "number", "id": "qty", "key": "qty", "label": "数量", "decimalDigits": 0, "layout": {"row": "p1", "columns": 6}, "validate": {"min": 1}}]},
        {"type": "photo", "id": "photos", "key": "photos", "label": "现场照片"},
        {"type": "filepicker", "id": "files", "key": "files", "label": "其他文件"},
        {"type": "signature", "id": "sign", "key": "customer_signature", "label": "客户签名", "validate": {"required": True}},
        {"type": "button", "id": "b", "label": "提交", "action": "submit"},
    ],
}  # fmt: skip

STATE: dict[str, Any] = {
    "active": [{"elementId": "repair", "count": 1}], "completed": ["start", "dispatch", "contact"],
    "flowsTaken": {"f1": 1, "f2": 1, "f3": 1}, "incidents": [{"elementId": "breach", "message": "邮件没有发出"}],
    "overlays": [{"elementId": "repair", "text": "周五 16:30 到期", "tone": "warn", "place": "top"}],
    "links": {"loan": {"href": "/inbox", "title": "备件借用 · 进行中"}},
}  # fmt: skip


def form_props(language: str, **changes: Any) -> dict[str, Any]:
    """Properties of the form island."""
    return {
        "schema": FORM, "data": {"device_model": "DX-300", "contact_phone": "13800138000", "fault": "", "result": None}, "taskId": "t1",
        "submitUrl": "/submit", "draftUrl": "/draft", "attachmentUrl": "/attachments", "attachments": {}, "locale": language, "labels": LABELS,
        "submitLabel": {"zh": "完成", "en": "Complete"}, **changes,
    }  # fmt: skip


def diagram_props(language: str, **changes: Any) -> dict[str, Any]:
    """Properties of the diagram island."""
    return {"xml": DIAGRAM, "locale": language, "labels": LABELS, **STATE, **changes}


def task(language: str) -> str:
    """A task page: form, diagram and a card."""
    form = f'<div class="card"><div class="card-body">{site.island("form", form_props(language))}</div></div>'
    diagram = site.island("diagram", diagram_props(language))
    card = '<article class="card"><div class="card-body"><h2 class="card-title">首次联系</h2><p>接单后 2 小时内联系客户，说明到达时间。</p></div></article>'
    head = '<h1 class="page-title mb-3">上门检修 · 北京第三医院</h1>'
    return f'{head}<div data-phone-tabs><section data-tab="表单">{form}</section><section data-tab="流程图">{diagram}</section><section data-tab="手册">{card}</section></div>'


def diagram(language: str) -> str:
    """A diagram alone."""
    return '<h1 class="page-title mb-3">流程图</h1>' + site.island("diagram", diagram_props(language))


def nested(language: str) -> str:
    """A case that stands inside a collapsed sub-process; the sub-process is active too, as the engine sees it."""
    xml = (Path(__file__).parent / "nested.bpmn").read_text("utf-8")
    active = [{"elementId": "appointment", "count": 1}, {"elementId": "call", "count": 1}]
    return site.island("diagram", {"xml": xml, "locale": language, "labels": {}, "active": active})


def plain(_language: str) -> str:
    """Islands of plain pages: signature, photo, live list, toast buttons."""
    sign = site.island("signature", {"name": "sign", "label": "客户签名", "attachmentUrl": "/attachments", "required": True})
    photo = site.island("photo", {"name": "photos", "label": "现场照片", "attachmentUrl": "/attachments"})
    live = '<div data-live="/live" data-live-every="1"><p>0</p></div>'
    themes = "".join(f'<button class="btn" data-theme-set="{theme}">{theme}</button>' for theme in ("auto", "light", "dark"))
    return f'<h1>小件</h1><form>{sign}{photo}</form>{live}{themes}<template data-toast="good">已保存</template>'


def readonly(language: str) -> str:
    """A form that somebody may only read."""
    data = {
        "device_model": "DX-300",
        "contact_phone": "13800138000",
        "fault": "无法开机",
        "charged": False,
        "checked": ["look"],
        "hours": 1.5,
    }
    return site.island("form", form_props(language, readonly=True, data=data))


PROCESSES = Path(__file__).parents[2] / "processes"


def shipped(process: str, focus: str | None = None) -> str:
    """A diagram that is shipped, as the page of its process shows it."""
    xml = (PROCESSES / process / f"{process}.bpmn").read_text("utf-8")
    notes = f'<div data-element-notes="/live?{process}="></div><button data-focus-element="{focus or ""}">focus</button>'
    return site.island("diagram", {"xml": xml, "locale": "zh"} | ({"focus": focus} if focus else {})) + notes


PAGES: dict[str, Callable[[str], str]] = {"task": task, "diagram": diagram, "nested": nested, "plain": plain, "readonly": readonly}
