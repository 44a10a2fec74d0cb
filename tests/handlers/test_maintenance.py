"""Maintenance from the contracts: planned once, found when due, measured, closed."""

from datetime import date

from sqlalchemy import select

from handlers.maintenance.tables import PlannedVisit


def test_contracts_become_visits_that_fall_due(desk):
    """Planned again nothing is new; a visit that was begun is no longer found as due; closing says when the next is due."""
    planned = desk.do("maintenance.generate_plan", until="2026-06-01")["planned_count"]
    again = desk.do("maintenance.generate_plan", until="2026-06-01")["planned_count"]
    due = desk.do("maintenance.due_visits", lead_days=14)
    first = due["due_visits"][0]
    order = desk.do("orders.create", customer_id=first["customer_id"], device_serial=first["device_serial"])["order_id"]

    opened = desk.do("maintenance.open_visit", order_id=order, visit_id=first["visit_id"])
    left = desk.do("maintenance.due_visits", lead_days=14)["due_count"]
    closed = desk.do("maintenance.close_visit", visit_id=first["visit_id"], visit_state="done")

    assert planned > 0
    assert again == 0
    assert desk.do("maintenance.due_visits")["due_count"] == 0
    assert opened["due_on"] == first["due_on"]
    assert opened["checklist"]
    assert left == due["due_count"] - 1
    assert date.fromisoformat(closed["next_due_on"]) > date.fromisoformat(first["due_on"])


def test_a_customer_may_ask_for_a_visit_and_defects_are_told(desk):
    """Without a plan the office's own checklist applies; the order has one visit; what is not in order comes back as a defect."""
    desk.order()

    opened = desk.do("maintenance.open_visit")
    again = desk.do("maintenance.open_visit")
    rows = [{"item": "外观", "ok": True}, {"item": "电压", "ok": False, "value": 190}, {"item": "温度", "ok": None}]
    saved = desk.do("maintenance.save_rows", visit_id=opened["visit_id"], rows=rows)

    (visit,) = desk.rows(select(PlannedVisit))
    assert opened == again
    assert len(opened["checklist"]) == 3
    assert saved == {"row_count": 3, "defects": [rows[1]]}
    assert (visit.state, visit.rows) == ("started", rows)
