"""How much to keep: figures from the ledger and the loans, levels with an approval, and what is short or too much."""

import pytest
from sqlalchemy import select

from engine.runtime.handlers import BpmnError
from handlers.parts.lifecycle_tables import StockLevel
from handlers.parts.tables import Part


def usage(desk, part_no, **more):
    """The figures of one part."""
    return next(row for row in desk.do("parts.compute_usage", **more)["usage"] if row["part_no"] == part_no)


def use_up(desk, clock, part_no="HD-4T", barcode="HD-4T-0001"):
    """An engineer takes a part and comes back a day later without it."""
    loan = desk.do("parts.issue", engineer_id="engineer1", trip_id="t", part_no=part_no, barcode=barcode)["loan_id"]
    clock.set(clock.now().replace(day=clock.now().day + 1))
    desk.do("parts.confirm_return", loan_id=loan, returned_kind="consumed_no_return")


def test_use_is_what_stayed_with_customers(desk, clock):
    """A part that was used, one that was wanted in vain: two requests, one hit."""
    desk.order()
    use_up(desk, clock)
    desk.do("parts.record_failed_loan", part_no="HD-4T")

    row = usage(desk, "HD-4T")

    assert (row["used"], row["requests"], row["hits"], row["utilised"], row["cycle_days"]) == (1, 2, 1, True, 1.0)
    assert row["fault_rate"] == round(1 / row["installed_base"], 4)


def test_what_was_used_before_the_period_does_not_count(desk, clock):
    """The period is counted back from now."""
    desk.order()
    use_up(desk, clock)
    clock.set(clock.now().replace(month=6))

    assert usage(desk, "HD-4T", months=1)["used"] == 0
    assert usage(desk, "HD-4T", months=12)["used"] == 1


def test_the_lead_time_is_the_longest_the_centre_took(desk, clock):
    """Until something has been delivered it is the usual time of the parameters."""
    before = usage(desk, "HD-4T")["lead_time"]
    number = desk.do("parts.apply_to_centre", lines=[{"part_no": "HD-4T"}])["application_no"]
    clock.set(clock.now().replace(day=clock.now().day + 12))
    desk.do("parts.receive", application_no=number, lines=[{"part_no": "HD-4T"}])

    assert before == 7
    assert usage(desk, "HD-4T")["lead_time"] == 12


def test_a_minimum_above_its_maximum_is_sent_back(desk):
    """Sound levels are told as changes."""
    with pytest.raises(BpmnError) as refused:
        desk.do("parts.check_levels", levels=[{"part_no": "HD-4T", "min_qty": 3, "max_qty": 2}])
    checked = desk.do("parts.check_levels", levels=[{"part_no": "HD-4T", "min_qty": 2, "max_qty": 6, "reason": "旺季"}])

    assert refused.value.code == "LEVELS_INVALID"
    assert checked["levels_text"] == "4 TB 企业级硬盘（HD-4T）1–6 → 2–6 旺季"
    assert checked["levels_text_en"] == "HD-4T: 1–6 → 2–6 旺季"


def test_levels_come_into_force_with_an_approval_and_are_kept(desk):
    """The part has the new ones, the history who approved them; unchanged ones leave no trace."""
    levels = [{"part_no": "HD-4T", "min_qty": 5, "max_qty": 9}, {"part_no": "HD-2T", "min_qty": 2, "max_qty": 8}]

    with pytest.raises(BpmnError) as refused:
        desk.do("parts.set_stock_levels", levels=levels, approved_by="parts1")
    desk.do("parts.set_stock_levels", levels=levels, approved_by="chief1")
    desk.do("parts.set_stock_levels", levels=levels, approved_by="chief1")

    assert refused.value.code == "NOT_APPROVED"
    assert [(row.part_no, row.min_qty, row.approved_by) for row in desk.rows(select(StockLevel))] == [("HD-4T", 5, "chief1")]
    assert desk.rows(select(Part).where(Part.no == "HD-4T"))[0].max_qty == 9


def test_what_is_short_is_filled_up_but_not_twice(desk):
    """Four on the shelf, five wanted: up to nine; what the centre owes us already counts as there."""
    levels = {"levels": [{"part_no": "HD-4T", "min_qty": 5, "max_qty": 9}], "approved_by": "chief1"}

    first = desk.do("parts.set_stock_levels", **levels)
    desk.do("parts.apply_to_centre", lines=first["below_min"], application_reason="planning")
    again = desk.do("parts.set_stock_levels", **levels)

    assert first["below_min"] == [{"part_no": "HD-4T", "qty": 5}]
    assert again["below_min"] == []


def test_what_is_too_much_is_told_with_the_money_it_ties_up(desk):
    """Four disks, one wanted at most."""
    result = desk.do("parts.set_stock_levels", levels=[{"part_no": "HD-4T", "min_qty": 0, "max_qty": 1}], approved_by="chief1")

    assert result["overstock_count"] == 1
    assert result["overstock_text"] == "4 TB 企业级硬盘（HD-4T）多 3 块，占用 ￥4,740.00"
