"""Runs all rules over a diagram."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.diagrams.model import Element, Process
from engine.diagrams.reader import Diagram
from engine.errors import Problem


@dataclass(frozen=True)
class Topic:
    """What a diagram may know of a handler."""

    inputs: frozenset[str]
    required: frozenset[str]
    errors: frozenset[str]


@dataclass(frozen=True)
class Known:
    """What diagrams may refer to: deployed before or in the same deployment."""

    topics: Mapping[str, Topic] = field(default_factory=dict)
    forms: Collection[str] = ()
    decisions: Collection[str] = ()
    processes: Collection[str] = ()


@dataclass
class Check:
    """One diagram under examination; rules read it and report to it."""

    resource: str
    root: etree._Element
    process: Process
    known: Known
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, at: Element | Process | None, zh: str, en: str, *, line: int = 0, severity: str = "error") -> None:
        """Add a finding at an element."""
        identifier = at.id if at is not None else ""
        name = at.name if at is not None else ""
        self.problems.append(Problem(code, zh, en, self.resource, identifier, name, line or (at.line if at is not None else 0), severity))

    def elements(self, *types: str) -> Iterator[Element]:
        """Elements of the given types, all without any."""
        for element in self.process.elements.values():
            if not types or element.type in types:
                yield element


def check_diagram(diagram: Diagram, resource: str, known: Known) -> list[Problem]:
    """All findings of a diagram, errors and warnings, in the order of its lines."""
    if diagram.root is None or not diagram.processes:
        return [
            Problem(
                "no-process",
                "文件里没有可执行的流程，请在流程属性中勾选“可执行”。",
                "The file has no executable process; tick “executable” in the process's properties.",
                resource,
            )
        ]
    problems: list[Problem] = []
    for process in diagram.processes:
        check = Check(resource, diagram.root, process, known)
        for rule in _rules():
            rule(check)
        problems += check.problems
    return sorted(problems, key=lambda problem: (problem.line, problem.element_id, problem.code))


def _rules() -> tuple[Callable[[Check], None], ...]:
    from engine.diagrams.checks import dialect, events, expressions, references, structure

    return (*structure.RULES, *events.RULES, *dialect.RULES, *expressions.RULES, *references.RULES)
