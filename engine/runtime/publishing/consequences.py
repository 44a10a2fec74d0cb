"""What a new version means for the cases that run: who may go along, who needs a word, who stays."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagrams.model import Process
from engine.difference import Change, bpmn_changes
from engine.runtime.catalog import Catalog
from engine.runtime.engine import Engine
from engine.runtime.operations.migration import MigrationPlan, MigrationProblem, running, survey
from engine.runtime.publishing.migrations import MigrationChoice, Sort
from engine.storage.tables import FormDefinition, ProcessDefinition, ProcessInstance, Publication, Resource

#: What a case has already computed from the old version: the owner says whether it is kept.
_ASKED = frozenset(("timer", "trigger", "event condition", "camunda:formRef"))
#: Problems that the owner can cure by naming the element that goes on.
_CURABLE = frozenset(("unmapped", "arrival", "type", "scope", "host"))
SORTS: tuple[Sort, ...] = ("safe", "answer", "mapping", "stays")


@dataclass(frozen=True)
class CaseConsequence:
    """One running case under the new version."""

    instance_id: str
    business_key: str | None
    sort: Sort
    alive: Mapping[str, int]  #: how many tokens stand at which element
    problems: tuple[MigrationProblem, ...]
    asked: tuple[str, ...] = ()  #: elements whose timer, message or form differs and which this case has already begun


@dataclass(frozen=True)
class VersionConsequences:
    """The running cases of one old version."""

    source_definition_id: str
    target_definition_id: str
    version: int
    plan: MigrationPlan
    changes: tuple[Change, ...]
    cases: tuple[CaseConsequence, ...]

    @property
    def counts(self) -> dict[Sort, int]:
        """How many cases of each sort."""
        counted = Counter(case.sort for case in self.cases)
        return {sort: counted[sort] for sort in SORTS}


def consequences(engine: Engine, publication_id: str, choices: Iterable[MigrationChoice] = ()) -> list[VersionConsequences]:
    """The running cases of every version that a candidate's processes would replace, sorted; reads only.

    Args:
        engine: which runs the cases.
        publication_id: the proposal.
        choices: what the owner has said so far; a version without a choice is looked at with the plan that suggests itself.
    """
    said = {choice.source_definition_id: choice for choice in choices}
    with engine.database.session() as session:
        candidates = session.execute(
            select(ProcessDefinition.id, ProcessDefinition.key)
            .join(Publication, Publication.deployment_id == ProcessDefinition.deployment_id)
            .where(Publication.id == publication_id)
            .order_by(ProcessDefinition.id)
        ).all()
        pairs = [(source, candidate) for candidate in candidates for source in _running_versions(session, candidate.key)]
    return [
        of_version(engine, said.get(source.id, MigrationChoice(source.id)), candidate.id, source.version) for source, candidate in pairs
    ]


def of_version(engine: Engine, choice: MigrationChoice, target_definition_id: str, version: int) -> VersionConsequences:
    """The running cases of one version under another.

    Raises:
        NotFound: no such definition.
    """
    plan = choice.plan(engine, target_definition_id)
    with engine.database.session() as session:
        catalog = Catalog(session, engine.cache)
        source = catalog.process(plan.source_definition_id).spec.process
        target = catalog.process(target_definition_id).spec.process
        differs = tuple(bpmn_changes(_content(session, plan.source_definition_id), _content(session, target_definition_id)))
        touched = _touched(source, differs) | _with_new_forms(session, target, plan, target_definition_id)
        keys = _business_keys(session, plan.source_definition_id)
    surveyed = survey(engine, plan, running(engine, plan.source_definition_id))
    around = {element: tuple(_around(source, element)) for element in source.elements}
    cases = tuple(
        _case(CaseConsequence(instance_id, keys.get(instance_id), "safe", found.alive, found.problems), touched, around, choice)
        for instance_id, found in surveyed.items()
    )
    return VersionConsequences(plan.source_definition_id, target_definition_id, version, plan, differs, cases)


def _case(
    case: CaseConsequence, touched: Mapping[str, str], around: Mapping[str, tuple[str, ...]], choice: MigrationChoice
) -> CaseConsequence:
    """Sort a case; one whose steps the owner gave another place stays among those that needed one, and its problems say whether it still does."""
    begun = {place for element in case.alive for place in around.get(element, (element,))}
    asked = tuple(sorted({touched[place] for place in begun & touched.keys()}))
    sort: Sort = "safe"
    if any(problem.code not in _CURABLE for problem in case.problems):
        sort = "stays"
    elif case.problems or case.alive.keys() & choice.elements.keys():
        sort = "mapping"
    elif asked:
        sort = "answer"
    return replace(case, sort=sort, asked=asked)


def _around(source: Process, element: str) -> Iterator[str]:
    """An element and the sub-processes that contain it: events at their borders wait as long as it does."""
    while element in source.elements:
        yield element
        element = source.elements[element].scope


def _touched(source: Process, differs: Iterable[Change]) -> dict[str, str]:
    """Element at which a token may stand to the element whose trigger or form differs: itself, or an event at its border."""
    touched: dict[str, str] = {}
    for change in differs:
        element = source.elements.get(change.part_id)
        if change.kind == "changed" and change.aspect in _ASKED and element is not None:
            touched[element.id] = element.id
            if element.attached_to:
                touched[element.attached_to] = element.id
    return touched


def _with_new_forms(session: Session, target: Process, plan: MigrationPlan, target_definition_id: str) -> dict[str, str]:
    """Tasks whose form is in the same candidate: open ones may get it or keep theirs."""
    deployment = select(ProcessDefinition.deployment_id).where(ProcessDefinition.id == target_definition_id).scalar_subquery()
    names = session.scalars(select(Resource.name).where(Resource.deployment_id == deployment, Resource.name.endswith(".form"))).all()
    known = set(session.scalars(select(FormDefinition.key).where(FormDefinition.key.in_([_stem(name) for name in names]))))
    return {
        old: old for old, new in plan.targets.items() if new in target.elements and target.elements[new].camunda.get("formRef") in known
    }


def _running_versions(session: Session, key: str) -> list[ProcessDefinition]:
    ids = select(ProcessInstance.process_definition_id).where(ProcessInstance.process_key == key, ProcessInstance.ended_at.is_(None))
    query = select(ProcessDefinition).where(ProcessDefinition.id.in_(ids.distinct()), ProcessDefinition.key == key)
    return list(session.scalars(query.order_by(ProcessDefinition.version.desc())))


def _content(session: Session, definition_id: str) -> bytes:
    query = select(Resource.content).join(ProcessDefinition, ProcessDefinition.resource_id == Resource.id)
    return session.scalars(query.where(ProcessDefinition.id == definition_id)).one()


def _business_keys(session: Session, definition_id: str) -> dict[str, str | None]:
    query = select(ProcessInstance.id, ProcessInstance.business_key)
    running_ones = query.where(ProcessInstance.process_definition_id == definition_id, ProcessInstance.ended_at.is_(None))
    return {row.id: row.business_key for row in session.execute(running_ones)}


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".form")
