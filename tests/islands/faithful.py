"""What a file says, line by line, to compare two of them whatever the order of attributes, the prefixes and the white space."""

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

#: What the modelers leave out because it is what the standard and Camunda assume.
_ASSUMED = {"decisionRefBinding=latest", "isStartableInTasklist=true", "isSequential=false", "testBefore=false"}
_SHEET = "BPMNPlane"


def said_by_xml(content: str) -> list[str]:
    """One line for each element: its path, attributes and text. Elements of one name keep their order, except what is drawn on a sheet."""
    return list(_said(etree.fromstring(content.encode()), ""))


def _said(node: etree._Element, path: str) -> Iterator[str]:
    name = etree.QName(node).localname
    attributes = sorted({f"{etree.QName(key).localname}={str(value).removesuffix('.0')}" for key, value in node.attrib.items()} - _ASSUMED)
    here = f"{path}/{name}"
    yield f"{here} {' '.join(attributes)} {(node.text or '').strip()}"
    children = sorted((child for child in node if isinstance(child.tag, str)), key=lambda child: str(child.tag))
    parts = [list(_said(child, f"{here}({node.get('id', '')})")) for child in children]
    for part in sorted(parts) if name == _SHEET else parts:
        yield from part


def said_by_form(content: str) -> Any:
    """The schema of a form without the marks that tools leave in it."""
    schema = json.loads(content)
    return {name: value for name, value in schema.items() if name not in ("exporter", "schemaVersion")}
