"""What is said and written in the cycle of improvement: at the weekly meeting, in the committee, about the strategy, in the survey of staff."""

from typing import Any

from handlers.demo.weeks.calls import Answer, routine_only
from handlers.demo.weeks.moment import Moment

_IDEAS = ("备件架重新贴标签，按机型分区", "派工单上写明停车和进门办法", "常用备件提前放到车上", "交接班时一起看未结的单子")
_MEASURES = ("负责人当周试行，下周例会看效果", "写进操作步骤，全组照做", "先在两个片区试，再推广", "每天下班前抽查三单")
_RESULTS = ("已照办，抽查没有遗漏", "试行一周，客户反映好", "已写进步骤并讲解过一遍")
_OWNERS = ("coordinator1", "hotline1", "parts1", "engineer1", "service1")
_DEEDS = (
    ("engineer1", "award", "周末自己开车给医院送备用电源，三小时恢复挂号"),
    ("hotline1", "friendly", "一个月里没有一次不耐烦，客户点名感谢"),
    ("engineer7", "small_success", "顺手整理了客户的机柜线缆"),
)
_OPINIONS = ("赞成，高峰期需要多一个人接电话", "希望备件能提前一天到", "可行，最好先试一个月", "没有别的意见")
_HELP = ("把客户说的现象写全，少打一次电话", "备件到了马上告诉我", "改期先跟我说一声", "交机时把维修过程讲清楚")
_COOPERATION = ("交接时当面说清楚", "每天碰头十分钟", "合作顺利，继续保持", "有事在群里及时说")
_GOALS = ("每位客户两小时内有人联系", "一次上门修好，修不好当天说清下一步", "回访不满意的当周给出改进")


def _day(m: Moment, days: int) -> str:
    return m.local(m.working_day(days, 9, 0))[:10]


def _agenda(m: Moment) -> dict[str, Any]:
    known: list[dict[str, str]] = [{} for _ in m.known["agenda"]]
    idea = [{"source": "staff", "agenda_text": m.chance.choice(_IDEAS)}] if not known or m.happens(40) else []
    return {"agenda": [*known, *idea]}


def _meeting(m: Moment) -> dict[str, Any]:
    agreed = [
        {"measure": m.chance.choice(_MEASURES), "owner": m.chance.choice(_OWNERS), "due": _day(m, m.chance.randint(3, 6))}
        for _ in m.known["points"]
    ]
    return {"attendees": ["head1", "coordinator1", "hotline1", "service1", "callback1"], "points": agreed}


def _arranged(m: Moment) -> dict[str, Any]:
    return {"measure": m.known["item_text"], "item_owner": m.known.get("item_owner") or "coordinator1", "item_due": _day(m, 2)}


def _recovery(m: Moment) -> dict[str, Any]:
    return {"recovery_plan": "站长当天登门致歉，派高级工程师处理到好", "recovery_owner": "engineer1", "recovery_due": _day(m, 2)}


def _check(m: Moment) -> dict[str, Any]:
    if m.known["item_done"] and not m.happens(12):
        return {"effective": True}
    return {"effective": False, "new_measure": "换一个办法：由协调员每天核对", "new_owner": "coordinator1", "new_due": _day(m, 3)}


def _praise(m: Moment) -> dict[str, Any]:
    praised = m.chance.sample(_DEEDS, 2)
    return {"recognitions": [{"employee": employee, "kind": kind, "deed": deed} for employee, kind, deed in praised]}


def _survey(m: Moment) -> dict[str, Any]:
    return {
        "internal_customers": "用我工作结果的同事",
        "help_answer": m.chance.choice(_HELP),
        "cooperation_answer": m.chance.choice(_COOPERATION),
        "staff_score": m.chance.choice((3, 4, 4, 4, 5, 5)),
    }


ANSWERS: dict[str, Answer] = {
    "collect_agenda": _agenda,
    "host_meeting": _meeting,
    "arrange_item": _arranged,
    "plan_recovery": _recovery,
    "carry_out_item": lambda m: {"item_done": not m.happens(8), "item_result": m.chance.choice(_RESULTS)},
    "check_effect": _check,
    "review_satisfaction": lambda m: {
        "heard": ["customers", "staff"],
        "findings": "客户最看重来得快、讲得清，个别单子等备件太久",
        "proposals": [{"proposal_text": m.chance.choice(_IDEAS)}],
    },
    "nominate_award": _praise,
    "plan_strategy": lambda _: {"goals": [{"goal": goal} for goal in _GOALS], "empowerment": "二百元以内的减免由上门工程师决定"},
    "give_opinion": lambda m: {"opinion": m.chance.choice(_OPINIONS)},
    "finalise_strategy": lambda _: {"feasible": True, "flexible": True, "clear": True},
    "review_posts": routine_only,
    "acknowledge_strategy": routine_only,
    "answer_survey": _survey,
    "read_answers": lambda m: {"actions": [{"action_text": m.chance.choice(_HELP)}]},
}
