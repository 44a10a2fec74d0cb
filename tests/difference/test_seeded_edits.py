"""What an owner changed, in words: every edit is named, and nothing else."""

import json
from pathlib import Path

import pytest
from lxml import etree

from engine.difference import changes
from tests.difference.diagram_edits import DIAGRAM_EDITS
from tests.difference.edits import CALLBACK, PROCESSES, Edit
from tests.difference.form_edits import FORM_EDITS
from tests.difference.table_edits import TABLE_EDITS

FILES = sorted(path for ending in ("bpmn", "dmn", "form") for path in PROCESSES.glob(f"*/*.{ending}"))


@pytest.mark.parametrize("edit", DIAGRAM_EDITS + TABLE_EDITS + FORM_EDITS, ids=lambda edit: edit.title)
def test_an_edit_is_the_one_change_of_the_list(edit: Edit) -> None:
    """Given a shipped file and one edit of it, when both are compared, then the list has this change alone, and says it in both languages."""
    found = changes(edit.file, *edit.versions())

    assert [(change.kind, change.part_id, change.aspect) for change in found] == [(edit.kind, edit.part, edit.aspect)]
    assert edit.says in found[0].zh
    assert found[0].en


@pytest.mark.parametrize("edit", DIAGRAM_EDITS + TABLE_EDITS + FORM_EDITS, ids=lambda edit: edit.title)
def test_taking_an_edit_back_is_one_change_too(edit: Edit) -> None:
    """Given the same two versions the other way round, when they are compared, then again one thing changed, at the same part."""
    before, after = edit.versions()

    found = changes(edit.file, after, before)

    assert len(found) == 1
    if edit.kind != "moved":  # of two neighbours that change places, either may be told as the one that moved
        assert found[0].part_id == edit.part


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_a_file_written_anew_has_not_changed(file: Path) -> None:
    """Given a shipped file, when another tool writes it with its own prefixes, order and indentation, then nothing changed."""
    content = file.read_bytes()

    assert changes(file.name, content, _written_anew(file.name, content)) == []


def test_leaving_out_what_is_understood_is_no_change() -> None:
    """Given a diagram that spells out the newest version of forms and tables, when a modeler leaves that out, then nothing changed."""
    content = (PROCESSES / CALLBACK).read_bytes()
    shorter = content.replace(b' camunda:decisionRefBinding="latest"', b"").replace(b' camunda:formRefBinding="latest"', b"")

    assert shorter != content
    assert changes(CALLBACK, content, shorter) == []


def _written_anew(name: str, content: bytes) -> bytes:
    if name.endswith(".form"):
        return json.dumps(json.loads(content), sort_keys=True).encode()
    text = content.decode().replace("bpmn:", "b2:").replace("xmlns:bpmn=", "xmlns:b2=")
    root = etree.fromstring(text.encode(), etree.XMLParser(remove_blank_text=True))
    for node in root.iter():
        attributes = sorted(node.attrib.items(), reverse=True)
        node.attrib.clear()
        node.attrib.update(attributes)
    return etree.tostring(root, pretty_print=True, encoding="utf-8")
