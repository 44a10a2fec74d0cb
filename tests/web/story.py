"""The story that the browsers play: from the need of a customer to the callback, step by step."""

from sqlalchemy import select

from handlers.customers.tables import Customer, Device
from handlers.parts.tables import Loan
from tests.handlers.desk import Desk
from tests.processes.visit import ENGINEER, MODEL, UNIT, Visit
from tests.web.stage import DESK, PHONE, Stage


class Story(Visit):
    """A visit whose people sit before browsers."""

    case: Stage


FAREWELL = {"named_myself": True, "invited_again": True}
PART = "HD-4T"
MARKS = dict.fromkeys(("ease_of_contact", "response_and_repair_speed", "technical_level", "attitude"), 5)


def take_call(visit: Story) -> None:
    """The hotline engineer records the need, judges it and fills the slip; the coordinator takes it."""
    stage = visit.case
    safe = dict.fromkeys(("safety_risk", "major_production_loss", "system_paralysis"), False)
    need = {"project_or_contract_no": "无", "need_kind": "fault", "need_content": "开机后不能识别硬盘", "device_model": MODEL}
    with stage.engine.database.session() as session:
        device = session.scalars(select(Device).join(Customer).where(Customer.unit_name == UNIT, Device.model == MODEL)).first()
    assert device is not None
    stage.complete("learn_need", **need, device_serial=device.serial, **safe)
    stage.complete("read_back", confirmed_with_customer=True)
    judgement = {"fault_type_guess": "hardware", "service_type": "repair", "other_company_product": False, "customer_choice": "onsite"}
    stage.complete("first_judgement", **judgement)
    stage.complete("fill_slip", fault="开机后不能识别硬盘", fault_type_guess="hardware", urgency="normal", asked_for_time=False)
    stage.complete("tell_contact", **FAREWELL, told_next_step=True)
    stage.complete("hand_over_slip", "coordinator1", slip_received_by="陈志远")
    visit.order_id = stage.instances("onsite_service")[0].business_key or ""


def be_late_for_first_contact(visit: Story) -> None:
    """Nobody calls the customer for two hours: a breach is written down and told; then the call is made and a time promised."""
    stage = visit.case
    visit.do("assign_first_contact", "coordinator1", first_engineer=ENGINEER)
    stage.advance(hours=2, minutes=1)
    head = stage.window("head1")
    head.goto("/inbox")
    visit.do("contact_by_engineer", **visit.contact_form())
    visit.promise()


def lend_part(visit: Story) -> None:
    """The coordinator assigns the visit, the parts specialist lends a disk."""
    stage = visit.case
    visit.assign({"part_no": PART, "qty": 1})
    stage.complete("give_stock_information", "parts1", stock_note="agrees")
    card = {"card_no": "K-1", "loan_purpose": "更换硬盘", "borrowed_at": visit.at(), "due_back": visit.at(days=1, hours=8)}
    stage.complete("fill_loan_card", ENGINEER, loan_lines=[{"part_no": PART, "qty": 1}], **card)
    (line,) = Desk(stage.engine).do("parts.stock_query", parts=[{"part_no": PART, "qty": 1}])["stock_lines"]
    stage.complete("hand_out_part", "parts1", barcode=line["barcodes"][0], sealed=True)


def work_on_site(visit: Story) -> None:
    """On the phone at the customer's: a fault people caused, so it is paid; repaired, inspected and signed for."""
    stage = visit.case
    stage.advance(hours=23)
    stage.window(ENGINEER).set_viewport_size(PHONE)
    visit.leave()
    visit.arrive()
    visit.reconfirm()
    visit.reproduce()
    visit.diagnose(fault_type="man_made", man_made_evidence="接口有撞击痕迹")
    visit.quote(paid_type="man_made")
    visit.repair()
    visit.inspect()
    visit.hand_over()
    visit.say_goodbye()
    visit.charge(visit.variables["quotation_total"])
    stage.window(ENGINEER).set_viewport_size(DESK)


def settle(visit: Story) -> None:
    """Back at the station: the part comes back, the money is counted and booked, the papers are confirmed and archived."""
    stage = visit.case
    visit.come_back()
    with stage.engine.database.session() as session:
        loan = session.scalars(select(Loan)).one()
    visit.do("label_and_return", returns=[{"loan_id": loan.id, "returned_kind": "unused", "barcode": loan.barcode, "seal_unbroken": True}])
    stage.complete("check_return", "parts1", returned_kind="unused", barcode=loan.barcode, condition="good", seal="unbroken")
    visit.hand_in()
    total = visit.variables["quotation_total"]
    visit.do("hand_in_money", handed_amount=total)
    visit.do("count_money", "cashier1", counted=total)
    visit.do("book_income", "cashier1", voucher="PZ-0001")
    visit.confirm()
    visit.close()


def call_back(visit: Story) -> None:
    """The customer is called within the week and is content."""
    stage = visit.case
    stage.advance(days=1)
    stage.complete("accept_list", "callback1", list_accepted=True)
    stage.complete("call_customer", called_at=visit.at(), reached=True)
    stage.complete("let_speak", use_normal=True, satisfied=True, words="挺好")
    stage.complete("ask_suggestions", suggestion="", rated=True, **MARKS)
    stage.complete("say_goodbye", thanked=True, call_ended_at=visit.at())
    stage.complete("tidy_record", record_complete=True)
