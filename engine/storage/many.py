"""Conditions with more values than a statement may have parameters."""

from collections.abc import Collection
from typing import Any

import orjson
from sqlalchemy import ColumnElement, String, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session


def is_one_of(session: Session, column: Any, values: Collection[str]) -> ColumnElement[bool]:
    """What `IN` says, for any number of texts: they go as one parameter (a list of parameters ends at 32,766 or 65,535)."""
    given: Any
    if session.get_bind().dialect.name == "postgresql":
        given = select(func.unnest(literal(list(values), ARRAY(String))))
    else:
        given = select(func.json_each(orjson.dumps(list(values)).decode()).table_valued("value").c.value)
    found: ColumnElement[bool] = column.in_(given)
    return found
