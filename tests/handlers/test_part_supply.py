"""Parts on their way in: the centre's answer, purchases, deliveries in several boxes, and who gets what arrives."""

import pytest
from sqlalchemy import select

from engine.runtime.handlers import BpmnError
from handlers.parts.ledger import balance
from handlers.parts.lifecycle_tables import GoodsReceipt, PurchaseOrder
from handlers.parts.tables import Application, LedgerEntry, Reservation


def apply_for(desk, part_no="RC-12", qty=2, **more):
    """An application; its number."""
    return desk.do("parts.apply_to_centre", lines=[{"part_no": part_no, "qty": qty}], **more)["application_no"]


def box(*barcodes, part_no="RC-12"):
    """What lies in a box."""
    return [{"part_no": part_no, "barcode": barcode} for barcode in barcodes]


def test_the_last_answer_of_the_centre_counts(desk):
    """An answer without a time keeps the one expected so far."""
    number = apply_for(desk)
    usual = desk.rows(select(Application))[0].expected_at

    first = desk.do("parts.record_centre_answer", application_no=number, available=True)
    second = desk.do("parts.record_centre_answer", application_no=number, available=True, expected_at="2026-03-09T12:00:00+08:00")

    assert first["expected_at"] == usual.isoformat().replace("+00:00", "Z")
    assert second["expected_at"] == "2026-03-09T04:00:00Z"


@pytest.mark.parametrize("approver", [None, "parts1", "nobody"])
def test_nothing_is_bought_without_the_service_manager(desk, approver):
    """Whoever else says yes, there is no purchase order."""
    number = apply_for(desk)

    with pytest.raises(BpmnError) as refused:
        desk.do(
            "parts.create_purchase_order",
            application_no=number,
            supplier="配件部",
            price=4100,
            deliver_on="2026-03-13",
            approved_by=approver,
        )

    assert refused.value.code == "APPROVAL_MISSING"
    assert desk.rows(select(PurchaseOrder)) == []


def test_a_purchase_is_ordered_once_and_booked_with_what_it_really_cost(desk):
    """The delivery date becomes the day to expect the goods; the invoice may differ from the price."""
    number = apply_for(desk)
    values = {"application_no": number, "supplier": "配件部", "price": 4100, "deliver_on": "2026-03-13", "approved_by": "chief1"}

    order = desk.do("parts.create_purchase_order", **values)
    again = desk.do("parts.create_purchase_order", **values)
    booked = desk.do("parts.book_purchase", purchase_order_no=order["purchase_order_no"], invoice_no="FP-1", invoice_amount=4150.5)

    assert order == again
    assert order["expected_at"] == "2026-03-13T10:00:00Z"
    assert booked == {"price_difference": 50.5}


def test_a_delivery_may_come_in_two_boxes(desk):
    """What the first box lacks is still expected; the same delivery note is received once."""
    number = apply_for(desk)

    with pytest.raises(BpmnError) as refused:
        desk.do("parts.receive", application_no=number, delivery_note="A", lines=box("RC-12-9001"), accept_differences=False)
    first = desk.do("parts.receive", application_no=number, delivery_note="A", lines=box("RC-12-9001"), claim="少一件")
    again = desk.do("parts.receive", application_no=number, delivery_note="A", lines=box("RC-12-9001"))
    expected = desk.do("parts.expect_delivery", application_no=number)
    second = desk.do("parts.receive", application_no=number, delivery_note="B", lines=box("RC-12-9002"), accept_differences=False)

    assert refused.value.code == "QTY_MISMATCH"
    assert first == again
    assert (first["outstanding"], expected["outstanding"], second["outstanding"]) == (1, 1, 0)
    assert second["differences"] == []
    assert desk.rows(select(Application))[0].status == "received"
    assert [receipt.claim for receipt in desk.rows(select(GoodsReceipt).order_by(GoodsReceipt.no))] == ["少一件", None]


@pytest.mark.parametrize(
    "lines",
    [box("HD-2T-0001"), box("RC-12-0001"), box("RC-12-9001", "RC-12-9001"), [{"part_no": "RC-12", "barcode": "RC-12-9001", "qty": 2}]],
    ids=["another part", "in the store already", "twice in the box", "two pieces under one code"],
)
def test_a_barcode_stands_for_one_piece_of_its_part(desk, lines):
    """A delivery with a wrong code is not received at all."""
    number = apply_for(desk)

    with pytest.raises(BpmnError) as refused:
        desk.do("parts.receive", application_no=number, lines=lines)

    assert refused.value.code == "BARCODE_INVALID"
    assert desk.rows(select(GoodsReceipt)) == []


