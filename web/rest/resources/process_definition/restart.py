"""Beginning ended cases again."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from engine.errors import InvalidInput, NotFound
from engine.runtime import operations
from engine.runtime.operations import Restart
from engine.storage.tables import ProcessInstance
from web.current import database, engine, person
from web.permissions import require_may_steer, visible_cases
from web.rest.chosen_cases import MOST_CASES, chosen_cases
from web.rest.instructions import InstructionDto, read_instruction
from web.rest.operation import operation
from web.rest.resources.history.process_instance import INSTANCES
from web.rest.resources.process_definition.shape import find
from web.rest.types import Dto

_REASON = "REST"


class RestartDto(Dto):
    """Which ended cases to begin again, and where."""

    process_instance_ids: Annotated[list[str], Field(default_factory=list, max_length=MOST_CASES)]
    historic_process_instance_query: INSTANCES.body | None = None  # type: ignore[name-defined]
    instructions: Annotated[list[InstructionDto], Field(default_factory=list, max_length=1000)]
    initial_variables: bool = False
    without_business_key: bool = False
    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False
    annotation: Annotated[str, Field(max_length=4000)] | None = None


@operation("POST", "/process-definition/{definition_id}/restart", tag="process-definition", scope="operate")
def restart(definition_id: str, body: RestartDto) -> None:
    """Begin ended cases again as new ones, linked both ways, one after the other; without instructions at the start event."""
    if body.skip_io_mappings:
        raise InvalidInput("输入输出映射不能跳过。", "Mappings are part of the diagram: skipIoMappings is not supported.")
    me = person()
    with database().session() as session:
        find(session, me, definition_id)
        ids = chosen_cases(session, body.process_instance_ids, INSTANCES, body.historic_process_instance_query)
        seen = set(session.scalars(select(ProcessInstance.id).where(ProcessInstance.id.in_(ids), visible_cases(me))))
    missing = [item for item in ids if item not in seen]
    if missing:
        raise NotFound(f"没有案例 {missing[0]}。", f"Historic process instance cannot be found: {missing[0]}", id=missing[0])
    require_may_steer(me)
    moves = tuple(read_instruction(item) for item in body.instructions)
    for instance_id in ids:
        again = Restart(
            instance_id,
            instructions=moves,
            variables="initial" if body.initial_variables else "last",
            definition_id=definition_id,
            keeps_business_key=not body.without_business_key,
        )
        operations.apply(engine(), again, actor=me.id, reason=body.annotation or _REASON)
