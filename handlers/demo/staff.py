"""The people of the demo office in their trade; who signs in with which password is not decided here."""

from dataclasses import dataclass

from handlers.demo.places import OFFICE_ID
from handlers.dispatch.tables import Employee


@dataclass(frozen=True)
class Colleague:
    """One person: sign-in name, name, groups; for engineers also grade, skills and home area."""

    user_id: str
    name: str
    groups: tuple[str, ...]
    grade: int = 2
    skills: tuple[str, ...] = ()
    home_area: str = "武汉市洪山区"
    in_station: bool = True


_ENGINEER = ("onsite", "field", "staff")

STAFF = (
    Colleague("hotline1", "林晓雯", ("hotline", "staff")),
    Colleague("hotline2", "周敏", ("hotline", "staff")),
    Colleague("coordinator1", "陈志远", ("coordinator", "staff")),
    Colleague("parts1", "孙丽", ("parts", "parts_centre", "staff")),
    Colleague("callback1", "何静", ("callback", "care_committee", "staff")),
    Colleague("cashier1", "郑慧", ("admin", "finance", "staff")),
    Colleague("head1", "吴国栋", ("office_head", "duty_head", "management", "care_committee", "staff"), 3),
    Colleague("support1", "马骏", ("tech_support", "staff"), 3),
    Colleague("service1", "唐雪梅", ("service_department", "customer_service", "care_committee", "staff")),
    Colleague("region1", "蒋文涛", ("region", "staff"), 3),
    Colleague("leader1", "尹建平", ("unit_leader", "staff"), 3),
    Colleague("unit1", "顾晓岚", ("group_unit",)),
    Colleague("sales1", "梁艺", ("sales", "staff")),
    Colleague("chief1", "高振华", ("chief_engineer", "service_manager", "staff"), 3),
    Colleague("engineer1", "赵建国", (*_ENGINEER, "field_pm"), 3, ("server", "storage", "network", "software"), "武汉市洪山区"),
    Colleague("engineer2", "刘海峰", _ENGINEER, 2, ("pc", "printer", "software"), "武汉市武昌区"),
    Colleague("engineer3", "杨帆", _ENGINEER, 2, ("pc", "network", "software"), "武汉市江汉区"),
    Colleague("engineer4", "黄涛", (*_ENGINEER, "field_pm"), 3, ("server", "storage", "ups", "power"), "武汉市江岸区", in_station=False),
    Colleague("engineer5", "徐静怡", _ENGINEER, 1, ("pc", "printer"), "武汉市硚口区"),
    Colleague("engineer6", "胡斌", _ENGINEER, 2, ("ups", "power", "pc"), "武汉市青山区", in_station=False),
    Colleague("engineer7", "朱文博", _ENGINEER, 2, ("network", "server", "software"), "武汉市汉阳区"),
    Colleague("engineer8", "罗勇", _ENGINEER, 1, ("printer", "pc"), "武汉市东西湖区", in_station=False),
    Colleague("engineer9", "邓超群", _ENGINEER, 3, ("storage", "server", "software", "network"), "武汉市武昌区", in_station=False),
    Colleague("engineer10", "谢雨桐", _ENGINEER, 1, ("software", "pc"), "武汉市江夏区"),
    Colleague("engineer11", "曾庆伟", _ENGINEER, 2, ("printer", "ups", "pc"), "黄冈市黄州区", in_station=False),
    Colleague("engineer12", "范志鹏", _ENGINEER, 2, ("server", "network", "power"), "孝感市孝南区", in_station=False),
    Colleague("reception1", "叶欣然", ("reception", "staff")),
    Colleague("bench1", "宋立新", ("inhouse", "staff")),
    Colleague("hq1", "段文静", ("hq", "staff")),
    Colleague("dept1", "方志宏", ("department", "staff")),
    Colleague("director1", "严国华", ("director", "staff")),
    Colleague("csmanager1", "秦岚", ("cs_manager", "staff"), 3),
)


def employees() -> list[Employee]:
    """Their master data; the phone numbers are of a range that is not given out."""
    return [
        Employee(
            user_id=person.user_id,
            office_id=OFFICE_ID,
            name=person.name,
            mobile=f"1990000{number:04d}",
            is_engineer=bool(person.skills),
            grade=person.grade,
            skills=list(person.skills),
            in_station=person.in_station,
            home_area=person.home_area,
            active=True,
        )
        for number, person in enumerate(STAFF, start=1)
    ]
