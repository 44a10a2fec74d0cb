"""Lists whose elements are no rows: each row of a statement unfolds into any number of elements, which are sorted and paged here."""

from dataclasses import dataclass
from typing import Any

from web.current import database
from web.rest.listing import Asked, Item, Listing
from web.rest.sorting import Sorting, comparable
from web.rest.types import Count


@dataclass(frozen=True)
class Unfolding(Listing[Item]):
    """A list declared like `Listing`; `show` unfolds the rows and keeps what is asked for, `sorts` names attributes of the elements."""

    def _page(self, asked: dict[str, Any], sorting: list[Sorting], first: int | None, most: int | None) -> list[Item]:
        columns = [(self.column(item.sort_by), item.sort_order) for item in sorting]
        found = self._unfolded(asked)
        for name, order in reversed(columns):
            found.sort(key=lambda item: comparable(getattr(item, name, None)), reverse=order == "desc")
        start = first or 0
        return found[start : None if most is None else start + most]

    def _count(self, asked: dict[str, Any]) -> Count:
        return Count(count=len(self._unfolded(asked)))

    def _unfolded(self, asked: Asked) -> list[Item]:
        with database().session() as session:
            query = self._matching(session, dict(asked)).order_by(*self.order)
            return list(self.show(session, session.execute(query).all(), asked))
