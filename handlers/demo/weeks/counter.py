"""What people fill in at the counter: devices that are brought, handed over and collected."""

from typing import Any

from handlers.demo.weeks.calls import Answer, routine_only
from handlers.demo.weeks.moment import Moment


def _explain(m: Moment) -> dict[str, Any]:
    fault = m.story.fault
    values = {"fault_type": fault.kind, "cause": fault.cause}
    return values | ({"man_made_evidence": "键盘内有茶渍，客户确认"} if fault.kind == "man_made" else {})


def _sign(m: Moment) -> dict[str, Any]:
    signed = {"pickup_sig": m.sign(m.story.contact)}
    if m.happens(6):
        return signed | {"receipt_shown": False, "identity_check": "身份证与登记一致"}
    return signed | {"receipt_shown": True, "shown_receipt_no": m.known["receipt_no"]}


def _pay(m: Moment) -> dict[str, Any]:
    return {
        "paid_on_site": True,
        "charged_amount": m.known.get("quotation_total") or 200,
        "pay_method": m.chance.choice(("cash", "card")),
        "payer": m.story.unit,
    }


def _inspect(m: Moment) -> dict[str, Any]:
    if m.known.get("device_repaired") is not True:
        return {}
    return {"pickup_inspection": [{"item": item, "ok": True} for item in ("通电启动正常", "原故障不再出现")], "device_normal": True}


ANSWERS: dict[str, Answer] = {
    "receive": lambda m: {"need_mode": "repair", "fault": m.story.fault.told},
    "enter_coverage": lambda _: {"in_warranty": True, "company_product": True},
    "counter_inspect": lambda m: {
        "exterior": "ok",
        "connections": "ok",
        "fault_description": m.story.fault.told,
        "reproduced": not m.happens(10),
    },
    "counter_observe": lambda m: {
        "observation_started_at": m.at(minutes=-32),
        "observed_minutes": 32,
        "reproduced": m.happens(70),
        "observation_note": "带负载观察",
    },
    "customer_operates": lambda _: {"accelerate_method": "customer_operates", "accelerate_note": "客户自己操作", "reproduced": True},
    "explain_fault": _explain,
    "arrange_engineer": lambda _: {"bench_engineer": "宋立新"},
    "give_back": lambda m: {"given_back_note": "可自行联系厂家", "give_back_sig": m.sign(m.story.contact)},
    "fill_form": lambda m: {
        "warranty_card_checked": True,
        "packing_list_checked": True,
        "configuration_standard": True,
        "fault_description": m.story.fault.told,
        "customer_sig": m.sign(m.story.contact),
    },
    "promise_pickup": lambda _: {},
    "to_store": lambda m: {"shelf": f"C-{m.chance.randint(1, 12)}"},
    "agree_unrepaired": lambda _: {"unrepaired_option": "return_unrepaired", "solution_given": "客户取回，另行考虑换机"},
    "call_for_pickup": lambda m: {"notified_at": m.at(), "pickup_reached": not m.happens(12)},
    "inspect_pickup": _inspect,
    "bring_to_cashier": lambda m: {"final_lines": [{"item": "维修费", "qty": 1, "amount": m.known.get("quotation_total") or 200}]},
    "take_payment": _pay,
    "sign_pickup": _sign,
    "sum_up": routine_only,
}
