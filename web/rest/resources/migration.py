"""Migrating running cases to another version of their process: generate a plan, validate it, carry it out."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from engine.diagrams.model import Element
from engine.errors import InvalidInput
from engine.runtime import operations
from engine.runtime.operations import migration
from engine.runtime.operations.migration import MigrationInstruction, MigrationPlan, MigrationProblem, MigrationRefused
from web.current import database, engine, person
from web.definitions import definition
from web.language import locale
from web.permissions import require_may_steer
from web.rest.answers import Answer, json_answer
from web.rest.chosen_cases import MOST_CASES, chosen_cases
from web.rest.operation import operation
from web.rest.resources.process_definition.shape import find
from web.rest.resources.process_instance.query import RUNNING
from web.rest.resources.process_instance.shape import find_running
from web.rest.types import Dto
from web.rest.values import GivenFile, TypedValue, VariableValue, read_variables, show_variables

_TAG = "migration"
_REASON = "REST"


class MigrationInstructionDto(Dto):
    """What is alive at one element goes on at another."""

    source_activity_ids: Annotated[list[str], Field(min_length=1, max_length=1)]
    target_activity_ids: Annotated[list[str], Field(min_length=1, max_length=1)]
    update_event_trigger: bool = False


class MigrationPlanDto(Dto):
    """A mapping between two versions of a process."""

    source_process_definition_id: str
    target_process_definition_id: str
    instructions: list[MigrationInstructionDto]
    variables: dict[str, VariableValue] | None = None


class GivenPlanDto(MigrationPlanDto):
    """A mapping as clients send it; its variables are written to every instance that is migrated."""

    variables: dict[str, TypedValue] | None = None  # type: ignore[assignment]


class GenerateDto(Dto):
    """Between which versions."""

    source_process_definition_id: str
    target_process_definition_id: str
    update_event_triggers: bool = False
    variables: dict[str, TypedValue] | None = None


class InstructionReportDto(Dto):
    """What is wrong with one instruction."""

    instruction: MigrationInstructionDto | None = None
    failures: list[str]


class ReportDto(Dto):
    """What is wrong with a plan; nothing, if it is sound."""

    instruction_reports: list[InstructionReportDto]
    variable_reports: dict[str, Any] = {}


class ExecutionDto(Dto):
    """A plan, and the cases that it is for."""

    migration_plan: GivenPlanDto
    process_instance_ids: Annotated[list[str], Field(default_factory=list, max_length=MOST_CASES)]
    process_instance_query: RUNNING.body | None = None  # type: ignore[name-defined]
    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False


@operation("POST", "/migration/generate", tag=_TAG, scope="read", changes=False, refuses=(404,))
def generate(body: GenerateDto) -> MigrationPlanDto:
    """A plan that maps each activity and waiting event to the one of the same id, type and place."""
    with database().session() as session:
        source = find(session, person(), body.source_process_definition_id)
        find(session, person(), body.target_process_definition_id)
        elements = definition(session, source.id).process.elements
    plan = migration.generate(
        engine(), body.source_process_definition_id, body.target_process_definition_id, update_triggers=body.update_event_triggers
    )
    return MigrationPlanDto(
        source_process_definition_id=plan.source_definition_id,
        target_process_definition_id=plan.target_definition_id,
        instructions=[_show(item) for item in plan.instructions if _holds_tokens(elements[item.source])],
        variables=show_variables(_values(body.variables)) if body.variables is not None else None,
    )


@operation("POST", "/migration/validate", tag=_TAG, scope="read", changes=False, refuses=(404,))
def validate(body: GivenPlanDto) -> ReportDto:
    """Everything that speaks against a plan."""
    return _report(body, migration.validate(engine(), _read(body)))


@operation("POST", "/migration/execute", tag=_TAG, scope="operate", refuses=(404,))
def execute(body: ExecutionDto) -> Answer | None:
    """Migrate cases, one after the other, each wholly or not at all; the first that cannot be migrated stops the rest."""
    me = person()
    require_may_steer(me)
    with database().session() as session:
        ids = chosen_cases(session, body.process_instance_ids, RUNNING, body.process_instance_query)
        for instance_id in ids:
            find_running(session, me, instance_id)
    variables = _values(body.migration_plan.variables)
    plan = _read(body.migration_plan)
    problems = migration.validate(engine(), plan)
    if problems:
        return _refused("MigrationPlanValidationException", body.migration_plan, problems)
    for instance_id in ids:
        try:
            operations.apply(engine(), migration.Migrate(instance_id, plan, variables=variables), actor=me.id, reason=_REASON)
        except MigrationRefused as error:
            return _refused("MigratingProcessInstanceValidationException", body.migration_plan, error.problems, instance_id)
    return None


def _read(given: MigrationPlanDto) -> MigrationPlan:
    """The engine's plan: gateways and throwing events, which Camunda leaves out, are mapped by themselves, since a token may stand there, too.

    Raises:
        NotFound: no such definition.
    """
    with database().session() as session:
        find(session, person(), given.source_process_definition_id)
        find(session, person(), given.target_process_definition_id)
        elements = definition(session, given.source_process_definition_id).process.elements
    named = tuple(
        MigrationInstruction(item.source_activity_ids[0], item.target_activity_ids[0], item.update_event_trigger)
        for item in given.instructions
    )
    natural = migration.generate(engine(), given.source_process_definition_id, given.target_process_definition_id).instructions
    sources = {item.source for item in named}
    passing = tuple(item for item in natural if item.source not in sources and not _holds_tokens(elements[item.source]))
    return MigrationPlan(given.source_process_definition_id, given.target_process_definition_id, named + passing)


def _values(given: Mapping[str, TypedValue] | None) -> dict[str, Any]:
    values = read_variables(given)
    for name, value in values.items():
        if isinstance(value, GivenFile):
            raise InvalidInput(f"迁移不能带文件“{name}”。", f"A file cannot be part of a migration plan: {name}", name=name)
    return values


def _holds_tokens(element: Element) -> bool:
    """What Camunda maps: activities, events that wait, and event-based gateways."""
    waiting_event = element.type in ("intermediateCatchEvent", "boundaryEvent")
    return waiting_event or not element.type.endswith(("Gateway", "Event")) or element.type == "eventBasedGateway"


def _show(item: MigrationInstruction) -> MigrationInstructionDto:
    return MigrationInstructionDto(
        source_activity_ids=[item.source], target_activity_ids=[item.target], update_event_trigger=item.update_trigger
    )


def _report(plan: MigrationPlanDto, problems: Iterable[MigrationProblem]) -> ReportDto:
    by_source = {item.source_activity_ids[0]: item for item in plan.instructions}
    failures: dict[str, list[str]] = {}
    for problem in problems:
        failures.setdefault(problem.source, []).append(problem.zh if locale() == "zh" else problem.en)
    return ReportDto(
        instruction_reports=[InstructionReportDto(instruction=by_source.get(source), failures=found) for source, found in failures.items()]
    )


def _refused(kind: str, plan: MigrationPlanDto, problems: Iterable[MigrationProblem], instance_id: str | None = None) -> Answer:
    told = MigrationRefused(problems)
    report: dict[str, Any] = _report(plan, told.problems).model_dump(by_alias=True)
    if instance_id is not None:
        failures = [problem.zh if locale() == "zh" else problem.en for problem in told.problems]
        report = {"processInstanceId": instance_id, "failures": failures, "migratingActivityInstanceValidationReports": []}
    return json_answer({"type": kind, "message": told.text(locale()), "code": 0, "validationReport": report}, 400)
