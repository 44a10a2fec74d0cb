"""One visit, told step by step the way its people do it: every method is what somebody fills in."""

from datetime import datetime, timedelta
from functools import cache, cached_property
from io import BytesIO
from typing import Any

from PIL import Image
from sqlalchemy import update

from engine.runtime import remarks
from handlers.dispatch.tables import Employee
from tests.handlers.desk import Desk
from tests.scenario import Scenario

UNIT = "光谷创芯科技有限公司"  # 武汉市洪山区: inside the demo office's service area
MODEL = "启明 QD-600 存储柜"
ENGINEER = "engineer1"


@cache
def _signature() -> bytes:
    """A small picture."""
    content = BytesIO()
    Image.new("L", (60, 20), 255).save(content, "PNG")
    return content.getvalue()


class Visit:
    """A customer's request, and everything people do about it."""

    def __init__(self, case: Scenario) -> None:
        self.case = case
        self.order_id = ""
        self.slip_id = ""

    # -- the request -------------------------------------------------------------------------------------------------

    def request(self, **changes: Any) -> None:
        """The hotline has an order and a slip, and hands the slip over."""
        desk = Desk(self.case.engine)
        found = desk.do("customers.find", query=UNIT)
        now = self.case.clock.now().isoformat()
        part_a = {name: found[name] for name in ("customer_unit", "address", "contact_person", "contact_phone")}
        serial = next(option["value"] for option in found["device_options"] if MODEL in option["label"])
        part_a |= {"device_model": MODEL, "device_serial": serial}
        part_a |= {
            "fault": "开机后不能识别硬盘",
            "fault_type_guess": "hardware",
            "in_warranty": True,
            "in_onsite_period": True,
            "paid": False,
        }
        part_a |= {name: value for name, value in changes.items() if name in part_a}
        order = desk.do("orders.create", customer_id=found["customer_id"], first_request_at=now, device_serial=part_a["device_serial"])
        self.order_id = order["order_id"]
        self.slip_id = desk.do("orders.create_slip", order_id=self.order_id, **part_a)["slip_id"]
        message = part_a | {"order_id": self.order_id, "slip_id": self.slip_id, "matter_id": order["matter_id"], "visit_no": 1}
        message |= {"customer_id": found["customer_id"], "service_type": "repair", "category": "general_fault", "urgency": "normal"}
        message |= {"contract_covered": False, "company_product": True, "service_mode": "onsite", "quotation_id": None}
        message |= {"first_request_at": now, "order_date": now, "special_handling": False, "emergency": False}
        self.case.message("slip.received", self.order_id, **(message | changes))

    def empty_the_station(self) -> None:
        """Every engineer is out."""
        with self.case.engine.database.transaction() as session:
            session.execute(update(Employee).values(in_station=False))

    @cached_property
    def instance(self) -> str:
        """The on-site service of this request."""
        return str(self.case.instances("onsite_service")[0].id)

    @property
    def variables(self) -> dict[str, Any]:
        """What the case knows."""
        return self.case.variables(self.instance)

    @property
    def outcome(self) -> tuple[str, str | None]:
        """State and end event of the case."""
        return self.case.state(self.instance)

    def at(self, **delta: float) -> str:
        """A time from now on, as a form writes it."""
        return (self.case.clock.now() + timedelta(**delta)).isoformat()

    def sign(self, element_id: str) -> str:
        """Somebody signs on the open task; returns the attachment."""
        task = self.case.task(element_id)
        return remarks.attach(self.case.engine, task.id, "signature.png", _signature(), "signature", ENGINEER)

    def do(self, element_id: str, actor: str = ENGINEER, **values: Any) -> None:
        """Complete a task, with the values its form needs."""
        self.case.complete(element_id, actor, **values)

    # -- appointment -------------------------------------------------------------------------------------------------

    def contact(self, *, same_day: bool = False, special: str | None = None) -> None:
        """The coordinator names an engineer in the station, who reaches the customer."""
        self.do("assign_first_contact", "coordinator1", first_engineer=ENGINEER)
        self.do("contact_by_engineer", **self.contact_form(same_day=same_day, special=special))

    def contact_form(self, *, same_day: bool = False, special: str | None = None) -> dict[str, Any]:
        """A customer who was reached."""
        form: dict[str, Any] = {
            "contacted_at": self.at(),
            "reached": True,
            "judged_fault": "硬盘故障",
            "has_special_request": special is not None,
        }
        return form | {"special_request": special, "same_day": same_day, "required_skills": ["storage"], "conditions_ready": True}

    def not_reached(self) -> None:
        """The engineer calls in vain."""
        self.do("contact_by_engineer", contacted_at=self.at(), reached=False, not_reached_note="电话无人接听")

    def promise(self, **delta: float) -> None:
        """The engineer promises a time."""
        self.do("promise_by_engineer", promised_visit_at=self.at(**(delta or {"days": 1})), appointed_with="联系人")

    def assign(self, *parts: dict[str, Any]) -> None:
        """The coordinator assigns the visit and briefs the engineer."""
        needed: dict[str, Any] = {"parts_wanted": True, "parts_needed": list(parts)} if parts else {"parts_wanted": False}
        self.do("assign_visit", "coordinator1", engineer_id=ENGINEER, **needed)
        brief: dict[str, Any] = {
            "service_brief": "检查并更换硬盘",
            "expected_arrival": self.at(days=1),
            "customer_expectations": "尽快恢复",
            "acknowledged": True,
        }
        about: dict[str, Any] = {name: self.variables[name] for name in ("contact_person", "contact_phone", "address")}
        self.do("brief_engineer", "coordinator1", **brief, **about)

    # -- money -------------------------------------------------------------------------------------------------------

    def quote(self, *, accepted: bool = True, paid_type: str = "out_of_warranty_repair") -> None:
        """It is found to be paid, explained and quoted."""
        self.do("confirm_paid", "hotline1", paid_type=paid_type, paid_reason="不在免费范围", paid_items=[])
        self.do("explain_and_quote", "hotline1", policy_explained=True, price_list_shown=True, accepted=accepted, consent_evidence="phone")
        if not accepted:
            self.do("decline_politely", "hotline1", alternatives="可送修", declined_politely=True)
        elif "promise_visit" in self.case.open_elements():
            self.do("promise_visit", "hotline1", visit_promise="尽快上门")

    def charge(self, amount: float) -> None:
        """The customer pays on the spot and gets an invoice."""
        line: dict[str, Any] = {"item": "维修费", "qty": 1, "amount": amount}
        paid: dict[str, Any] = {
            "charge_list_shown": True,
            "final_lines": [line],
            "paid_on_site": True,
            "charged_amount": amount,
            "pay_method": "cash",
            "payer": UNIT,
        }
        self.do("charge", **paid)
        self.do("hand_invoice", invoice_given=True)

    # -- on the way --------------------------------------------------------------------------------------------------

    def leave(self) -> None:
        """The engineer checks what to carry and leaves."""
        carried = ("tools", "pen", "shoe_covers", "cards", "slip", "invoice", "price_list")
        form: dict[str, Any] = {f"has_{item}": True for item in carried}
        self.do("prepare_visit", can_go=True, parts_sealed=True, departed_at=self.at(), **form)

    def arrive(self, **changes: Any) -> None:
        """The engineer is at the door and comes in."""
        form: dict[str, Any] = {
            "arrived_at": self.at(),
            "customer_present": True,
            "permission": True,
            "knocked": True,
            "shoe_covers_on": True,
            "protection_worn": True,
        }
        self.do("arrive", **(form | changes))

    def reach_site(self, *parts: dict[str, Any]) -> None:
        """Everything up to the customer's door, on the promised day."""
        self.contact()
        self.promise()
        self.assign(*parts)
        self.case.advance(hours=23)
        self.leave()
        self.arrive()

    def move(self, *, cancelled: bool = False, **delta: float) -> None:
        """The customer is told, and another time is agreed, or none."""
        told: dict[str, Any] = {
            "notified_at": self.at(),
            "resched_reason_text": "临时有急修",
            "apologised": True,
            "customer_understands": True,
        }
        self.do("tell_customer", resched_initiator="us", resched_reason="engineer", **told)
        self.do("agree_new_time", visit_cancelled=cancelled, new_time=None if cancelled else self.at(**delta))

    # -- on site -----------------------------------------------------------------------------------------------------

    def reconfirm(self) -> None:
        """Need and papers are checked with the customer."""
        papers: dict[str, Any] = {
            "warranty_card_checked": True,
            "packing_list_checked": True,
            "configuration_standard": True,
            "device_serial": self.variables["device_serial"],
        }
        self.do("reconfirm_need", need_confirmed=True, fault_description="开机报硬盘错误", site_survey_needed=False, **papers)

    def reproduce(self, *, seen: bool = True) -> None:
        """The fault shows, or not."""
        self.do("reproduce_fault", exterior="ok", connections="ok", asked_customer="昨天断电后出现", reproduced=seen)

    def diagnose(self, **changes: Any) -> None:
        """Cause and plan; nothing needs the customer's consent unless said so."""
        form: dict[str, Any] = {"fault_type": "hardware", "cause": "硬盘坏道", "repair_plan": "更换硬盘", "explained_to_customer": True}
        form |= dict.fromkeys(("open_case", "data_risk", "major_repair", "cost_change", "move_items"), False)
        self.do("diagnose", **(form | changes))

    def repair(self, **changes: Any) -> None:
        """The engineer repairs and writes down each step."""
        form: dict[str, Any] = {
            "power_off": True,
            "antistatic": True,
            "files_closed": True,
            "live_high_voltage": False,
            "work_log": "更换硬盘并重建阵列",
            "part_missing": False,
            "parts": [],
        }
        self.do("repair", **(form | {"measures": [{"step": "更换硬盘", "phase": "board", "result": "完成"}]} | changes))

    def inspect(self, *, repaired: bool = True) -> None:
        """Re-inspection before the customer's eyes."""
        items = [{"item": item, "ok": repaired} for item in ("通电启动正常", "连续运行无异常")]
        form: dict[str, Any] = {
            "new_part_works": "yes",
            "original_fault_gone": repaired,
            "checked_before_closing": True,
            "checked_after_closing": True,
        }
        signatures: dict[str, Any] = {"engineer_sig": self.sign("inspect"), "repair_customer_sig": self.sign("inspect")}
        self.do("inspect", inspection=items, repaired=repaired, **form, **signatures)

    def work(self) -> None:
        """A fault that shows at once and is repaired at once."""
        self.reconfirm()
        self.reproduce()
        self.diagnose()
        self.repair()
        self.inspect()

    def hand_over(self, *, accepted: bool = True, **changes: Any) -> None:
        """The engineer cleans up, explains and asks for acceptance."""
        self.do(
            "clean_and_demonstrate", machine_cleaned=True, state_restored=True, demonstrated=True, site_tidied=True, self_check_passed=True
        )
        form: dict[str, Any] = {
            "service_content": "更换硬盘",
            "service_process": "诊断、更换、复验",
            "service_solution": "更换硬盘",
            "advice": "配置不间断电源",
        }
        form |= {"has_open_problems": False, "service_accepted": accepted}
        if accepted:
            form["customer_sig"] = self.sign("ask_acceptance")
        self.do("ask_acceptance", **(form | changes))

    def say_goodbye(self, **changes: Any) -> None:
        """Other needs, survey, farewell."""
        self.do("ask_other_needs", **({"other_needs": False, "survey_given": False, "farewell": True} | changes))

    def agree(self, option: str, **changes: Any) -> None:
        """Engineer and customer agree a way forward."""
        self.do("agree_solution", agreed_option=option, solution_given="已说明后续安排", agree_customer_agreed=True, **changes)

    # -- finishing ---------------------------------------------------------------------------------------------------

    def come_back(self) -> None:
        """Back at the station."""
        self.do("come_back", returned_at=self.at())

    def hand_in(self, result: str = "repaired", **changes: Any) -> None:
        """Slip and repair form go to the coordinator."""
        form: dict[str, Any] = {"service_content": "更换硬盘", "visit_result": result, "finished_at": self.at(), "question_open": False}
        self.do("hand_in_papers", **(form | changes))

    def report_repeat(self, verdict: str = "new_plan") -> None:
        """The engineer reports a repair that does not succeed, technical support decides, the customer is told."""
        self.do("report_repeat", symptom="仍报硬盘错误", tried="更换硬盘", reproduced=True)
        self.do("review_repeat", "support1", verdict=verdict, repeat_plan="更换背板", answer_by=self.at(days=3))
        self.do("tell_plan", told_at=self.at(), customer_view="同意")

    def confirm(self) -> None:
        """The coordinator confirms the repair form."""
        self.do("confirm_repair_form", "coordinator1", repair_form_checked=True, repair_confirmed=True)

    def close(self) -> None:
        """The papers are handed in, reviewed and archived."""
        self.do("hand_in", all_handed_in=True)
        self.do("review", "service1", papers_complete=True, papers_correct=True)

    def finish(self, result: str = "repaired") -> None:
        """Back at the station, papers in, confirmed, archived."""
        self.come_back()
        self.hand_in(result)
        self.confirm()
        self.close()

    def promised_at(self) -> datetime:
        """The time the customer was promised."""
        return datetime.fromisoformat(self.variables["promised_visit_at"])
