"""XES, IEEE 1849-2016: one trace per case, one event per transition of an activity."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from engine.history.export.pseudonyms import Pseudonyms
from engine.history.export.reading import Case, Histories
from engine.history.export.transitions import Activities, Transition

MEDIA_TYPE = "application/xml"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/" xes.version="1849-2016" xes.features="">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="BPMN case" prefix="bpm" uri="urn:opsbook:xes:bpm"/>
<global scope="trace">
<string key="concept:name" value=""/>
</global>
<global scope="event">
<string key="concept:name" value=""/>
<string key="lifecycle:transition" value="complete"/>
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
</global>
<classifier name="Activity" keys="concept:name"/>
<classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>
<classifier name="Resource" keys="org:resource"/>
<string key="lifecycle:model" value="standard"/>
"""


def write_xes(histories: Histories, names: Pseudonyms) -> Iterator[str]:
    """The log, a case at a time."""
    yield _HEAD
    for piece in histories.pieces():
        for case, events in histories.with_events(piece):
            yield _trace_head(case, names)
            for transition in Activities(histories.titles).follow(events):
                yield _event(transition, names)
            yield "</trace>\n"
    yield "</log>\n"


def _trace_head(case: Case, names: Pseudonyms) -> str:
    root = case.root
    attributes = {
        "concept:name": root.id,  # readers join traces of one name, and several cases may have one business key
        "bpm:businessKey": names.name("order", root.business_key),
        "bpm:process": root.process_key,
        "bpm:definition": root.process_definition_id,
        "bpm:state": root.state,
        "bpm:end": root.end_element_id,
        "bpm:starter": names.name("person", root.started_by),
        "bpm:started": root.started_at,
        "bpm:ended": root.ended_at,
    }
    return f"<trace>\n{_attributes(attributes)}"


def _event(found: Transition, names: Pseudonyms) -> str:
    attributes = {
        "concept:name": found.activity,
        "concept:instance": found.run_id,
        "lifecycle:transition": found.lifecycle,
        "time:timestamp": found.at,
        "org:resource": names.name("person", found.resource),
        "org:group": ", ".join(found.groups),
        "bpm:id": found.element_id,
        "bpm:type": found.element_type,
        "bpm:definition": found.definition_id,
        "bpm:instance": found.instance_id,
        "bpm:round": found.round,
        "bpm:onBehalfOf": names.name("person", found.on_behalf_of),
        "bpm:overdue": found.overdue,
        "bpm:reason": found.reason if names.free_text else None,
    }
    return f"<event>\n{_attributes(attributes)}</event>\n"


def _attributes(values: dict[str, Any]) -> str:
    return "".join(_attribute(key, value) for key, value in values.items() if value not in (None, ""))


def _attribute(key: str, value: Any) -> str:
    if isinstance(value, datetime):
        kind, text = "date", value.isoformat(timespec="milliseconds")
    elif isinstance(value, bool):
        kind, text = "boolean", str(value).lower()
    elif isinstance(value, int):
        kind, text = "int", str(value)
    else:
        kind, text = "string", _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", value)
    return f'<{kind} key="{key}" value={quoteattr(text)}/>\n'
