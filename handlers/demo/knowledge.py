"""The demo's training material and the other units of its group; the phone numbers are of a range that is not given out."""

from datetime import datetime

from handlers.cooperation.tables import GroupUnit
from handlers.training.tables import TrainingMaterial

#: Number, title, English title, product (None: every one), topics, reviewed.
_MATERIALS = (
    ("JC-TY-01", "设备使用与日常维护", "Using the device and looking after it", None, ("use", "maintenance"), True),
    ("JC-TY-02", "断电与告警的应急处置", "What to do when the power fails or an alarm sounds", None, ("emergency",), True),
    ("JC-QD-01", "QD-600 存储柜检修手册", "Overhaul of the QD-600 storage cabinet", "启明 QD-600 存储柜", ("overhaul",), True),
    (
        "JC-QU-01",
        "QU-3000 不间断电源检修手册（试用）",
        "Overhaul of the QU-3000 UPS (draft)",
        "启明 QU-3000 不间断电源",
        ("overhaul",),
        False,
    ),
)

#: Id, name, English name, product words, contact.
_UNITS = (
    ("power", "启明电气有限公司", "Qiming Electric", ("配电", "电缆", "变压器", "开关柜"), "邵国强"),
    ("cooling", "启明环境设备有限公司", "Qiming Cooling", ("空调", "冷机", "通风", "加湿"), "顾晓岚"),
    ("software", "启明软件有限公司", "Qiming Software", ("软件", "系统", "平台", "数据库"), "段云飞"),
    ("security", "启明安防科技有限公司", "Qiming Security", ("监控", "摄像", "门禁", "报警"), "陶立新"),
)


def materials(reviewed_at: datetime) -> list[TrainingMaterial]:
    """What may be taught from, and one text that still waits for its review."""
    return [
        TrainingMaterial(
            no=no,
            title=title,
            title_en=title_en,
            product=product,
            topics=list(topics),
            version=1,
            reviewed=reviewed,
            reviewed_at=reviewed_at if reviewed else None,
            reviewed_by="support1" if reviewed else None,
            attachment_ids=[],
        )
        for no, title, title_en, product, topics, reviewed in _MATERIALS
    ]


def group_units() -> list[GroupUnit]:
    """The other units."""
    return [
        GroupUnit(
            id=key,
            name=name,
            name_en=name_en,
            products=list(products),
            contact_person=person,
            contact_phone=f"1990002{number:04d}",
            active=True,
        )
        for number, (key, name, name_en, products, person) in enumerate(_UNITS, start=1)
    ]
