"""Surveys by sample: who is drawn, and what all answers together say."""

from sqlalchemy import select

from handlers.customers.tables import Customer

_GOOD = {"ease_of_contact": 5, "response_and_repair_speed": 4, "technical_level": 5, "attitude": 5}


def _serve(desk, customer_id, order_id):
    """An order of a customer that is closed."""
    desk.do("orders.create", customer_id=customer_id, order_id=order_id, need_content="开不了机")
    desk.do("orders.update", order_id=order_id, status="closed", result="resolved")


def _orders(drawn):
    return [asked["order_id"] for asked in drawn["respondents"]]


def test_the_same_seed_draws_the_same_customers_each_with_the_last_service(desk):
    """Given eight customers served, one of them twice, three are drawn at random, the same ones for the same seed, and asked about the last service."""
    for number in range(1, 9):
        _serve(desk, f"KH000{number}", f"FW-{number}")
    _serve(desk, "KH0001", "FW-9")
    everybody = desk.do("feedback.sample_customers", sample_size=100, served_within_days=90, seed="x")

    draws = [_orders(desk.do("feedback.sample_customers", sample_size=3, served_within_days=90, seed=seed)) for seed in "aab"]

    assert sorted(_orders(everybody)) == [f"FW-{number}" for number in range(2, 10)]
    assert draws[0] == draws[1] != draws[2]
    assert len(set(draws[0])) == 3


def test_only_customers_served_of_late_are_drawn_and_others_are_asked_besides(desk, clock):
    """Given an open order, one of another level, and one closed long ago, nobody but the prospect is left, who has no order."""
    desk.do("orders.create", customer_id="KH0001", order_id="FW-1", need_content="开不了机")
    level = desk.rows(select(Customer.level).where(Customer.id == "KH0002"))[0]
    _serve(desk, "KH0002", "FW-2")
    other = next(name for name in ("ordinary", "key", "vip") if name != level)
    prospect = {"subject": "江汉大学", "respondent": "prospect"}

    of_level = desk.do("feedback.sample_customers", sample_size=5, served_within_days=90, customer_level=level)
    of_other = desk.do("feedback.sample_customers", sample_size=5, served_within_days=90, customer_level=other, others=[prospect])

    assert _orders(of_level) == ["FW-2"]
    assert [(asked["subject"], asked["order_id"]) for asked in of_other["respondents"]] == [("江汉大学", None)]
    assert (of_other["round_no"][:2], of_other["respondent_count"]) == ("DC", 1)


def test_who_was_asked_of_late_is_left_alone(desk):
    """Given a customer who answered in a round today, the next round does not draw them; other surveys do not count."""
    for number in (1, 2):
        _serve(desk, f"KH000{number}", f"FW-{number}")
    desk.do("feedback.save_survey", order_id="FW-1", tool="phone_callback", round_no="DC-1", **_GOOD)
    desk.do("feedback.save_survey", order_id="FW-2", tool="visit", **_GOOD)

    assert _orders(desk.do("feedback.sample_customers", sample_size=5, served_within_days=90)) == ["FW-2"]


def test_a_round_is_low_where_one_question_is(desk):
    """Given good answers and one with a slow response, the mean of that question is low, and the text says which; another round does not count."""
    for number, speed, band in (("1", 4, "high"), ("2", 1, "low")):
        _serve(desk, f"KH000{number}", f"FW-{number}")
        marks = {**_GOOD, "response_and_repair_speed": speed}
        desk.do("feedback.save_survey", order_id=f"FW-{number}", tool="card", round_no="DC-1", loyalty_band=band, **marks)
    desk.do("feedback.save_survey", subject="江汉大学", respondent="prospect", tool="card", round_no="DC-2", **_GOOD)

    found = desk.do("feedback.evaluate_round", round_no="DC-1", low_score=3.5)
    other = desk.do("feedback.evaluate_round", round_no="DC-2", low_score=3.5)
    nobody = desk.do("feedback.evaluate_round", round_no="DC-3", low_score=3.5)

    assert (found["answered_count"], found["round_score"], found["round_low"]) == (2, 4.38, True)
    assert found["low_text_en"] == "Speed of response and repair 2.5"
    assert found["round_text_en"] == "2 answered, mean 4.38 of 5; loyalty high 1, middle 0, low 1"
    assert (other["answered_count"], other["round_low"]) == (1, False)
    assert (nobody["answered_count"], nobody["round_score"], nobody["round_low"]) == (0, None, False)
