"""JSON lines: every event as it is in the history, one object per line."""

from collections.abc import Iterator

import orjson

from engine.history.export.pseudonyms import Pseudonyms
from engine.history.export.reading import Histories

MEDIA_TYPE = "application/x-ndjson"


def write_json_lines(histories: Histories, names: Pseudonyms) -> Iterator[str]:
    """All events of all kinds, case by case in the order in which they happened."""
    for piece in histories.pieces():
        for case, events in histories.with_events(piece):
            business_key = names.name("order", case.root.business_key)
            for event in events:
                line = {
                    "case": case.root.id,
                    "business_key": business_key,
                    "instance": event.instance_id,
                    "sequence": event.sequence,
                    "type": event.type,
                    "at": event.happened_at,
                    "actor": names.name("person", event.actor),
                    "element": event.element_id,
                    "run": event.element_instance_id,
                    "data": names.data(event.type, event.data),
                }
                yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE).decode()
