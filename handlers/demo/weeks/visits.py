"""What people fill in around a visit: appointment, assignment, work at the customer's."""

from typing import Any

from handlers.demo.catalogue import MODELS
from handlers.demo.weeks.calls import Answer, routine_only
from handlers.demo.weeks.moment import Moment

_SKILLS = {model.service_line: model.skill for model in MODELS if model.company_product}


def _contact(m: Moment) -> dict[str, Any]:
    if m.happens(7):
        return {"contacted_at": m.at(), "reached": False, "not_reached_note": "电话无人接听"}
    return {
        "contacted_at": m.at(),
        "reached": True,
        "judged_fault": m.story.fault.cause,
        "has_special_request": False,
        "same_day": m.happens(6),
        "required_skills": ["software"] if m.story.fault.kind == "software" else [_SKILLS[m.story.line]],
        "conditions_ready": True,
    }


def _promise(m: Moment) -> dict[str, Any]:
    """A free hour of the next working days, within the deadline if there is one."""
    due = m.instant("due_arrival_at")
    days = 1 if due is not None else m.chance.choice((2, 3))
    promised = m.working_day(days, m.chance.choice((9, 10, 11, 14, 15)), m.chance.choice((0, 30)))
    values = {"promised_visit_at": m.local(promised), "appointed_with": m.story.contact}
    if due is not None and promised > due:
        values["special_agreement_reason"] = "客户要求改到此时"
    return values


def _assign(m: Moment) -> dict[str, Any]:
    options = [option["value"] for option in m.known.get("engineer_options") or []]
    chosen = m.known.get("suggested_engineer_id") or options[0]
    if len(options) > 1 and m.happens(20):
        chosen = options[1]
    part = m.story.fault.part
    wanted = part is not None and part in [option["value"] for option in m.known.get("part_options") or []] and m.happens(75)
    values: dict[str, Any] = {"engineer_id": chosen, "assign_reason": "按系统推荐", "parts_wanted": wanted}
    if wanted:
        values["parts_needed"] = [{"part_no": part, "qty": 1}]
    return values


def _brief(m: Moment) -> dict[str, Any]:
    return {
        "service_brief": f"{m.story.model}：{m.story.fault.told}",
        "expected_arrival": m.local(m.instant("promised_visit_at") or m.now),
        "contact_person": m.story.contact,
        "contact_phone": m.story.phone,
        "address": m.story.address,
        "customer_expectations": "尽快恢复使用，资料不能丢",
    }


def _prepare(m: Moment) -> dict[str, Any]:
    if m.happens(4):
        return {"can_go": False}
    return {"can_go": True, "departed_at": m.at()}


def _arrive(m: Moment) -> dict[str, Any]:
    """Doors open; who comes late says why."""
    values = {"arrived_at": m.at(), "customer_present": True, "permission": True}
    return values | {"late_reason": "上一家耽搁，路上拥堵，已致歉"}


def _reconfirm(m: Moment) -> dict[str, Any]:
    return {
        "warranty_card_checked": True,
        "packing_list_checked": True,
        "configuration_standard": True,
        "device_serial": m.story.serial,
        "fault_description": m.story.fault.told,
        "site_survey_needed": False,
    }


def _diagnose(m: Moment) -> dict[str, Any]:
    fault = m.story.fault
    opens = fault.phase == "board" and m.happens(30)
    values: dict[str, Any] = {"fault_type": fault.kind, "cause": fault.cause, "repair_plan": fault.step}
    if fault.part:
        values["faulty_part"] = fault.part
    values |= {"open_case": opens, "data_risk": False, "major_repair": False, "cost_change": False, "move_items": False}
    if fault.kind == "man_made":
        values["man_made_evidence"] = "键盘内有茶渍，客户确认"
    return values


def _repair(m: Moment) -> dict[str, Any]:
    fault = m.story.fault
    changed = [{"part_no": fault.part, "qty": 1, "action": "replaced"}] if fault.part and m.known.get("loan_ids") else []
    return {
        "live_high_voltage": False,
        "measures": [
            {"step": "检查外部连接与供电", "phase": "peripheral", "result": "正常"},
            {"step": fault.step, "phase": fault.phase, "result": "故障排除"},
        ],
        "parts": changed,
        "work_log": f"{fault.cause}；{fault.step}",
        "part_missing": False,
    }


def _inspect(m: Moment) -> dict[str, Any]:
    repaired = not m.happens(5)
    items = ("通电启动正常", "原故障不再出现", "连续运行无异常")
    return {
        "inspection": [{"item": item, "ok": repaired} for item in items],
        "new_part_works": "yes" if m.known.get("loan_ids") else "not_applicable",
        "original_fault_gone": repaired,
        "repaired": repaired,
        "engineer_sig": m.sign(m.actor),
        "repair_customer_sig": m.sign(m.story.contact),
    }