def test_goods_counted_by_number_come_under_their_part_number(desk):
    """They are expected as one line, serialised parts piece by piece."""
    rollers = desk.do("parts.expect_delivery", application_no=apply_for(desk, "RL-P", 6))
    cards = desk.do("parts.expect_delivery", application_no=apply_for(desk))

    assert [(line["barcode"], line["qty"]) for line in rollers["arrival_lines"]] == [("RL-P", 6)]
    assert [(line["barcode"], line["qty"]) for line in cards["arrival_lines"]] == [(None, 1), (None, 1)]


def test_what_arrives_is_kept_for_those_who_waited_first(desk):
    """One board for two orders: the first one gets it, both are named."""
    waiting = []
    for _ in range(2):
        desk.business_key = None
        waiting.append(desk.order())
        desk.do("parts.record_failed_loan", part_no="MB-S32", order_id=waiting[-1])
    numbers = [apply_for(desk, "MB-S32", 1, order_id=order_id) for order_id in waiting]
    desk.do("parts.receive", application_no=numbers[0], lines=box("MB-S32-9001", part_no="MB-S32"))

    first = desk.do("parts.allot", application_no=numbers[0], waiting_orders=["FW-X"])

    assert first["served_orders"] == ["FW-X", waiting[0]]
    assert first["short_orders"] == []
    assert first["allotted_count"] == 1
    assert [row.qty for row in desk.rows(select(Reservation))] == [1]


def test_who_waits_in_vain_is_named(desk):
    """Of nine boards for an order two come, one of them broken, and no other will: what is good is kept, the order is named as short, and so is everybody else."""
    order_id = desk.order()
    desk.do("parts.record_failed_loan", part_no="MB-S32", qty=9, order_id=order_id)
    number = apply_for(desk, "MB-S32", 9, order_id=order_id)
    good, broken = box("MB-S32-9001", "MB-S32-9002", part_no="MB-S32")
    desk.do(
        "parts.receive",
        application_no=number,
        accept_differences=True,
        claim="少七块，坏一块",
        lines=[good, broken | {"condition": "defective"}],
    )

    allotted = desk.do("parts.allot", application_no=number, waiting_orders=[order_id, "FW-X"])

    assert (allotted["served_orders"], allotted["short_orders"]) == ([], [order_id, "FW-X"])
    assert [row.qty for row in desk.rows(select(Reservation))] == [allotted["allotted_count"]]


def test_what_is_wanted_again_is_asked_for_anew(desk):
    """Given a failed loan whose application came to nothing, when the loan fails again, then the next application is for it."""
    order_id = desk.order()
    wanted = {"part_no": "MB-S32", "order_id": order_id}
    failed = desk.do("parts.record_failed_loan", **wanted)
    apply_for(desk, "MB-S32", 1, order_id=order_id)

    assert desk.do("parts.record_failed_loan", **wanted) == failed
    second = apply_for(desk, "MB-S32", 1, order_id=order_id)
    desk.do("parts.receive", application_no=second, lines=box("MB-S32-9001", part_no="MB-S32"))

    assert desk.do("parts.allot", application_no=second)["served_orders"] == [order_id]


def test_a_piece_sent_back_in_exchange_leaves_the_store(desk):
    """It goes from the defective ones to the centre, by the ledger; a piece that is not there cannot be sent."""
    desk.do("parts.receive", lines=[{"part_no": "HD-2T", "barcode": "HD-2T-OLD", "condition": "defective"}])
    exchange = {"application_reason": "return_exchange", "lines": [{"part_no": "HD-2T", "barcode": "HD-2T-OLD"}]}

    applied = desk.do("parts.apply_to_centre", job="exchange", **exchange)
    again = desk.do("parts.apply_to_centre", job="exchange", **exchange)
    with pytest.raises(BpmnError) as refused:
        desk.do("parts.apply_to_centre", **exchange)

    assert applied == again
    assert refused.value.code == "OUT_OF_STOCK"
    with desk.engine.database.session() as session:
        assert balance(desk.context(session), "HD-2T-OLD", "defective") == 0
    (sent,) = desk.rows(select(LedgerEntry).where(LedgerEntry.kind == "exchange"))
    assert (sent.to_place, sent.reference) == ("centre", applied["application_no"])
