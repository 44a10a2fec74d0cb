"""The demo's customers: invented units at real streets, with invented people."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.ids import seeded
from handlers.customers.tables import Contact, Contract, Customer, Device
from handlers.demo.catalogue import MODELS, Model

#: Unit, district, street, level, model numbers (index in MODELS) of its devices.
_UNITS = (
    ("楚云物流有限公司", "武汉市东西湖区", "金银湖路 18 号", "key", (0, 3, 4, 4, 6)),
    ("汉水纺织股份有限公司", "武汉市硚口区", "古田二路 66 号", "ordinary", (4, 4, 6)),
    ("东湖实验中学", "武汉市武昌区", "东湖路 112 号", "key", (1, 3, 4, 4, 6, 8)),
    ("江滩图书馆", "武汉市江岸区", "沿江大道 203 号", "ordinary", (4, 6, 7)),
    ("珞珈会计师事务所", "武汉市武昌区", "珞珈山路 9 号", "ordinary", (4, 5, 5, 6)),
    ("光谷创芯科技有限公司", "武汉市洪山区", "关山大道 355 号", "vip", (0, 0, 2, 3, 5)),
    ("晴川设计院", "武汉市汉阳区", "琴台大道 88 号", "key", (0, 2, 5, 7)),
    ("钢城职工医院", "武汉市青山区", "建设二路 29 号", "vip", (0, 2, 3, 4, 6, 8)),
    ("楚天出版集团发行部", "武汉市武昌区", "雄楚大街 268 号", "ordinary", (1, 4, 7)),
    ("武昌税务服务中心", "武汉市武昌区", "中南路 14 号", "key", (1, 3, 4, 6, 6)),
    ("江汉路百货商场", "武汉市江汉区", "江汉路 129 号", "ordinary", (1, 4, 6)),
    ("后湖社区服务中心", "武汉市江岸区", "后湖大道 41 号", "ordinary", (4, 6)),
    ("汉口北批发市场", "武汉市黄陂区", "汉口北大道 88 号", "ordinary", (1, 3, 4)),
    ("木兰旅游开发有限公司", "武汉市黄陂区", "前川大道 7 号", "ordinary", (4, 6)),
    ("阳逻港集装箱码头", "武汉市新洲区", "平江大道 21 号", "key", (0, 3, 8)),
    ("新洲农业技术推广站", "武汉市新洲区", "邾城街 35 号", "ordinary", (4, 6)),
    ("沌口汽车零部件有限公司", "武汉市蔡甸区", "常福大道 160 号", "key", (0, 2, 3, 8)),
    ("知音文化传媒有限公司", "武汉市汉阳区", "鹦鹉大道 515 号", "ordinary", (4, 5, 7)),
    ("江夏第一小学", "武汉市江夏区", "纸坊大街 52 号", "ordinary", (4, 4, 6)),
    ("庙山医药研发中心", "武汉市江夏区", "阳光大道 10 号", "vip", (0, 2, 8)),
    ("孝感恒丰超市", "孝感市孝南区", "交通大道 19 号", "ordinary", (1, 4, 6)),
    ("槐荫法律服务所", "孝感市孝南区", "城站路 77 号", "ordinary", (5, 6)),
    ("鄂州梁子湖水产公司", "鄂州市鄂城区", "滨湖南路 3 号", "ordinary", (4, 6, 8)),
    ("鄂州临空仓储有限公司", "鄂州市鄂城区", "吴都大道 58 号", "key", (0, 3, 8)),
    ("黄冈东坡中学", "黄冈市黄州区", "东门路 120 号", "ordinary", (1, 4, 6)),
    ("黄州妇幼保健所", "黄冈市黄州区", "赤壁大道 33 号", "key", (1, 4, 6, 8)),
    ("咸宁桂花食品厂", "咸宁市咸安区", "永安大道 90 号", "ordinary", (4, 6)),
    ("黄石矿山机械厂", "黄石市黄石港区", "湖滨大道 47 号", "key", (0, 4, 8)),
    ("仙桃无纺布实业公司", "仙桃市", "仙桃大道 12 号", "ordinary", (1, 4)),
    ("荆州古城旅游公司", "荆州市沙市区", "北京路 201 号", "ordinary", (4, 6)),
    ("宜昌峡江水文站", "宜昌市西陵区", "沿江大道 28 号", "key", (0, 8)),
    ("长江航运调度中心", "武汉市江岸区", "沿江大道 69 号", "vip", (0, 2, 3, 8)),
    ("吉庆街餐饮管理公司", "武汉市江岸区", "大智路 31 号", "ordinary", (4, 6)),
    ("武胜路新华书店", "武汉市硚口区", "武胜路 12 号", "ordinary", (4, 7)),
    ("宗关水质监测站", "武汉市硚口区", "解放大道 146 号", "key", (1, 4, 8)),
    ("王家湾影像体检中心", "武汉市汉阳区", "龙阳大道 59 号", "vip", (0, 2, 4, 7)),
    ("徐东保险代理公司", "武汉市武昌区", "徐东大街 73 号", "ordinary", (4, 5, 6)),
    ("南湖花园幼儿园", "武汉市洪山区", "南湖大道 16 号", "ordinary", (4, 9)),
    ("街道口留学服务公司", "武汉市洪山区", "珞狮路 122 号", "ordinary", (5, 6, 9)),
    ("关山激光设备有限公司", "武汉市洪山区", "光谷大道 77 号", "key", (0, 3, 4, 8)),
    ("藏龙岛软件园物业", "武汉市江夏区", "藏龙大道 8 号", "ordinary", (4, 6, 8)),
    ("红钢城电子商务有限公司", "武汉市青山区", "和平大道 1276 号", "ordinary", (1, 4, 4)),
    ("厂前机电安装公司", "武汉市青山区", "工人村路 5 号", "ordinary", (4, 9)),
    ("汉正街服饰联合社", "武汉市硚口区", "汉正街 480 号", "ordinary", (4, 6, 9)),
    ("常青树养老院", "武汉市江汉区", "常青路 45 号", "ordinary", (4, 6)),
    ("万松园口腔门诊", "武汉市江汉区", "万松园路 23 号", "ordinary", (4, 5, 6)),
    ("吴家山粮油加工厂", "武汉市东西湖区", "吴中街 99 号", "ordinary", (4, 8)),
    ("走马岭冷链配送中心", "武汉市东西湖区", "走新路 150 号", "key", (0, 3, 8)),
)

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀兰",
    "霞",
    "平",
    "刚",
    "桂英",
    "文",
    "晨",
    "佳怡",
    "子轩",
    "思远",
)
_TITLES = ("信息科科长", "办公室主任", "系统管理员", "后勤主管", "设备科工程师", "行政经理")


@dataclass(frozen=True)
class Unit:
    """A customer with everything that belongs to it."""

    customer: Customer
    contacts: list[Contact]
    devices: list[Device]
    contracts: list[Contract]


def units(now: datetime, today: date, next_number: Callable[[], str]) -> Iterator[Unit]:
    """All customers, numbered one after the other; warranties and contracts lie around `today`."""
    chance = seeded("opsbook demo customers")
    for number, (name, district, street, level, models) in enumerate(_UNITS, start=1):
        customer_id = next_number()
        yield Unit(
            customer=Customer(
                id=customer_id,
                unit_name=name,
                level=level,
                region=district,
                address=f"{district}{street}",
                data_checked_at=now - timedelta(days=chance.randrange(5, 300)),
                created_at=now - timedelta(days=chance.randrange(400, 2400)),
            ),
            contacts=[
                Contact(
                    id=f"{customer_id}-{index}",
                    customer_id=customer_id,
                    name=chance.choice(_SURNAMES) + chance.choice(_GIVEN),
                    phone=f"1990{index}{number:02d}{chance.randrange(10_000):04d}",
                    email=f"contact{index}@{customer_id.lower()}.example",
                    title=chance.choice(_TITLES),
                    is_responsible=index == 1,
                )
                for index in (1, 2)
            ],
            devices=[
                _device(customer_id, number, index, MODELS[model], today, chance.randrange(40, 2100))
                for index, model in enumerate(models, start=1)
            ],
            contracts=_contracts(customer_id, number, name, level, today, chance.randrange(30, 330)),
        )


def _device(customer_id: str, number: int, index: int, model: Model, today: date, age_days: int) -> Device:
    sold_on = today - timedelta(days=age_days)
    return Device(
        serial=f"QM{sold_on:%y%m}{number:03d}{index:02d}",
        customer_id=customer_id,
        model=model.name,
        service_line=model.service_line,
        standard_configuration=model.configuration,
        sold_on=sold_on,
        warranty_until=sold_on + timedelta(days=365 * model.warranty_years),
        onsite_until=sold_on + timedelta(days=365 * model.onsite_years),
        company_product=model.company_product,
    )


def _contracts(customer_id: str, number: int, name: str, level: str, today: date, begun_days: int) -> list[Contract]:
    """Key customers have a contract that runs; one VIP in three had one that ended."""
    if level == "ordinary":
        return []
    starts_on = today - timedelta(days=begun_days)
    return [
        Contract(
            contract_no=f"HT{starts_on.year}-{number:04d}",
            customer_id=customer_id,
            project_name=f"{name}信息设备维保",
            coverage="合同期内设备故障上门维修免工时费和上门费",
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=364 if number % 3 else 20),
        )
    ]
