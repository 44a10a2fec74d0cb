"""What people fill in when there is an emergency, and when a product turns out to be faulty."""

from typing import Any

from handlers.demo.weeks.calls import Answer
from handlers.demo.weeks.moment import Moment


def _phone_engineer(m: Moment) -> dict[str, Any]:
    reached = m.happens(80)
    chosen = m.known.get("engineer_id") or m.known["engineer_options"][0]["value"]
    return {"engineer_id": chosen, "engineer_reached": reached} | ({"engineer_eta": m.at(minutes=60)} if reached else {})


def _progress(m: Moment) -> dict[str, Any]:
    stable = m.happens(60)
    told = "已断电排水，业务切到备用系统" if stable else "工程师在路上，请不要触碰设备"
    return {"told_at": m.at(), "progress_text": told, "stabilised": stable}


def _analysis(m: Moment) -> dict[str, Any]:
    defect = m.happens(70)
    values = {"is_defect": defect, "d2_description": m.known.get("symptom"), "d4_root_cause": "排水软管接头老化"}
    if not defect:
        return values | {"d4_root_cause": "机房环境造成，不是产品缺陷"}
    return values | {
        "d1_team": "结构组、供应商质量",
        "d3_containment": "同批接头停发",
        "d5_corrective": "改用卡箍式接头",
        "d6_implemented": "现场更换接头并试压",
        "d7_prevention": "来料增加老化试验",
        "d8_closure": "同批全部更换",
    }


ANSWERS: dict[str, Answer] = {
    "take_charge": lambda m: {
        "trigger": m.known.get("trigger") or "system_paralysis",
        "hazard": "积水接近配电柜",
        "people_at_risk": False,
        "assessment": f"{m.story.content}，先断电再排查",
        "first_measures": "断电、排水、切换备用系统",
    },
    "phone_safety": lambda m: {
        "stop_use": True,
        "evacuate": m.happens(30),
        "safety_advice": "切断机房总电源，不要触碰设备",
        "safety_told_at": m.at(),
    },
    "phone_engineer": _phone_engineer,
    "find_engineer_now": lambda m: {"engineer_id": "engineer1", "engineer_eta": m.at(minutes=90)},
    "settle_former_parts": lambda _: {"loan_decision": "other_engineer"},
    "set_parts_aside": lambda _: {"parts_wanted": False},
    "report_progress": _progress,
    "write_report": lambda m: {
        "incident_cause": "空调排水管破裂",
        "losses": "停机两小时",
        "measures_taken": "断电排水，检修设备",
        "prevention": "机房加装漏水报警",
        "lessons": "先断电再排水，备用系统每季度演练",
        "recurring_cause": m.happens(50),
        "needs_project": False,
    },
    "register_issue": lambda m: {
        "device_model": m.story.model,
        "symptom": m.known.get("symptom") or m.story.content,
        "found_at": m.at(),
        "fixable_on_site": m.happens(40),
    },
    "fix_on_site": lambda m: {"fix_done": "更换接头并加固", "fix_verified": m.happens(80)},
    "analyse_8d": _analysis,
    "implement_and_verify": lambda m: {"quality_verified": m.happens(85), "verify_note": "更换后试压两小时无渗漏"},
    "record_prevention": lambda m: {
        "quality_solution": m.known.get("d5_corrective") or m.known.get("fix_done") or "更换接头",
        "quality_prevention": m.known.get("d7_prevention") or "巡检增加接头检查",
    },
}
