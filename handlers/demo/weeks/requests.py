"""What people fill in about requests that do not end with the call: parts, installations, maintenance."""

from typing import Any

from handlers.demo.weeks.calls import Answer, routine_only
from handlers.demo.weeks.moment import Moment


def _plan(m: Moment) -> dict[str, Any]:
    options = [option["value"] for option in m.known.get("part_options") or []]
    part = m.story.fault.part if m.story.fault.part in options else None
    values: dict[str, Any] = {"service_plan": f"{m.story.model}：上门更换并测试", "parts_wanted": part is not None}
    return values | ({"parts_needed": [{"part_no": part, "qty": 1}]} if part else {})


ANSWERS: dict[str, Answer] = {
    "make_plan": _plan,
    "guide_send_in": routine_only,
}
