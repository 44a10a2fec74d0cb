"""How values of forms read on paper, in both languages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

_WORDS = {
    "hardware": "硬件故障 hardware",
    "software": "软件 software",
    "man_made": "人为故障 man-made",
    "none": "无 none",
    "unknown": "待查 unknown",
    "in_area": "服务区域内 in the area",
    "within_80km": "区外八十公里内 within 80 km",
    "agreed": "时间另行商定 as agreed",
    "repaired": "已修复 repaired",
    "unrepaired": "未修复 not repaired",
    "not_reproduced": "未复现 not reproduced",
    "declined": "客户不修 declined",
    "accepted": "已接受 accepted",
    "open": "待答复 open",
    "replaced": "换上 put in",
    "used": "耗用 used up",
    "returned": "未用退回 returned unused",
    "tested": "替换试验 for a test",
    "ok": "完好 intact",
    "damaged": "有损伤 damaged",
    "loose": "松动 loose",
    "peripheral": "外设 peripheral",
    "board": "板卡 board",
    "safety_accident": "可能引发安全事故 risk of accident",
    "major_production_loss": "可能造成重大产损 major production loss",
    "system_paralysis": "系统瘫痪 system paralysis",
    "install": "安装 installation",
    "commission": "调试 commissioning",
    "train": "培训 training",
    "open_items": "有遗留问题 open items",
    "cash": "现金 cash",
    "transfer": "转账 transfer",
    "card": "刷卡 card",
    "hardware_upgrade": "硬件升级换代 hardware upgrade",
    "technical_training": "技术培训 training",
    "out_of_warranty_repair": "保外维修 repair out of warranty",
    "out_of_warranty_inspection": "保外验机 inspection out of warranty",
    "other_product": "非本公司产品 other product",
    "important_work": "重要工作 important work",
    "test": "试验 test",
    "parameter_measurement": "参数测定 measurement",
    "milestone": "里程碑 milestone",
    "customer": "客户 customer",
    "installation_department": "现场安装部门 installation department",
}


def say(value: Any, local: Callable[[datetime], str] = str) -> str:
    """A value for a reader: yes and no, known codes in words, lists in a row, instants in the office's time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
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
