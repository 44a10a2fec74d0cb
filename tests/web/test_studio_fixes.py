"""One-click fixes of forms, decision tables and clause links: the finding is gone afterwards, and nothing else came."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.conftest import Site
from tests.web.studio_pages import FORM, Editor, open_editor

TABLE = "site_visit/dmn_urgency.dmn"
_RULE = '<rule id="{id}"><inputEntry><text>{test}</text></inputEntry><outputEntry><text>{result}</text></outputEntry></rule>'


def fixed(editor: Editor, content: bytes, code: str) -> str:
    """The content after the fix that is offered for a finding."""
    found = next(finding for finding in editor.check(content) if finding["code"] == code and finding["fix"])
    assert found["fix"]["label"]["zh"]
    assert found["fix"]["label"]["en"]
    answer = editor.send("POST", f"{editor.props['checkUrl']}?fix={found['fix']['id']}", content)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    after: str = answer.get_json()["content"]
    return after


def graver(editor: Editor, content: str | bytes) -> list[str]:
    """The codes of the findings that are more than said."""
    sent = content.encode() if isinstance(content, str) else content
    return [finding["code"] for finding in editor.check(sent) if finding["severity"] != "info"]


def field(**properties: Any) -> dict[str, Any]:
    """One more field of the form."""
    return {"type": "textfield", "id": "field_new", "key": "fresh", "label": "新的"} | properties


#: What somebody added to the form, the finding's code, and the properties of it that the fix writes.
SLIPS: tuple[tuple[dict[str, Any], str, dict[str, Any]], ...] = (
    (field(type="textfeld"), "form-component", {"type": "textfield"}),
    (field(key="2 bad"), "form-key", {"key": "field_2_bad"}),
    (field(key=""), "form-key", {"key": "textfield"}),
    (field(key="date"), "form-reserved-name", {"key": "date_value"}),
    (field(key="findings"), "form-duplicate-key", {"key": "findings_2"}),
    (field(id="field_findings"), "form-duplicate-id", {"id": "field_findings_2"}),
    (field(key="fault", label=""), "form-label", {"label": "故障现象"}),
    ({"type": "datetime", "id": "field_new", "key": "fresh", "dateLabel": "何时", "subtype": "day"}, "form-date-kind", {"subtype": "date"}),
    (field(type="expression", expression="minutes * 2"), "form-expression", {"expression": "=minutes * 2"}),
    (field(type="number", validate={"max": 3, "minLength": 2}), "form-rule", {"validate": {"max": 3}}),
    (field(validate={"minLength": 9, "maxLength": 3}), "form-limit", {"validate": {"minLength": 3, "maxLength": 9}}),
    (field(conditional={"hide": "=minutes > 5"}), "form-hide-null", {"conditional": {"hide": "=minutes = null or (minutes > 5)"}}),
    (field(type="select", values=[{"label": "甲", "value": ""}, {"label": "", "value": "b"}, {"label": "", "value": ""}]), "form-options",
     {"values": [{"label": "甲", "value": "甲"}, {"label": "b", "value": "b"}]}),
    (field(type="radio", values=[{"label": "甲", "value": "a"}] * 2), "form-options", {"values": [{"label": "甲", "value": "a"}]}),
    (field(type="select", values=[], valuesKey="engineers"), "form-options", {"valuesKey": "engineers"}),
    (field(type="radio", key="urgency"), "form-options", {"values": [{"label": "一般", "value": "normal"}, {"label": "紧急", "value": "urgent"}]}),
    ({"type": "dynamiclist", "id": "field_new", "components": [field(id="field_inner")]}, "form-list", {"path": "list", "isRepeating": True}),
)  # fmt: skip


@pytest.mark.parametrize(("added", "code", "written"), SLIPS, ids=[f"{code}-{n}" for n, (_, code, _) in enumerate(SLIPS)])
def test_a_slip_in_a_form_is_mended(site: Site, added: dict[str, Any], code: str, written: dict[str, Any]) -> None:
    """Given a field with a slip, then the fix mends that field and no other, and the form has no finding left."""
    editor = open_editor(site, "owner", FORM)
    schema = json.loads(editor.load()[1])
    before = json.dumps(schema["components"])
    schema["components"].append(added)

    after = fixed(editor, json.dumps(schema).encode(), code)

    components = json.loads(after)["components"]
    assert json.dumps(components[:-1]) == before
    assert {name: components[-1].get(name) for name in written} == written
    assert graver(editor, after) == []


def test_what_only_people_can_decide_has_no_fix(site: Site) -> None:
    """Given a field without label or options that no other form has, then the findings stand and nothing is offered."""
    editor = open_editor(site, "owner", FORM)
    schema = json.loads(editor.load()[1])
    schema["components"].append(field(type="radio", label=""))

    found = [finding for finding in editor.check(json.dumps(schema).encode()) if finding["code"] in ("form-label", "form-options")]

    assert [finding["fix"] for finding in found] == [None, None]


def table(
    *rules: tuple[str, str], head: str = 'hitPolicy="UNIQUE"', column: str = "<inputExpression><text>urgency</text></inputExpression>"
) -> bytes:
    """A table with one input and one output, a rule a line."""
    lines = "\n".join(_RULE.format(id=f"r{n}", test=test, result=result) for n, (test, result) in enumerate(rules, start=1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="急" namespace="urn:t">
<decision id="dmn_urgency" name="急">
<decisionTable id="t" {head}>
<input id="i" label="urgency">{column}</input>
<output id="o" name="hours"/>
{lines}
</decisionTable>
</decision>
</definitions>""".encode()


