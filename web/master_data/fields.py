"""A record as a page shows it: its fields with what is wrong, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from handlers.master_data.description import Column, Kind
from handlers.master_data.links import Reference, Texts
from handlers.master_data.planning import Fault
from handlers.master_data.reading import Reading, options
from handlers.master_data.records import shown
from handlers.master_data.types import Choice
from web.current import office_zone
from web.language import locale


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    column: Column
    label: str
    help: str
    text: str  #: canonical
    shown: str  #: for people
    problem: str
    stands: str  #: what somebody else made of it meanwhile, for people
    options: list[tuple[str, str]]  #: canonical text and words


def reading_of(session: Any) -> Reading:
    """The reader of this request."""
    return Reading(session, office_zone(), locale())


def submitted(kind: Kind, *, new: bool) -> dict[str, str]:
    """The texts of a sent form, by column; what cannot be changed is not looked at."""
    names = [item.name for item in kind.columns if not (item.is_key and kind.number) and (new or not item.fixed)]
    return {name: "；".join(request.form.getlist(name)).strip() for name in names}


def fields(
    reading: Reading, kind: Kind, texts: Mapping[str, str], faults: list[Fault] | None = None, stands: Mapping[str, str] | None = None
) -> list[Field]:
    """The fields of a record.

    Args:
        reading: for whom.
        kind: of which master data.
        texts: canonical or just typed, by column.
        faults: what is wrong with them.
        stands: the record as it is now, when somebody else changed it meanwhile.
    """
    problems = {fault.column.name: reading.say(fault.problem.zh, fault.problem.en) for fault in faults or ()}
    found = []
    for item in kind.columns:
        text = texts.get(item.name, "")
        now = stands.get(item.name, "") if stands else text
        found.append(
            Field(
                column=item,
                label=item.label(reading.locale),
                help=reading.say(item.help_zh, item.help_en),
                text=text,
                shown=shown(reading, item, text),
                problem=problems.get(item.name, ""),
                stands=(shown(reading, item, now) or "—") if now != text else "",
                options=_options(reading, item),
            )
        )
    return found


def _options(reading: Reading, item: Column) -> list[tuple[str, str]]:
    if isinstance(item.type, Choice):
        return [(code, reading.say(zh, en)) for code, zh, en in item.type.options]
    if isinstance(item.type, Reference) and not item.type.many:
        return options(reading, item.type.target)
    if isinstance(item.type, Texts) and item.type.target:
        return options(reading, item.type.target)
    return []
