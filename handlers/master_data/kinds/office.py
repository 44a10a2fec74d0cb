"""The office: its places, its people in their trade, its calendars."""

from collections.abc import Iterator
from functools import partial
from zoneinfo import available_timezones

from engine.errors import FieldProblem
from engine.storage.tables import User, WorkCalendar, WorkCalendarDay
from handlers.dispatch.tables import Area, Employee, Office, Skill
from handlers.master_data.description import Kind, Values, column
from handlers.master_data.kinds.checks import PHONE
from handlers.master_data.kinds.rights import OFFICE_KEEPERS, OFFICE_READERS
from handlers.master_data.links import Reference, Texts
from handlers.master_data.reading import Reading, Target
from handlers.master_data.types import Choice, Degrees, Flag, Text, Whole

_OFFICE = Target(Office, "id", "name")
_CODE = Text(longest=32, pattern=r"[a-z0-9][a-z0-9_-]*", example="server")
_LEVELS = Choice(
    (
        ("center", "总中心", "Centre"),
        ("region", "区域中心", "Region"),
        ("office", "服务站", "Office"),
        ("authorised_station", "授权站", "Authorised station"),
    )
)
_NORTH, _EAST = Degrees(90), Degrees(180)

_employee = partial(column, Employee)
ENGINEERS = Kind(
    name="engineers",
    zh="工程师与员工",
    en="Engineers and staff",
    table=Employee,
    icon="people",
    named_by="name",
    readers=OFFICE_READERS,
    editors=OFFICE_KEEPERS,
    columns=(
        _employee(
            "user_id",
            "登录名",
            "Sign-in name",
            Reference(Target(User, "id", "name"), many=True),
            searched=True,
            help_zh="先在“人员”里建账号。",
            help_en="Make the account under People first.",
        ),
        _employee("name", "姓名", "Name", searched=True),
        _employee("office_id", "办事处", "Office", Reference(_OFFICE), listed=False),
        _employee("mobile", "手机", "Mobile", PHONE, searched=True),
        _employee("is_engineer", "是工程师", "Is an engineer"),
        _employee("grade", "级别", "Grade", Whole(1, 3), help_zh="1 至 3，3 最高。", help_en="1 to 3, 3 is the highest."),
        _employee("skills", "技能", "Skills", Texts(Target(Skill, "id", "name", "name_en")), required=False, searched=True),
        _employee("in_station", "平时驻站", "Waits at the office", listed=False),
        _employee("home_area", "住址区域", "Home area", Reference(Target(Area, "name", "name"))),
        _employee("absent_until", "缺勤至", "Absent until", listed=False),
        _employee("active", "在职", "Active", Flag(("在职", "Active"), ("离职", "Left"))),
    ),
)

_skill = partial(column, Skill)
SKILLS = Kind(
    name="skills",
    zh="技能",
    en="Skills",
    table=Skill,
    icon="check",
    named_by="name",
    readers=OFFICE_READERS,
    editors=OFFICE_KEEPERS,
    columns=(
        _skill("id", "代码", "Code", _CODE, searched=True),
        _skill("name", "名称", "Name", searched=True),
        _skill("name_en", "英文名称", "English name", searched=True),
    ),
)

_area = partial(column, Area)
AREAS = Kind(
    name="areas",
    zh="服务区域",
    en="Areas",
    table=Area,
    icon="flag",
    readers=OFFICE_READERS,
    editors=OFFICE_KEEPERS,
    columns=(
        _area(
            "name",
            "区县",
            "District",
            searched=True,
            help_zh="写全：武汉市洪山区。地址按它识别。",
            help_en="In full; addresses are recognised by it.",
        ),
        _area("office_id", "办事处", "Office", Reference(_OFFICE), searched=True),
        _area("latitude", "纬度", "Latitude", _NORTH),
        _area("longitude", "经度", "Longitude", _EAST),
        _area("in_service_area", "属于服务区", "In the service area"),
    ),
)

_office = partial(column, Office)
OFFICES = Kind(
    name="offices",
    zh="办事处",
    en="Offices",
    table=Office,
    icon="office",
    named_by="name",
    readers=OFFICE_READERS,
    editors=OFFICE_KEEPERS,
    columns=(
        _office("id", "代码", "Code", _CODE, searched=True),
        _office("name", "名称", "Name", searched=True),
        _office("level", "级别", "Level", _LEVELS),
        _office("address", "地址", "Address", searched=True),
        _office("phone", "电话", "Phone", PHONE),
        _office("latitude", "纬度", "Latitude", _NORTH, listed=False),
        _office("longitude", "经度", "Longitude", _EAST, listed=False),
    ),
)


def _known_zone(values: Values, _reading: Reading) -> Iterator[tuple[str, FieldProblem]]:
    if values["time_zone"] not in available_timezones():
        yield "time_zone", FieldProblem("没有这个时区，例如 Asia/Shanghai。", "There is no such time zone; for example Asia/Shanghai.")


_calendar = partial(column, WorkCalendar)
CALENDARS = Kind(
    name="calendars",
    zh="工作日历",
    en="Working calendars",
    table=WorkCalendar,
    icon="clock",
    named_by="name",
    readers=OFFICE_READERS,
    editors=OFFICE_KEEPERS,
    creatable=False,  # its office hours stand in the parameters under the same code
    removable=False,
    rules=(_known_zone,),
    stored=lambda engine: engine.calendars.forget(),
    columns=(
        _calendar("id", "代码", "Code"),
        _calendar("name", "名称", "Name", searched=True),
        _calendar("name_en", "英文名称", "English name"),
        _calendar("time_zone", "时区", "Time zone"),
        _calendar(
            "confirmed_until",
            "节假日已公布至",
            "Holidays announced until",
            help_zh="此日之后的期限标为暂定，节假日以后会按公布的更新。",
            help_en="Deadlines after this day are provisional; its holidays are replaced when they are announced.",
        ),
    ),
)

_day = partial(column, WorkCalendarDay)
CALENDAR_DAYS = Kind(
    name="calendar-days",
    zh="节假日与调休",
    en="Holidays and make-up days",
    table=WorkCalendarDay,
    icon="clock",
    named_by="name",
    order=("calendar_id", "day"),
    readers=OFFICE_READERS,
    editors=OFFICE_KEEPERS,
    stored=lambda engine: engine.calendars.forget(),
    columns=(
        _day("calendar_id", "日历", "Calendar", Reference(Target(WorkCalendar, "id", "name", "name_en"))),
        _day("day", "日期", "Day", searched=True),
        _day("working", "上班还是放假", "Worked or free", Flag(("上班", "Worked"), ("放假", "Free"))),
        _day("name", "名称", "Name", searched=True),
        _day("name_en", "英文名称", "English name", searched=True),
    ),
)
