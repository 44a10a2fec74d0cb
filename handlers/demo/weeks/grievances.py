"""Complaints: what sales pass on, and what people fill in until the customer is content."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.ids import Chance
from handlers.customers.tables import Customer
from handlers.demo.weeks import faults
from handlers.demo.weeks.calls import Answer, routine_only
from handlers.demo.weeks.moment import Moment
from handlers.orders.tables import ServiceOrder

_ABOUT = {"service": 70, "staff": 15, "product": 12, "other_customer": 3}
#: So many orders are still in the customers' minds.
_FRESH = 8
_FINDINGS = (
    ("改约后没有同步给工程师", "改约当面复述并写进派工单"),
    ("交接时没有说清故障", "派工前复述故障现象"),
    ("备件没有提前备好", "下班前核对次日备件"),
)


def passed_on(session: Session, keys: Collection[str], chance: Chance) -> dict[str, Any] | None:
    """What sales heard from a customer whose order was closed lately: the message; None when none was."""
    orders = (
        select(ServiceOrder.id, Customer.unit_name)
        .join(Customer, Customer.id == ServiceOrder.customer_id)
        .where(ServiceOrder.status == "closed", ServiceOrder.id.in_(keys))
    )
    found = session.execute(orders.order_by(ServiceOrder.closed_at.desc(), ServiceOrder.id).limit(_FRESH)).all()
    if not found:
        return None
    order = chance.choice(found)
    facts = chance.choice(faults.COMPLAINTS)
    return {
        "order_id": order.id,
        "customer_unit": order.unit_name,
        "source": "sales",
        "sales_person": "梁艺",
        "facts": facts,
        "heard_by": "service1",
    }


def _take_on(m: Moment) -> dict[str, Any]:
    return {
        "received_at": m.known.get("received_at") or m.local(m.task.created_at),
        "customer_unit": m.known.get("customer_unit") or m.story.unit,
        "about": m.chance.choices(list(_ABOUT), list(_ABOUT.values()))[0],
        "emotion_calmed": True,
        "repeated_back": True,
        "threatens_public": m.happens(6),
        "in_media": m.happens(2),
        "heard_post": "hotline" if m.actor.startswith("hotline") else "customer_service",
        "able_to_solve": m.happens(35),
        "granted_value": m.chance.choice((0, 0, 50, 200)),
    }


def _clarify(m: Moment) -> dict[str, Any]:
    complete = m.happens(85)
    values = {"explained": "核对派工记录，向客户说明经过", "facts_complete": complete}
    return values | ({"our_fault": m.happens(60), "solvable_at_once": m.happens(55)} if complete else {})


def _responsible(m: Moment) -> dict[str, Any]:
    root, measures = m.chance.choice(_FINDINGS)
    badly = m.happens(15)
    return {
        "responsible": "协调员",
        "nature": m.chance.choices(("isolated", "careless", "systemic"), (55, 30, 15))[0],
        "root_cause": root,
        "measures": measures,
        "measure_owner": "coordinator1",
        "measure_due": m.local(m.working_day(8, 9, 0))[:10],
        "handled_badly": badly,
        "retraining": badly and m.happens(50),
    }


def _answer(m: Moment) -> dict[str, Any]:
    values: dict[str, Any] = {"answered_customer_at": m.at()}
    if m.happens(10):
        return values | {
            "answer_result": "not_satisfied",
            "dissatisfied_with": "希望更快一些",
            "threatens_public": False,
            "in_media": False,
        }
    promised = m.happens(20)
    values |= {"answer_result": "withdrawn" if m.happens(5) else "satisfied", "promise_made": promised}
    return values | ({"promised_item": "下次上门带一份保养资料", "promised_until": m.local(m.working_day(4, 10, 0))} if promised else {})


ANSWERS: dict[str, Answer] = {
    "take_on": _take_on,
    "move_aside": routine_only,
    "answer_sales": lambda m: {"sales_answered_at": m.at(), "sales_answer": "已联系客户致歉，正在安排处理"},
    "apologise_for_staff": routine_only,
    "talk_in_private": lambda _: {"employee": "当班员工", "staff_talk": "先听客户说完，再解释"},
    "judge": lambda _: {"solution": "请双方按取号次序办理，并向客户致歉"},
    "solve_at_once": lambda m: {"solution": "马上改派最近的工程师上门", "solved_at_once": m.happens(85)},
    "report_after": lambda _: {"complaint_report": "已当场改派，客户接受"},
    "clarify": _clarify,
    "apologise": lambda _: {"expectation": "尽快修好，今后准时"},
    "tell_waiting": lambda m: {"department_wanted": "工程服务部", "promised_answer_at": m.local(m.working_day(2, 17, 0))},
    "department_answer_task": lambda _: {"department_answer": "已安排专人处理，结果报客服"},
    "propose": lambda _: {"solution": "优先上门，免收上门费"},
    "coordinate": lambda _: {"coordination": "与媒体说明经过，客户已得到解决", "media_contact": True},
    "find_responsible": _responsible,
    "talk_privately": lambda _: {"better_way": "先致歉，再问细节，不抢话"},
    "answer_customer": _answer,
    "fulfil_promise": lambda _: {"promise_kept": True, "promise_proof": "资料已送到客户手里"},
    "write_case": lambda m: {
        "course": m.known.get("facts"),
        "cause": m.known.get("root_cause") or "沟通不及时",
        "handling": m.known.get("coordination") or "协调办结",
        "lessons": "有扬言对外的苗头，当天就报客服经理",
    },
    "discuss_case": lambda _: {"discussion": "列入每月例会，新员工入职时讲解"},
}