#: Rules and what else is odd, the finding's code, and what the mended file has, and has not any more.
ODD_TABLES: tuple[tuple[bytes, str, str, str], ...] = (
    (table(("-", "1"), head='hitPolicy="FRIST"'), "dmn-hit-policy", 'hitPolicy="FIRST"', "FRIST"),
    (table(("-", "1"), head='hitPolicy="COLLECT" aggregation="SUMM"'), "dmn-aggregation", 'aggregation="SUM"', "SUMM"),
    (table(("-", "1"), ('"urgent"', "2"), head='hitPolicy="FIRST"'), "dmn-hidden-rule", 'id="r1"', 'id="r2"'),
    (table(('"urgent"', "1"), ('"urgent"', "1")), "dmn-overlap", 'id="r1"', 'id="r2"'),
    (table(("-", "1"), ('"urgent"', "1")), "dmn-overlap", 'hitPolicy="ANY"', "UNIQUE"),
    (table(("-", "1")).replace(b"<inputEntry><text>-</text></inputEntry>", b""), "dmn-rule-width", "<inputEntry><text>-</text></inputEntry>", "!"),
    (table(("-", "1")).replace(b"</rule>", b"<outputEntry><text/></outputEntry></rule>"), "dmn-rule-width", 'id="r1"', "<text/>"),
    (table(("-", "1")).replace(b"<inputEntry>", b'<inputEntry expressionLanguage="javascript">'), "dmn-language", 'id="r1"', "javascript"),
    (table(("-", "1"), column=""), "dmn-empty", "<inputExpression><text>urgency</text></inputExpression>", "!"),
    (table(("-", "1"), column="<inputExpression><text>urgncy</text></inputExpression>"), "feel-unknown-variable", "<text>urgency</text>", "urgncy"),
    (table(('"urgent"', "1"), ('not("urgent")', "2"), ("urgent", "1")), "feel-unknown-variable", '<text>"urgent"</text>', "<text>urgent<"),
    (table(("-", "cieling(1.5)")), "feel-unknown-function", "ceiling(1.5)", "cieling"),
)  # fmt: skip


@pytest.fixture
def asked(site: Site) -> Callable[[], Editor]:
    """The owner has a new table, and a draft of the diagram that asks it."""
    assert site.as_("owner").send("/studio/new", {"pattern": "decision", "id": "urgency", "folder": "site_visit"}).status_code == 302
    service = ' camunda:type="external" camunda:topic="test.archive"'
    diagram = open_editor(site, "owner")
    tag, content = diagram.load()
    text = content.decode().replace(
        service, ' camunda:decisionRef="dmn_urgency" camunda:decisionRefBinding="latest" camunda:resultVariable="h"'
    )
    text = text.replace("<bpmn:serviceTask", "<bpmn:businessRuleTask").replace("</bpmn:serviceTask", "</bpmn:businessRuleTask")
    assert diagram.save(text.encode(), tag).status_code == 200
    return lambda: open_editor(site, "owner", TABLE)


@pytest.mark.parametrize(
    ("content", "code", "right", "wrong"), ODD_TABLES, ids=[f"{code}-{n}" for n, (_, code, _, _) in enumerate(ODD_TABLES)]
)
def test_a_slip_in_a_table_is_mended(asked: Callable[[], Editor], content: bytes, code: str, right: str, wrong: str) -> None:
    """Given a table with a slip, then the fix takes the finding away."""
    editor = asked()

    after = fixed(editor, content, code)

    assert right in after
    assert wrong not in after
    assert code not in graver(editor, after)


def test_rules_that_conclude_differently_have_no_fix(asked: Callable[[], Editor]) -> None:
    """Given rules that match together and conclude differently, then people have to say which is meant."""
    found = [finding for finding in asked().check(table(("-", "1"), ('"urgent"', "2"))) if finding["code"] == "dmn-overlap"]

    assert [finding["fix"] for finding in found] == [None]


#: The text of the shipped diagram, what somebody wrote instead, and the clause that is offered.
_CITED = '<camunda:property name="opsbook:clause" value="T-2"/>'


@pytest.mark.parametrize(
    ("right", "wrong", "clause"),
    [
        (_CITED, "", "T-2"),  # the live version of the element cites it
        ('<bpmn:userTask id="warn" name="处理超时"', '<bpmn:userTask id="warn" name="登记需求"', "T-1"),  # an element of the same name does
        ('<bpmn:userTask id="warn" name="处理超时"', '<bpmn:userTask id="warn" name="穿鞋套"', "T-3"),  # a clause is called so
    ],
    ids=["live", "name", "title"],
)
def test_a_likely_clause_is_offered(site: Site, right: str, wrong: str, clause: str) -> None:
    """Given a user task without a clause, then the clause is offered for which something speaks, and written into the diagram."""
    editor = open_editor(site, "owner")
    content = editor.load()[1].decode()
    assert right in content
    before = content.count(f'value="{clause}"')

    after = fixed(editor, content.replace(right, wrong).encode(), "no-clause")

    assert after.count(f'value="{clause}"') == before + (1 if wrong else 0)
    assert graver(editor, after) == []


def test_no_clause_is_guessed(site: Site) -> None:
    """Given a user task of which nothing tells the clause, then none is offered; a misspelt clause and group are mended."""
    editor = open_editor(site, "owner")
    content = editor.load()[1].decode()

    assert [item["fix"] for item in editor.check() if item["code"] == "no-clause"] == [None, None]
    assert _CITED in fixed(editor, content.replace(_CITED, _CITED.replace("T-2", "T2")).encode(), "unknown-clause")
    assert 'candidateGroups="hotline"' in fixed(editor, content.replace('Groups="hotline"', 'Groups="hotlines"').encode(), "unknown-group")
