"""Broadcasting a signal."""

from typing import Annotated

from pydantic import Field

from engine.errors import InvalidInput
from engine.runtime import messages
from web.current import engine, person
from web.permissions import require_may_steer
from web.rest import files
from web.rest.operation import operation
from web.rest.types import Dto
from web.rest.values import TypedValue


class SignalDto(Dto):
    """A signal, and what it carries."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    execution_id: str | None = None
    variables: dict[str, TypedValue] = {}
    tenant_id: str | None = None
    without_tenant_id: bool = False


@operation("POST", "/signal", tag="signal", scope="operate")
def throw(body: SignalDto) -> None:
    """Throw a signal to everybody who waits for it, and to the processes that it starts."""
    me = person()
    require_may_steer(me)
    if body.execution_id is not None:
        raise InvalidInput(
            "信号发给所有等待者，不能只发给一个。", "A signal is for everybody who waits for it: executionId is not supported."
        )
    messages.signal(engine(), body.name, files.keep_variables(body.variables, me.id), me.id)
