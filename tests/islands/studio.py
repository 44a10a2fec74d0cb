"""The studio's side of the contract for the tests of the modelers: drafts, checks, choices, element templates."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROCESSES = Path(__file__).parents[2] / "processes"
SAMPLES = Path(__file__).parent
KINDS = {".bpmn": "modeler", ".form": "form_editor", ".dmn": "decision_editor"}


@dataclass
class Studio:
    """What the studio was sent, and how it is told to answer."""

    saved: dict[str, str] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    puts: list[tuple[str, int]] = field(default_factory=list)  #: key and revision that was given
    findings: list[dict[str, Any]] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    fixed: str = ""  #: what a repair answers

    def content(self, key: str) -> str:
        """What is saved; at first the shipped file or a sample of these tests."""
        if key not in self.saved:
            shipped = PROCESSES / key
            self.saved[key] = (shipped if shipped.is_file() else SAMPLES / Path(key).name).read_text("utf-8")
        return self.saved[key]

    def revision(self, key: str) -> int:
        """The revision that is saved now."""
        return self.revisions.get(key, 0)

    def save(self, key: str, content: str, revision: int) -> tuple[int, dict[str, Any]]:
        """Save when nobody was first."""
        self.puts.append((key, revision))
        if revision != self.revision(key):
            message = {"zh": "王芳在另一处先保存了。", "en": "Wang Fang saved first."}
            return 409, {"message": message, "revision": self.revision(key), "copyUrl": "/inbox"}
        self.saved[key] = content
        self.revisions[key] = revision + 1
        return 200, {"revision": revision + 1, "savedAt": "2026-11-20T08:00:00Z"}

    def check(self, content: str, fix: str | None) -> dict[str, Any]:
        """The findings that the test set, or the content repaired."""
        if fix:
            self.findings = []
            return {"content": self.fixed}
        self.checked.append(content)
        return {"findings": self.findings, "ms": 1}


def props(key: str, language: str, **changes: Any) -> dict[str, Any]:
    """Properties of a modeler island."""
    return {
        "kind": "bpmn", "key": key, "user": "owner", "name": key, "locale": language, "readonly": False, "revision": 0,
        "contentUrl": f"/studio/content/{key}", "checkUrl": f"/studio/check/{key}", "choicesUrl": "/studio/choices",
        "templatesUrl": "/studio/templates", "moduleLabels": {"检查设备": "Check the device"}, **changes,
    }  # fmt: skip


def both(zh: str, en: str) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": zh, "en": en}


CHOICES: dict[str, Any] = {
    "handlers": [
        {"topic": "deadlines.compute_due", "title": both("计算期限", "Compute a deadline"), "description": both("按工作时间计算。", "In working time."),
         "inputs": [
             {"name": "start", "title": both("起算时间", "From"), "description": both("", ""), "type": "datetime", "required": True, "options": None},
             {"name": "clock", "title": both("计时方式", "Clock"), "description": both("", ""), "type": "string", "required": False, "options": [
                 {"value": "working", "label": both("工作时间", "Working time")}, {"value": "calendar", "label": both("自然时间", "Calendar time")}]}],
         "outputs": [{"name": "due_at", "title": both("期限", "Deadline"), "type": "datetime"}],
         "errors": [{"code": "NO_CALENDAR", "title": both("没有日历", "No calendar")}]},
        {"topic": "parts.issue", "title": both("发放备件", "Issue a part"), "description": both("", ""), "inputs": [], "outputs": [],
         "errors": [{"code": "OUT_OF_STOCK", "title": both("缺货", "Out of stock")}]}],
    "roles": [{"group": "hotline", "label": both("热线工程师", "Hotline engineer")}, {"group": "coordinator", "label": both("协调员", "Coordinator")},
              {"group": "onsite", "label": both("上门工程师", "On-site engineer")}],
    "users": [{"id": "hotline1", "label": both("王芳", "Wang Fang")}],
    "forms": [{"id": "f_visit", "label": both("上门记录", "Visit record"), "key": "shared/f_visit.form", "fields": [], "draft": False}],
    "decisions": [{"id": "dmn_coverage", "label": both("保修判定", "Coverage"), "key": "shared/dmn_coverage.dmn", "inputs": [], "outputs": [], "draft": False}],
    "processes": [{"id": "onsite_service", "label": both("上门服务", "On-site service"), "key": "onsite_service/onsite_service.bpmn", "messages": []}],
    "messages": [{"name": "slip.received", "label": both("派工单", "Dispatch slip"), "sentBy": ["hotline_service"], "receivedBy": []}],
    "errors": [{"code": "OUT_OF_STOCK", "label": both("缺货", "Out of stock")}],
    "clauses": [{"id": "M3-3.2-onsite-2", "title": both("上门前准备", "Before the visit"), "text": both("出发前核对备件和工具。", "Check parts and tools.")},
                {"id": "M3-3.1-ons-1", "title": both("接单", "Taking the slip"), "text": both("收到派工单后确认。", "Confirm the slip.")}],
    "guidance": [{"id": "M3-2.4-2", "title": both("接待用语", "How to greet")}],
    "parameters": [{"name": "first_contact", "label": both("首次联系时限", "First contact"), "value": "PT2H", "unit": "working_time"}],
    "variables": ["order_id", "first_request_at"],
}  # fmt: skip

TEMPLATES: list[dict[str, Any]] = [
    {
        "name": "t_parts", "id": "opsbook.parts.issue", "version": 1, "appliesTo": ["bpmn:ServiceTask"], "properties": [
            {"type": "Hidden", "value": "external", "binding": {"type": "property", "name": "camunda:type"}},
            {"type": "Hidden", "value": "parts.issue", "binding": {"type": "property", "name": "camunda:topic"}},
            {"label": "part_code", "type": "String", "binding": {"type": "camunda:inputParameter", "name": "part_code"}}]},
]  # fmt: skip


def answer(studio: Studio, name: str) -> tuple[str, str, str]:
    """Content, media type and ETag of a GET below /studio/."""
    kind, _, key = name.partition("/")
    if kind == "content":
        return studio.content(key), "application/json" if key.endswith(".form") else "application/xml", f'"{studio.revision(key)}"'
    return json.dumps({"choices": CHOICES, "templates": TEMPLATES}[kind], ensure_ascii=False), "application/json", '""'
