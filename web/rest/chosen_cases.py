"""The cases that an operation on many is for: named, found by a query, or both."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from web.rest.listing import Listing
from web.rest.types import Dto

#: One call does so many at most, since they are done while the caller waits.
MOST_CASES = 1000


def chosen_cases(session: Session, named: Sequence[str], listing: Listing[Any], query: Dto | None) -> list[str]:
    """Ids of the cases, each once. A query without a condition finds none: clients send an empty one when they mean none, not every case there is.

    Raises:
        InvalidInput: none, or too many.
    """
    found = list(dict.fromkeys([*named, *(listing.ids(session, query) if query is not None and query.model_fields_set else ())]))
    if not found:
        raise InvalidInput("没有给出案例。", "processInstanceIds is empty")
    if len(found) > MOST_CASES:
        raise InvalidInput(
            f"查询找到 {len(found)} 个案例，一次最多 {MOST_CASES} 个。",
            f"The query finds {len(found)} instances; one call takes {MOST_CASES} at most.",
        )
    return found
