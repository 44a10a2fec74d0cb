"""XML as text to compare: the same for the same content, whatever the prefixes, the order of attributes and the indentation."""

from collections.abc import Iterator

from lxml import etree


def children(node: etree._Element) -> Iterator[etree._Element]:
    """Child elements without comments and instructions."""
    return (child for child in node if isinstance(child.tag, str))


def canonical(node: etree._Element) -> str:
    """An element with all it contains; ids inside are left out, they say nothing."""
    name = etree.QName(node).localname
    attributes = "".join(f' {etree.QName(str(key)).localname}="{value}"' for key, value in sorted(node.attrib.items()) if key != "id")
    inside = (node.text or "").strip() + "".join(canonical(child) for child in children(node))
    return f"<{name}{attributes}>{inside}</{name}>" if inside else f"<{name}{attributes}/>"


def shapes(root: etree._Element, reference: str) -> dict[str, str]:
    """How each element is drawn: bounds, waypoints, label, colour; several drawings of one element together."""
    drawn: dict[str, str] = {}
    for node in root.iter():
        if isinstance(node.tag, str) and node.get(reference) and not etree.QName(node).localname.endswith(("Plane", "Diagram")):
            drawn[node.get(reference, "")] = drawn.get(node.get(reference, ""), "") + canonical(node)
    return drawn
