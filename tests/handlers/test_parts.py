"""Stock, loans and returns."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from engine.runtime.handlers import BpmnError
from handlers.orders.tables import RepairForm, Slip
from handlers.parts.ledger import balance
from handlers.parts.tables import Application, FailedLoan, LedgerEntry, StockItem


def shelf(desk, part_no):
    """Barcodes of a part on the shelf."""
    return desk.do("parts.stock_query", parts=[{"part_no": part_no}])["stock_lines"][0]["barcodes"]


def issue(desk, part_no="PS-300", engineer="engineer2", trip="engineer2-20260305", **more):
    """Lend the first piece on the shelf."""
    barcode = more.pop("barcode", None) or shelf(desk, part_no)[0]
    return desk.do("parts.issue", engineer_id=engineer, trip_id=trip, part_no=part_no, barcode=barcode, **more)


def test_a_loan_moves_the_piece_from_the_shelf_into_the_ledger(desk):
    """After a loan the shelf has one less, and the ledger says so."""
    desk.order()
    before = desk.do("parts.stock_query", parts=[{"part_no": "PS-300"}])["stock_lines"][0]

    loan = issue(desk, barcode=before["barcodes"][0].lower())

    after = desk.do("parts.stock_query", parts=[{"part_no": "PS-300"}])["stock_lines"][0]
    entry = desk.rows(select(LedgerEntry).where(LedgerEntry.no == loan["ledger_no"]))[0]
    assert after["on_hand"] == before["on_hand"] - 1
    assert before["barcodes"][0] not in after["barcodes"]
    assert (entry.from_place, entry.to_place, entry.reference, entry.moved_by) == ("shelf", "loan", loan["loan_id"], "hotline1")


def test_no_return_no_new_loan(desk):
    """A part of another trip blocks; a second part of the same trip does not; after the return the next trip may borrow."""
    desk.order()
    first = issue(desk)
    issue(desk, "SD-512")

    with pytest.raises(BpmnError) as refused:
        issue(desk, "MM-16D", trip="engineer2-20260306")
    blocked = desk.do("parts.check_loan_eligibility", engineer_id="engineer2", trip_id="engineer2-20260306")
    others = desk.do("parts.check_loan_eligibility", engineer_id="engineer3", trip_id="engineer3-20260306")
    for loan in desk.do("parts.open_loans", engineer_id="engineer2")["loan_ids"]:
        desk.do("parts.confirm_return", loan_id=loan, returned_kind="unused", seal_unbroken=True)

    assert refused.value.code == "PREVIOUS_PART_NOT_RETURNED"
    assert not blocked["eligible"]
    assert blocked["open_loans_of_other_trip"] == 2
    assert first["loan_id"] in [loan["loan_id"] for loan in blocked["open_loans"]]
    assert "刘海峰" in blocked["open_loans_text"]
    assert others["eligible"]
    assert issue(desk, "MM-16D", trip="engineer2-20260306")["loan_id"]


def test_the_same_job_lends_once(desk):
    """A job that is tried again after its effect was kept gives the same loan."""
    desk.order()
    values = {"engineer_id": "engineer2", "trip_id": "t", "part_no": "PS-300", "barcode": shelf(desk, "PS-300")[0]}

    first = desk.do("parts.issue", job="once", **values)
    again = desk.do("parts.issue", job="once", **values)

    assert first == again


def test_a_wrong_barcode_is_scanned_again(desk):
    """A code of another part, or of a piece that is not on the shelf, is refused in words."""
    desk.order()
    taken = shelf(desk, "PS-300")[0]
    issue(desk, barcode=taken)

    with pytest.raises(BpmnError) as other_part:
        issue(desk, barcode=shelf(desk, "SD-512")[0])
    with pytest.raises(BpmnError) as gone:
        issue(desk, barcode=taken)

    assert (other_part.value.code, gone.value.code) == ("BARCODE_MISMATCH", "BARCODE_MISMATCH")
    assert "不是备件 PS-300" in other_part.value.variables["error_text"]
    assert "不在货架上" in gone.value.variables["error_text"]


def test_a_part_kept_for_another_slip_needs_a_reason(desk):
    """The last piece is reserved: its own slip may take it, another one only when the coordinator says why."""
    desk.order()
    own = desk.rows(select(Slip))[0].id
    desk.do("parts.reserve", part_no="PS-SW", qty=2, slip_id=own)
    desk.business_key = None
    desk.order()

    with pytest.raises(BpmnError) as refused:
        issue(desk, "PS-SW")
    with_reason = issue(desk, "PS-SW", override_reason="医院停机")
    own_line = desk.do("parts.stock_query", parts=[{"part_no": "PS-SW", "qty": 1}], slip_id=own)["stock_lines"][0]

    assert refused.value.code == "OUT_OF_STOCK"
    assert refused.value.variables["reserved"] == 2
    assert with_reason["loan_id"]
    assert own_line["available"] == 1
    assert own_line["enough"]


def test_a_failed_loan_leads_to_the_parts_centre_and_the_goods_to_the_shelf(desk):
    """What is not there is noted once, applied for, and counted again when it arrives."""
    order_id = desk.order()
    empty = desk.do("parts.stock_query", parts=[{"part_no": "MB-S32", "qty": 3}])

    failed = desk.do("parts.record_failed_loan", part_no="MB-S32", qty=3, engineer_id="engineer1")
    again = desk.do("parts.record_failed_loan", part_no="MB-S32", qty=3)
    applied = desk.do("parts.apply_to_centre", lines=[{"part_no": "MB-S32", "qty": 3}], urgency="urgent")
    received = desk.do("parts.receive", application_no=applied["application_no"], lines=[{"part_no": "MB-S32", "qty": 2}])
    twice = desk.do("parts.receive", application_no=applied["application_no"], lines=[{"part_no": "MB-S32", "qty": 2}])

    assert not empty["all_available"]
    assert failed == again
    assert desk.rows(select(FailedLoan))[0].application_no == applied["application_no"]
    assert desk.rows(select(Application))[0].order_id == order_id
    assert received["differences"] == [{"part_no": "MB-S32", "ordered": 3, "received": 2}]
    assert twice["goods_receipt_no"] == received["goods_receipt_no"]
    on_hand = desk.do("parts.stock_query", parts=[{"part_no": "MB-S32"}])["stock_lines"][0]["on_hand"]
    assert on_hand == empty["stock_lines"][0]["on_hand"] + 2


def test_a_replaced_part_comes_back_with_its_label(desk):
    """Without a label it is refused; with one the broken part lies among the defective, and the repair form is marked."""
    desk.order()
    desk.do("orders.save_repair_form", fault_description="开不了机")
    loan = issue(desk)

    with pytest.raises(BpmnError) as refused:
        desk.do("parts.confirm_return", loan_id=loan["loan_id"], returned_kind="replaced_defective")
    label = desk.do("parts.fault_label", loan_id=loan["loan_id"], symptom="不通电", barcode="PS-300-OLD1")
    back = desk.do("parts.confirm_return", loan_id=loan["loan_id"], returned_kind="replaced_defective", barcode="PS-300-OLD1")

    assert refused.value.code == "LABEL_REQUIRED"
    assert label["fault_label_no"].startswith("BQ2026")
    assert back["defective"]
    assert back["repair_form_marked"]
    assert back["open_loans_left"] == 0
    assert desk.rows(select(RepairForm))[0].part_return_confirmed
    assert desk.rows(select(StockItem).where(StockItem.place == "defective"))[0].barcode == "PS-300-OLD1"


def test_another_part_than_lent_is_not_taken_back(desk):
    """An unused piece is the very one that was lent; a replaced one at least of the same kind."""
    desk.order()
    loan = issue(desk)
    desk.do("parts.fault_label", loan_id=loan["loan_id"], symptom="不通电")

    for kind, barcode in (("unused", "PS-300-9999"), ("replaced_defective", shelf(desk, "SD-512")[0])):
        with pytest.raises(BpmnError) as refused:
            desk.do("parts.confirm_return", loan_id=loan["loan_id"], returned_kind=kind, barcode=barcode)
        assert refused.value.code == "PART_MISMATCH"


def test_a_return_is_confirmed_once(desk):
    """The same job again changes nothing; another confirmation is refused, be it of the same words."""
    desk.order()
    loan = issue(desk)
    values = {"loan_id": loan["loan_id"], "returned_kind": "unused"}

    first = desk.do("parts.confirm_return", "return-1", **values)
    again = desk.do("parts.confirm_return", "return-1", **values)
    with pytest.raises(BpmnError) as refused:
        desk.do("parts.confirm_return", "return-2", **values)

    assert first == again
    assert refused.value.code == "LOAN_NOT_OPEN"


def test_parts_counted_by_number_are_lent_by_part_number(desk):
    """Rollers have no barcode of their own: six leave the shelf in one loan, what is used up stays with the customer."""
    desk.order()

    loan = issue(desk, "RL-P", barcode="RL-P", qty=6)
    desk.do("parts.confirm_return", loan_id=loan["loan_id"], returned_kind="consumed_no_return")

    with desk.engine.database.session() as session:
        ctx = desk.context(session)
        assert balance(ctx, "RL-P", "shelf") == 7
        assert balance(ctx, "RL-P", "loan") == 0
        assert balance(ctx, "RL-P", "customer") == 6


def test_overdue_loans_are_listed(desk, clock):
    """A loan is due at the end of the day unless the card says otherwise."""
    desk.order()
    loan = issue(desk)

    today = desk.do("parts.open_loans", overdue=True)
    clock.set(clock.now().replace(day=6))
    tomorrow = desk.do("parts.open_loans", overdue=True)

    assert loan["loan_due_at"] == "2026-03-05T16:00:00Z"
    assert today["open_count"] == 0
    assert tomorrow["loan_ids"] == [loan["loan_id"]]


@pytest.mark.parametrize(("barcode", "part"), [("ps-300-0001", "PS-300"), ("HD-2T", "HD-2T"), ("XX-1", None)])
def test_a_barcode_tells_whether_the_part_is_ours(desk, barcode, part):
    """Registered codes and part numbers are ours, others are not."""
    found = desk.do("parts.verify_barcode", barcode=barcode)

    assert found["part_no"] == part
    assert found["company_part"] is (part is not None)


def test_an_unreadable_barcode_is_checked_by_hand(desk):
    """Characters no scanner gives lead to the manual check."""
    with pytest.raises(BpmnError) as refused:
        desk.do("parts.verify_barcode", barcode="看不清")

    assert refused.value.code == "BARCODE_UNREADABLE"


def test_unknown_parts_are_named(desk):
    """A query for parts that do not exist says which."""
    with pytest.raises(BpmnError) as refused:
        desk.do("parts.stock_query", parts=[{"part_no": "NO-1"}, {"part_no": "PS-300"}])

    assert refused.value.variables["unknown_parts"] == ["NO-1"]


def test_the_catalogue_shows_what_fits_the_device(desk):
    """The engineer chooses among the parts of the model; for an unknown model among all."""
    fitting = desk.do("parts.catalogue", device_model="启明 QU-3000 不间断电源")
    everything = desk.do("parts.catalogue", device_model="别的机器")

    assert {line["part_no"] for line in fitting["catalogue"]} == {"BT-U9", "PC-U3"}
    assert len(everything["part_options"]) == 25


@pytest.mark.parametrize("change", ["UPDATE ledger_entry SET qty = 99", "DELETE FROM ledger_entry"])
def test_the_ledger_cannot_be_rewritten(desk, change):
    """Not even with SQL."""
    with pytest.raises(DatabaseError, match="append-only"), desk.engine.database.transaction() as session:
        session.execute(text(change))


def test_the_most_pieces_under_one_barcode_are_told(desk):
    """Pieces counted by number lie under one barcode, serialised ones under one each: so many can be handed out at once."""
    rollers, supplies = desk.do("parts.stock_query", parts=[{"part_no": "RL-P"}, {"part_no": "PS-300"}])["stock_lines"]

    assert (rollers["most_of_one"], rollers["on_hand"]) == (13, 13)
    assert supplies["most_of_one"] == 1 < supplies["on_hand"]
