"""Lists: one declaration gives the GET, its POST twin with the same names, and both counts, with filters, sorting and paging."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, func, or_
from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from web.auth.person import Person
from web.current import database, person
from web.rest.filter_expressions import evaluated
from web.rest.operation import OPERATIONS, Operation, query_model
from web.rest.sorting import Computed, Sorting, Wanted, sorted_page
from web.rest.types import Count, Dto, Natural

Item = TypeVar("Item", bound=Dto)
#: The parameters that were given, by name.
Asked = Mapping[str, Any]
Condition = ColumnElement[bool]
#: Conditions that need more than one value: the session, what was asked for, and the rows that fulfil all other conditions.
Also = Callable[[Session, Asked, Select[Any]], Iterable[Condition]]


@dataclass(frozen=True)
class Filter:
    """One query parameter: its name outside, its type, and the condition its value means.

    Without a condition the list's own `also` or `show` reads it. A flag that is false asks for nothing (Camunda's rule).
    With `or_expression` its value may be given as an expression, too, as the parameter of the same name and `Expression`.
    """

    name: str
    type: Any
    condition: Callable[[Any], Condition] | None = None
    or_expression: bool = False

    @property
    def expression(self) -> str:
        """The name of the parameter that takes an expression."""
        return f"{self.name}Expression"


@dataclass(frozen=True)
class Listing(Generic[Item]):
    """A list of the interface."""

    path: str
    tag: str
    item: Any  #: the type of the answer's elements
    about: str  #: what is listed, a plural in English
    select: Callable[[Person], Select[Any]]  #: everything that the person may see
    show: Callable[[Session, Sequence[Any], Asked], Sequence[Item]]  #: rows (first columns) to the answer
    filters: Sequence[Filter]
    sorts: Mapping[str, Any]
    order: Sequence[Any]  #: when nothing is asked for, and behind what is asked for; ends with the id: paging needs a total order
    also: Sequence[Also] = ()  #: each looks only at the rows that those before it left
    or_queries: bool = False

    @cached_property
    def body(self) -> type[Dto]:
        """The JSON form of a query, for the POST twin and for operations on all that a query finds."""
        name = "".join(part.capitalize() for part in f"{self.tag}-query".split("-"))
        fields = self._fields | {"sorting": (list[Sorting] | None, None)}
        if self.or_queries:
            fields["orQueries"] = (list[query_model(f"{name}Alternative", self._fields)] | None, None)  # type: ignore[misc]
        return query_model(name, fields)

    def ids(self, session: Session, asked: Dto) -> list[str]:
        """Of everything that a query finds and the caller may see."""
        query = self._matching(session, _values(asked)).with_only_columns(self.order[-1])
        return list(session.scalars(query.order_by(*self.order)))

    def declare(self) -> None:
        """Make the four operations."""
        name = self.body.__name__
        fields = self._fields
        paging: dict[str, tuple[Any, Any]] = {"firstResult": (Natural | None, None), "maxResults": (Natural | None, None)}
        plain = tuple(name for name, by in self.sorts.items() if not (isinstance(by, Computed) and by.takes_parameters))
        sorting: dict[str, tuple[Any, Any]] = {
            "sortBy": (Literal[plain] | None, None),
            "sortOrder": (Literal["asc", "desc"] | None, None),
        }
        body = TypeAdapter(self.body)
        paged, all_of_it = TypeAdapter(list[self.item]), TypeAdapter(Count)  # type: ignore[name-defined]
        asked = query_model(f"{name}Get", fields | sorting | paging)
        page = query_model(f"{name}Page", paging)
        alone = query_model(f"{name}Count", fields)
        self._add("GET", "", "list", self._get, asked, None, paged, f"The {self.about} that fulfil all given conditions.")
        self._add("POST", "", "query", self._post, page, body, paged, f"The {self.about} that fulfil all given conditions.")
        self._add("GET", "/count", "count", self._get_count, alone, None, all_of_it, f"How many {self.about} fulfil all given conditions.")
        self._add("POST", "/count", "query_count", self._post_count, None, body, all_of_it, f"How many {self.about} fulfil all conditions.")

    def _add(
        self, method: str, suffix: str, name: str, function: Any, query: Any, body: Any, answer: TypeAdapter[Any], description: str
    ) -> None:
        OPERATIONS.append(
            Operation(
                method=method,
                path=self.path + suffix,
                tag=self.tag,
                name=name,
                function=function,
                scope="read",
                query=query,
                body=body,
                answer=answer,
                may_be_empty=False,
                refuses=frozenset((400, 401, 403, 429)) | (frozenset((413, 415)) if body is not None else frozenset()),
                description=description,
                changes=False,
                media_type="application/json",
                multipart=None,
            )
        )

    @property
    def _fields(self) -> dict[str, tuple[Any, Any]]:
        fields: dict[str, tuple[Any, Any]] = {item.name: (item.type | None, None) for item in self.filters}
        return fields | {item.expression: (str | None, None) for item in self.filters if item.or_expression}

    def _get(self, **asked: Any) -> list[Item]:
        sort_by, sort_order = asked.pop("sortBy"), asked.pop("sortOrder")
        if (sort_by is None) != (sort_order is None):
            raise InvalidInput("sortBy 和 sortOrder 要一起给。", "Only a single sorting parameter specified. sortBy and sortOrder required")
        sorting = [Sorting(sort_by=sort_by, sort_order=sort_order)] if sort_by else []
        return self._page(asked, sorting, asked.pop("firstResult"), asked.pop("maxResults"))

    def _post(self, body: Dto, **paging: Any) -> list[Item]:
        asked = _values(body)
        return self._page(asked, asked.pop("sorting", None) or [], paging["firstResult"], paging["maxResults"])

    def _get_count(self, **asked: Any) -> Count:
        return self._count(asked)

    def _post_count(self, body: Dto) -> Count:
        return self._count(_values(body))

    def _page(self, asked: dict[str, Any], sorting: list[Sorting], first: int | None, most: int | None) -> list[Item]:
        wanted = [Wanted(self.column(item.sort_by), item) for item in sorting]
        if most == 0:
            return []
        with database().session() as session:
            rows = sorted_page(session, self._matching(session, asked), wanted, self.order, first or 0, most)
            return list(self.show(session, rows, asked))

    def column(self, name: str) -> Any:
        """What `sortBy` means.

        Raises:
            InvalidInput: nothing.
        """
        if name not in self.sorts:
            raise InvalidInput(f"不能按“{name}”排序。", f"Cannot set query sortBy parameter to value {name}")
        return self.sorts[name]

    def _count(self, asked: dict[str, Any]) -> Count:
        with database().session() as session:
            query = self._matching(session, asked).with_only_columns(func.count(), maintain_column_froms=True)
            return Count(count=session.scalar(query) or 0)

    def _matching(self, session: Session, asked: dict[str, Any]) -> Select[Any]:
        alternatives = [self._evaluated(_values(item)) for item in asked.pop("orQueries", None) or []]
        asked |= self._evaluated(asked)
        query = self.select(person()).where(*self._simple(asked))
        for alternative in alternatives:
            conditions = [*self._simple(alternative), *(condition for also in self.also for condition in also(session, alternative, query))]
            query = query.where(or_(*conditions)) if conditions else query
        for also in self.also:
            query = query.where(*also(session, asked, query))
        return query

    def _evaluated(self, asked: Asked) -> dict[str, Any]:
        """The same with expressions replaced by what they give."""
        given = [item for item in self.filters if item.or_expression and asked.get(item.expression) is not None]
        return {**asked, **{item.name: evaluated(item.expression, asked[item.expression], item.type) for item in given}}

    def _simple(self, asked: Asked) -> list[Condition]:
        given = ((item.condition, asked.get(item.name)) for item in self.filters)
        return [condition(value) for condition, value in given if condition is not None and value is not None and value is not False]


def _values(body: Dto) -> dict[str, Any]:
    return {name: getattr(body, name) for name in type(body).model_fields}
