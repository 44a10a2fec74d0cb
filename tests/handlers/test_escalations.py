"""Escalations, the other units of the group, and the training of customers."""

import pytest
from sqlalchemy import select

from engine.errors import InvalidInput, NotFound
from handlers.escalations.tables import Escalation, EscalationDecision
from handlers.training.tables import Training, TrainingEvaluation

MATTER = {"escalation_topic": "dispute", "facts": "客户要求增加两台柜子", "wanted": "请省区出面"}


def test_what_goes_up_is_kept_once_and_every_level_decides_once(desk):
    """Reported twice it is one escalation; a level's decision told again is brought up to date; closed stays closed."""
    desk.order()
    opened = desk.do("escalations.open", **MATTER)
    again = desk.do("escalations.open", **(MATTER | {"facts": "客户要求增加三台柜子"}))
    decision = {"escalation_id": opened["escalation_id"], "target": "region", "decision": "只做合同内的", "due": "2026-03-06T18:00+08:00"}

    first = desk.do("escalations.record_decision", **decision)
    told = desk.do("escalations.record_decision", **decision, told_at="2026-03-05T16:00+08:00", accepted=False)
    desk.do("escalations.record_decision", **(decision | {"level": 2, "target": "unit_leader"}))
    desk.do("escalations.close", escalation_id=opened["escalation_id"], outcome="decided")
    closed = desk.do("escalations.close", escalation_id=opened["escalation_id"], outcome="settled", result="改口")

    (escalation,) = desk.rows(select(Escalation))
    levels = desk.rows(select(EscalationDecision).order_by(EscalationDecision.level))
    assert opened == again
    assert escalation.facts == "客户要求增加三台柜子"
    assert first == told
    assert [(row.level, row.target, row.accepted) for row in levels] == [(1, "region", False), (2, "unit_leader", None)]
    assert (closed["escalation_state"], escalation.state, escalation.result) == ("decided", "decided", None)


def test_a_decision_needs_its_escalation(desk):
    """Given no escalation of that id, when it is closed, then that is said."""
    with pytest.raises(NotFound):
        desk.do("escalations.close", escalation_id="E-0", outcome="settled")


@pytest.mark.parametrize(
    ("product", "guess", "unit"), [("机房精密空调", None, "cooling"), ("一种新东西", "安防", "security"), ("一种新东西", None, None)]
)
def test_the_likeliest_unit_comes_first_and_nobody_is_turned_away(desk, product, guess, unit):
    """By the words of the product, else by the guess; all units stay to choose from."""
    found = desk.do("cooperation.find_unit", product=product, unit_guess=guess)

    assert found["suggested_unit_id"] == unit
    assert len(found["unit_options"]) == 4
    assert unit is None or found["unit_options"][0]["value"] == unit


def test_only_reviewed_material_covers_a_topic(desk):
    """Given a draft for the overhaul of a device, when it is asked for, then the topic is open until the draft is approved."""
    wanted = {"product": "启明 QU-3000 不间断电源", "topics": ["use", "overhaul"]}

    before = desk.do("training.find_material", **wanted)
    refused = desk.do("training.review_material", material_no="JC-QU-01", approved=False, remarks="缺接线图")
    still_open = desk.do("training.find_material", **wanted)
    approved = desk.do("training.review_material", material_no="JC-QU-01", approved=True, attachment_ids=["a-1"])
    after = desk.do("training.find_material", **wanted)

    assert (before["material_reviewed"], before["uncovered_topics"], before["uncovered_text"]) == (False, ["overhaul"], "检修")
    assert [item["value"] for item in before["candidate_options"]] == ["JC-QU-01"]
    assert refused["material_version"] == 1
    assert still_open["material_reviewed"] is False
    assert approved["material_version"] == 2
    assert after["material_reviewed"] is True
    assert {item["material_no"] for item in after["materials"]} == {"JC-TY-01", "JC-QU-01"}


def test_new_material_comes_on_the_list_by_its_title(desk):
    """Reviewed twice under one title it is one text; without title and topics it is refused."""
    new = {"title": "QW-48 检修手册", "product": "启明 QW-48 汇聚交换机", "topics": ["overhaul"], "approved": True}

    first = desk.do("training.review_material", **new)

    assert desk.do("training.review_material", **new) == first
    with pytest.raises(InvalidInput):
        desk.do("training.review_material", approved=True)


def test_every_trainee_judges_a_training_once(desk):
    """The mean of all marks; a second form of the same person replaces the first."""
    desk.order()
    held = desk.do("training.record", topics=["use"], trainees=[{"trainee": "王伟"}, {"trainee": "李静"}], trainer="engineer1")
    marks = {"content": 5, "delivery": 4, "usefulness": 3}
    forms = [{"trainee": "王伟", **marks}, {"trainee": "李静", **marks}]

    first = desk.do("training.save_evaluations", training_id=held["training_id"], evaluations=forms)
    second = desk.do("training.save_evaluations", training_id=held["training_id"], evaluations=[{**forms[0], "usefulness": 5}])

    assert held["trainee_count"] == 2
    assert (first["evaluation_count"], first["training_score"]) == (2, 4.0)
    assert (second["evaluation_count"], second["training_score"]) == (2, 4.33)
    assert len(desk.rows(select(TrainingEvaluation))) == 2
    assert desk.rows(select(Training))[0].trainees == ["王伟", "李静"]
