"""What roles, handlers, forms, decision tables and processes are called, for change lists."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.difference import Names, Text
from engine.dmn.graph import Decision
from engine.runtime.engine import Engine
from engine.runtime.package import Package
from engine.runtime.parameters import current_parameters
from engine.storage.tables import Group, User
from engine.studio.labels import Words, form_titles, in_both


def names_of(engine: Engine, session: Session, package: Package) -> Names:
    """By the aspects of `engine.difference` whose values are ids."""
    groups = {row.id: Text(row.name, row.name_en) for row in session.execute(select(Group.id, Group.name, Group.name_en))}
    people = {row.id: Text(row.name, row.name) for row in session.execute(select(User.id, User.name))}
    forms = {key: _text(words) for key, words in form_titles(package).items()}
    return {
        "camunda:candidateGroups": groups,
        "camunda:candidateStarterGroups": groups,
        "camunda:candidateUsers": people,
        "camunda:assignee": people,
        "camunda:topic": {item.topic: Text(item.title, item.title_en) for item in engine.handlers},
        "camunda:formRef": forms,
        "camunda:decisionRef": dict(_decisions(package)),
        "called element": dict(_processes(package)),
        "parameter": {name: Text(f"“{item.title_zh}”", f"“{item.title_en}”") for name, item in current_parameters(session).items()},
    }


def _decisions(package: Package) -> Iterable[tuple[str, Text]]:
    for name, model in package.models.items():
        for node in model.graph.nodes.values():
            if isinstance(node, Decision):
                yield node.id, _text(in_both(node.name, package.english_of(name)))


def _processes(package: Package) -> Iterable[tuple[str, Text]]:
    for name, diagram in package.diagrams.items():
        for process in diagram.processes:
            yield process.id, _text(in_both(process.name, package.english_of(name)))


def _text(words: Words) -> Text:
    return Text(f"“{words['zh']}”", f"“{words['en']}”")
