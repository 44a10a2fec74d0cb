"""Counting the store: what moves during a count is no difference, and the ledger is adjusted once, with an approval."""

import pytest
from sqlalchemy import select

from engine.runtime.handlers import BpmnError
from handlers.parts.ledger import balance
from handlers.parts.lifecycle_tables import Stocktake, StocktakeLine
from handlers.parts.tables import LedgerEntry


@pytest.fixture
def sheets(desk):
    """The sheets of an opened count, filled in as if everything were there."""
    opened = desk.do("parts.open_stocktake")
    on_books = {line.barcode: line.book_qty for line in desk.rows(select(StocktakeLine))}
    return {
        "stocktake_id": opened["stocktake_id"],
        "counts": [
            {"counted_by": "parts1", "lines": [line | {"counted_qty": on_books[line["barcode"]]} for line in sheet["lines"]]}
            for sheet in opened["sheets"]
        ],
    }


def found(sheets, barcode, qty, **more):
    """The sheets with another number of one barcode."""
    for sheet in sheets["counts"]:
        for line in sheet["lines"]:
            if line["barcode"] == barcode:
                line.update({"counted_qty": qty} | more)
    return sheets


def shelf(desk, barcode):
    """What the ledger says is on the shelf."""
    with desk.engine.database.session() as session:
        return balance(desk.context(session), barcode, "shelf")


def test_only_one_count_is_open_at_a_time(desk, sheets):
    """The next one has to wait until this one is closed."""
    with pytest.raises(BpmnError) as refused:
        desk.do("parts.open_stocktake")
    desk.do("parts.close_stocktake", stocktake_id=sheets["stocktake_id"], outcome="agreed")

    assert refused.value.code == "STOCKTAKE_OPEN"
    assert desk.do("parts.open_stocktake")["stocktake_id"] != sheets["stocktake_id"]


def test_a_sheet_does_not_tell_how_many_there_should_be(desk):
    """Whoever counts is not to copy the books; every rack has its sheet."""
    opened = desk.do("parts.open_stocktake")

    assert [sheet["rack"] for sheet in opened["sheets"]] == ["A", "B", "C"]
    assert {name for sheet in opened["sheets"] for line in sheet["lines"] for name in line} == {
        "part_no",
        "part_name",
        "barcode",
        "location",
    }


def test_a_part_lent_during_the_count_is_no_difference(desk, sheets):
    """The shelf is compared with the books as they are when it has been counted."""
    desk.order()
    desk.do("parts.issue", engineer_id="engineer1", trip_id="t", part_no="HD-2T", barcode="HD-2T-0001")

    result = desk.do("parts.record_counts", **found(sheets, "HD-2T-0001", 0))

    assert result["difference_count"] == 0


def test_good_and_damaged_pieces_of_one_barcode_are_added_up(desk, sheets):
    """Thirteen rollers, two of them damaged: nothing is missing, two are for the scrap heap."""
    found(sheets, "RL-P", 11)
    sheets["counts"][2]["lines"].append({"part_no": "RL-P", "counted_qty": 2, "condition": "damaged"})

    result = desk.do("parts.record_counts", **sheets)

    assert result["difference_count"] == 0
    assert result["damaged_pieces"] == [{"part_no": "RL-P", "barcode": "RL-P", "qty": 2}]


def test_the_second_count_is_somebody_elses(desk, sheets):
    """It stands in place of the first; the first counter cannot make it."""
    desk.do("parts.record_counts", **found(sheets, "HD-2T-0001", 0))
    again = {"stocktake_id": sheets["stocktake_id"], "lines": [{"part_no": "HD-2T", "barcode": "HD-2T-0001", "counted_qty": 1}]}

    with pytest.raises(BpmnError) as refused:
        desk.do("parts.record_recount", counted_by="parts1", **again)
    result = desk.do("parts.record_recount", counted_by="cashier1", **again)

    assert refused.value.code == "SAME_COUNTER"
    assert result["difference_count"] == 0


@pytest.mark.parametrize("answer", [{"approved": False}, {"approved": True}, {"approved": True, "approved_by": "parts1"}])
def test_the_ledger_is_not_adjusted_without_the_head_of_the_office(desk, sheets, answer):
    """The books stay as they are."""
    desk.do("parts.record_counts", **found(sheets, "HD-2T-0001", 0))

    with pytest.raises(BpmnError) as refused:
        desk.do("parts.adjust_stock", stocktake_id=sheets["stocktake_id"], **answer)

    assert refused.value.code == "NOT_APPROVED"
    assert shelf(desk, "HD-2T-0001") == 1


def test_a_missing_piece_that_was_lent_since_the_count_is_not_missing(desk, sheets):
    """Given a piece nobody found, when it turns up and is lent before the adjustment, then nothing is taken from the books."""
    desk.do("parts.record_counts", **found(sheets, "HD-2T-0001", 0))
    order_id = desk.order()
    desk.do("parts.issue", engineer_id="engineer1", order_id=order_id, trip_id="trip", part_no="HD-2T", barcode="HD-2T-0001")

    adjusted = desk.do("parts.adjust_stock", stocktake_id=sheets["stocktake_id"], approved=True, approved_by="head1")

    assert adjusted["ledger_nos"] == []
    assert desk.rows(select(Stocktake))[0].state == "adjusted"


def test_an_approved_adjustment_brings_the_ledger_to_what_was_found(desk, sheets):
    """One piece less, one more than the books knew; repeated, nothing more moves."""
    found(sheets, "HD-2T-0001", 0)
    sheets["counts"][1]["lines"].append({"part_no": "SD-512", "barcode": "SD-512-9001", "counted_qty": 1})
    desk.do("parts.record_counts", **sheets)
    desk.do("parts.reconcile_stocktake", stocktake_id=sheets["stocktake_id"], book_ok=True, voucher_ok=True, card_ok=True, goods_ok=False)
    approval = {"stocktake_id": sheets["stocktake_id"], "approved": True, "approved_by": "head1"}

    first = desk.do("parts.adjust_stock", **approval)
    again = desk.do("parts.adjust_stock", **approval)

    assert first == again
    assert (shelf(desk, "HD-2T-0001"), shelf(desk, "SD-512-9001")) == (0, 1)
    moves = {(entry.from_place, entry.to_place) for entry in desk.rows(select(LedgerEntry).where(LedgerEntry.kind == "adjust"))}
    assert moves == {("shelf", "difference"), ("difference", "shelf")}
    assert desk.rows(select(Stocktake))[0].state == "adjusted"
