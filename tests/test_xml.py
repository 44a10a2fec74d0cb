"""The XML reader takes what modelers write and refuses what could harm the server."""

import pytest

from engine.errors import DiagramUnreadable
from engine.xml import MAX_BYTES, read_xml

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def test_a_plain_document_is_read() -> None:
    """Given a small diagram with a comment, when it is read, then root and Chinese names are there and the comment is not."""
    root = read_xml(
        f'<?xml version="1.0" encoding="UTF-8"?><!-- x --><definitions xmlns="{BPMN}" name="热线"><process id="a"/></definitions>'.encode()
    )

    assert root.get("name") == "热线"
    assert [child.get("id") for child in root] == ["a"]


def test_the_declared_encoding_counts() -> None:
    """Given a file saved as GBK that says so, when it is read, then the Chinese text is right."""
    assert read_xml('<?xml version="1.0" encoding="GBK"?><a n="热线"/>'.encode("gbk")).get("n") == "热线"


BOMB = '<!DOCTYPE a [<!ENTITY e0 "lol">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)) + "]>"
HOSTILE = {
    "billion laughs in text": BOMB + "<a>&e9;</a>",
    "billion laughs in an attribute": BOMB + '<a b="&e9;"/>',
    "quadratic blow-up": f'<!DOCTYPE a [<!ENTITY e "{"x" * 50_000}">]><a>{"&e;" * 50_000}</a>',
    "external entity": '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    "parameter entity": '<!DOCTYPE a [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x"> %e;]><a/>',
    "external DTD": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>',
    "harmless DOCTYPE": "<!DOCTYPE a><a/>",
    "harmless internal entity": '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
    "DOCTYPE in UTF-16": "\ufeff<!DOCTYPE a><a/>",
    "too deep": "<a>" * 201 + "</a>" * 201,
    "far too deep": "<a>" * 100_000 + "</a>" * 100_000,
    "too many elements": "<a>" + "<b/>" * 20_001 + "</a>",
    "too big": "<a>" + " " * MAX_BYTES + "</a>",
    "cut off": "<a><b></a>",
    "empty": "",
    "not XML": "{}",
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_document_is_refused(text: str) -> None:
    """Given a document made to exhaust, to read files or to call out, when it is read, then it is refused in both languages; expanded, it would take hours."""
    content = text.encode("utf-16-le") if text.startswith("\ufeff") else text.encode()

    with pytest.raises(DiagramUnreadable) as refused:
        read_xml(content)

    assert refused.value.zh != refused.value.en


def test_the_line_of_a_mistake_is_named() -> None:
    """Given a tag that is not closed on line 3, when the file is read, then the message says line 3."""
    with pytest.raises(DiagramUnreadable, match="Line 3") as refused:
        read_xml(b"<a>\n<b>\n</a>")

    assert refused.value.details["line"] == 3
    assert "第 3 行" in refused.value.zh


def test_xinclude_stays_text() -> None:
    """Given an XInclude element, when the document is read, then nothing is included."""
    root = read_xml(b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd" parse="text"/></a>')

    assert len(root) == 1
    assert not (root[0].text or "")


@pytest.mark.parametrize("child", ['<x:a xmlns:x="urn:other"/>', '<a xmlns:x="urn:other" x:b="1"/>', '<a xmlns=""/>'])
def test_an_unknown_namespace_is_refused(child: str) -> None:
    """Given an allow-list of namespaces, when an element or attribute is outside it, then line and namespace are named."""
    content = f'<definitions xmlns="{BPMN}">\n{child}</definitions>'.encode()

    with pytest.raises(DiagramUnreadable, match="Line 2"):
        read_xml(content, allowed_namespaces={BPMN})


def test_unused_namespace_declarations_do_no_harm() -> None:
    """Given a declaration that no element uses, when an allow-list is set, then the document is read."""
    assert (
        len(read_xml(f'<definitions xmlns="{BPMN}" xmlns:x="urn:other"><a b="1"/></definitions>'.encode(), allowed_namespaces={BPMN})) == 1
    )
