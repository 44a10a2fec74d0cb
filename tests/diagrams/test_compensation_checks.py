"""What is odd about a diagram with compensation, and what is sound."""

import pytest

from tests.diagrams.conftest import Findings


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("nothing-to-compensate", 'start a end <endEvent id="end" compensate=""/>'),
        (
            "cancel-never-thrown",
            'start t end \n b end_b <boundaryEvent id="b" on="t" cancel="true"/><transaction id="t">start_in end_in</transaction>',
        ),
    ],
)
def test_compensation_without_effect_is_a_warning(findings: Findings, rule: str, body: str) -> None:
    """It does not stop the deployment."""
    (problem,) = findings(body)
    assert (problem.code, problem.severity) == (rule, "warning")


def test_sound_compensation_has_no_findings(findings: Findings) -> None:
    """Handlers, compensation event sub-processes, throws from where they may be thrown, and a transaction with its cancel pass."""
    assert (
        findings(
            """start a t undo end \n cancelled end_cancelled
        <boundaryEvent id="on_a" on="a" by="undo_a"/><intermediateThrowEvent id="undo" compensate="a" waitForCompletion="false"/>
        <boundaryEvent id="cancelled" on="t" cancel="true"/>
        <transaction id="t" method="##Compensate">start_t b choose [initiator = null] end_t \n choose / end_no <endEvent id="end_no" cancel="true"/>
          <boundaryEvent id="on_b" on="b" by="undo_b"/><subProcess id="undo_b" isForCompensation="true">c</subProcess>
          <subProcess id="on" triggeredByEvent="true">start_on only end_on <startEvent id="start_on" compensate=""/>
            <intermediateThrowEvent id="only" compensate="b"/></subProcess></transaction>"""
        )
        == []
    )
