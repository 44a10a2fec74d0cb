"""What people fill in at the bench in the station, and when a device does not stay repaired."""

from typing import Any

from handlers.demo.weeks.calls import Answer
from handlers.demo.weeks.moment import Moment


def _analyse(m: Moment) -> dict[str, Any]:
    fault = m.story.fault
    wanted = fault.part is not None and fault.part in [option["value"] for option in m.known.get("part_options") or []]
    values: dict[str, Any] = {"fault_type": fault.kind, "cause": fault.cause, "solution_given": fault.step, "parts_wanted": wanted}
    if fault.part:
        values["faulty_part"] = fault.part
    if fault.kind == "man_made":
        values["man_made_evidence"] = "键盘内有茶渍，客户确认"
    if wanted:
        values["parts_needed"] = [{"part_no": fault.part, "qty": 1}]
    return values


def _repair(m: Moment) -> dict[str, Any]:
    fault = m.story.fault
    return {
        "measures": [
            {"step": "检查外部连接与供电", "phase": "peripheral", "result": "正常"},
            {"step": fault.step, "phase": fault.phase, "result": "故障排除"},
        ],
        "parts": [{"part_no": fault.part, "qty": 1, "action": "replaced"}] if m.known.get("parts_wanted") else [],
        "part_missing": False,
    }


def _inspect(m: Moment) -> dict[str, Any]:
    repaired = not m.happens(5)
    return {
        "inspection": [{"item": item, "ok": repaired} for item in ("通电启动正常", "原故障不再出现", "连续运行无异常")],
        "new_part_works": "yes" if m.known.get("parts_wanted") else "not_applicable",
        "original_fault_gone": repaired,
        "repaired": repaired,
    }


ANSWERS: dict[str, Answer] = {
    # repeated repairs
    "report_repeat": lambda m: {"symptom": m.story.fault.told, "tried": m.story.fault.step, "reproduced": True},
    "review_repeat": lambda m: {
        "verdict": "new_plan",
        "repeat_plan": "带整套备件，由高一级工程师上门",
        "answer_by": m.local(m.working_day(3, 17, 0)),
    },
    "tell_plan": lambda m: {"told_at": m.at(), "customer_view": "同意，希望一次修好"},
    # at the bench
    "take_machine": lambda _: {"form_matches": True},
    "bench_reproduce": lambda m: {"reproduced": not m.happens(10), "reproduce_note": "按维修单记录操作"},
    "bench_observe": lambda m: {
        "observation_started_at": m.at(minutes=-32),
        "observed_minutes": 32,
        "reproduced": m.happens(70),
        "observation_note": "带负载观察",
    },
    "bench_accelerate": lambda _: {"accelerate_method": "accelerate", "accelerate_note": "连续加压运行", "reproduced": True},
    "analyse": _analyse,
    "explain_policy": lambda m: {"man_made_evidence": m.story.fault.cause, "customer_answer": "continues"},
    "bench_repair": _repair,
    "bench_inspect": _inspect,
    "assist": lambda _: {"advice_text": "更换主板后再做一次加压测试", "go_on": True},
    "clean_and_rack": lambda m: {"rack": f"A-{m.chance.randint(1, 12)}", "engineer_sig": m.sign(m.actor)},
    "put_back": lambda m: {
        "rack": f"C-{m.chance.randint(1, 12)}",
        "unrepaired_reason": "客户不接受收费",
        "engineer_sig": m.sign(m.actor),
    },
    "tell_reception": lambda _: {},
    "tell_delay": lambda m: {
        "delay_told_at": m.at(),
        "delay_explained": "备件晚到，向您致歉",
        "new_pickup": m.local(m.working_day(3, 17, 0)),
    },
}
