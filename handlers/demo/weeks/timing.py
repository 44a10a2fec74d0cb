"""When people get round to their tasks: usually in time, now and then too late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.demo.weeks.moment import Moment

#: Tasks at the customer's go on without regard to office hours; minutes from, to.
_ON_SITE = {
    "reconfirm_need": (4, 8),
    "reproduce_fault": (5, 15),
    "observe_device": (32, 40),
    "provoke_fault": (8, 20),
    "diagnose": (8, 25),
    "check_part": (2, 5),
    "get_consent": (2, 5),
    "repair": (15, 60),
    "inspect": (6, 14),
    "clean_and_demonstrate": (4, 8),
    "ask_acceptance": (4, 8),
    "ask_other_needs": (2, 4),
    "agree_solution": (4, 10),
    "charge": (2, 5),
    "hand_invoice": (1, 2),
    "come_back": (25, 60),
    "unpack_and_test": (30, 90),
    "explain_and_show": (10, 30),
    "ask_wish": (1, 3),
    "hand_over_papers": (5, 15),
    "fill_sheet": (5, 15),
    "ask_survey": (2, 5),
    "ask_inst_needs": (1, 4),
}


#: Tasks that are done when the visit was agreed for.
_BY_APPOINTMENT = ("prepare_visit", "arrive", "get_ready", "arrive_to_install")


@dataclass(frozen=True)
class _Desk:
    """Office work: minutes of working time; so often (per cent) it takes the long span instead."""

    low: int
    high: int
    late_percent: float = 0
    late_low: int = 0
    late_high: int = 0


_QUICK = _Desk(1, 4)
_AT_DESK = {
    "answer_call": _Desk(0, 0),
    "hand_over_slip": _Desk(3, 25, 7, 34, 80),
    "assign_first_contact": _Desk(3, 14),
    "contact_by_engineer": _Desk(6, 45, 8, 125, 200),
    "contact_by_coordinator": _Desk(6, 45, 8, 125, 200),
    "assign_visit": _Desk(10, 60),
    "brief_engineer": _Desk(5, 25),
    "give_stock_information": _Desk(3, 15),
    "label_and_return": _Desk(4, 15),
    "return_former_part": _Desk(40, 240),
    "check_return": _Desk(5, 30),
    "approve_exception": _Desk(500, 900),
    "hand_in_papers": _Desk(6, 30, 8, 300, 600),
    "hand_in_money": _Desk(5, 20),
    "count_money": _Desk(5, 40),
    "approve_difference": _Desk(30, 200),
    "book_income": _Desk(60, 400),
    "confirm_repair_form": _Desk(15, 180),
    "hand_in": _Desk(30, 240, 8, 700, 1100),
    "review": _Desk(60, 480),
    "study": _Desk(60, 300, 15, 500, 700),
    "reply": _Desk(5, 40),
    "accept_list": _Desk(900, 2000, 7, 2600, 3200),
    "call_customer": _Desk(5, 60),
    "analyse_root": _Desk(200, 1000),
    "plan_survey": _Desk(20, 90),
    "ask_customer": _Desk(20, 2000),
    "take_on": _Desk(1, 10, 7, 65, 120),
    "answer_sales": _Desk(3, 18, 12, 35, 60),
    "clarify": _Desk(10, 60),
    "department_answer_task": _Desk(120, 700, 12, 1100, 1500),
    "propose": _Desk(20, 240, 8, 600, 800),
    "coordinate": _Desk(60, 400),
    "find_responsible": _Desk(60, 500),
    "talk_in_private": _Desk(30, 300),
    "talk_privately": _Desk(30, 300),
    "answer_customer": _Desk(5, 90),
    "fulfil_promise": _Desk(300, 1200),
    "write_case": _Desk(300, 900),
    "discuss_case": _Desk(300, 1500),
    "fill_failed_loan": _Desk(3, 10),
    "fill_application": _Desk(10, 60),
    "await_answer": _Desk(60, 300, 12, 500, 700),
    "register_arrival": _Desk(900, 2100, 10, 2400, 2900),
    "check_goods": _Desk(10, 40),
    "report_progress": _Desk(25, 55, 10, 65, 80),
    "write_report": _Desk(300, 900),
    "analyse_8d": _Desk(900, 3000),
    "implement_and_verify": _Desk(200, 900),
    "record_prevention": _Desk(60, 400),
    "report_repeat": _Desk(10, 40),
    "review_repeat": _Desk(60, 300, 10, 600, 900),
    "tell_plan": _Desk(5, 60),
    "counter_inspect": _Desk(5, 20),
    "counter_observe": _Desk(32, 40),
    "take_machine": _Desk(20, 120),
    "call_for_pickup": _Desk(10, 60),
    "inspect_pickup": _Desk(200, 1200),
    "sum_up": _Desk(30, 200),
    "bench_reproduce": _Desk(10, 40),
    "bench_observe": _Desk(32, 60),
    "analyse": _Desk(10, 60),
    "bench_repair": _Desk(40, 240),
    "bench_inspect": _Desk(10, 30),
    "collect_agenda": _Desk(5, 20),
    "host_meeting": _Desk(45, 75),
    "carry_out_item": _Desk(400, 1200, 15, 2600, 3400),
    "check_effect": _Desk(20, 200),
    "arrange_item": _Desk(5, 40),
    "plan_recovery": _Desk(5, 40),
    "review_satisfaction": _Desk(60, 600),
    "nominate_award": _Desk(60, 400),
    "plan_strategy": _Desk(200, 900),
    "give_opinion": _Desk(60, 900),
    "finalise_strategy": _Desk(100, 600),
    "review_posts": _Desk(200, 900),
    "acknowledge_strategy": _Desk(20, 300),
    "answer_survey": _Desk(100, 3000),
    "read_answers": _Desk(60, 600),
    "watch_and_check": _Desk(60, 2000),
    "confirm_result": _Desk(15, 500),
}


def due_to_act(m: Moment) -> datetime:
    """The instant at which the person completes this task, never before now."""
    element = m.task.element_id
    promised = m.instant("promised_visit_at") if element in _BY_APPOINTMENT else None
    if promised is not None:
        before = 50 if element in ("prepare_visit", "get_ready") else m.chance.choices((8, 2, -4, -35), (45, 40, 8, 7))[0]
        return max(m.now, promised - timedelta(minutes=before))
    if element in _ON_SITE or (m.task.process_key == "paid_service" and m.known.get("entry") == "onsite"):
        return m.now + timedelta(minutes=m.chance.randint(*_ON_SITE.get(element, (2, 5))))
    span = _AT_DESK.get(element, _QUICK)
    late = m.happens(span.late_percent)
    minutes = m.chance.randint(span.late_low, span.late_high) if late else m.chance.randint(span.low, span.high)
    return m.engine.calendars.get().add_time(m.now, timedelta(minutes=minutes)).due_at
