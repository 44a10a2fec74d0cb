"""Reading one process definition, by its id or by its key: itself, its diagram, its start form; and stopping new starts."""

from typing import Any

from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from engine.forms import initial_values
from engine.runtime import definitions
from engine.storage.tables import ProcessDefinition
from web.current import database, engine, person
from web.definitions import definition, newest_form
from web.permissions import require_may_steer
from web.rest.errors import Refused
from web.rest.forms import FormDto, FormRef
from web.rest.operation import operation
from web.rest.resources.process_definition.shape import ProcessDefinitionDto, file_name, find, find_live, show_definition
from web.rest.types import Dto, Instant, TextList
from web.rest.values import VariableValue, show_variables

_TAG = "process-definition"


class DiagramDto(Dto):
    """The diagram of a definition."""

    id: str
    bpmn20_xml: str


class SuspensionDto(Dto):
    """Whether something is suspended."""

    suspended: bool
    include_process_instances: bool = False
    execution_date: Instant | None = None


@operation("GET", "/process-definition/{definition_id}", tag=_TAG)
def get(definition_id: str) -> ProcessDefinitionDto:
    """A process definition."""
    with database().session() as session:
        return _show(session, find(session, person(), definition_id))


@operation("GET", "/process-definition/key/{key}", tag=_TAG)
def get_by_key(key: str) -> ProcessDefinitionDto:
    """The live version of a process."""
    with database().session() as session:
        return _show(session, find_live(session, key))


@operation("GET", "/process-definition/{definition_id}/xml", tag=_TAG)
def xml(definition_id: str) -> DiagramDto:
    """The BPMN 2.0 XML of a process definition."""
    with database().session() as session:
        return _diagram(session, find(session, person(), definition_id))


@operation("GET", "/process-definition/key/{key}/xml", tag=_TAG)
def xml_by_key(key: str) -> DiagramDto:
    """The BPMN 2.0 XML of the live version of a process."""
    with database().session() as session:
        return _diagram(session, find_live(session, key))


@operation("GET", "/process-definition/{definition_id}/startForm", tag=_TAG)
def start_form(definition_id: str) -> FormDto:
    """Which form starts a process."""
    with database().session() as session:
        return _form(session, find(session, person(), definition_id))


@operation("GET", "/process-definition/key/{key}/startForm", tag=_TAG)
def start_form_by_key(key: str) -> FormDto:
    """Which form starts the live version of a process."""
    with database().session() as session:
        return _form(session, find_live(session, key))


@operation("GET", "/process-definition/{definition_id}/deployed-start-form", tag=_TAG)
def deployed_start_form(definition_id: str) -> dict[str, Any]:
    """The form that starts a process, as form-js JSON."""
    with database().session() as session:
        return _schema(session, find(session, person(), definition_id))


@operation("GET", "/process-definition/key/{key}/deployed-start-form", tag=_TAG)
def deployed_start_form_by_key(key: str) -> dict[str, Any]:
    """The form that starts the live version of a process, as form-js JSON."""
    with database().session() as session:
        return _schema(session, find_live(session, key))


@operation("GET", "/process-definition/{definition_id}/form-variables", tag=_TAG)
def form_variables(definition_id: str, variable_names: TextList | None = None) -> dict[str, VariableValue]:
    """The values that the start form shows at first."""
    with database().session() as session:
        return _initial(session, find(session, person(), definition_id), variable_names)


@operation("GET", "/process-definition/key/{key}/form-variables", tag=_TAG)
def form_variables_by_key(key: str, variable_names: TextList | None = None) -> dict[str, VariableValue]:
    """The values that the start form of the live version shows at first."""
    with database().session() as session:
        return _initial(session, find_live(session, key), variable_names)


@operation("PUT", "/process-definition/{definition_id}/suspended", tag=_TAG, scope="operate")
def suspend(definition_id: str, body: SuspensionDto) -> None:
    """Stop or allow new starts of one version; running cases go on."""
    with database().session() as session:
        found = find(session, person(), definition_id)
    _suspend(found, body)


@operation("PUT", "/process-definition/key/{key}/suspended", tag=_TAG, scope="operate")
def suspend_by_key(key: str, body: SuspensionDto) -> None:
    """Stop or allow new starts of a process; running cases go on."""
    with database().session() as session:
        found = find_live(session, key)
    _suspend(found, body)


def _show(session: Session, found: ProcessDefinition) -> ProcessDefinitionDto:
    return show_definition(session, found, file_name(session, found))


def _diagram(session: Session, found: ProcessDefinition) -> DiagramDto:
    return DiagramDto(id=found.id, bpmn20_xml=definition(session, found.id).xml.decode("utf-8", "replace"))


def _form(session: Session, found: ProcessDefinition) -> FormDto:
    if found.start_form is None:
        return FormDto()
    start = definition(session, found.id).process.start_events(found.key)
    binding = next((event.camunda.get("formRefBinding", "latest") for event in start if event.camunda.get("formRef")), "latest")
    return FormDto(camunda_form_ref=FormRef(key=found.start_form, binding=binding))


def _schema(session: Session, found: ProcessDefinition) -> dict[str, Any]:
    if found.start_form is None:
        raise Refused(404, "InvalidRequestException", "这个流程没有启动表单。", f"No matching start form for process definition {found.id}")
    return newest_form(session, found.start_form).schema


def _initial(session: Session, found: ProcessDefinition, names: list[str] | None) -> dict[str, VariableValue]:
    values = initial_values(newest_form(session, found.start_form).schema, {}) if found.start_form else {}
    return show_variables({name: value for name, value in values.items() if names is None or name in names})


def _suspend(found: ProcessDefinition, asked: SuspensionDto) -> None:
    me = person()
    require_may_steer(me)
    if asked.execution_date is not None:
        raise InvalidInput("不能预约挂起的时间。", "Suspending at a later date is not supported.")
    change = definitions.suspend if asked.suspended else definitions.resume
    change(engine(), found.id, me.id, with_instances=asked.include_process_instances)
