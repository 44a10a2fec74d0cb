"""Small ways to look into DMN XML, whatever its version."""

from collections.abc import Iterator

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml has no public name for it

DMN_NAMESPACES = frozenset(
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    ]
)


def kind(element: Element) -> str:
    """The element's name without namespace."""
    return etree.QName(element).localname


def children(element: Element, name: str | None = None) -> Iterator[Element]:
    """The DMN elements directly inside, perhaps of one kind; extensions of modelers are passed over."""
    for child in element:
        qualified = etree.QName(child)
        if qualified.namespace in DMN_NAMESPACES and name in (None, qualified.localname):
            yield child


def child(element: Element, name: str) -> Element | None:
    """The first such element directly inside."""
    return next(children(element, name), None)


def text(element: Element | None) -> str:
    """The text of a `<text>` inside the element (or of the element itself), without spaces around it."""
    if element is None:
        return ""
    inner = child(element, "text")
    return (element if inner is None else inner).text or ""


def type_name(element: Element | None) -> str:
    """The type that an element declares, as attribute or as child; empty when none."""
    if element is None:
        return ""
    declared = child(element, "typeRef")
    return (element.get("typeRef") or ("" if declared is None else declared.text) or "").strip()


def name_of(element: Element) -> str:
    """The element's name, with single spaces; its id when it has none."""
    return " ".join((element.get("name") or "").split()) or element.get("id") or ""
