"""What a fix is: one change of a file that takes one finding away."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson
from lxml import etree

from engine.diagrams.checks import Known
from engine.runtime.package import Package
from engine.studio.labels import Words
from engine.xml import read_xml

#: Changes an XML file in place.
Change: TypeAlias = "Callable[[etree._Element], object]"  # noqa: SLF001 — lxml names its elements so


@dataclass(frozen=True)
class Fix:
    """A change that mends one finding."""

    id: str  #: the same for the same finding, as long as the file still has it
    label: Words
    mend: Callable[[bytes], bytes]  #: gives the file without the finding


@dataclass(frozen=True)
class Around:
    """The file with the findings, and what it stands among."""

    key: str  #: its name
    package: Package  #: it and all other files, as they would be live together
    live: Package  #: all files as they are live now
    known: Known  #: what diagrams may name

    @property
    def content(self) -> bytes:
        """The file."""
        return self.package.files[self.key]


def in_xml(change: Change) -> Callable[[bytes], bytes]:
    """A change of the root element as one of the file."""

    def mend(content: bytes) -> bytes:
        root = read_xml(content)
        change(root)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    return mend


def in_json(change: Callable[[dict[str, Any]], None]) -> Callable[[bytes], bytes]:
    """A change of a schema as one of the file."""

    def mend(content: bytes) -> bytes:
        schema = orjson.loads(content)
        change(schema)
        return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    return mend


def instead(written: str, meant: str) -> Words:
    """What a button says that writes one text for another."""
    return {"zh": f"改为“{meant}”", "en": f"Change “{written}” to “{meant}”" if written else f"Write “{meant}”"}
