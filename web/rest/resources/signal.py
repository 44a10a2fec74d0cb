"""Broadcasting a signal."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from engine.errors import InvalidInput
from engine.runtime import messages
from engine.storage.tables import EventSubscription
from web.current import database, engine, person
from web.permissions import require_may_steer
from web.rest import files
from web.rest.errors import Refused
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


@operation("POST", "/signal", tag="signal", scope="operate", refuses=(500,))
def throw(body: SignalDto) -> None:
    """Throw a signal to everybody who waits for it, and to the processes that it starts; with `executionId` to that execution alone.

    500 when the execution does not wait for it (Camunda's answer).
    """
    me = person()
    require_may_steer(me)
    if body.tenant_id is not None:
        raise InvalidInput("没有租户，请去掉 tenantId。", "There are no tenants: leave tenantId out.")
    if body.execution_id is not None:
        _require_waiting(body.execution_id, body.name)
    messages.signal(engine(), body.name, files.keep_variables(body.variables, me.id), me.id, only_for=body.execution_id)


def _require_waiting(execution_id: str, name: str) -> None:
    waiting = select(EventSubscription.id).where(EventSubscription.instance_id == execution_id, EventSubscription.name == name)
    with database().session() as session:
        if session.scalars(waiting.where(EventSubscription.kind == "signal").limit(1)).first() is None:
            raise Refused(
                500,
                "RestException",
                f"执行 {execution_id} 没有在等待信号“{name}”。",
                f"Execution '{execution_id}' has not subscribed to a signal event with name '{name}'.",
            )
