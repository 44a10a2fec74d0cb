"""The parameter file: figures with their names, units and clauses."""

import pytest

from engine.errors import InvalidInput
from engine.manuals.parameters import read_parameters, read_values
from engine.manuals.references import Reference

FILE = b"""
hotline:
  title_zh: \xe7\x83\xad\xe7\xba\xbf
  title_en: Hotline
  parameters:
    slip_handover:
      value: PT30M
      unit: working_time
      title_zh: \xe4\xba\xa4\xe5\x8d\x95
      title_en: Handing over
      clauses: ["M3-6.1#deadline", M3-1.3]
plain: 3
table: {onsite: [A, B]}
"""


def test_a_parameter_is_described_by_its_section() -> None:
    """Given a described parameter, when the file is read, then its section, unit and clauses are known."""
    found = read_parameters(FILE)["slip_handover"]

    assert (found.section.title_zh, found.title_en, found.unit) == ("热线", "Handing over", "working_time")
    assert found.references == (Reference("M3-6.1", "deadline"), Reference("M3-1.3"))


def test_a_value_alone_is_a_parameter_too() -> None:
    """Given entries beside the sections, when the file is read, then they count under their own names, mappings included."""
    assert read_values(FILE) == {"slip_handover": "PT30M", "plain": 3, "table": {"onsite": ["A", "B"]}}
    assert read_parameters(FILE)["plain"].title_en == "plain"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"s: {parameters: {a: 3}}", "needs value"),
        (b"s: {parameters: {a: {value: 3, title_zh: x, title_en: x, unit: miles}}}", "unknown unit"),
        (b"s: {parameters: {a: {value: 3, title_zh: x, title_en: x, clause: M1-1}}}", "cannot have 'clause'"),
        (b"s: {parameters: {a: {value: 3, title_zh: x, title_en: x}}}\na: 4", "given twice"),
        (b"- 3", "names and values"),
    ],
)
def test_what_is_described_wrongly_is_refused(content: bytes, said: str) -> None:
    """Given a parameter without a title, with an unknown unit or setting, or twice, when the file is read, then the message names it."""
    with pytest.raises(InvalidInput, match=said):
        read_parameters(content)
