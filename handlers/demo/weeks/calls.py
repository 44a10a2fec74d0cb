"""What people fill in on the phone: hotline, quotation, hard questions."""

from collections.abc import Callable
from typing import Any

from handlers.demo.weeks import faults
from handlers.demo.weeks.moment import Moment

Answer = Callable[[Moment], dict[str, Any]]

_NEED_KINDS = {"fault": "fault", "emergency": "fault", "question": "enquiry", "hard_question": "enquiry"}


def _answer_call(m: Moment) -> dict[str, Any]:
    rings = m.chance.choices((1, 2, 3, 5), (30, 45, 20, 5))[0]
    return {"caller": m.story.phone, "rings": rings, "started_at": m.at(), "greeting_given": True}


def _learn_need(m: Moment) -> dict[str, Any]:
    story = m.story
    emergency = story.need == "emergency"
    return {
        "customer_unit": story.unit,
        "contact_person": story.contact,
        "contact_phone": story.phone,
        "project_or_contract_no": m.known.get("project_or_contract_no") or "无",
        "address": story.address,
        "need_kind": _NEED_KINDS.get(story.need, story.need),
        "channel": "hotline",
        "need_content": story.content,
        "device_model": story.model,
        "device_serial": story.serial,
        "safety_risk": False,
        "major_production_loss": emergency,
        "system_paralysis": emergency,
    }


def _first_judgement(m: Moment) -> dict[str, Any]:
    in_onsite = bool(m.known.get("in_onsite_period"))
    covered = in_onsite or bool(m.known.get("contract_covered"))
    big = m.story.line in ("server", "storage", "network", "ups")
    return {
        "fault_type_guess": "software" if m.story.fault.kind == "software" else "hardware",
        "service_type": "software" if m.story.fault.kind == "software" and not covered else "repair",
        "other_company_product": not m.story.company_product,
        "in_warranty": bool(m.known.get("in_warranty")),
        "in_onsite_period": in_onsite,
        "customer_choice": "onsite" if covered or big or m.happens(45) else "send_in",
    }


def _fill_slip(m: Moment) -> dict[str, Any]:
    story = m.story
    return {
        "customer_unit": story.unit,
        "contact_person": story.contact,
        "contact_phone": story.phone,
        "address": story.address,
        "device_model": story.model,
        "device_serial": story.serial,
        "fault": story.content,
        "fault_type_guess": "software" if story.fault.kind == "software" else "hardware",
        "asked_for_time": m.happens(25),
        "urgency": "urgent" if m.happens(12) else "normal",
    }


def _answer(m: Moment) -> dict[str, Any]:
    sure = m.story.need == "question"
    values = {
        "customer_unit": m.story.unit,
        "contact_person": m.story.contact,
        "enquiry_kind": "technical",
        "question": m.story.content,
        "sure": sure,
    }
    return values | ({"answer": dict(faults.QUESTIONS)[m.story.content], "answered_at": m.at()} if sure else {})


def _study(m: Moment) -> dict[str, Any]:
    known = {question: (analysis, solution) for question, analysis, solution in faults.HARD_QUESTIONS}
    analysis, solution = known.get(m.story.content, ("复现后定位到固件缺陷。", "升级固件并复测。"))
    return {"analysis": analysis, "test_needed": m.happens(40), "solved": True, "solution": solution}


def _confirm_paid(m: Moment) -> dict[str, Any]:
    known = m.known.get("paid_type")
    return {"paid_type": known or "out_of_warranty_repair", "paid_reason": "不在免费范围内，已核对保修与合同", "paid_items": []}


def _quote(m: Moment) -> dict[str, Any]:
    on_site = m.known.get("entry") == "onsite"
    return {
        "accepted": m.happens(92 if on_site else 78),
        "consent_evidence": "message" if on_site else "phone",
    }


def routine_only(_m: Moment) -> dict[str, Any]:
    """The form asks for nothing out of the ordinary."""
    return {}


ANSWERS: dict[str, Answer] = {
    "answer_call": _answer_call,
    "learn_need": _learn_need,
    "read_back": lambda m: {"confirmed_with_customer": not m.happens(4)},
    "tell_emergency": lambda _: {"safety_advice": "请先切断进水机柜电源，不要触碰设备"},
    "ask_coverage": lambda m: {
        "in_warranty": False,
        "in_onsite_period": False,
        "contract_covered": False,
        "company_product": m.story.company_product,
    },
    "first_judgement": _first_judgement,
    "fill_slip": _fill_slip,
    "tell_contact": routine_only,
    "hand_over_slip": lambda m: {"slip_received_by": "陈志远", "handover_note": "客户催得急" if m.happens(10) else None},
    "guide": lambda m: {
        "customer_unit": m.story.unit,
        "contact_person": m.story.contact,
        "question": m.story.content,
        "insists_on_date": m.happens(20),
    },
    "answer": _answer,
    "tell_specialist": lambda _: {"promised_text": "一个工作日内由专业工程师回电"},
    **dict.fromkeys(
        (
            "visit_decline_farewell",
            "send_in_decline_farewell",
            "send_in_farewell",
            "question_farewell",
            "complaint_farewell",
            "handed_on_farewell",
        ),
        routine_only,
    ),
    "study": _study,
    "tell_progress": lambda m: {"progress_told": "正在复现问题，今天下班前再回电", "progress_told_at": m.at()},
    "reply": lambda m: {
        "answer": m.known.get("solution") or "已处理",
        "answered_at": m.at(),
        "reply_result": "understood" if not m.happens(8) else "unclear",
    },
    "confirm_paid": _confirm_paid,
    "explain_and_quote": _quote,
    "decline_politely": lambda _: {"alternatives": "可先送修检测，或联系原厂报价"},
    "promise_visit": lambda _: {"visit_promise": "协调员两小时内与您约上门时间"},
    "set_price": lambda _: {"price_code": "ZX-01", "price_item": "专项检测", "new_price": 150},
}
