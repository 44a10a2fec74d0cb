"""What the reader of a map asked for, as the address has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import ColumnElement

from engine.storage.tables import CaseTrace, ProcessInstance
from web.cases.queries import Filter, matching
from web.current import office_zone

STATES = ("finished", "running")
#: What an element can be coloured by; the first unless another is asked for.
MEASURES = ("count", "median", "p90", "waiting", "handling", "again", "breached")


@dataclass(frozen=True)
class Asked:
    """Which cases of a process, and what of them."""

    key: str
    since: date | None = None  #: cases that began on this day or later
    until: date | None = None
    version: int | None = None  #: only what happened on it
    state: str = ""  #: finished or running
    text: str = ""  #: business key or customer
    path: str = ""  #: of one variant

    @property
    def version_id(self) -> str | None:
        """Id of the definition."""
        return None if self.version is None else f"{self.key}:{self.version}"

    def conditions(self) -> list[ColumnElement[bool]]:
        """On ProcessInstance and CaseTrace."""
        found = matching(Filter(text=self.text, since=self.since, until=self.until), office_zone())
        if self.state:
            is_running = ProcessInstance.state.in_(("active", "suspended"))
            found.append(is_running if self.state == "running" else ~is_running)
        if self.path:
            found.append(CaseTrace.path == self.path)
        return found

    def query(self, **others: Any) -> Mapping[str, Any]:
        """Parameters of an address that asks for the same, with others in their place."""
        asked: dict[str, Any] = {
            "since": self.since,
            "until": self.until,
            "version": self.version,
            "state": self.state,
            "q": self.text,
            "path": self.path,
        }
        return {name: value for name, value in (asked | others).items() if value}


def asked_of(key: str) -> Asked:
    """What the address of the request asks for; what makes no sense is left out."""
    wanted = request.args
    return Asked(
        key=key,
        since=wanted.get("since", type=date.fromisoformat),
        until=wanted.get("until", type=date.fromisoformat),
        version=wanted.get("version", type=int),
        state=wanted.get("state", "") if wanted.get("state") in STATES else "",
        text=wanted.get("q", "").strip()[:100],
        path=wanted.get("path", "")[:16],
    )


def asked_measure() -> str:
    """What the elements are coloured by."""
    wanted = request.args.get("measure", "")
    return wanted if wanted in MEASURES else MEASURES[0]
