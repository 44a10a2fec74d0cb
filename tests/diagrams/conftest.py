"""Checks diagrams without a database."""

from collections.abc import Callable

import pytest

from engine.diagrams.checks import Known, Topic, check_diagram
from engine.diagrams.reader import read_diagram
from engine.errors import Problem
from tests.engine.diagram import bpmn

_KNOWN = Known(
    topics={"parts.issue": Topic(frozenset(("part", "quantity")), frozenset(("part",)), frozenset(("OUT_OF_STOCK",)))},
    forms=("f_slip",),
    decisions=("dmn_coverage",),
    processes=("callback",),
    external_workers=True,
)

Findings = Callable[..., list[Problem]]


@pytest.fixture
def findings() -> Findings:
    """All findings about a diagram given as text of `bpmn` or as a whole file."""

    def find(body: str | bytes) -> list[Problem]:
        content = body if isinstance(body, bytes) else bpmn(body)
        return check_diagram(read_diagram(content), "p.bpmn", _KNOWN)

    return find
