"""Quality problems and their 8D reports."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import BpmnError
from handlers.quality.tables import QualityIssue, Report8D


def test_the_same_finding_is_one_quality_problem(desk):
    """Registered again for the same order, device and symptom it keeps its number and takes the newer severity; another symptom is another problem."""
    desk.order()

    first = desk.do("quality.open_issue", device_serial="QM0001", symptom="电源插头松动", found_at="2026-03-05T09:00")
    again = desk.do("quality.open_issue", device_serial="QM0001", symptom="电源插头松动", severity="high", part="电源")
    other = desk.do("quality.open_issue", device_serial="QM0001", symptom="风扇异响")

    issues = desk.rows(select(QualityIssue).order_by(QualityIssue.id))
    assert first == again != other
    assert [(issue.symptom, issue.severity, issue.part) for issue in issues] == [
        ("电源插头松动", "high", "电源"),
        ("风扇异响", "medium", None),
    ]


def test_a_defect_is_closed_with_solution_and_prevention_only(desk):
    """Refused without both; what is no defect needs neither; closing again keeps the first instant."""
    desk.order()
    issue = desk.do("quality.open_issue", symptom="电源插头松动")["quality_issue_id"]
    other = desk.do("quality.open_issue", symptom="机柜积灰")["quality_issue_id"]

    with pytest.raises(BpmnError) as refused:
        desk.do("quality.close_issue", quality_issue_id=issue, solution="换模具")
    closed = desk.do("quality.close_issue", quality_issue_id=issue, solution="换模具", prevention="每万次点检", solved_on_site=True)
    closed_at = desk.rows(select(QualityIssue.closed_at).where(QualityIssue.id == issue))
    desk.engine.clock.advance(timedelta(hours=1))
    desk.do("quality.close_issue", quality_issue_id=issue, solution="换模具", prevention="每万次点检")

    assert refused.value.code == "PREVENTION_MISSING"
    assert closed == {"quality_result": "closed"}
    assert desk.do("quality.close_issue", quality_issue_id=other, is_defect=False) == {"quality_result": "not_a_defect"}
    assert desk.rows(select(QualityIssue.closed_at).where(QualityIssue.id == issue)) == closed_at


def test_a_quality_problem_has_one_8d_report(desk):
    """Begun once; what is saved later replaces what was said before; without a problem there is no report."""
    desk.order()
    issue = desk.do("quality.open_issue", symptom="电源插头松动")["quality_issue_id"]

    begun = desk.do("quality.begin_report", quality_issue_id=issue)
    desk.do("quality.save_report", quality_issue_id=issue, d2_description="松动", d4_root_cause="模具", d3_containment="停发")
    saved = desk.do("quality.save_report", quality_issue_id=issue, d2_description="松动", d4_root_cause="模具磨损", d5_corrective="换模具")

    (report,) = desk.rows(select(Report8D))
    assert begun == saved == {"report_8d_no": report.no}
    assert (report.d4_root_cause, report.d5_corrective, report.d3_containment) == ("模具磨损", "换模具", None)
    with pytest.raises(NotFound):
        desk.do("quality.begin_report", quality_issue_id="ZL-none")
