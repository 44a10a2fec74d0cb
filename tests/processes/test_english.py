"""The English is complete: every label of a shipped diagram, form or decision table, and every text that a diagram composes, has its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from handlers.registry import HANDLERS
from tests.processes.conftest import PROCESSES

FOLDERS = sorted({path.parent for pattern in ("*.bpmn", "*.form", "*.dmn") for path in PROCESSES.glob(f"*/{pattern}")})
#: Where a form says something to people.
_FORM_TEXTS = ("label", "description", "text", "dateLabel", "timeLabel", "suffixAdorner", "prefixAdorner", "patternErrorMessage")
#: Where a diagram or a decision table does; of a row's annotation the replay tells why it was taken.
_XML_TEXTS = ("documentation", "description", "question", "allowedAnswers")


def _catalogue(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in (PROCESSES / "shared" / "en.yaml", folder / "en.yaml"):
        if path.exists():
            found |= yaml.safe_load(path.read_text("utf-8")) or {}
    return found


def _has_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def _form_texts(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for item in part:
            yield from _form_texts(item)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in _FORM_TEXTS and isinstance(value, str):
                yield value
            yield from _form_texts(value)


def _xml_texts(path: Path) -> Iterator[str]:
    for node in etree.parse(path).iter():
        if isinstance(node.tag, str):
            yield node.get("name", "")
            yield node.get("label", "")
            if etree.QName(node).localname in _XML_TEXTS:
                yield (node.text or "").strip()


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.form")):
        yield from _form_texts(json.loads(path.read_text("utf-8")))
    for pattern in ("*.bpmn", "*.dmn"):
        for path in sorted(folder.glob(pattern)):
            yield from _xml_texts(path)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_label_has_its_english(folder: Path) -> None:
    """Given a folder of processes/, when its labels are collected, then each Chinese one is in its catalogue or the shared one."""
    english = _catalogue(folder)

    missing = sorted({text for text in _texts(folder) if _has_chinese(text) and text not in english})

    assert missing == []


@pytest.mark.parametrize("path", sorted(PROCESSES.glob("*/*.dmn")), ids=lambda path: path.stem)
def test_every_text_a_table_decides_on_has_its_english(path: Path) -> None:
    """Given a decision table, when rows of a column conclude with Chinese words, then a column beside it has the English."""
    for table in etree.parse(path).iter("{*}decisionTable"):
        columns = [column.get("name", "") for column in table.iterfind("{*}output")]
        for rule in table.iterfind("{*}rule"):
            said = [entry.findtext("{*}text") or "" for entry in rule.iterfind("{*}outputEntry")]
            row = dict(zip(columns, said, strict=True))
            assert [name for name, text in row.items() if _has_chinese(text) and not _is_english(row.get(f"{name}_en"))] == []


#: Texts that some handler gives in both languages.
_TWINS = {
    name
    for handler in HANDLERS
    if handler.result is not None
    for name in handler.result.model_fields
    if f"{name}_en" in handler.result.model_fields
} | {"error_text"}
_CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"


def _mappings(path: Path) -> Iterator[dict[tuple[str, str], str]]:
    """What each element maps: (kind, target) to the text or expression."""
    for element in etree.parse(path).iter("{*}extensionElements"):
        found = {
            (node.tag, node.get("name", "")): node.text or ""
            for node in element.iter(f"{_CAMUNDA}inputParameter", f"{_CAMUNDA}outputParameter")
        }
        for node in element.iter(f"{_CAMUNDA}in", f"{_CAMUNDA}out"):
            found[node.tag, node.get("target", "")] = node.get("source", node.get("sourceExpression", ""))
        yield found


@pytest.mark.parametrize("path", sorted(PROCESSES.glob("*/*.bpmn")), ids=lambda path: path.stem)
def test_every_text_a_diagram_composes_has_its_english(path: Path) -> None:
    """Given a diagram, when it writes Chinese into a mapping or passes on a text of a handler, then the English goes with it."""
    missing = [
        (name, text)
        for mappings in _mappings(path)
        for (kind, name), text in mappings.items()
        if (_has_chinese(text) or (name in _TWINS and kind != f"{_CAMUNDA}inputParameter"))
        and not _is_english(mappings.get((kind, f"{name}_en")))
    ]

    assert missing == []


def _is_english(text: str | None) -> bool:
    return bool(text) and not _has_chinese(text or "")
