"""`opsbook tck` counts the cases of the public test kit, which lies beside the repository when there is one."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.dmn.tck import tck_command
from tests.dmn.models import decision, definitions, literal

KIT = Path(__file__).parents[2].parent / "shared/dmn-tck"
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>m.dmn</modelName>
<testCase id="1"><resultNode name="a" type="decision"><expected><value xsi:type="xsd:decimal">3</value></expected></resultNode></testCase>
<testCase id="2"><resultNode name="b" type="decision"><expected><list><item><component name="x"><value xsi:type="xsd:string">y</value></component></item></list></expected></resultNode></testCase>
<testCase id="3"><resultNode name="c" type="decision"><expected><value xsi:type="xsd:date">2026-01-01</value></expected></resultNode></testCase>
<testCase id="4"><resultNode name="missing" type="decision"><expected><value xsi:type="xsd:string">x</value></expected></resultNode></testCase>
</testCases>"""


def test_passed_and_failed_cases_are_counted(tmp_path: Path) -> None:
    """Given a kit with right and wrong expectations, when it is run, then it is counted, told and written as JSON."""
    (tmp_path / "m.dmn").write_bytes(
        definitions(decision("a", literal("1 + 2")) + decision("b", literal('{x: "y"}')) + decision("c", literal('date("2026-01-02")')))
    )
    (tmp_path / "m-test-01.xml").write_text(CASES.replace("<list><item>", "").replace("</item></list>", ""), encoding="utf-8")

    done = CliRunner().invoke(tck_command, [str(tmp_path), "--verbose", "--json", str(tmp_path / "out.json")])

    assert done.exit_code == 1
    assert done.output.splitlines()[-1] == "2 passed, 2 failed"
    assert "m-test-01.xml 3 c: expected" in done.output
    assert [case["passed"] for case in json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))] == [True, True, False, False]


@pytest.mark.skipif(not KIT.is_dir(), reason="the test kit is not beside the repository")
def test_nearly_all_of_the_public_kit_passes() -> None:
    """Given the public kit, when it is run, then only the cases fail that call Java."""
    done = CliRunner().invoke(tck_command, [str(KIT), "--verbose"])
    passed, failed = (int(word) for word in done.output.splitlines()[-1].replace(",", "").split() if word.isdigit())

    assert passed / (passed + failed) >= 0.99
    assert all("external-java" in line for line in done.output.splitlines()[:-1])
