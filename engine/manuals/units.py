"""In what the figures of parameters are counted."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Unit:
    """A unit in both languages."""

    zh: str
    en: str
    length: timedelta | None = None  #: of one, where a number of them is a time


UNITS = {
    "working_time": Unit("工作时间", "working time"),
    "calendar_time": Unit("自然时间", "calendar time"),
    "minutes": Unit("分钟", "minutes", timedelta(minutes=1)),
    "hours": Unit("小时", "hours", timedelta(hours=1)),
    "days": Unit("天", "days", timedelta(days=1)),
    "working_days": Unit("个工作日", "working days"),
    "weeks": Unit("周", "weeks", timedelta(weeks=1)),
    "months": Unit("个月", "months"),
    "years": Unit("年", "years"),
    "rings": Unit("声", "rings"),
    "times": Unit("次", "times"),
    "rounds": Unit("轮", "rounds"),
    "people": Unit("人", "people"),
    "cases": Unit("件", "cases"),
    "items": Unit("项", "items"),
    "pieces": Unit("个", "pieces"),
    "copies": Unit("份", "copies"),
    "points": Unit("分", "points"),
    "percent": Unit("%", "%"),
    "km": Unit("公里", "km"),
    "km_per_hour": Unit("公里/小时", "km/h"),
    "yuan": Unit("元", "yuan"),
}
