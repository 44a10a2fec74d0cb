"""What the demo's company sells, stocks and charges for."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from handlers.billing.tables import PriceItem
from handlers.parts.tables import Part


@dataclass(frozen=True)
class Model:
    """A device model: its line of service, its standard configuration and how long repairs come to the door."""

    name: str
    service_line: str
    configuration: str
    warranty_years: int
    onsite_years: int
    skill: str
    company_product: bool = True


MODELS = (
    Model("启明 QS-3200 机架服务器", "server", "双路处理器，64 GB 内存，4×2 TB 硬盘，双电源", 3, 3, "server"),
    Model("启明 QS-1100 塔式服务器", "server", "单路处理器，32 GB 内存，2×2 TB 硬盘", 3, 2, "server"),
    Model("启明 QD-600 存储柜", "storage", "12 盘位，双控制器，8×4 TB 硬盘", 3, 3, "storage"),
    Model("启明 QW-48 汇聚交换机", "network", "48 口千兆，4 口万兆", 3, 2, "network"),
    Model("启明 QT-520 台式机", "pc", "16 GB 内存，512 GB 固态硬盘", 3, 1, "pc"),
    Model("启明 QN-140 笔记本", "pc", "14 英寸，16 GB 内存，512 GB 固态硬盘", 2, 1, "pc"),
    Model("启明 QP-2100 激光打印机", "printer", "A4 黑白，双面，网络接口", 2, 1, "printer"),
    Model("启明 QP-5300 数码复合机", "printer", "A3 彩色，打印复印扫描", 2, 1, "printer"),
    Model("启明 QU-3000 不间断电源", "ups", "3 kVA，8 节电池", 3, 1, "ups"),
    Model("其他品牌台式机", "pc", "客户自购", 0, 0, "pc", company_product=False),
)

_SERVERS = ("启明 QS-3200 机架服务器", "启明 QS-1100 塔式服务器")
_DESKS = ("启明 QT-520 台式机", "启明 QN-140 笔记本")
_PRINTERS = ("启明 QP-2100 激光打印机", "启明 QP-5300 数码复合机")

#: Number, name, unit, fits, serialised, cost, trait, shelf, minimum, maximum.
_PARTS = (
    ("HD-2T", "2 TB 企业级硬盘", "块", (*_SERVERS, "启明 QD-600 存储柜"), True, 980, "wear", "A-01-1", 2, 8),
    ("HD-4T", "4 TB 企业级硬盘", "块", ("启明 QD-600 存储柜",), True, 1580, "wear", "A-01-2", 1, 6),
    ("MM-32S", "32 GB 服务器内存", "条", _SERVERS, True, 1260, "critical", "A-02-1", 1, 4),
    ("PS-800", "800 W 服务器电源", "个", _SERVERS, True, 1150, "critical", "A-02-2", 1, 4),
    ("MB-S32", "QS-3200 主板", "块", ("启明 QS-3200 机架服务器",), True, 4300, "long_lead_time", "A-03-1", 0, 1),
    ("RC-12", "阵列卡", "块", (*_SERVERS, "启明 QD-600 存储柜"), True, 2100, "long_lead_time", "A-03-2", 0, 2),
    ("FN-80", "80 mm 服务器风扇", "个", _SERVERS, True, 120, "wear", "A-03-3", 2, 8),
    ("SF-10G", "万兆光模块", "个", ("启明 QW-48 汇聚交换机",), True, 460, "wear", "A-04-1", 2, 6),
    ("PS-SW", "交换机电源", "个", ("启明 QW-48 汇聚交换机",), True, 690, "critical", "A-04-2", 1, 2),
    ("SD-512", "512 GB 固态硬盘", "块", _DESKS, True, 320, "wear", "B-01-1", 3, 8),
    ("MM-16D", "16 GB 台式机内存", "条", ("启明 QT-520 台式机",), True, 280, "wear", "B-01-2", 2, 6),
    ("MM-16N", "16 GB 笔记本内存", "条", ("启明 QN-140 笔记本",), True, 290, "wear", "B-01-3", 1, 4),
    ("PS-300", "300 W 台式机电源", "个", ("启明 QT-520 台式机",), True, 180, "wear", "B-02-1", 2, 6),
    ("MB-T52", "QT-520 主板", "块", ("启明 QT-520 台式机",), True, 760, "critical", "B-02-2", 1, 3),
    ("LC-14", "14 英寸液晶屏", "块", ("启明 QN-140 笔记本",), True, 640, "critical", "B-02-3", 1, 3),
    ("BT-N14", "笔记本电池", "块", ("启明 QN-140 笔记本",), True, 330, "wear", "B-03-1", 1, 4),
    ("KB-N14", "笔记本键盘", "个", ("启明 QN-140 笔记本",), True, 160, "wear", "B-03-2", 1, 4),
    ("FU-21", "QP-2100 定影组件", "套", ("启明 QP-2100 激光打印机",), True, 520, "wear", "C-01-1", 2, 5),
    ("FU-53", "QP-5300 定影组件", "套", ("启明 QP-5300 数码复合机",), True, 980, "wear", "C-01-2", 1, 3),
    ("RL-P", "搓纸轮组件", "套", _PRINTERS, False, 45, "wear", "C-01-3", 6, 20),
    ("DR-53", "QP-5300 感光鼓", "个", ("启明 QP-5300 数码复合机",), True, 860, "wear", "C-02-1", 1, 3),
    ("BT-U9", "12 V 9 Ah 电池", "节", ("启明 QU-3000 不间断电源",), False, 95, "wear", "C-03-1", 8, 32),
    ("PC-U3", "QU-3000 功率板", "块", ("启明 QU-3000 不间断电源",), True, 1350, "long_lead_time", "C-03-2", 0, 1),
    ("NC-1G", "千兆网卡", "块", ("启明 QT-520 台式机", *_SERVERS), True, 110, "wear", "B-04-1", 2, 6),
    ("CB-6", "六类网线（3 米）", "根", ("启明 QW-48 汇聚交换机", *_DESKS), False, 18, "wear", "B-04-2", 10, 40),
)

#: Code, name, kind of paid service (None: any), unit, price, proposed by itself.
_PRICES = (
    ("SM-01", "上门服务费（区内）", None, "次", 80, True),
    ("SM-02", "上门服务费（区外）", None, "次", 150, False),
    ("WX-01", "保外维修工时费（台式机、笔记本）", "out_of_warranty_repair", "次", 120, True),
    ("WX-02", "保外维修工时费（服务器、存储）", "out_of_warranty_repair", "次", 480, False),
    ("WX-03", "保外维修工时费（打印机、不间断电源）", "out_of_warranty_repair", "次", 160, False),
    ("YJ-01", "保外验机费", "out_of_warranty_inspection", "次", 60, True),
    ("RJ-01", "操作系统安装调试", "software", "台", 100, True),
    ("RJ-02", "数据恢复（逻辑层）", "software", "次", 600, False),
    ("RJ-03", "病毒清除与加固", "software", "台", 120, False),
    ("SJ-01", "硬件升级工时费", "hardware_upgrade", "台", 100, True),
    ("PX-01", "技术培训", "technical_training", "人天", 900, True),
    ("RW-01", "人为故障维修工时费", "man_made", "次", 200, True),
    ("QT-01", "非本公司产品维修工时费", "other_product", "次", 220, True),
    ("BJ-SD512", "512 GB 固态硬盘", None, "块", 420, False),
    ("BJ-HD2T", "2 TB 企业级硬盘", None, "块", 1280, False),
    ("BJ-PS300", "300 W 台式机电源", None, "个", 240, False),
    ("BJ-FU21", "QP-2100 定影组件", None, "套", 680, False),
    ("BJ-BTU9", "12 V 9 Ah 电池", None, "节", 130, False),
)


def parts() -> list[Part]:
    """The kinds of parts."""
    return [
        Part(
            no=no,
            name=name,
            unit=unit,
            applies_to=list(fits),
            is_serialised=serialised,
            supplier="启明电脑备件中心",
            cost=Decimal(cost),
            trait=trait,
            location=shelf,
            min_qty=minimum,
            max_qty=maximum,
        )
        for no, name, unit, fits, serialised, cost, trait, shelf, minimum, maximum in _PARTS
    ]


def prices(valid_from: date) -> list[PriceItem]:
    """The price list, from a day on."""
    return [
        PriceItem(code=code, valid_from=valid_from, name=name, paid_type=paid_type, unit=unit, price=Decimal(price), is_standard=standard)
        for code, name, paid_type, unit, price, standard in _PRICES
    ]
