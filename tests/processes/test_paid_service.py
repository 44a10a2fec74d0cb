"""Paid service (有偿服务): whose lane it is, what is quoted, and both answers."""

import pytest

from engine.errors import FormRejected
from tests.processes.visit import UNIT, Visit
from tests.scenario import Scenario


@pytest.fixture
def visit(case: Scenario) -> Visit:
    """An order to quote for."""
    visit = Visit(case)
    visit.request()
    return visit


def begin(visit: Visit, entry: str, paid_type: str = "software", items: list[dict[str, object]] | None = None) -> str:
    """Start the quotation from one of its entries and confirm that it is paid."""
    instance = visit.case.start("paid_service", visit.order_id, entry=entry, order_id=visit.order_id, customer_unit=UNIT)
    visit.case.complete("confirm_paid", instance=instance, paid_type=paid_type, paid_reason="软件服务收费", paid_items=items or [])
    return instance


@pytest.mark.parametrize(
    ("entry", "group", "last_task", "values"),
    [
        ("hotline", "hotline", "promise_visit", {"visit_promise": "两小时内联系"}),
        ("hotline_send_in", "hotline", None, {}),
        ("walkin", "reception", "arrange_engineer", {"bench_engineer": "engineer5"}),
        ("onsite", "onsite", None, {}),
    ],
)
def test_each_entry_has_its_lane_and_its_last_step(
    visit: Visit, entry: str, group: str, last_task: str | None, values: dict[str, str]
) -> None:
    """Given an entry, when the customer accepts, then its own people did it and its own last step follows."""
    case = visit.case
    instance = begin(visit, entry)
    task = case.task("explain_and_quote", instance)
    created = next(event for event in case.events(instance, "UserTaskCreated") if event.element_id == task.element_id)
    assert created.data["candidates"] == [f"group:{group}"]
    case.complete(
        "explain_and_quote", instance=instance, policy_explained=True, price_list_shown=True, accepted=True, consent_evidence="message"
    )
    if last_task:
        case.complete(last_task, instance=instance, **values)

    assert case.state(instance) == ("completed", "accepted")
    assert case.variables(instance)["quotation_total"] > 0


def test_price_list_is_shown_face_to_face(visit: Visit) -> None:
    """Given a quotation at the customer's, when the price list was not shown, then the form is refused."""
    instance = begin(visit, "onsite")

    with pytest.raises(FormRejected) as refused:
        visit.case.complete(
            "explain_and_quote", instance=instance, policy_explained=True, price_list_shown=False, accepted=True, consent_evidence="phone"
        )

    assert list(refused.value.fields) == ["price_list_shown"]


def test_refusal_is_polite_and_ends_declined(visit: Visit) -> None:
    """Given a quotation, when the customer does not accept, then alternatives are offered and the answer is recorded."""
    instance = begin(visit, "onsite")
    visit.case.complete(
        "explain_and_quote", instance=instance, policy_explained=True, price_list_shown=True, accepted=False, consent_evidence="phone"
    )
    visit.case.complete("decline_politely", instance=instance, alternatives="可送修", declined_politely=True)

    assert visit.case.state(instance) == ("completed", "declined")


def test_missing_price_is_set_by_the_manager(visit: Visit) -> None:
    """Given an item without a price, when the manager sets one, then the quotation goes on with it."""
    instance = begin(visit, "onsite", "other_product", [{"code": "QT-99", "qty": 2}])
    visit.case.complete("set_price", "chief1", instance, price_code="QT-99", price_item="外购件安装", new_price=75)

    assert visit.case.open_elements(instance) == ["explain_and_quote"]
    assert visit.case.variables(instance)["quotation_total"] == 150


def test_expired_quotation_is_made_again(visit: Visit) -> None:
    """Given an accepted quotation that has run out, when it is recorded, then a new one is made and explained."""
    instance = begin(visit, "onsite")
    visit.case.advance(days=60)
    visit.case.complete(
        "explain_and_quote", instance=instance, policy_explained=True, price_list_shown=True, accepted=True, consent_evidence="phone"
    )

    assert visit.case.open_elements(instance) == ["explain_and_quote"]
