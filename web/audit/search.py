"""What an auditor asks for: read from an address, and written back into one, so that a search can be sent, kept and drawn from."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

#: Longest text of one condition, and most elements of a path.
_LONGEST, _MOST = 255, 8


@dataclass(frozen=True)
class Search:
    """Conditions on a case; all that are set must hold, anywhere in the case: in it or in what it called."""

    process: str = ""  #: key
    version: int = 0
    state: str = ""
    customer: str = ""
    device: str = ""
    person: str = ""
    since: date | None = None  #: started, first day
    until: date | None = None  #: started, last day
    ended_since: date | None = None
    ended_until: date | None = None
    late: bool = False
    deviations: tuple[str, ...] = ()  #: see web.audit.deviations
    through: tuple[str, ...] = ()  #: ids of elements and flows of the process
    without: tuple[str, ...] = ()
    text: str = ""
    in_values: bool = False  #: whether the text may also stand in what was entered

    @classmethod
    def read(cls, asked: MultiDict[str, str]) -> "Search":
        """From the arguments of an address; what makes no sense is not asked for."""
        return cls(**{field.name: _READ[field.type](asked, field.name) for field in fields(cls)})

    @classmethod
    def of(cls, asked: dict[str, Any]) -> "Search":
        """From what `asked` told."""
        return cls.read(MultiDict(asked))

    def asked(self) -> dict[str, Any]:
        """As arguments of an address, and as JSON: only what is asked for."""
        return {field.name: _written(value) for field in fields(self) if (value := getattr(self, field.name))}

    def pairs(self) -> list[tuple[str, str]]:
        """The same as names and values of hidden fields."""
        return [(name, item) for name, value in self.asked().items() for item in (value if isinstance(value, list) else [value])]


def _text(asked: MultiDict[str, str], name: str) -> str:
    return asked.get(name, "").strip()[:_LONGEST]


def _texts(asked: MultiDict[str, str], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[:_LONGEST] for text in asked.getlist(name) if text))[:_MOST]


_READ: dict[Any, Any] = {
    str: _text,
    int: lambda asked, name: min(max(0, asked.get(name, 0, type=int)), 1_000_000),
    bool: lambda asked, name: bool(asked.get(name)),
    date | None: lambda asked, name: asked.get(name, type=date.fromisoformat),
    tuple[str, ...]: _texts,
}


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return "1"
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
