"""What people fill in while a missing part is got: asked for, promised, delivered, checked in."""

from typing import Any

from handlers.demo.weeks.calls import Answer
from handlers.demo.weeks.moment import Moment


def _answer(m: Moment) -> dict[str, Any]:
    arrives = m.working_day(m.chance.choice((2, 3, 4)), 11, 0)
    return {"available": True, "new_expected_at": m.local(arrives), "answer_note": "有货，已安排发出"}


def _delivery(m: Moment) -> dict[str, Any]:
    lines = m.known.get("arrival_lines") or []
    return {
        "arrival_lines": [
            {
                "part_no": line["part_no"],
                "barcode": line.get("barcode") or f"{line['part_no']}-{m.chance.randrange(10_000, 99_999)}",
                "qty": line["qty"],
                "condition": "good",
            }
            for line in lines
        ]
    }


ANSWERS: dict[str, Answer] = {
    "fill_application": lambda m: {"urgency": "urgent" if m.happens(30) else "normal"},
    "await_answer": _answer,
    "chase_centre": lambda m: {"chased_at": m.at(), "chase_note": "今天答复"},
    "register_arrival": lambda m: {"delivery_note": f"SH-{m.chance.randrange(10_000, 99_999)}", "arrived_at": m.at()},
    "check_goods": _delivery,
    "chase_delivery": lambda m: {"chased_at": m.at(), "chase_note": "货在路上"},
}
