"""What is written down when people are checked at their posts."""

from typing import Any

from handlers.demo.weeks.calls import Answer
from handlers.demo.weeks.moment import Moment

_SEEN = ("当时忙于另一件事，漏了这一步", "做了，但没有按标准的顺序", "提醒后才做到", "只做到一部分，已当面示范")
_DISPUTES = ("当天人手不足，事出有因", "当时正按客户的特殊要求办理")


def _watch(m: Moment) -> dict[str, Any]:
    return {"answers": [_seen(m) for _ in m.known["answers"]], "checker_sig": m.sign(m.actor)}


def _seen(m: Moment) -> dict[str, Any]:
    return {"ok": False, "note": m.chance.choice(_SEEN)} if m.happens(11) else {"ok": True}


def _confirm(m: Moment) -> dict[str, Any]:
    signed = {"employee_sig": m.sign(m.actor)}
    if m.known["score"] < 100 and m.happens(12):
        return signed | {"agreed": False, "comment": m.chance.choice(_DISPUTES)}
    return signed | {"agreed": True}


ANSWERS: dict[str, Answer] = {"watch_and_check": _watch, "confirm_result": _confirm}
