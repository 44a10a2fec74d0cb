"""Prices, quotations, payments, invoices, hand-over of money."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from engine.runtime.handlers import BpmnError
from handlers.billing.tables import CashHandover, Invoice, Payment, Quotation
from handlers.money import Decimal, Money
from handlers.orders.tables import ServiceOrder


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_money_is_kept_to_the_fen(amount):
    """What goes into the database comes out, whatever the database."""
    column = Money()
    assert column.process_result_value(column.process_bind_param(amount, None), None) == amount


def quoted(desk, **more):
    """An order with a quotation for a repair out of warranty: 80 + 120."""
    desk.order()
    priced = desk.do("billing.lookup_price", paid_type="out_of_warranty_repair")
    return desk.do("billing.make_quotation", paid_type="out_of_warranty_repair", quote_lines=priced["quote_lines"], **more)


def test_the_price_list_prices_items_and_proposes_standard_ones(desk):
    """By code, or by the kind of service when no item is named."""
    items = desk.do("billing.lookup_price", items=[{"code": "BJ-SD512", "qty": 2}, {"code": "SM-01", "qty": 1}])
    standard = desk.do("billing.lookup_price", paid_type="out_of_warranty_repair")

    assert items["total"] == 920.0
    assert items["quote_lines"][0] == {
        "code": "BJ-SD512",
        "item": "512 GB 固态硬盘",
        "qty": 2.0,
        "unit": "块",
        "unit_price": 420.0,
        "amount": 840.0,
    }
    assert {line["code"] for line in standard["quote_lines"]} == {"SM-01", "WX-01"}


def test_a_missing_price_is_set_by_the_service_manager(desk):
    """PRICE_MISSING names the code; from the day it is set it is on the list, and a new price takes its place."""
    with pytest.raises(BpmnError) as refused:
        desk.do("billing.lookup_price", items=[{"code": "ZZ-9"}])
    desk.do("billing.set_price", code="ZZ-9", item="特殊清洁", price=66.5)
    desk.do("billing.set_price", code="ZZ-9", price=70)
    desk.do("billing.set_price", code="SM-01", price=90)

    assert refused.value.variables["missing_codes"] == ["ZZ-9"]
    priced = desk.do("billing.lookup_price", items=[{"code": "ZZ-9"}, {"code": "SM-01"}])
    assert [(line["item"], line["unit_price"]) for line in priced["quote_lines"]] == [("特殊清洁", 70.0), ("上门服务费（区内）", 90.0)]


def test_a_quotation_is_replaced_when_it_changes(desk):
    """The same offer is the same quotation; another offer replaces the open one."""
    first = quoted(desk)
    same = desk.do("billing.make_quotation", paid_type="out_of_warranty_repair", quote_lines=desk.rows(select(Quotation.lines))[0])
    other = desk.do("billing.make_quotation", paid_type="man_made", quote_lines=[{"item": "换屏", "qty": 1, "unit_price": 640}])

    assert same["quotation_id"] == first["quotation_id"]
    assert first["total"] == 200.0
    assert first["valid_until"] == "2026-04-04"
    assert "合计 ￥200.00" in first["quotation_text"]
    assert {item.id: item.state for item in desk.rows(select(Quotation))} == {
        first["quotation_id"]: "replaced",
        other["quotation_id"]: "open",
    }


def test_accepting_marks_the_order_as_paid(desk):
    """The answer is kept with its proof; saying it again changes nothing."""
    quotation = quoted(desk)

    said = desk.do("billing.record_acceptance", quotation_id=quotation["quotation_id"], accepted=True, consent_evidence="phone")
    again = desk.do("billing.record_acceptance", quotation_id=quotation["quotation_id"], accepted=True)

    order = desk.rows(select(ServiceOrder))[0]
    assert said == again == {"quotation_state": "accepted"}
    assert (order.coverage, order.paid_type) == ("paid", "out_of_warranty_repair")
    assert desk.rows(select(Quotation))[0].evidence == "phone"


def test_an_old_quotation_is_not_accepted(desk, clock):
    """After its last day it has to be quoted again; declining is always possible."""
    quotation = quoted(desk)
    clock.advance(timedelta(days=31))

    with pytest.raises(BpmnError) as refused:
        desk.do("billing.record_acceptance", quotation_id=quotation["quotation_id"], accepted=True)
    declined = desk.do("billing.record_acceptance", quotation_id=quotation["quotation_id"], accepted=False, alternatives="送修")

    assert refused.value.code == "EXPIRED"
    assert declined["quotation_state"] == "declined"


def test_money_goes_from_the_customer_to_the_books(desk):
    """Payment, one invoice, counted by the cashier, booked with a voucher."""
    quotation = quoted(desk)
    desk.do("billing.record_acceptance", quotation_id=quotation["quotation_id"], accepted=True)

    paid = desk.do("billing.record_payment", job="pay", amount=200, method="cash", received_by="engineer2", check_amount=True)
    repeated = desk.do("billing.record_payment", job="pay", amount=200, method="cash", received_by="engineer2")
    invoice = desk.do("billing.issue_invoice", payment_id=paid["payment_id"])
    second = desk.do("billing.issue_invoice", payment_id=paid["payment_id"], payer="别人")
    handover = desk.do("billing.confirm_cash_handover", counted=200)
    again = desk.do("billing.confirm_cash_handover", counted=200)
    booked = desk.do("billing.book", voucher="记-0305-01")

    assert paid == repeated
    assert paid["amount_difference"] == 0.0
    assert invoice == second
    assert desk.rows(select(Invoice))[0].payer == "楚云物流有限公司"
    assert handover == again
    assert handover["cash_difference"] == 0.0
    assert booked["booked_count"] == 1
    assert desk.do("billing.book", voucher="记-0305-02")["booked_count"] == 0
    assert len(desk.rows(select(Payment))) == len(desk.rows(select(CashHandover))) == 1


def test_differences_are_refused_until_somebody_approves(desk):
    """Another amount than quoted, or other money than counted, comes back with the figures."""
    quotation = quoted(desk)
    desk.do("billing.record_acceptance", quotation_id=quotation["quotation_id"], accepted=True)

    with pytest.raises(BpmnError) as wrong_amount:
        desk.do("billing.record_payment", amount=180, method="cash", check_amount=True)
    paid = desk.do("billing.record_payment", amount=180, method="cash")
    desk.do("billing.approve_difference", payment_id=paid["payment_id"], difference_reason="老客户优惠", approved_by="chief1")
    with pytest.raises(BpmnError) as wrong_count:
        desk.do("billing.confirm_cash_handover", counted=170.5)
    accepted = desk.do("billing.confirm_cash_handover", counted=170.5, accept_difference=True, note="差额从工资扣")

    assert wrong_amount.value.code == "AMOUNT_MISMATCH"
    assert paid["amount_difference"] == -20.0
    assert wrong_count.value.variables["cash_difference"] == -9.5
    assert accepted["cash_difference"] == -9.5
    assert desk.rows(select(Payment))[0].difference_approved_by == "chief1"
    assert desk.rows(select(Payment))[0].amount == Decimal("180.00")
