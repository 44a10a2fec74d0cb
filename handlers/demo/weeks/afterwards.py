"""What people fill in around parts, money, papers and the callback."""

from typing import Any

from sqlalchemy import select

from handlers.demo.weeks import faults
from handlers.demo.weeks.calls import Answer, routine_only
from handlers.demo.weeks.moment import Moment
from handlers.parts.tables import StockItem


def _loan_card(m: Moment) -> dict[str, Any]:
    return {
        "card_no": f"K{m.chance.randrange(1000, 9999)}",
        "loan_lines": [{"part_no": line["part_no"], "qty": line["qty"]} for line in m.known["parts"]],
        "loan_purpose": f"{m.story.unit} {m.story.model} 维修",
        "borrowed_at": m.at(),
        "due_back": m.local((m.instant("promised_visit_at") or m.now).replace(hour=10, minute=0)),
    }


def _hand_out(m: Moment) -> dict[str, Any]:
    with m.engine.database.session() as session:
        shelf = select(StockItem.barcode).where(
            StockItem.part_no == m.known["line"]["part_no"], StockItem.place == "shelf", StockItem.qty > 0
        )
        return {"barcode": session.scalars(shelf.order_by(StockItem.barcode).limit(1)).one()}


def _returns(m: Moment) -> dict[str, Any]:
    exchanged = bool(m.known.get("repaired"))
    return {"returns": [_returned(m, row["loan_id"], exchanged=exchanged) for row in m.known["returns"]]}


def _returned(m: Moment, loan_id: str, *, exchanged: bool) -> dict[str, Any]:
    if exchanged:
        return {
            "loan_id": loan_id,
            "returned_kind": "replaced_defective",
            "symptom": m.story.fault.told,
            "label_cause": m.story.fault.cause,
        }
    return {"loan_id": loan_id, "returned_kind": "unused", "seal_unbroken": True}


def _check_return(m: Moment) -> dict[str, Any]:
    kind = (m.known.get("declared") or {}).get("returned_kind") or m.known.get("returned_kind") or "unused"
    broken = kind == "replaced_defective"
    values = {"returned_kind": kind, "condition": "defective" if broken else "good"}
    return values | ({"defective_next": "exchange"} if broken else {"seal": "unbroken"} if kind == "unused" else {})


def _charge(m: Moment) -> dict[str, Any]:
    total = m.known.get("quotation_total") or 200
    if m.happens(6):
        return {
            "final_lines": [{"item": "维修费", "qty": 1, "amount": total}],
            "paid_on_site": False,
            "unpaid_reason": "财务不在，转账支付",
        }
    return {
        "final_lines": [{"item": "维修费", "qty": 1, "amount": total}],
        "paid_on_site": True,
        "charged_amount": total - 10 if m.happens(7) else total,
        "pay_method": m.chance.choice(("cash", "transfer", "card")),
        "payer": m.story.unit,
    }


def _hand_in(m: Moment) -> dict[str, Any]:
    repaired = m.known.get("repaired")
    declined = m.known.get("agreed_option") == "decline"
    return {
        "service_content": m.known.get("service_content") or f"{m.story.model} 上门检查",
        "visit_result": "repaired" if repaired else "declined" if declined else "unrepaired",
        "finished_at": m.at(minutes=-70),
        "question_open": m.happens(3),
        "question": "同型号多次出现，是否批次问题？",
    }


def _talk(m: Moment) -> dict[str, Any]:
    satisfied = not m.happens(12)
    words = m.chance.choice(faults.PRAISE) if satisfied else m.chance.choice(faults.GRUMBLES)[0]
    return {"use_normal": satisfied or m.happens(70), "satisfied": satisfied, "words": words}


def _reason(m: Moment) -> dict[str, Any]:
    about = dict(faults.GRUMBLES).get(m.known.get("words") or "", "other")
    return {"reason": m.known.get("words") or "不满意", "about": about, "is_complaint": m.happens(20)}


def _suggestions(m: Moment) -> dict[str, Any]:
    values: dict[str, Any] = {"rated": m.happens(60), "suggestion": m.chance.choice(faults.SUGGESTIONS) if m.happens(10) else None}
    if values["rated"]:
        top = 5 if m.known.get("satisfied") else 3
        names = ("ease_of_contact", "response_and_repair_speed", "technical_level", "attitude")
        values |= {name: m.chance.choice((top, top, top - 1)) for name in names}
    return values


ANSWERS: dict[str, Answer] = {
    "give_stock_information": lambda _: {"stock_note": "agrees"},
    "fill_loan_card": _loan_card,
    "see_open_loans": routine_only,
    "hand_out_part": _hand_out,
    "decide_override": lambda _: {"override_given": True, "override_reason": "客户停产，先用后补"},
    "fill_failed_loan": lambda _: {"loanfail_note": "库房无货"},
    "label_and_return": _returns,
    "return_former_part": lambda m: {"returns": [_returned(m, row["loan_id"], exchanged=False) for row in m.known["returns"]]},
    "fill_label": lambda m: {
        "returned_kind": "replaced_defective",
        "symptom": m.story.fault.told,
        "label_cause": m.story.fault.cause,
    },
    "check_return": _check_return,
    "approve_exception": lambda _: {"exception_reason": "备件留用观察", "exception_approved_by": "吴国栋"},
    "charge": _charge,
    "hand_invoice": routine_only,
    "hand_in_papers": _hand_in,
    "hand_in_money": lambda m: {"handed_amount": m.known.get("charged_amount") or 0},
    "count_money": lambda m: {"counted": m.known.get("handed_amount") or m.known.get("charged_amount") or 0},
    "approve_difference": lambda _: {"difference_reason": "老客户抹零"},
    "book_income": lambda m: {"voucher": f"记-{m.now:%m%d}-{m.chance.randrange(10, 99)}"},
    "confirm_repair_form": routine_only,
    "settle_promises": lambda m: (
        {"promise_evidence": "已逐项核对", "promises_kept": True}
        if m.task.process_key == "service_closing"
        else {
            "open_promises": [{"promise_id": item["promise_id"], "kept": True, "evidence": "派工单"} for item in m.known["open_promises"]]
        }
    ),
    "hand_in": lambda m: {"feedback": "现场灰尘较大，建议定期保养" if m.happens(15) else None},
    "review": lambda m: {"papers_complete": True, "papers_correct": not m.happens(6), "review_remarks": "请补签日期"},
    "accept_list": routine_only,
    "call_customer": lambda m: {"called_at": m.at(), "reached": not m.happens(15)},
    "let_speak": _talk,
    "ask_reason": _reason,
    "ask_suggestions": _suggestions,
    "say_goodbye": lambda m: {"call_ended_at": m.at()},
    "tidy_record": routine_only,
    "analyse_root": lambda m: {
        "root": "派工与到场之间没有再次提醒" if m.happens(50) else "交付时讲解不够",
        "measures": "上门前半小时电话提醒，列入交付清单",
        "measure_owner": "coordinator1",
        "measure_due": m.local(m.working_day(2 if m.happens(30) else 8, 9, 0))[:10],
    },
}
