"""Reads XML that strangers wrote: the only place where bytes become an element tree."""

from collections.abc import Collection

from lxml import etree

from engine.errors import DiagramUnreadable

MAX_BYTES = 2 * 1024 * 1024
MAX_ELEMENTS = 20_000
MAX_DEPTH = 200


def read_xml(content: bytes, *, allowed_namespaces: Collection[str] | None = None) -> etree._Element:
    """The root element of a document without DOCTYPE, comments and processing instructions.

    Args:
        content: the file as bytes, so that the document's own encoding declaration counts.
        allowed_namespaces: the only namespaces that elements and prefixed attributes may have; None allows all.

    Raises:
        DiagramUnreadable: not XML, or not safe to read; `details["line"]` when a line is known.
    """
    if len(content) > MAX_BYTES:
        raise DiagramUnreadable(
            f"文件有 {len(content):,} 字节，超过上限 {MAX_BYTES:,} 字节。",
            f"The file has {len(content):,} bytes, the limit is {MAX_BYTES:,}.",
            line=0,
        )
    root = _parse(content)
    if root.getroottree().docinfo.internalDTD is not None:
        raise DiagramUnreadable(
            "文件含有 DOCTYPE 声明，出于安全不予读取，请删除它。", "The file has a DOCTYPE, which is refused for safety; remove it.", line=1
        )
    _check_size(root)
    if allowed_namespaces is not None:
        _check_namespaces(root, allowed_namespaces)
    return root


def _parse(content: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        place_zh, place_en = (f"第 {line} 行：", f"Line {line}: ") if line else ("", "")
        raise DiagramUnreadable(
            f"{place_zh}不是有效的 XML（{error.msg}）。", f"{place_en}not valid XML ({error.msg}).", line=line
        ) from None


def _check_size(root: etree._Element) -> None:
    depth = 0
    for count, (event, element) in enumerate(etree.iterwalk(root, events=("start", "end")), start=1):
        depth += 1 if event == "start" else -1
        line = element.sourceline or 0
        if depth > MAX_DEPTH:
            raise DiagramUnreadable(
                f"第 {line} 行：元素嵌套超过 {MAX_DEPTH} 层。",
                f"Line {line}: elements are nested more than {MAX_DEPTH} levels deep.",
                line=line,
            )
        if count > 2 * MAX_ELEMENTS:
            raise DiagramUnreadable(
                f"第 {line} 行：文件超过 {MAX_ELEMENTS:,} 个元素。", f"Line {line}: more than {MAX_ELEMENTS:,} elements.", line=line
            )


def _check_namespaces(root: etree._Element, allowed: Collection[str]) -> None:
    for element in root.iter(etree.Element):
        names = [str(element.tag), *(str(name) for name in element.attrib if str(name).startswith("{"))]
        for name in names:
            namespace = etree.QName(name).namespace or ""
            if namespace not in allowed:
                line = element.sourceline or 0
                shown = namespace or etree.QName(name).localname
                raise DiagramUnreadable(
                    f"第 {line} 行：不认识的命名空间“{shown}”，请删除这一扩展。",
                    f"Line {line}: the namespace '{shown}' is not known here; remove this extension.",
                    line=line,
                    namespace=namespace,
                )
