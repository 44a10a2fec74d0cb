"""A paper as plain content: what stands on it, before anything is drawn."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Field:
    """A label with its value; `wide` takes a whole row."""

    label: str
    value: str
    wide: bool = False


@dataclass(frozen=True)
class Section:
    """A block of the paper: labelled fields, a table, or both."""

    title: str
    fields: list[Field] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    total: str = ""  #: line under the table


@dataclass(frozen=True)
class Signature:
    """Where somebody signs; `image` is the picture of the signature, if there is one."""

    label: str
    name: str
    image: bytes | None


@dataclass(frozen=True)
class Paper:
    """One paper."""

    kind: str  #: F-SERVICE, F-SLIP …
    number: str
    title: str
    title_en: str
    office: str
    office_line: str  #: address and phone
    made_at: str
    sections: list[Section]
    signatures: list[Signature] = field(default_factory=list)
    note: str = ""
