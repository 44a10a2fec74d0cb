"""Checks as somebody draws: each mistake appears on its element, and the obvious ones are mended by one click."""

import json
from typing import Any

import pytest

from tests.web.conftest import Site
from tests.web.studio_pages import DIAGRAM, FORM, Editor, open_editor

#: The text of the shipped diagram, what somebody wrote instead, the finding's code, its element, and what the mended text is.
MISTAKES = (
    ('camunda:topic="test.archive"', 'camunda:topic="test.arhcive"', "unknown-handler", "archive", 'camunda:topic="test.archive"'),
    ('camunda:formRef="f_visit"', 'camunda:formRef="f_vist"', "unknown-form", "visit", 'camunda:formRef="f_visit"'),
    ('calledElement="part_request"', 'calledElement="part_reqest"', "unknown-process", "get_part", 'calledElement="part_request"'),
    ('<camunda:inputParameter name="fault">', '<camunda:inputParameter name="fualt">', "unknown-input", "archive", 'name="fault"'),
    ('<camunda:inputParameter name="fault">=fault</camunda:inputParameter>', "", "missing-input", "archive", 'name="fault">=fault<'),
    (' default="f4"', "", "missing-condition", "needs_visit", 'default="f4"'),
    (">part_needed = true<", ">part_neded = true<", "feel-unknown-variable", "needs_part", ">part_needed = true<"),
    ("=now() + duration(&quot;PT2H&quot;)", "=now() + duratoin(&quot;PT2H&quot;)", "bad-expression", "visit", "+ duration("),
    ('camunda:formRef="f_visit"', 'camunda:formRef="f_visit" camunda:formKey="x"', "unsupported-attribute", "visit", None),
    ('formRefBinding="latest" camunda:dueDate="=now() + duration(&quot;PT2H', 'formRefBinding="newest" camunda:dueDate="=now() + duration(&quot;PT2H',
     "unknown-binding", "visit", None),
)  # fmt: skip


@pytest.fixture
def editor(site: Site) -> Editor:
    """The process owner in front of a diagram."""
    return open_editor(site, "owner")


def one(findings: list[dict[str, Any]], code: str) -> dict[str, Any]:
    """The first finding of a code."""
    return next(finding for finding in findings if finding["code"] == code)


def test_what_is_shipped_has_no_findings(editor: Editor) -> None:
    """Given the diagram as it is live, nothing is said."""
    assert [finding for finding in editor.check() if finding["severity"] != "info"] == []


@pytest.mark.parametrize(("right", "wrong", "code", "element", "mended"), MISTAKES, ids=[item[2] for item in MISTAKES])
def test_a_mistake_appears_on_its_element_and_is_mended(
    editor: Editor, right: str, wrong: str, code: str, element: str, mended: str | None
) -> None:
    """Given a slip that was not even saved, it is found at its element in both languages, and the offered fix takes it away."""
    good = editor.load()[1].decode()
    assert right in good
    content = good.replace(right, wrong).encode()

    found = one(editor.check(content), code)
    assert found["elementId"] == element
    assert found["message"]["zh"]
    assert found["message"]["en"]
    assert found["fix"]["label"]["zh"]

    answer = editor.send("POST", f"{editor.props['checkUrl']}?fix={found['fix']['id']}", content)
    fixed = answer.get_json()["content"]
    assert mended is None or mended in fixed
    assert code not in {finding["code"] for finding in editor.check(fixed.encode())}
    assert editor.load()[0] == '"0"'  # nothing was saved by itself


def test_a_fix_of_another_state_is_refused(editor: Editor) -> None:
    """Given a diagram without the mistake, its fix does not apply."""
    answer = editor.send("POST", f"{editor.props['checkUrl']}?fix=unknown-form:visit", editor.load()[1])
    assert answer.status_code == 409


