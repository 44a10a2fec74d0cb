"""What people fill in when customers are asked by sample."""

from typing import Any

from handlers.demo.weeks import faults
from handlers.demo.weeks.calls import Answer
from handlers.demo.weeks.moment import Moment

_MARKS = (((5, 5, 5, 5), 0.9), ((5, 4, 5, 5), 0.7), ((4, 4, 4, 5), 0.5), ((4, 3, 4, 4), 0.3), ((4, 2, 3, 4), 0.05))


def _ask(m: Moment) -> dict[str, Any]:
    if m.happens(15):
        return {"survey_answered": False}
    marks, likely = m.chance.choices(_MARKS, (35, 30, 18, 10, 7))[0]
    names = ("ease_of_contact", "response_and_repair_speed", "technical_level", "attitude")
    values: dict[str, Any] = {"survey_answered": True, "repurchase_p": likely, **dict(zip(names, marks, strict=True))}
    return values | {"improvement": m.chance.choice(faults.SUGGESTIONS) if m.happens(30) else None}


ANSWERS: dict[str, Answer] = {
    "plan_survey": lambda _: {"survey_tool": "phone_callback", "survey_themes": ["accurate_and_quick", "guest"]},
    "ask_customer": _ask,
}
