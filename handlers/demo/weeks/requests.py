"""What people fill in about requests that do not end with the call: parts, installations, maintenance."""

from typing import Any

from handlers.demo.weeks.calls import Answer, routine_only
from handlers.demo.weeks.moment import Moment


def _plan(m: Moment) -> dict[str, Any]:
    options = [option["value"] for option in m.known.get("part_options") or []]
    part = m.story.fault.part if m.story.fault.part in options else None
    values: dict[str, Any] = {"service_plan": f"{m.story.model}：上门更换并测试", "parts_wanted": part is not None}
    return values | ({"parts_needed": [{"part_no": part, "qty": 1}]} if part else {})


def _order(m: Moment) -> dict[str, Any]:
    return {
        "order_withdrawn": False,
        "customer_unit": m.story.unit,
        "contract_no": f"XS{m.chance.randrange(1000, 9999)}",
        "contact_person": m.story.contact,
        "contact_phone": m.story.phone,
        "address": m.story.address,
        "equipment": [{"equipment_model": m.story.model, "qty": 1}],
        "desired_date": m.local(m.working_day(3, 9, 0))[:10],
        "installation_scope": ["install", "commission", "train"],
    }


def _arrange(m: Moment) -> dict[str, Any]:
    chosen = m.known.get("engineer_id") or m.known["engineer_options"][0]["value"]
    planned = m.local(m.working_day(2, 9, 0))[:10]
    return {"engineer_id": chosen, "headcount": 1, "complex": False, "install_date": planned}


def _test(m: Moment) -> dict[str, Any]:
    works = not m.happens(8)
    values: dict[str, Any] = {"unpacked_ok": True, "placed_as_required": True, "power_on_ok": works}
    values["measurements"] = [{"name": "电源电压", "value": 221.5, "unit": "V", "ok": True}]
    return values if works else values | {"fault_symptom": "通电后告警灯常亮", "escalation_needed": False}


def _sheet(m: Moment) -> dict[str, Any]:
    serial = f"QMI{m.story.key.removeprefix('FW').replace('-', '')}"
    return {
        "devices": [{"device_model": m.story.model, "device_serial": serial, "service_line": m.story.line}],
        "installation_result": "ok",
        "customer_opinion": "满意",
        "customer_sig": m.sign(m.story.contact),
        "engineer_sig": m.sign(m.actor),
    }


def _survey(m: Moment) -> dict[str, Any]:
    names = ("ease_of_contact", "response_and_repair_speed", "technical_level", "attitude")
    marks = {name: m.chance.choice((5, 5, 4)) for name in names}
    return {"survey_answered": not m.happens(5), "repurchase_p": m.chance.choice((0.9, 0.7, 0.5)), **marks}


ANSWERS: dict[str, Answer] = {
    "make_plan": _plan,
    "guide_send_in": routine_only,
    "issue_order": _order,
    "sign_order": lambda m: {"director_approved": True, "director_sig": m.sign(m.actor)},
    "arrange": _arrange,
    "contact_customer": lambda m: {
        "contacted_at": m.at(),
        "problem_points": "电源插座不足，请提前准备",
        "promised_visit_at": m.local(m.working_day(2, m.chance.choice((9, 10, 14)), 30)),
    },
    "get_ready": lambda _: {"can_go": True, "parts_wanted": False},
    "arrive_to_install": lambda m: {"arrived_at": m.at()},
    "unpack_and_test": _test,
    "explain_and_show": routine_only,
    "ask_wish": lambda _: {"training_wanted": False},
    "hand_over_papers": routine_only,
    "fill_sheet": _sheet,
    "ask_survey": _survey,
    "ask_inst_needs": lambda _: {"other_needs": False},
}