def _acceptance(m: Moment) -> dict[str, Any]:
    fault = m.story.fault
    left = m.happens(8)
    values: dict[str, Any] = {
        "service_content": f"{m.story.model} 上门维修",
        "service_process": f"现场检查，确认{fault.cause}",
        "service_solution": fault.step,
        "has_open_problems": left,
        "advice": "注意防尘和定期备份，异常断电后请先检查再开机",
        "customer_opinion": m.chance.choice(("满意", "同意", "服务及时", "")) or None,
        "service_accepted": True,
        "customer_sig": m.sign(m.story.contact),
    }
    if left:
        values["open_problems"] = [{"text": "建议加装不间断电源", "due": m.local(m.working_day(10, 9, 0))[:10]}]
    return values


def _other_needs(m: Moment) -> dict[str, Any]:
    values: dict[str, Any] = {"other_needs": False, "survey_given": m.happens(55)}
    if values["survey_given"]:
        marks = m.chance.choices(((5, 5, 5, 5), (5, 4, 5, 5), (4, 4, 4, 5), (4, 3, 4, 4)), (45, 30, 18, 7))[0]
        names = ("ease_of_contact", "response_and_repair_speed", "technical_level", "attitude")
        values |= dict(zip(names, marks, strict=True)) | {"repurchase_p": m.chance.choice((0.9, 0.7, 0.5, 0.3))}
    return values


def _agree(m: Moment) -> dict[str, Any]:
    values: dict[str, Any] = {"agreed_option": "next_appointment", "solution_given": "带齐备件再次上门", "agree_customer_agreed": True}
    if m.known.get("accepted") is False:
        return values | {"agreed_option": "decline", "solution_given": "已说明费用与后续办法，客户暂不修"}
    if m.known.get("repaired") is False and m.happens(50):
        return values | {"agreed_option": "take_back", "solution_given": "带回站内维修，修好送回"}
    return values | {"next_visit_at": m.local(m.working_day(2, m.chance.choice((9, 10, 14)), 30))}


ANSWERS: dict[str, Answer] = {
    "assign_first_contact": lambda m: {"first_engineer": (m.known["engineer_options"] or [{"value": "engineer1"}])[0]["value"]},
    "contact_by_engineer": _contact,
    "contact_by_coordinator": _contact,
    "decide_contact": lambda m: {"contact_goes_on": m.happens(85), "contact_decision_reason": "隔时再联系"},
    "enter_distance": lambda _: {"in_service_area": False, "distance_km": 60},
    "promise_by_engineer": _promise,
    "promise_by_coordinator": _promise,
    "find_engineer": lambda _: {"engineer_id": "engineer1", "assign_reason": "总工程师调配"},
    "assign_visit": _assign,
    "brief_engineer": _brief,
    "prepare_visit": _prepare,
    "arrive": _arrive,
    "tell_customer": lambda m: {
        "resched_initiator": "us",
        "resched_reason": "part_missing",
        "notified_at": m.at(),
        "resched_reason_text": "备件未到，向您致歉",
        "customer_understands": True,
    },
    "agree_new_time": lambda m: {"visit_cancelled": False, "new_time": m.local(m.working_day(3, 10, 0))},
    "reconfirm_need": _reconfirm,
    "reproduce_fault": lambda m: {"exterior": "ok", "connections": "ok", "asked_customer": "昨天开始出现", "reproduced": not m.happens(6)},
    "observe_device": lambda m: {
        "observation_started_at": m.at(minutes=-32),
        "observed_minutes": 32,
        "reproduced": m.happens(70),
        "observation_note": "带负载观察",
    },
    "provoke_fault": lambda _: {"accelerate_method": "accelerate", "accelerate_note": "连续加压运行", "reproduced": True},
    "diagnose": _diagnose,
    "check_part": lambda _: {"company_part": True, "barcode_note": "核对装箱单"},
    "get_consent": lambda m: {
        "consent_kinds": ["open_case"],
        "consent_explained": "需打开机箱，不影响保修",
        "consent_agreed": True,
        "consent_sig": m.sign(m.story.contact),
    },
    "repair": _repair,
    "inspect": _inspect,
    "clean_and_demonstrate": routine_only,
    "ask_acceptance": _acceptance,
    "ask_other_needs": _other_needs,
    "agree_solution": _agree,
    "come_back": lambda m: {"returned_at": m.at()},
}
