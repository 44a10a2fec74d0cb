"""Runs all rules over a diagram."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches

from lxml import etree

from engine.diagrams.model import Element, Process
from engine.diagrams.reader import Diagram
from engine.diagrams.traffic import Traffic
from engine.diagrams.values import Given
from engine.diagrams.variables import Providers
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
    providers: Providers = field(default_factory=Providers)
    external_topics: Collection[str] = ()  #: served by external workers, as the settings say
    external_workers: bool = False  #: whether unknown topics are for external workers, too
    given: Given = field(default_factory=Given)
    traffic: Traffic | None = None  #: of all processes that run together; None when they are not known
    groups: Collection[str] | None = None  #: of people; None when they are not known
    clauses: Collection[str] = ()  #: ids of the manuals' clauses; none without manuals
    now: datetime | None = None  #: to tell what is past


@dataclass
class Check:
    """One diagram under examination; rules read it and report to it."""

    resource: str
    root: etree._Element
    process: Process
    known: Known
    problems: list[Problem] = field(default_factory=list)

    def report(
        self,
        code: str,
        at: Element | Process | None,
        zh: str,
        en: str,
        *,
        line: int = 0,
        severity: str = "error",
        path: tuple[str, ...] = (),
    ) -> None:
        """Add a finding at an element."""
        identifier = at.id if at is not None else ""
        name = at.name if at is not None else ""
        line = line or (at.line if at is not None else 0)
        self.problems.append(Problem(code, zh, en, self.resource, identifier, name, line, severity, path))

    def elements(self, *types: str) -> Iterator[Element]:
        """Elements of the given types, all without any."""
        for element in self.process.elements.values():
            if not types or element.type in types:
                yield element


def element_of(check: Check, node: etree._Element) -> Element | None:
    """The flow element a node of the file belongs to."""
    current: etree._Element | None = node
    while current is not None:
        element = check.process.elements.get(current.get("id", ""))
        if element is not None:
            return element
        current = current.getparent()
    return None


def nearest(name: str, known: Iterable[str]) -> tuple[str, str]:
    """“Did you mean …?” in both languages, or nothing."""
    found = get_close_matches(name, list(known), 1)
    return (f"是否指“{found[0]}”？", f"Did you mean “{found[0]}”?") if found else ("", "")


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
            if any(problem.code == "duplicate-id" for problem in check.problems):
                break  # as long as it is open who is meant, nothing else can be said
        problems += check.problems
    return sorted(problems, key=lambda problem: (problem.line, problem.element_id, problem.code))


def _rules() -> tuple[Callable[[Check], None], ...]:
    from engine.diagrams.checks import (
        compensation,
        conditions,
        data,
        dialect,
        events,
        expressions,
        people,
        references,
        soundness,
        standard,
        structure,
        timers,
        traffic,
        ways,
    )

    basic = (*structure.RULES, *events.RULES, *timers.RULES, *compensation.RULES, *standard.RULES, *dialect.RULES)
    meaning = (
        *expressions.RULES,
        *references.RULES,
        *conditions.RULES,
        *data.RULES,
        *traffic.RULES,
        *people.RULES,
        *soundness.RULES,
        *ways.RULES,
    )
    return (*basic, *meaning)
