"""Names that say nothing: the same one for the same thing throughout one export, another one in the next."""

import hmac
from collections.abc import Mapping
from typing import Any

from engine.ids import new_secret

#: What of an event's data is neither a person's nor free text, and stays.
_PLAIN = frozenset(
    (
        "attempt", "batch_id", "clause_id", "condition", "cycle", "decision", "definition", "delegation", "due_at", "error_code", "field",
        "flow_id", "instance_id", "job_id", "kind", "parent", "process", "restarted_from", "retries", "rules", "scope", "source", "target", "topic", "type",
    )
)  # fmt: skip
#: Digits of a pseudonym: a hundred thousand people meet twice with a chance of one in a hundred million.
_DIGITS = 16


class Pseudonyms:
    """Replaces what names somebody by a keyed hash; the key is made for one export and kept nowhere.

    Args:
        key: another than a new one, for tests.
    """

    free_text = False  #: whether texts that people wrote are exported

    def __init__(self, key: str | None = None) -> None:
        """Make the key."""
        self._key = (key or new_secret()).encode()

    def name(self, kind: str, value: str | None) -> str | None:
        """The pseudonym of a thing; nothing for nothing."""
        if not value:
            return value
        digest = hmac.digest(self._key, f"{kind}\0{value}".encode(), "sha256").hex()
        return f"{kind}-{digest[:_DIGITS]}"

    def data(self, event_type: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """The data of an event: only what is known to name nobody; people and business keys are replaced."""
        kept = {name: value for name, value in data.items() if name in _PLAIN}
        if event_type == "VariableChanged":
            kept["name"] = data.get("name")
        if isinstance(data.get("result"), bool):
            kept["result"] = data["result"]
        people = ("before", "after") if event_type == "UserTaskAssigned" else ()
        kept |= {name: self.name("person", data[name]) for name in ("assignee", "on_behalf_of", *people) if name in data}
        if "business_key" in data:
            kept["business_key"] = self.name("order", data["business_key"])
        if "candidates" in data:
            kept["candidates"] = [self._candidate(text) for text in data["candidates"]]
        return kept

    def _candidate(self, text: str) -> str:
        kind, _, value = text.partition(":")
        return f"{kind}:{self.name('person', value)}" if kind == "user" else text


class RealNames(Pseudonyms):
    """Everything as it is."""

    free_text = True

    def name(self, kind: str, value: str | None) -> str | None:  # noqa: ARG002 -- the other needs it
        """The name itself."""
        return value

    def data(self, event_type: str, data: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 -- the other needs it
        """All of it."""
        return dict(data)
