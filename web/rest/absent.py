"""What Camunda has and Opsbook has not: tenants and CMMN cases. Who asks for one finds nothing, as in a Camunda without any."""

from typing import Any

from sqlalchemy import String, cast, false, null

from web.rest.listing import Filter
from web.rest.types import Flag, TextList

#: Sorting by it changes nothing: no row has one.
NO_VALUE = cast(null(), String)


def nothing(*names: str, kind: Any = str) -> tuple[Filter, ...]:
    """Filters that no row fulfils."""
    return tuple(Filter(name, kind, lambda _: false()) for name in names)


#: The parameters that nearly every list has.
TENANTS = (*nothing("tenantIdIn", kind=TextList), Filter("withoutTenantId", Flag))
