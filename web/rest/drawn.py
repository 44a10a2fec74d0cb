"""What the diagram says of the elements of a list's rows, which no column has: to choose and to sort rows by it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from engine.diagrams.model import Element
from web.definitions import definition
from web.rest.listing import Also, Asked, Condition
from web.rest.sorting import Computed
from web.rest.variable_conditions import holds


@dataclass(frozen=True)
class Drawn:
    """A text of each row's element."""

    definition_id: Any  #: column
    element_id: Any  #: column
    text: Callable[[Element], str]

    @property
    def sort(self) -> Computed:
        """Sorting by the text."""
        return Computed(self._element, lambda session, query, _: self._texts(session, query))

    def equal_or_like(self, equal: str, like: str) -> Also:
        """For a list's `also`: conditions of two parameters, `equal` for the whole text and `like` with `%`."""

        def conditions(session: Session, asked: Asked, query: Select[Any]) -> list[Condition]:
            wanted = [(operator, asked[name]) for name, operator in ((equal, "eq"), (like, "like")) if asked.get(name) is not None]
            if not wanted:
                return []
            texts = self._texts(session, query)
            return [self._element.in_([key for key, text in texts.items() if all(holds(text, how, value) for how, value in wanted)])]

        return conditions

    @property
    def _element(self) -> ColumnElement[str]:
        found: ColumnElement[str] = self.definition_id + " " + self.element_id
        return found

    def _texts(self, session: Session, query: Select[Any]) -> Mapping[str, str]:
        """By element; there are few of them, however many rows there are."""
        rows = session.execute(query.with_only_columns(self.definition_id, self.element_id).distinct())
        found = {(row[0], row[1]): definition(session, row[0]).element(row[1]) for row in rows}
        return {f"{process} {name}": text for (process, name), element in found.items() if element and (text := self.text(element))}
