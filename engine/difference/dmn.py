"""A DMN file as parts: decisions, columns, rules, and what else a model holds."""

from collections.abc import Iterator

from lxml import etree

from engine.difference.parts import Difference, Part, Parts
from engine.difference.xml_text import canonical, children, shapes
from engine.xml import read_xml

_NODES = frozenset(
    ("decision", "inputData", "businessKnowledgeModel", "knowledgeSource", "decisionService", "itemDefinition", "textAnnotation")
)
_REQUIREMENTS = frozenset(("informationRequirement", "knowledgeRequirement", "authorityRequirement"))
_DEFAULTS = {"hit policy": "UNIQUE", "preferredOrientation": "Rule-as-Row"}


def read_parts(content: bytes) -> Parts:
    """The parts of a DMN file by id.

    Raises:
        DiagramUnreadable: not XML, or not safe to read.
    """
    root = read_xml(content)
    drawings = shapes(root, "dmnElementRef")
    parts: Parts = {}
    for node in children(root):
        kind, identifier = _local(node), node.get("id", "")
        if kind not in _NODES or not identifier:
            continue
        facts = {aspect: text for aspect, text in _facts(node) if _DEFAULTS.get(aspect) != text}
        parts[identifier] = Part(identifier, kind, node.get("name", ""), facts, drawing=drawings.get(identifier, ""))
        for table in children(node):
            if _local(table) == "decisionTable":
                parts |= {part.id: part for part in _table(table, identifier)}
    return parts


def fold(differences: list[Difference], before: Parts, after: Parts) -> list[Difference]:
    """Cells of a column that came or went are told with the column, not row by row."""
    came = {item.part.id for item in differences if item.kind == "added" and item.part.kind in ("input", "output")}
    went = {item.part.id for item in differences if item.kind == "removed" and item.part.kind in ("input", "output")}
    columns = {f"cell {identifier}" for identifier in came | went}
    stand = {part.id for part in before.values()} & {part.id for part in after.values()}
    return [item for item in differences if not (item.part.id in stand and item.aspect in columns)]


def _local(node: etree._Element) -> str:
    return str(etree.QName(node).localname)


def _facts(node: etree._Element) -> Iterator[tuple[str, str]]:
    yield from ((str(key), str(value)) for key, value in node.attrib.items() if key != "id")
    seen: dict[str, int] = {}
    for child in children(node):
        kind = _local(child)
        if kind == "decisionTable":
            yield "logic", kind
            yield from ((_hit_policy(str(key)), str(value)) for key, value in child.attrib.items() if key != "id")
        elif kind == "literalExpression":
            yield "logic", kind
            yield "expression", _text(child)
            if child.get("typeRef"):
                yield "typeRef", child.get("typeRef", "")
        elif kind in _REQUIREMENTS:
            required = next((item.get("href", "").lstrip("#") for item in children(child)), "")
            yield f"requires {required}", required
        elif kind == "description":
            yield kind, (child.text or "").strip()
        elif kind != "extensionElements":
            seen[kind] = seen.get(kind, 0) + 1
            yield f"{kind} {seen[kind]}", canonical(child)


def _hit_policy(attribute: str) -> str:
    return "hit policy" if attribute == "hitPolicy" else attribute


def _table(table: etree._Element, decision: str) -> Iterator[Part]:
    columns: dict[str, list[str]] = {"input": [], "output": []}
    places = {"input": 0, "output": 0, "rule": 0}
    for node in children(table):
        kind = _local(node)
        if kind not in places:
            continue
        place, places[kind] = places[kind], places[kind] + 1
        identifier = node.get("id") or f"{decision} {kind} {place + 1}"
        if kind == "rule":
            yield Part(identifier, kind, str(place + 1), dict(_cells(node, columns)), decision, place)
            continue
        columns[kind].append(identifier)
        facts = dict(_column(node))
        yield Part(identifier, kind, facts.get("label") or facts.get("name") or facts.get("expression", ""), facts, decision, place)


def _column(node: etree._Element) -> Iterator[tuple[str, str]]:
    yield from ((str(key), str(value)) for key, value in node.attrib.items() if key != "id")
    for child in children(node):
        kind = _local(child)
        if kind == "inputExpression":
            yield "expression", _text(child)
            if child.get("typeRef"):
                yield "typeRef", child.get("typeRef", "")
        elif kind in ("inputValues", "outputValues"):
            yield "allowed values", _text(child)
        elif kind == "defaultOutputEntry":
            yield "default value", _text(child)
        else:
            yield kind, canonical(child)


def _cells(rule: etree._Element, columns: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """The cells of a row by the id of their column; an empty condition and `-` are the same."""
    position = {"inputEntry": iter(columns["input"]), "outputEntry": iter(columns["output"])}
    for child in children(rule):
        kind = _local(child)
        if kind in position:
            column = next(position[kind], None)
            text = _text(child)
            if column is not None:
                yield f"cell {column}", "-" if kind == "inputEntry" and not text else text
        elif kind in ("description", "annotationEntry"):
            yield "annotation", " ".join((child.text or _text(child)).split())


def _text(node: etree._Element) -> str:
    return next(((child.text or "").strip() for child in children(node) if _local(child) == "text"), "")
