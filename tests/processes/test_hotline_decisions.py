"""The decision tables of the hotline and the callback say what the manuals say."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.dmn import read_dmn
from engine.feel import Environment
from tests.processes.conftest import PROCESSES


def decide(table: str, **values: Any) -> Any:
    """The outcome of one table, and at least one clause as its ground."""
    model = read_dmn((PROCESSES / "shared" / f"{table}.dmn").read_bytes())
    result = model.decide(table, values, Environment(now=datetime(2026, 3, 5, tzinfo=UTC), time_zone="Asia/Shanghai"))
    assert all(rule["annotation"].startswith("M") for rule in result.matched_rules)
    assert result.matched_rules
    return result.json_value


@pytest.mark.parametrize("danger", ["safety_risk", "major_production_loss", "system_paralysis"])
def test_any_danger_is_an_emergency(danger: str) -> None:
    """Given one of the three dangers, when it is judged, then it is an emergency; without any it is not."""
    calm = dict.fromkeys(("safety_risk", "major_production_loss", "system_paralysis"), False)

    assert decide("dmn_emergency", **calm) is False
    assert decide("dmn_emergency", **{**calm, danger: True}) is True


@pytest.mark.parametrize(
    ("need", "category"),
    [
        ("fault", "general_fault"),
        ("other", "general_fault"),
        ("maintenance", "preventive_maintenance"),
        ("enquiry", "technical_enquiry"),
        ("part", "spare_part_replacement"),
        ("installation", "installation"),
        ("complaint", "complaint"),
    ],
)
def test_need_decides_the_class_unless_it_is_an_emergency(need: str, category: str) -> None:
    """Given a kind of need, when the request is classified, then its class follows, and an emergency goes before all."""
    assert decide("dmn_classify_request", need_kind=need, emergency=False) == category
    assert decide("dmn_classify_request", need_kind=need, emergency=True) == "emergency_repair"


@pytest.mark.parametrize(
    ("in_warranty", "in_onsite_period", "choice", "mode"),
    [
        (True, True, "send_in", "onsite"),
        (True, False, "send_in", "send_in"),
        (True, False, "onsite", "onsite"),
        (False, False, "onsite", "onsite"),
        (False, False, "send_in", "send_in"),
    ],
)
def test_on_site_period_warranty_and_choice_decide_the_mode(in_warranty: bool, in_onsite_period: bool, choice: str, mode: str) -> None:
    """Given warranty and wish, when the mode is decided, then the on-site period brings the engineer, the warranty the machine, money either."""
    values = {"in_warranty": in_warranty, "in_onsite_period": in_onsite_period, "customer_choice": choice}

    assert decide("dmn_service_mode", category="general_fault", **values) == mode


REPAIR = {
    "service_type": "repair",
    "company_product": True,
    "contract_covered": False,
    "in_warranty": True,
    "in_onsite_period": True,
    "service_mode": "onsite",
}


@pytest.mark.parametrize(
    ("case", "coverage", "paid_type"),
    [
        ({}, "free", None),
        ({"contract_covered": True, "service_type": "software"}, "free", None),
        ({"in_onsite_period": False, "service_mode": "send_in"}, "free", None),
        ({"in_onsite_period": False}, "paid", "out_of_warranty_repair"),
        ({"in_onsite_period": False, "in_warranty": False, "service_mode": "send_in"}, "paid", "out_of_warranty_repair"),
        ({"in_onsite_period": False, "in_warranty": False, "service_type": "inspection"}, "paid", "out_of_warranty_inspection"),
        ({"service_type": "hardware_upgrade"}, "paid", "hardware_upgrade"),
        ({"service_type": "software"}, "paid", "software"),
        ({"service_type": "technical_training"}, "paid", "technical_training"),
        ({"service_type": "product_use_training"}, "free", None),
        ({"fault_type": "man_made"}, "paid", "man_made"),
        ({"fault_type": "software"}, "paid", "software"),
        ({"company_product": False}, "paid", "other_product"),
    ],
)
def test_what_is_free_and_what_is_paid(case: dict[str, Any], coverage: str, paid_type: str | None) -> None:
    """Given a repair of our own device in its on-site period, when one thing is different, then the charge follows the manual."""
    assert decide("dmn_coverage", **{**REPAIR, **case}) == {"coverage": coverage, "paid_type": paid_type}


@pytest.mark.parametrize(
    ("satisfied", "suggestion", "complaint", "to_head", "to_complaint"),
    [
        (True, False, None, False, False),
        (True, True, None, True, False),
        (False, False, False, True, False),
        (False, True, True, True, True),
    ],
)
def test_dissatisfaction_and_suggestions_go_to_the_head(
    satisfied: bool, suggestion: bool, complaint: bool | None, to_head: bool, to_complaint: bool
) -> None:
    """Given what the customer said in the callback, when it is judged, then the head and the complaint process get what is theirs."""
    result = decide("dmn_improvement_needed", satisfied=satisfied, suggestion_given=suggestion, is_complaint=complaint)

    assert result == {"to_head": to_head, "to_complaint": to_complaint}
