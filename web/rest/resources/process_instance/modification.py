"""Moving the tokens of a running instance."""

from typing import Annotated

from pydantic import Field

from engine.errors import InvalidInput
from engine.runtime import operations
from engine.runtime.operations import Modify
from web.current import database, engine, person
from web.permissions import require_may_steer
from web.rest.instructions import InstructionDto, read_instruction
from web.rest.operation import operation
from web.rest.resources.process_instance.shape import find_running
from web.rest.types import Dto

_REASON = "REST"


class ModificationDto(Dto):
    """Moves, done one after the other in one transaction."""

    instructions: Annotated[list[InstructionDto], Field(default_factory=list, max_length=1000)]
    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False
    annotation: Annotated[str, Field(max_length=4000)] | None = None


@operation("POST", "/process-instance/{instance_id}/modification", tag="process-instance", scope="operate")
def modify(instance_id: str, body: ModificationDto) -> None:
    """End and begin tokens of an instance; all moves or none. The annotation is the reason in the history."""
    if body.skip_io_mappings:
        raise InvalidInput("输入输出映射不能跳过。", "Mappings are part of the diagram: skipIoMappings is not supported.")
    if not body.instructions:
        raise InvalidInput("没有给出指令。", "instructions is empty")
    me = person()
    with database().session() as session:
        find_running(session, me, instance_id)
    require_may_steer(me)
    moves = tuple(read_instruction(item) for item in body.instructions)
    operations.apply(engine(), Modify(instance_id, moves), actor=me.id, reason=body.annotation or _REASON)
