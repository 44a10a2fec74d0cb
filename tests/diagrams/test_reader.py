"""Reading files that strangers wrote."""

import pytest

from engine.diagrams.reader import read_diagram
from engine.errors import DiagramUnreadable
from tests.engine.diagram import bpmn

_BOMB = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]><definitions>&c;&c;&c;</definitions>'
_OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><definitions>&a;</definitions>'


@pytest.mark.parametrize("content", [b"", b"not xml", b"<definitions>", b"\x00\xff\x00", _BOMB, _OUTSIDE])
def test_what_is_no_safe_xml_is_refused(content: bytes) -> None:
    """Broken files and entities of any kind end with a clear error, quickly."""
    with pytest.raises(DiagramUnreadable) as refused:
        read_diagram(content)
    assert refused.value.zh and refused.value.en


def test_a_file_of_another_encoding_is_read() -> None:
    """The declaration in the file counts."""
    text = bpmn('start a end <userTask id="a" name="检查"/>').decode().replace("UTF-8", "UTF-16")
    assert read_diagram(text.encode("utf-16")).processes[0].elements["a"].name == "检查"


def test_references_may_be_prefixed_and_flows_may_lack_ids() -> None:
    """As other modelers write them."""
    text = bpmn('start r end <receiveTask id="r" message="news"/>').decode()
    text = text.replace('messageRef="', 'messageRef="tns:').replace(' id="flow_1"', "")
    process = read_diagram(text.encode()).processes[0]
    assert process.elements["r"].message == "news"
    assert len(process.flows) == 2
