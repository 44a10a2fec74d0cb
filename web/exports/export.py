"""One export: which cases in which format, recorded before its first byte leaves."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.diagrams.reader import read_diagram
from engine.history.export import json_lines, ocel, rows, xes
from engine.history.export.pseudonyms import Pseudonyms, RealNames
from engine.history.export.reading import Histories, Titles, snapshot
from engine.history.readings import note_reading
from engine.runtime.engine import Engine
from engine.storage.tables import ProcessDefinition, Resource
from handlers.case_objects import CaseObjects
from web.cases.queries import Filter

#: Characters that are sent or written at once.
_BLOCK = 1 << 16


@dataclass(frozen=True)
class Format:
    """How histories are written."""

    suffix: str  #: of the file's name
    media_type: str
    write: Callable[[Histories, Pseudonyms], Iterator[str]]
    passes: int = 1  #: how often it goes through all cases


FORMATS = {
    "xes": Format("xes", xes.MEDIA_TYPE, xes.write_xes),
    "ocel": Format("ocel.json", ocel.MEDIA_TYPE, partial(ocel.write_ocel, business=CaseObjects()), passes=2),
    "csv": Format("csv", rows.MEDIA_TYPE, rows.write_csv),
    "jsonl": Format("jsonl", json_lines.MEDIA_TYPE, json_lines.write_json_lines),
}


@dataclass(frozen=True)
class Export:
    """What somebody wants to have.

    Args:
        form: a key of FORMATS.
        wanted: condition on the root instance.
        root_id: the case, when it is one.
        asked: what was asked for, for the record.
        pseudonymise: whether people, customers, devices and orders get other names and free text is left out.
    """

    engine: Engine
    form: str
    wanted: ColumnElement[bool]
    root_id: str | None
    asked: Mapping[str, Any]
    pseudonymise: bool

    def count(self) -> int:
        """How many cases it has now."""
        with self.engine.database.session() as session:
            return Histories(session, self.wanted, _titles(session)).count()

    def record(self, user_id: str | None) -> int:
        """Keep who exports what; returns how many cases there are."""
        cases = self.count()
        note_reading(
            self.engine.database, self.engine.clock.now(), user_id, self.form,
            root_id=self.root_id, cases=cases, pseudonymised=self.pseudonymise, **self.asked,
        )  # fmt: skip
        return cases

    def blocks(self, progress: Callable[[int], None] = lambda _done: None) -> Generator[str]:
        """The file, piece by piece, as the database is when the first is asked for; `progress` is told how many more cases are done."""
        names = Pseudonyms() if self.pseudonymise else RealNames()
        kind = FORMATS[self.form]
        with snapshot(self.engine.database) as session:
            histories = Histories(session, self.wanted, _titles(session), _once_each(progress, kind.passes))
            yield from _in_blocks(kind.write(histories, names))


def told(wanted: Filter) -> dict[str, str]:
    """The filter for the record: what was not asked for is not there."""
    asked = {
        "text": wanted.text,
        "process": wanted.process_key,
        "state": wanted.state,
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
    }
    return {name: value for name, value in asked.items() if value}


def _titles(session: Session) -> Titles:
    """Reads each version once."""

    @cache
    def titles(definition_id: str) -> Mapping[str, str]:
        found = session.execute(
            select(ProcessDefinition.key, Resource.content)
            .join(Resource, Resource.id == ProcessDefinition.resource_id)
            .where(ProcessDefinition.id == definition_id)
        ).one()
        process = next(process for process in read_diagram(found.content).processes if process.id == found.key)
        return {element_id: element.label for element_id, element in process.elements.items()}

    return titles


def _once_each(progress: Callable[[int], None], passes: int) -> Callable[[int], None]:
    """Tells of a case for as many passes once, spread evenly over them."""
    gone = 0

    def tell(cases: int) -> None:
        nonlocal gone
        before, gone = gone, gone + cases
        progress(gone // passes - before // passes)

    return tell


def _in_blocks(texts: Iterable[str]) -> Iterator[str]:
    kept: list[str] = []
    length = 0
    for text in texts:
        kept.append(text)
        length += len(text)
        if length >= _BLOCK:
            yield "".join(kept)
            kept, length = [], 0
    yield "".join(kept)
