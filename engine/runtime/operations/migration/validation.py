"""What speaks against a migration: of the plan itself, and of a case with what is alive in it. All problems at once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from engine.diagrams.model import Element, Process
from engine.errors import InvalidInput
from engine.runtime.catalog import Catalog
from engine.runtime.engine import Engine
from engine.runtime.execution import compensation, rehousing
from engine.runtime.execution.execution import Execution, is_token
from engine.runtime.operations.migration.mapping import MigrationInstruction, MigrationPlan, kind_of


@dataclass(frozen=True)
class MigrationProblem:
    """One reason why a plan or a case cannot be migrated."""

    code: str  #: unknown-source, unknown-target, type, scope, host, twice, process, unmapped, compensation, arrival
    zh: str
    en: str
    source: str = ""
    target: str = ""


class MigrationRefused(InvalidInput):
    """A plan, or a case under a plan, cannot be migrated; `problems` lists everything that speaks against it."""

    code = "OPS-141"

    def __init__(self, problems: Iterable[MigrationProblem]) -> None:
        """Args: problems: at least one."""
        self.problems = tuple(problems)
        super().__init__(
            "\n".join([f"不能迁移，共 {len(self.problems)} 个问题：", *(item.zh for item in self.problems)]),
            "\n".join([f"Cannot be migrated, {len(self.problems)} problem(s):", *(item.en for item in self.problems)]),
            problems=[item.__dict__ for item in self.problems],
        )


def validate(engine: Engine, plan: MigrationPlan) -> tuple[MigrationProblem, ...]:
    """What is wrong with a plan, whatever case it is for; nothing if it is sound.

    Raises:
        NotFound: no such definition.
    """
    with engine.database.session() as session:
        catalog = Catalog(session, engine.cache)
        source = catalog.process(plan.source_definition_id).spec.process
        target = catalog.process(plan.target_definition_id).spec.process
    return tuple(problems_of_plan(source, target, plan))


def problems_of_plan(source: Process, target: Process, plan: MigrationPlan) -> Iterable[MigrationProblem]:
    """What is wrong with a plan between two processes."""
    if source.id != target.id:
        yield MigrationProblem(
            "process",
            f"“{source.name}”和“{target.name}”不是同一流程的版本。",
            f"“{source.name}” and “{target.name}” are not versions of one process.",
        )
    for identifier, times in Counter(item.source for item in plan.instructions).items():
        if times > 1:
            label = source.elements[identifier].label if identifier in source.elements else identifier
            yield MigrationProblem("twice", f"“{label}”对应了 {times} 次。", f"“{label}” is mapped {times} times.", identifier)
    targets = {source.id: target.id} | plan.targets
    for item in plan.instructions:
        yield from _problems_of(item, source, target, targets)


def _problems_of(item: MigrationInstruction, source: Process, target: Process, targets: dict[str, str]) -> Iterable[MigrationProblem]:
    old, new = source.elements.get(item.source), target.elements.get(item.target)
    if old is None:
        yield MigrationProblem(
            "unknown-source", f"旧版本没有节点 {item.source}。", f"The old version has no element {item.source}.", item.source, item.target
        )
    if new is None:
        yield MigrationProblem(
            "unknown-target", f"新版本没有节点 {item.target}。", f"The new version has no element {item.target}.", item.source, item.target
        )
    if old is None or new is None:
        return
    if kind_of(old) != kind_of(new):
        yield MigrationProblem(
            "type",
            f"“{old.label}”（{_kind(old)}）不能变成“{new.label}”（{_kind(new)}）：类型不同。",
            f"“{old.label}” ({_kind(old)}) cannot become “{new.label}” ({_kind(new)}): they are of different types.",
            item.source,
            item.target,
        )
    if targets.get(old.scope) != new.scope:
        yield MigrationProblem(
            "scope",
            f"“{old.label}”和“{new.label}”不在同一个子流程里；请改为移动节点。",
            f"“{old.label}” and “{new.label}” are not in the same sub-process; move the token instead.",
            item.source,
            item.target,
        )
    if old.attached_to and targets.get(old.attached_to) != new.attached_to:
        yield MigrationProblem(
            "host",
            f"边界事件“{old.label}”所在的活动没有对应到“{new.label}”所在的活动。",
            f"The activity of the boundary event “{old.label}” is not mapped to that of “{new.label}”.",
            item.source,
            item.target,
        )


def problems_of_case(execution: Execution, target: Process, plan: MigrationPlan) -> Iterable[MigrationProblem]:
    """What is alive and has no place in the new version."""
    targets = plan.targets
    unmapped = Counter(
        task.task_spec.element.id
        for task in execution.tasks.values()
        if task is not execution.task_tree
        and is_token(task)
        and task.task_spec.element.id in execution.spec.process.elements  # not what only holds compensation handlers
        and task.task_spec.element.id not in targets
        and "round" not in task.internal_data
    )
    for identifier, times in unmapped.items():
        label = execution.spec_of(identifier).element.label
        yield MigrationProblem(
            "unmapped",
            f"“{label}”正在运行（{times} 个），新版本没有与它对应的节点；请指定对应节点，或先移走。",
            f"“{label}” is active ({times}) and nothing in the new version is mapped to it; map it, or move the token first.",
            identifier,
        )
    for identifier in sorted(compensation.activities(execution)):
        if not target.is_compensable(targets.get(identifier, "")):
            label = execution.spec_of(identifier).element.label
            yield MigrationProblem(
                "compensation",
                f"“{label}”已完成、以后可能要撤销，新版本里没有对应的节点或没有补偿处理；请指定对应节点，或在新版本里补上。",
                f"“{label}” is completed and may have to be undone, and the new version has no such element or no handler for it; "
                "map it, or draw the handler.",
                identifier,
            )
    for token in rehousing.arrivals(execution):
        element = token.task_spec.element
        if element.id in targets and rehousing.flow_in(execution, token, target, targets) is None:
            yield MigrationProblem(
                "arrival",
                f"等在“{element.label}”的令牌是从一条新版本没有的连线来的；请先移走。",
                f"A token waits at “{element.label}” that came on a flow the new version does not have; move it first.",
                element.id,
                targets[element.id],
            )


def _kind(element: Element) -> str:
    parts = [element.type, element.event.kind if element.event else "", element.loop.kind if element.loop else ""]
    return " ".join(part for part in parts if part and part != "none")
