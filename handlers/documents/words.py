"""How values of forms read on paper."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

_WORDS = {
    "hardware": "硬件故障",
    "software": "软件",
    "man_made": "人为故障",
    "none": "无",
    "unknown": "待查",
    "in_area": "服务区域内",
    "within_80km": "区外八十公里内",
    "agreed": "时间另行商定",
    "repaired": "已修复",
    "unrepaired": "未修复",
    "not_reproduced": "未复现",
    "declined": "客户不修",
    "accepted": "已接受",
    "open": "待答复",
    "replaced": "换上",
    "used": "耗用",
    "returned": "未用退回",
    "tested": "替换试验",
    "ok": "完好",
    "damaged": "有损伤",
    "loose": "松动",
    "peripheral": "外设",
    "board": "板卡",
    "cash": "现金",
    "transfer": "转账",
    "card": "刷卡",
    "hardware_upgrade": "硬件升级换代",
    "technical_training": "技术培训",
    "out_of_warranty_repair": "保外维修",
    "out_of_warranty_inspection": "保外验机",
    "other_product": "非本公司产品",
}


def say(value: Any, local: Callable[[datetime], str] = str) -> str:
    """A value for a reader: yes and no, known codes in words, lists in a row, instants in the office's time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(say(item, local) for item in value)
    if isinstance(value, str):
        return _WORDS.get(value) or _instant(value, local) or value
    return f"{value:g}" if isinstance(value, float) else str(value)


def _instant(text: str, local: Callable[[datetime], str]) -> str | None:
    """Text that is an ISO instant with a zone, as local time."""
    if len(text) < len("2026-01-01T00:00Z") or text[10:11] != "T":
        return None
    try:
        instant = datetime.fromisoformat(text.split("@", 1)[0])
    except ValueError:
        return None
    return local(instant) if instant.tzinfo else text.replace("T", " ")