def test_unreadable_content_is_a_finding_with_its_line(editor: Editor) -> None:
    """Given half a file, the check says that it cannot be read, and where."""
    assert [finding["code"] for finding in editor.check(b"<bpmn:definitions>")] == ["unreadable"]


def test_other_drafts_of_the_person_count(site: Site, editor: Editor) -> None:
    """Given a new form that is only a draft, the owner's diagram may name it; a colleague's may not."""
    editor.client.send("/studio/new", {"pattern": "form", "id": "report", "folder": "site_visit"})
    content = editor.load()[1].replace(b'camunda:formRef="f_visit"', b'camunda:formRef="f_report"')

    assert "unknown-form" not in {finding["code"] for finding in editor.check(content)}
    assert "unknown-form" in {finding["code"] for finding in open_editor(site, "admin").check(content)}


def test_a_form_says_which_field(site: Site) -> None:
    """Given a field with a bad key, the finding names its component and path."""
    form = open_editor(site, "owner", FORM)
    schema = json.loads(form.load()[1])
    schema["components"].append({"type": "textfield", "id": "field_bad", "key": "2 bad", "label": "坏"})

    found = one(form.check(json.dumps(schema).encode()), "form-key")
    assert (found["elementId"], found["fieldPath"]) == ("field_bad", "2 bad")


def test_choices_name_everything_in_both_languages(site: Site, editor: Editor) -> None:
    """Given the lists to choose from, handlers have fields with types, and everything has a Chinese and an English name."""
    found = editor.client.get(editor.props["choicesUrl"]).get_json()

    archive = found["handlers"][0]
    assert (archive["topic"], archive["inputs"][0]["name"], archive["inputs"][0]["title"]["zh"]) == ("test.archive", "fault", "故障现象")
    assert {"hotline", "onsite"} <= {role["group"] for role in found["roles"]}
    assert not {role["group"] for role in found["roles"]} & {"opsbook-admin", "opsbook-owner"}
    assert {"site_visit", "part_request"} == {process["id"] for process in found["processes"]}
    assert "fault" in found["variables"]
    for name in ("roles", "forms", "processes", "parameters"):
        assert all(item["label"]["zh"] and item["label"]["en"] for item in found[name]), name
    assert editor.client.get(f"/studio/choices/bpmn/{DIAGRAM}").headers["ETag"]


UNREADABLE = (b"\xff\xfe\x00", b'{"id": "f_visit", "components": [3]}', b'{"id": "f_visit", "components": [{"type": "group", "components": 3}]}',
              b'{"id": "f_visit", "components": [{"type": "number", "key": "x", "validate": 3}]}')  # fmt: skip


@pytest.mark.parametrize("content", UNREADABLE)
def test_a_draft_that_is_no_form_is_said_to_be_none_wherever_it_is_met(site: Site, content: bytes) -> None:
    """Given a draft that holds something else than a form, then it is found unreadable, and every page that reads the person's drafts shows."""
    form, diagram = open_editor(site, "admin", FORM), open_editor(site, "admin")
    assert form.save(content, form.load()[0]).status_code == 200

    assert one(form.check(content), "unreadable")["severity"] == "error"
    for page in (
        f"compare/form/{FORM}",
        f"past/form/{FORM}",
        f"choices/bpmn/{DIAGRAM}",
        f"try/{DIAGRAM}",
        f"hindsight/{DIAGRAM}",
        "propose",
    ):
        assert site.as_("admin").get(f"/studio/{page}").status_code == 200, page
    assert diagram.check()


def test_a_draft_that_is_no_text_does_not_break_the_look_back(site: Site) -> None:
    """Given a diagram's draft of bytes that are no text, then the page that chooses finished cases shows."""
    diagram = open_editor(site, "admin")
    assert diagram.save(b"\xff\xfe\x00", diagram.load()[0]).status_code == 200

    assert site.as_("admin").get(f"/studio/hindsight/{DIAGRAM}").status_code == 200
