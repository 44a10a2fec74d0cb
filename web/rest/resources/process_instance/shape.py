"""A process instance as it is answered."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from engine.runtime.state import variables_of
from engine.storage.tables import ProcessInstance
from web.auth.person import Person
from web.permissions import visible_cases
from web.rest import files, tree
from web.rest.errors import Refused
from web.rest.types import Dto, Link
from web.rest.values import VariableValue

WITHOUT_STATE = defer(ProcessInstance.runtime_state, raiseload=True)


class ProcessInstanceDto(Dto):
    """An instance of a process."""

    links: list[Link]
    id: str
    definition_id: str
    definition_key: str
    business_key: str | None = None
    case_instance_id: str | None = None
    ended: bool
    suspended: bool
    tenant_id: str | None = None


class ProcessInstanceWithVariablesDto(ProcessInstanceDto):
    """An instance with its variables, for those who asked for them."""

    variables: dict[str, VariableValue]


def show_instance(session: Session, instance_id: str) -> ProcessInstanceDto:
    """An instance that was just started or found, with a link to itself."""
    found = session.scalars(select(ProcessInstance).options(WITHOUT_STATE).where(ProcessInstance.id == instance_id)).one()
    return ProcessInstanceDto(**_fields(found, links=True))


def show_instance_with_variables(session: Session, instance_id: str) -> ProcessInstanceWithVariablesDto:
    """The same with its variables."""
    found = session.scalars(select(ProcessInstance).where(ProcessInstance.id == instance_id)).one()
    variables = files.show(session, found.root_id, variables_of(found.runtime_state))
    return ProcessInstanceWithVariablesDto(**_fields(found, links=True), variables=variables)


def show_listed(found: ProcessInstance) -> ProcessInstanceDto:
    """An instance in a list, without links."""
    return ProcessInstanceDto(**_fields(found, links=False))


def _fields(found: ProcessInstance, *, links: bool) -> dict[str, Any]:
    return {
        "links": [Link(method="GET", href=f"{tree.root()}/process-instance/{found.id}", rel="self")] if links else [],
        "id": found.id,
        "definition_id": found.process_definition_id,
        "definition_key": found.process_key,
        "business_key": found.business_key,
        "ended": found.ended_at is not None,
        "suspended": found.state == "suspended",
    }


def find_running(session: Session, me: Person, instance_id: str) -> ProcessInstance:
    """A running instance that the caller may see.

    Raises:
        Refused: 404, there is none.
    """
    found = session.scalar(
        select(ProcessInstance).where(ProcessInstance.id == instance_id, ProcessInstance.ended_at.is_(None), visible_cases(me))
    )
    if found is None:
        raise Refused(
            404,
            "InvalidRequestException",
            f"没有运行中的流程实例 {instance_id}。",
            f"Process instance with id {instance_id} does not exist",
        )
    return found
