"""Sorting lists: by columns, in the database; or by what no column has, here, for every row that matches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import Select, func
from sqlalchemy.orm import Session

from engine.storage.many import is_one_of
from web.rest.types import Dto


class Sorting(Dto):
    """One column to sort by."""

    sort_by: str
    sort_order: Literal["asc", "desc"]
    parameters: dict[str, Any] | None = None


@dataclass(frozen=True)
class Computed:
    """Something to sort by that is worked out, for example the value of a variable of a row's instance."""

    holder: Any  #: column that says whose value is a row's
    #: The values by holder, comparable with each other, from the rows that match and the sorting's parameters.
    values: Callable[[Session, Select[Any], Mapping[str, Any]], Mapping[Any, Any]]
    takes_parameters: bool = False  #: then only a body can ask for it


@dataclass(frozen=True)
class Wanted:
    """One thing to sort by, as it was asked for."""

    by: Any  #: a column or something Computed
    sorting: Sorting

    @property
    def descending(self) -> bool:
        """Whether the greatest comes first."""
        return self.sorting.sort_order == "desc"


def sorted_page(
    session: Session, query: Select[Any], wanted: Sequence[Wanted], order: Sequence[Any], first: int, most: int | None
) -> Sequence[Any]:
    """The rows of one page.

    Args:
        session: to read with.
        query: what matches.
        wanted: what was asked for, the most important first.
        order: of what is equal by that; the last column is the id of a row's first entity.
        first: how many rows to pass over.
        most: how many to answer, all if None.
    """
    if not any(isinstance(item.by, Computed) for item in wanted):
        columns = [item.by.desc() if item.descending else item.by.asc() for item in wanted]
        return session.execute(query.order_by(*columns, *order).offset(first).limit(most)).all()
    key = order[-1]
    chosen = _sorted_ids(session, query, wanted, order)[first : None if most is None else first + most]
    place = {row_id: number for number, row_id in enumerate(chosen)}
    rows = session.execute(query.where(is_one_of(session, key, chosen))).all()
    return sorted(rows, key=lambda row: place[getattr(row[0], key.key)])


def comparable(value: Any) -> tuple[bool, Any]:
    """What has no value comes first."""
    return (value is not None, value if value is not None else "")


def _sorted_ids(session: Session, query: Select[Any], wanted: Sequence[Wanted], order: Sequence[Any]) -> list[str]:
    """Columns come as ranks, so that the database compares them as it does elsewhere."""
    columns = [item.by.holder if isinstance(item.by, Computed) else func.dense_rank().over(order_by=item.by) for item in wanted]
    found = session.execute(query.with_only_columns(order[-1], *columns).order_by(*order))
    meanings = [_meaning(session, query, item) for item in wanted]
    rows = [(row[0], *(meaning(value) for meaning, value in zip(meanings, row[1:], strict=True))) for row in found]
    for position, item in reversed([*enumerate(wanted, start=1)]):  # each sort keeps the order of what is equal
        rows.sort(key=itemgetter(position), reverse=item.descending)
    return [row[0] for row in rows]


def _meaning(session: Session, query: Select[Any], wanted: Wanted) -> Callable[[Any], Any]:
    """From what stands in a row to what is compared."""
    if not isinstance(wanted.by, Computed):
        return lambda rank: rank
    values = wanted.by.values(session, query, wanted.sorting.parameters or {})
    return lambda holder: comparable(values.get(holder))
